// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// nipponSlip is a ticket between "print start" and "print finish".
func nipponSlip(number, id string) []byte {
	return job(
		"1D 47 31", raw(id), "1B 40 1B 74 02 1B 61 01", raw("Comune di Piacenza"), "0A", raw("Citt"), "85", "0A",
		"1D 21 55", raw(number), "0A 1D 21 00 1B 61 00", "1D 56 42 10", "1D 47 30", raw(id),
	)
}

const nipponText = "Comune di Piacenza\nCittà\n"

// TestNipponJob: nothing moves before the job is complete; its notification comes when the sheet is out.
func TestNipponJob(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Nippon, Baud: 115200})
		whole := nipponSlip("A017", "0017")
		b.send(whole[:len(whole)-1])
		settle()
		b.send("1B 76") // eaten: it is taken for the end of the ID, and then there is one byte too many
		settle()
		if c := b.Counters(); c.Sheets != 1 {
			t.Errorf("counters %+v, want a sheet after the last byte of the ID", c)
		}
		b.wantAnswers("FF 13 30 30 31 1B 00 00 00 00")
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Nippon, Baud: 115200})
		whole := nipponSlip("A017", "0017")
		b.send(whole[:len(whole)-7], "1B 76")
		settle()
		b.wantAnswers("80") // printing, as far as it knows
		if c := b.Counters(); c.Dots != 0 {
			t.Errorf("the paper has moved %d dots", c.Dots)
		}
		b.send(whole[len(whole)-7:])
		for len(b.out()) == 0 {
			b.wantAnswers("")
			pass(time.Millisecond)
			synctest.Wait()
		}
		pass(2 * time.Millisecond)
		synctest.Wait()
		b.wantAnswers("FF 13 30 30 31 37 00 00 00 00")
		b.send("1B 76")
		settle()
		b.wantAnswers("00")
	})
}

// TestNipponLongJob begins to print what is longer than the store, and waits at its edge.
func TestNipponLongJob(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Nippon, Baud: 115200})
		b.send("1D 47 21 1B 64 24") // 36 lines of 34 dots
		settle()
		if c := b.Counters(); c.Dots != 0 {
			t.Errorf("153 mm: the paper has moved %v mm", c.MM())
		}
		b.send("1B 64 08")
		settle()
		if c := b.Counters(); c.Dots != 44*34 {
			t.Errorf("187 mm: the paper has moved %v mm", c.MM())
		}
		b.send("1B 64 08 1D 47 20")
		settle()
		if c := b.Counters(); c.Dots != 52*34 {
			t.Errorf("finished: the paper has moved %v mm", c.MM())
		}
	})
}

// TestNipponThrowsAway: what something has stopped is not printed any more, and its notification says why.
func TestNipponThrowsAway(t *testing.T) {
	for _, test := range []struct {
		name   string
		strike func(*bench)
		mend   func(*bench)
		status string
	}{
		{"paper end", func(b *bench) { b.PaperOut(0) }, (*bench).loadPaper, "05"},
		{"cover", func(b *bench) { b.Cover(true) }, func(b *bench) { b.Cover(false) }, "02"},
		{"cutter", func(b *bench) { b.Jam(true) }, func(b *bench) { b.Jam(false) }, "10"},
		{"head", func(b *bench) { b.HeadHot(true) }, func(b *bench) { b.HeadHot(false) }, "20"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: paper.Nippon, Baud: 115200})
				b.At(paper.Moved(60), func() { test.strike(b) })
				b.send(nipponSlip("A017", "0017"))
				settle()
				b.wantAnswers("FF 13 30 30 31 37 " + test.status + " 00 00 00")
				b.send("1B 76")
				settle()
				b.wantAnswers(test.status)

				// The same while the job is still coming in, or when it comes into a printer that is stopped.
				b.send(nipponSlip("A018", "0018"))
				settle()
				b.wantAnswers("FF 13 30 30 31 38 " + test.status + " 00 00 00")
				test.mend(b)
				b.send(nipponSlip("A019", "0019"))
				settle()
				b.wantAnswers("FF 13 30 30 31 39 00 00 00 00")
				sheets := b.out()
				last := sheets[len(sheets)-1]
				if len(last.Numbers) != 1 || last.Number != "A019" {
					t.Errorf("sheets %+v, want A019 on the last, and no other number", sheets)
				}
			})
		})
	}
}

// TestNipponMendedInTime: a job that was spoilt while it came in stays so, though the printer is well again at its end.
func TestNipponMendedInTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Nippon, Baud: 115200})
		b.At(paper.Moved(200), func() { b.Cover(true) })
		b.send("1D 47 31", raw("0017"), "1B 64 30") // longer than the store
		settle()
		b.Cover(false)
		b.send("1D 21 55", raw("A017"), "0A 1D 21 00 1D 56 42 10 1D 47 30", raw("0017"))
		settle()
		b.wantAnswers("FF 13 30 30 31 37 02 00 00 00")
		b.wantTexts()
		b.send("1B 40", nipponSlip("A018", "0018"))
		settle()
		b.wantAnswers("FF 13 30 30 31 38 00 00 00 00")
		b.wantTexts(nipponText + "A018")
	})
}

func (b *bench) loadPaper() { b.LoadPaper() }

// TestNipponWithoutJobs keeps what it has, as others do, unless it is told to forget it.
func TestNipponWithoutJobs(t *testing.T) {
	plain := func(number string) []byte {
		s := nipponSlip(number, "....")
		return s[7 : len(s)-7]
	}
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Nippon})
		b.At(paper.Moved(80), func() { b.Cover(true) })
		b.send(plain("A017"), "1B 76")
		settle()
		b.wantAnswers("") // its turn has not come
		b.Cover(false)
		settle()
		b.wantTexts(nipponText + "A017")
		b.wantAnswers("00")

		b.At(paper.Moved(80), func() { b.Cover(true) })
		b.send(plain("A018"))
		settle()
		b.send("1D 65 05 1B 76")
		settle()
		b.wantAnswers("02")
		b.Cover(false)
		b.send("1B 40 1B 74 02 0A", plain("A019"))
		settle()
		for _, s := range b.out() {
			if s.Number == "A018" {
				t.Errorf("A018 came out after it was cancelled: %q", s.Text)
			}
		}
	})
}

func TestNipponAnswers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Nippon, Presenter: true, TakeAfter: -1})
		b.send("1B 73 02 1B 73 03 10 04 01 1D 72 01 1B 74 03 E3 BA FE 1B 74 04 CF F0")
		b.send("1B 74 05 F1 0A", "1B 71 04 01", raw("Bhttps://avanti.example/t/9?a!,b"), "00 1D 56 42 00")
		settle()
		b.wantAnswers("FF 02 4E 50 2D 53 49 4D 00 FF 03 56 31 2E 30 30 53 49 4D 00")
		sheets := b.out()
		if len(sheets) != 1 || sheets[0].Text != "ăşţПрñ\n[QR https://avanti.example/t/9?a,b]" {
			t.Fatalf("sheets %+v", sheets)
		}
		if got := scan(t, sheets[0].Image()); got != "https://avanti.example/t/9?a,b" {
			t.Errorf("the code reads %q", got)
		}
		b.send("1B 72 00") // out of the mouth
		settle()
	})
}
