// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// ring is a picture of 16 x 16 dots, row by row: a frame with one dot missing in the upper right corner.
func ring() []byte {
	return job("FF FE", bytes.Repeat(job("80 01"), 14), "FF FF")
}

// ringColumns is the same, column by column.
func ringColumns() []byte {
	return job("FF FF", bytes.Repeat(job("80 01"), 14), "7F FF")
}

// wantRing looks at the picture on a sheet that begins at the given dot, each of its dots sx by sy large.
func wantRing(t *testing.T, s paper.Sheet, x, y, sx, sy int) {
	t.Helper()
	img := s.Image()
	dot := func(col, row int) bool { return img.ColorIndexAt(32+x+col*sx, 8+y+row*sy) == 1 }
	for row := range 16 {
		for col := range 16 {
			want := (row == 0 || row == 15 || col == 0 || col == 15) && (row != 0 || col != 15)
			if dot(col, row) != want {
				t.Fatalf("dot %d,%d of the picture is %v", col, row, dot(col, row))
			}
		}
	}
}

// The distance from the cutter to the head of an Epson.
const gap = 96

func TestPictures(t *testing.T) {
	for _, test := range []struct {
		name   string
		stream []byte
		label  string
		sx, sy int
	}{
		{"raster", job("1D 76 30 00 02 00 10 00", ring()), "[image 16x16]", 1, 1},
		{"raster, double width", job("1D 76 30 01 02 00 10 00", ring()), "[image 32x16]", 2, 1},
		{"raster, double height", job("1D 76 30 32 02 00 10 00", ring()), "[image 16x32]", 1, 2},
		{"raster, both", job("1D 76 30 03 02 00 10 00", ring()), "[image 32x32]", 2, 2},
		{"graphics", job("1D 28 4C 2A 00 30 70 30 01 01 31 10 00 10 00", ring(), "1D 28 4C 02 00 30 32"), "[image 16x16]", 1, 1},
		{"graphics, twice as large", job("1D 28 4C 2A 00 30 70 30 02 02 31 10 00 10 00", ring(), "1D 28 4C 02 00 30 02"), "[image 32x32]", 2, 2},
		{"graphics by columns", job("1D 28 4C 2A 00 30 71 30 01 01 31 10 00 10 00", ringColumns(), "1D 28 4C 02 00 30 32"), "[image 16x16]", 1, 1},
		{"long graphics", job("1D 38 4C 2A 00 00 00 30 70 30 01 01 31 10 00 10 00", ring(), "1D 28 4C 02 00 30 32"), "[image 16x16]", 1, 1},
		{"stored graphics", job("1D 28 4C 2B 00 30 43 30 41 42 01 10 00 10 00 31", ring(), "1D 28 4C 06 00 30 45 41 42 01 02"), "[image 16x32]", 1, 2},
		{"stored graphics by columns", job("1D 28 4C 2B 00 30 44 30 41 42 01 10 00 10 00 31", ringColumns(), "1D 28 4C 06 00 30 45 41 42 01 01"), "[image 16x16]", 1, 1},
		{"stored image", job("1C 70 01 00"), "[image 16x16]", 1, 1},
		{"stored image, twice as large", job("1C 70 01 33"), "[image 32x32]", 2, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{})
				b.send("1C 71 01 02 00 02 00", ringColumns())
				settle()
				b.send(test.stream, feedCut)
				settle()
				sheets := b.out()
				if len(sheets) != 1 || sheets[0].Text != test.label {
					t.Fatalf("sheets %+v, want %s", sheets, test.label)
				}
				if c := b.Counters(); len(c.Ignored) > 0 {
					t.Errorf("commands without effect: %v", c.Ignored)
				}
				wantRing(t, sheets[0], 0, gap, test.sx, test.sy)
			})
		})
	}
}

// TestBitImage is ESC *, in lines of text.
func TestBitImage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send("1B 33 18", "1B 2A 21 04 00 FF 00 00 00 FF 00 00 00 FF 00 00 00", raw(" x"), "0A")
		b.send("1B 2A 00 02 00 80 01 0A", "1B 2A 09 01 00 FF", feedCut)
		settle()
		b.wantTexts("[image 4x24] x\n[image 4x24]")
		if c := b.Counters(); c.Ignored["1B 2A 09"] != 1 {
			t.Errorf("ignored %v, want one bit image", c.Ignored)
		}
	})
}

