// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

const (
	starASBOn = "1B 1E 61 01"
	starAsk   = "1B 06 01"
	starFine  = "23 06 00 00 00 00 00 00 00"
	starCut   = "1B 64 03"
)

// starSlip is a ticket in Star's line mode; its number is six times as large.
func starSlip(number string) []byte {
	return job(
		"1B 40 1B 1D 74 04 1B 1D 61 01", "1B 45", raw("Comune di Piacenza"), "0A 1B 46",
		raw("Identit"), "85", "0A", raw("21.11.2026 09:41"), "0A",
		"1B 1D 79 53 30 02 1B 1D 79 53 31 01 1B 1D 79 53 32 05",
		"1B 1D 79 44 31 00 1F 00", raw("https://avanti.example/t/5Rk2mQ"), "1B 1D 79 50 0A",
		"1B 69 05 05", raw(number), "0A 1B 69 00 00 1B 1D 61 00", starCut,
	)
}

func TestStarStatus(t *testing.T) {
	fine := func(*bench) {}
	for _, test := range []struct {
		name    string
		o       paper.Options
		fault   func(*bench)
		ask     string
		answers string
	}{
		{"fine", paper.Options{}, fine, starAsk, starFine},
		{"cover", paper.Options{}, func(b *bench) { b.Cover(true) }, starAsk, "23 06 28 00 00 00 00 00 00"},
		{"cutter", paper.Options{}, func(b *bench) { b.Jam(true) }, starAsk, "23 06 08 08 00 00 00 00 00"},
		{"hot", paper.Options{}, func(b *bench) { b.HeadHot(true) }, starAsk, "23 06 08 40 00 00 00 00 00"},
		{"near end", paper.Options{}, func(b *bench) { b.NearEnd(true) }, starAsk, "23 06 00 00 00 04 00 00 00"},
		{"paper end", paper.Options{}, func(b *bench) { b.PaperOut(0) }, starAsk, "23 06 08 00 00 0C 00 00 00"},
		{"overflow", paper.Options{Flow: paper.NoFlow, Buffer: 32}, func(b *bench) {
			b.Cover(true)
			b.send(make([]byte, 40))
		}, starAsk, "23 06 28 00 40 00 00 00 00"},
		{"switched on, it says nothing", paper.Options{}, fine, starASBOn, ""},
		{"a change, unasked", paper.Options{}, func(b *bench) {
			b.send(starASBOn)
			settle()
			b.Cover(true)
			b.Cover(false)
		}, "", "23 06 28 00 00 00 00 00 00 " + starFine},
		{"a job is done", paper.Options{}, fine, starASBOn + "17", "23 06 02 00 00 00 00 02 00"},
		{"31 jobs are done", paper.Options{}, func(b *bench) {
			b.send(bytes.Repeat([]byte{0x17}, 31))
		}, starAsk, "23 06 02 00 00 00 00 6E 00"},
		{"the counter turns over", paper.Options{}, func(b *bench) {
			b.send(bytes.Repeat([]byte{0x17}, 33))
			settle()
			b.send(starAsk)
			settle()
			b.wantAnswers("23 06 02 00 00 00 00 02 00")
		}, starAsk, "23 06 00 00 00 00 00 02 00"},
		{"the counter is reset", paper.Options{}, func(b *bench) {
			b.send("17 17 1B 1E 45 00")
		}, starAsk, starFine},
		{"a job is done, without status", paper.Options{}, fine, "17", ""},
		{"the other counter", paper.Options{}, fine, "1B 1D 03 01 00 00 1B 1D 03 00 07 00", "1B 1D 03 01 00 00 01 00 1B 1D 03 00 07 00 01 00"},
		{"power cut", paper.Options{}, func(b *bench) {
			b.send(starASBOn + "17")
			settle()
			b.answers()
			b.PowerOff()
			b.PowerOn()
			b.Cover(true)
			b.Cover(false)
		}, starAsk, starFine},
		{"no Epson", paper.Options{}, fine, "10 04 01 1D 72 01 1D 49 42", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				test.o.Model = paper.Star
				b := newBench(t, test.o)
				test.fault(b)
				settle()
				if test.ask != "" {
					b.send(test.ask)
				}
				settle()
				b.wantAnswers(test.answers)
			})
		})
	}
}

