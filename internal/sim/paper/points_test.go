// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// TestMovedStrikesAtARow stops the paper at exactly that row, wherever it is.
func TestMovedStrikesAtARow(t *testing.T) {
	for _, row := range []int{1, 89, 90, 91, 130, 233, 234, 300} {
		bubble(t, func(t *testing.T) {
			b := newBench(t, paper.Options{Flow: paper.NoFlow})
			at := int64(-1)
			b.At(paper.Moved(row), func() {
				b.PowerOff()
				at = b.Counters().Dots
			})
			b.send(slip("A017"))
			settle()
			if at != int64(row) {
				t.Errorf("the power was cut at row %d, want %d", at, row)
			}
		})
	}
}

// TestMovedCountsFromNow: rows that have moved before At do not count, in the midst of a motion either.
func TestMovedCountsFromNow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 115200, MMPerSecond: 100})
		b.send("1B 33 50 1B 64 0A") // 800 dots in one second
		pass(time.Second / 2)
		before := time.Now()
		var after time.Time
		b.At(paper.Moved(200), func() { after = time.Now() })
		settle()
		if d := after.Sub(before); d < 249*time.Millisecond || d > 251*time.Millisecond {
			t.Errorf("200 dots took %v, want 250 ms", d)
		}
		if c := b.Counters(); c.Dots != 800 {
			t.Errorf("a point that does nothing: the paper moved %d dots, want 800", c.Dots)
		}
	})
}

// TestPointsOfAJob: first the sheet, then the point after the cut, then the answer, then the point after it.
func TestPointsOfAJob(t *testing.T) {
	for _, test := range []struct {
		name   string
		model  paper.Model
		stream []byte
		answer int
	}{
		{"epson", paper.Epson, job(slip("A017"), processID("0001")), 7},
		{"custom", paper.Custom, job(kiosk(), "1D E2"), 6},
		{"star", paper.Star, job(starASBOn, starSlip("A017"), "17"), 9},
		{"nippon", paper.Nippon, nipponSlip("A017", "0001"), 10},
		{"generic", paper.Generic, job(slip("A017"), "1D 72 01"), 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model})
				cut, answered := 0, 0
				b.At(paper.Cut(), func() {
					cut++
					if n := len(b.out()); n != 1 {
						t.Errorf("%d sheets at the cut, want 1", n)
					}
					b.wantAnswers("")
					b.At(paper.Answered(), func() { t.Error("there is no cut after this one") })
				})
				b.send(test.stream)
				settle()
				if cut != 1 {
					t.Fatalf("%d cuts, want 1", cut)
				}
				b.answers()

				b.At(paper.Answered(), func() {
					answered++
					if n := len(b.out()); n != 1 {
						t.Errorf("%d sheets at the answer, want 1", n)
					}
				})
				b.send("1D 72 01") // answered before the cut by those who know it
				settle()
				b.answers()
				b.send(test.stream)
				settle()
				if answered != 1 {
					t.Errorf("%d answers, want 1", answered)
				}
				if n := len(b.answers()); n != 3*test.answer-1 {
					t.Errorf("%d characters of answer, want %d bytes", n, test.answer)
				}
			})
		})
	}
}

// TestAnsweredInTurn: an answer out of turn, after the cut, is not the confirmation of the job.
func TestAnsweredInTurn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		answered := 0
		b.At(paper.Answered(), func() { answered++ })
		b.send(slip("A017"))
		settle()
		b.send("10 04 01 10 14 07 01")
		settle()
		if answered != 0 {
			t.Error("struck at the answer to DLE EOT")
		}
		b.send(processID("0001"))
		settle()
		if answered != 1 {
			t.Errorf("struck %d times, want once", answered)
		}
	})
}

// TestPointsReplaced: a new point replaces the old one, and a nil function only cancels it.
func TestPointsReplaced(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.At(paper.Received(10), func() { t.Error("replaced, but it struck") })
		b.At(paper.Cut(), func() { t.Error("cancelled, but it struck") })
		b.At(paper.Cut(), nil)
		b.send(slip("A017"))
		settle()
		b.wantTexts(slipText("A017"))
	})
}

// TestFaultAtAnyRow lets each fault strike at every third dot row of a ticket, mends it, and looks at what comes out:
// the number on one sheet, whole; with a clear in between on none; after a power cut on one at most.
func TestFaultAtAnyRow(t *testing.T) {
	const rows = 3*30 + 144 + gap + 16
	for _, fault := range []struct {
		name         string
		strike, mend func(*bench)
	}{
		{"paper end", func(b *bench) { b.PaperOut(0) }, (*bench).loadPaper},
		{"cover", func(b *bench) { b.Cover(true) }, func(b *bench) { b.Cover(false) }},
		{"head", func(b *bench) { b.HeadHot(true) }, func(b *bench) { b.HeadHot(false) }},
		{"jam", func(b *bench) { b.Jam(true) }, func(b *bench) {
			b.Jam(false)
			b.send("10 05 01")
		}},
		{"jam, cleared", func(b *bench) { b.Jam(true) }, func(b *bench) {
			b.Jam(false)
			b.send("10 05 02")
		}},
		{"cover, cleared", func(b *bench) { b.Cover(true) }, func(b *bench) {
			b.send(clearAll)
			settle()
			b.Cover(false)
		}},
		{"power", (*bench).powerOff, func(b *bench) { b.PowerOn() }},
		{"cable", func(b *bench) { b.Unplug() }, func(b *bench) {
			<-b.ended
			b.plug(true)
		}},
	} {
		t.Run(fault.name, func(t *testing.T) {
			for row := 1; row < rows; row += 3 {
				bubble(t, func(t *testing.T) { strikeAt(t, fault.name, row, fault.strike, fault.mend) })
			}
		})
	}
}

func strikeAt(t *testing.T, name string, row int, strike, mend func(*bench)) {
	b := newBench(t, paper.Options{Baud: 115200, Flow: paper.NoFlow})
	b.At(paper.Moved(row), func() { strike(b) })
	go b.host.Write(slip("A017")) // not all of it, if the cable goes
	settle()
	mend(b)
	settle()
	b.send("1B 40", slip("A018"))
	settle()
	first, second := 0, 0
	for _, s := range b.out() {
		for _, n := range s.Numbers {
			switch {
			case n == "A017" && !s.Torn:
				first++
			case n == "A018":
				second++
			}
		}
	}
	want := []int{1}
	switch name {
	case "jam, cleared", "cover, cleared", "power", "cable":
		want = []int{0, 1}
	case "paper end":
		if row >= 3*30+144 { // the number had left the head when the roll ended: it is on the torn piece
			want = []int{0}
		}
	}
	if !slices.Contains(want, first) || second != 1 {
		t.Fatalf("%s at row %d: A017 on %d sheets, want %v; A018 on %d", name, row, first, want, second)
	}
}