func TestGraphicsRefused(t *testing.T) {
	for _, test := range []struct {
		name   string
		model  paper.Model
		stream []byte
	}{
		{"nothing stored", paper.Epson, job("1D 28 4C 02 00 30 32")},
		{"no such key", paper.Epson, job("1D 28 4C 06 00 30 45 41 42 01 01")},
		{"data too short", paper.Epson, job("1D 28 4C 0B 00 30 70 30 01 01 31 10 00 10 00 FF")},
		{"no height", paper.Epson, job("1D 28 4C 0B 00 30 70 30 01 01 31 10 00 00 00 FF")},
		{"a key that is no text", paper.Epson, job("1D 28 4C 0C 00 30 43 30 01 02 01 08 00 01 00 31 FF")},
		{"not on a generic one", paper.Generic, job("1D 28 4C 0C 00 30 43 30 41 42 01 08 00 01 00 31 FF")},
		{"larger than the memory", paper.Epson, job("1D 38 4C", []byte{0x0B + 1, 0x40, 0x02, 0}, "30 43 30 41 42 01 00 20 80 04 31", make([]byte, 0x24000))},
		{"an image that is not there", paper.Epson, job("1C 70 01 00")},
		{"images of no size", paper.Epson, job("1C 71 01 00 00 01 00")},
		{"Custom's logo on an Epson", paper.Epson, job("1C 93 00 01 00 00 00 00")},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model, Baud: 921600})
				b.send("1C 2E", test.stream, feedCut)
				settle()
				if c := b.Counters(); len(c.Ignored) == 0 {
					t.Error("nothing was ignored")
				}
				for _, s := range b.out() {
					if strings.Contains(s.Text, "image") {
						t.Errorf("printed %q", s.Text)
					}
				}
			})
		})
	}
}

// TestStoredGraphicsLast: a power cut does not erase them, a second one replaces the first, deleting deletes.
func TestStoredGraphicsLast(t *testing.T) {
	const printAB = "1D 28 4C 06 00 30 45 41 42 01 01"
	store := job("1D 28 4C 0C 00 30 43 30 41 42 01 08 00 01 00 31 FF")
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send("1D 28 4C 02 00 30 33", store, "1D 28 4C 2B 00 30 43 30 41 42 01 10 00 10 00 31", ring(), "1D 28 4C 02 00 30 33")
		settle()
		b.wantAnswers("37 31 31 33 31 30 37 32 00 37 31 31 33 31 30 34 30 00") // 131072 and 32 less
		b.PowerOff()
		b.PowerOn()
		b.send(printAB, feedCut, "1D 28 4C 04 00 30 42 41 42", printAB, "1B 40", store, "1D 28 4C 05 00 30 41 43 4C 52", printAB, feedCut)
		settle()
		b.wantTexts("[image 16x16]", "")
		if c := b.Counters(); c.Writes != 5 {
			t.Errorf("counters %+v, want five writes", c)
		}
	})
}

// TestWritingIsDeaf: while it writes its lasting memory, a printer without flow control loses what it is sent, real-time
// commands too; with flow control the host waits.
func TestWritingIsDeaf(t *testing.T) {
	store := job("1D 28 4C 0C 00 30 43 30 41 42 01 08 00 01 00 31 FF")
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Flow: paper.XonXoff})
		b.send(store)
		pass(100 * time.Millisecond)
		b.send(raw("lost"), askOffline)
		settle()
		b.wantAnswers("13 11")
		b.send(raw("kept"), "0A", feedCut)
		settle()
		b.wantTexts("kept")
		if c := b.Counters(); c.Lost != 7 {
			t.Errorf("counters %+v, want 7 bytes lost", c)
		}
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(store)
		pass(100 * time.Millisecond)
		b.send(raw("kept"), "0A", feedCut, askOffline)
		settle()
		b.wantTexts("kept")
		b.wantAnswers("12")
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(store)
		pass(100 * time.Millisecond)
		b.PowerOff() // before it is written
		b.PowerOn()
		b.send("1D 28 4C 06 00 30 45 41 42 01 01", feedCut)
		settle()
		b.wantTexts("")
	})
}