// TestStarConfirms: the counter rises when the sheet is out, not before.
func TestStarConfirms(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Star, Baud: 115200, MMPerSecond: 50})
		b.send(starASBOn, starSlip("A017"), "17")
		for len(b.out()) == 0 {
			b.wantAnswers("")
			pass(time.Millisecond)
			synctest.Wait()
		}
		pass(2 * time.Millisecond)
		synctest.Wait()
		b.wantAnswers("23 06 02 00 00 00 00 02 00")

		b.PaperOut(100)
		b.send(starSlip("A018"), "17")
		settle()
		b.wantAnswers("23 06 08 00 00 0C 00 02 00")
		b.LoadPaper()
		settle()
		b.wantAnswers("23 06 00 00 00 00 00 02 00 23 06 02 00 00 00 00 04 00")
	})
}

// TestStarPresenter follows tickets out of a fitted presenter: taken, taken back when told, and of itself.
func TestStarPresenter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Star, Presenter: true, TakeAfter: -1})
		b.send(starSlip("A017"))
		settle()
		b.send(starAsk)
		settle()
		b.wantAnswers("23 06 00 00 00 00 02 00 06") // in the mouth
		b.Take()
		b.send(starAsk)
		settle()
		b.wantAnswers("23 06 00 00 00 00 00 00 0E") // pulled out

		b.send(starSlip("A018"))
		settle()
		b.send("1B 16 30 00")
		settle()
		b.send(starAsk)
		settle()
		b.wantAnswers("23 06 00 00 00 00 00 00 0C") // recovered

		b.send("1B 16 31 04", starSlip("A019")) // recover after two seconds
		settle()
		b.send(starAsk, "1B 16 33 00 1B 16 33 01")
		settle()
		b.wantAnswers("23 06 00 00 00 00 00 00 0C 1B 16 33 00 00 00 00 01 1B 16 33 01 00 00 00 02")
		if c := b.Counters(); c.Retracted != 2 || c.Sheets != 3 {
			t.Errorf("counters %+v, want three sheets, two of them taken back", c)
		}
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Star})
		b.send(starSlip("A017"), "1B 16 30 00", starAsk)
		settle()
		b.wantAnswers(starFine)
	})
}

func TestStarText(t *testing.T) {
	for _, test := range []struct {
		name   string
		stream []byte
		want   string
	}{
		{"PC858 is page 4", job("1B 1D 74 04 D5 85"), "€à"},
		{"PC852 is page 5", job("1B 1D 74 05 C7 AD EE"), "ăşţ"},
		{"WPC1252 is page 32", job("1B 1D 74 20 F1 BF"), "ñ¿"},
		{"WPC1250 is page 33", job("1B 1D 74 21 E3 BA FE"), "ăşţ"},
		{"WPC1251 is page 34", job("1B 1D 74 22 CF F0 E8"), "При"},
		{"PC928 is page 18", job("1B 1D 74 12 CA E1 EB"), "Καλ"},
		{"GS and FS are nothing", job(raw("a"), "1D 21 11", raw("b")), "a!b"},
		{"margins", job("1B 6C 04 1B 51 08", raw("abcdef")), "abcd\nef"},
		{"an unfinished line is cut", job(raw("abc")), "abc"},
		{"Italy", job("1B 52 06", raw("{}")), "àè"},
		{"a picture in slices", job("1B 30", bytes.Repeat(job("1B 6B 02 00", bytes.Repeat(job("F0 0F"), 24), "0A"), 3)), "[image 16x72]"},
		{"a picture by columns", job("1B 58 05 00", make([]byte, 15)), "[image 5x24]"},
		{"a raster picture", job("1B 1D 53 01 02 00 08 00 00", make([]byte, 16), raw("x")), "[image 16x8]\nx"},
		{"a bar code", job("1B 62 06 02 02 40", raw("A017"), "1E"), "[CODE128 A017]\nA017"},
		{"no such size", job("1B 69 06 00", raw("a")), "a"},
		{"memory switches are eaten", job("1B 1D 23 2C 31 30 30 30 30 0A 00", raw("a")), "a"},
		{"raster mode is eaten", job("1B 2A 72 41 1B 2A 72 50 30 00 1B 2A 72 42", raw("a")), "a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: paper.Star})
				b.send(test.stream, starCut)
				settle()
				b.wantTexts(test.want)
			})
		})
	}
}

// TestStarLogo stores two logos, which resets the printer, and prints the second with doubled dots.
func TestStarLogo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Star})
		one := job("02 00 01 00", bytes.Repeat(job("FF"), 16))
		b.send(starASBOn, "1B 1C 71 02", one, job("01 00 02 00", bytes.Repeat(job("AA"), 16)))
		settle()
		b.send("17") // automatic status is off again
		settle()
		b.wantAnswers("")
		b.send("1B 1C 70 02 33", starCut)
		settle()
		b.wantTexts("[image 16x32]")
		if c := b.Counters(); c.Writes != 1 {
			t.Errorf("counters %+v, want one write", c)
		}
	})
}