// TestStoredImagesReset: FS q resets the printer, so that nobody is told anything unasked any more.
func TestStoredImagesReset(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(asbOn, "1C 71 01 02 00 02 00", ringColumns())
		settle()
		b.wantAnswers(asbFine)
		b.Cover(true)
		b.Cover(false)
		settle()
		b.wantAnswers("")
	})
}

// customLogo is FS 94h.
func customLogo(n byte) []byte {
	return job("1C 94 00", []byte{n}, "00 10 00 10 00 00", raw("LOGO.BMP"), make([]byte, 8), ring(), "3E")
}

// TestCustomLogo: it is stored at once, and printed after the printer has been switched off and on.
func TestCustomLogo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom})
		b.send("1C 90", customLogo(7))
		settle()
		b.wantAnswers("3C 50 4E 30 3E 3C 50 43 31 AA 3E")
		b.send("1C 93 00 07 01 00 00 00 1B 69")
		settle()
		b.wantTexts("")
		b.PowerOff()
		b.PowerOn()
		b.send("1C 90 1C 93 00 07 03 00 00 50", "1B 69 1C 93 00 07 02 00 00 00", raw("x"), "1B 69 1C 93 00 08 00 00 00 00")
		settle()
		b.wantAnswers("3C 50 4E 31 3E")
		sheets := b.out()
		if len(sheets) != 2 || sheets[0].Text != "[image 16x16]" || sheets[1].Text != "[image 16x16]\nx" {
			t.Fatalf("sheets %+v, want the logo on both", sheets)
		}
		wantRing(t, sheets[0], 80, 0, 1, 1)
		wantRing(t, sheets[1], 576-16, 0, 1, 1)
	})
	for _, test := range []struct {
		name   string
		stream []byte
	}{
		{"a width that is not of words", job("1C 94 00 01 00 08 00 10 00 00", make([]byte, 16), "3E")},
		{"no end", job(customLogo(1)[:58], "00")},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: paper.Custom})
				b.send(test.stream)
				settle()
				b.wantAnswers("3C 50 43 30 3E")
			})
		})
	}
}

// TestOwnGlyphs draws an s with a comma below in the place of a tilde, in both fonts; ESC @ and a power cut erase it.
func TestOwnGlyphs(t *testing.T) {
	draw := job("1B 26 03 7E 7E 0C", bytes.Repeat(job("FF FF FF"), 6), make([]byte, 18))
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(draw, raw("~"), "1B 25 01", raw("~a"), "1D 21 11", raw("~"), "1D 21 00 1B 4D 01", raw("~"), "1B 4D 00 1B 25 00", raw("~"), "0A", feedCut)
		settle()
		sheets := b.out()
		if len(sheets) != 1 || sheets[0].Text != "~▯a▯~~" {
			t.Fatalf("sheets %+v", sheets)
		}
		img := sheets[0].Image()
		for _, dot := range []struct {
			x, y int
			ink  bool
		}{{12, 24, true}, {17, 47, true}, {18, 24, false}, {36, 0, true}, {47, 47, true}, {48, 0, false}} {
			if got := img.ColorIndexAt(32+dot.x, 8+gap+dot.y) == 1; got != dot.ink {
				t.Errorf("dot %d,%d is %v", dot.x, dot.y, got)
			}
		}

		b.send("1B 25 01 1B 40", raw("~"), "1B 25 01", raw("~"), "0A", draw, "1B 25 01 1B 3F 7E", raw("~"), "0A", feedCut)
		settle()
		b.wantTexts("~~\n~")
		b.send(draw)
		settle()
		b.PowerOff()
		b.PowerOn()
		b.send("1B 25 01", raw("~"), "0A", feedCut)
		settle()
		b.wantTexts("~")
	})
}

// TestPageModeSwallows: what is drawn on a page is not printed, here; standard mode goes on after it.
func TestPageModeSwallows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(raw("before"), "0A 1B 4C 1B 57", make([]byte, 8), raw("page"), "0A", nativeQR(4, 0x31, "30", "x"))
		b.send("1D 76 30 00 02 00 10 00", ring(), "0C", raw("after"), "0A 1B 4C", raw("page"), "1B 53", raw("end"), "0A", feedCut)
		settle()
		b.wantTexts("before\nafter\nend")
		if c := b.Counters(); c.Ignored["1B 4C"] != 2 {
			t.Errorf("ignored %v, want page mode twice", c.Ignored)
		}
	})
}
