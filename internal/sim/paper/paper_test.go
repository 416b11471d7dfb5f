// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"rsc.io/qr"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// scan reads the QR code on a picture as a telephone would.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	r, err := qrcode.NewQRCodeReader().Decode(bmp, nil)
	if err != nil {
		t.Fatalf("no QR code to read on the sheet: %v", err)
	}
	return r.GetText()
}

func TestNativeQRReads(t *testing.T) {
	for _, test := range []struct {
		name        string
		model       paper.Model
		module, ecc byte
		m, text     string
	}{
		{"Epson M", paper.Epson, 4, 0x31, "30", "https://avanti.example/t/5Rk2mQ"},
		{"Epson H, digits", paper.Epson, 6, 0x33, "30", "0123456789"},
		{"Custom auto", paper.Custom, 4, 0x30, "31", "https://avanti.example/t/5Rk2mQ"},
		{"Custom H", paper.Custom, 4, 0x34, "30", "https://avanti.example/t/5Rk2mQ"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model})
				b.send("1B 40 1B 61 01", nativeQR(test.module, test.ecc, test.m, test.text), "1B 64 0A 1D 56 42 00 1B 69")
				settle()
				sheets := b.out()
				if len(sheets) == 0 || sheets[0].QR != test.text {
					t.Fatalf("sheets %+v, want the code's text", sheets)
				}
				if got := scan(t, sheets[0].Image()); got != test.text {
					t.Errorf("the code reads %q, want %q", got, test.text)
				}
			})
		})
	}
}

// TestQRDialects: what one maker's printers take, the other's ignore.
func TestQRDialects(t *testing.T) {
	for _, test := range []struct {
		name   string
		model  paper.Model
		stream []byte
	}{
		{"Custom's ECC level on an Epson", paper.Epson, nativeQR(4, 0x34, "30", "x")},
		{"Custom's parameter on an Epson", paper.Epson, nativeQR(4, 0x31, "31", "x")},
		{"nothing stored", paper.Epson, job("1D 28 6B 03 00 31 51 30")},
		{"too wide", paper.Epson, nativeQR(16, 0x33, "30", strings.Repeat("avanti", 40))},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model})
				b.send(test.stream)
				settle()
				if c := b.Counters(); len(c.Ignored) == 0 {
					t.Error("nothing was ignored")
				}
			})
		})
	}
}

// TestQRSizesRead: a telephone reads a code drawn by the printer, and one sent as an image, at every usual size.
func TestQRSizesRead(t *testing.T) {
	const text = "https://avanti.example/t/5Rk2mQ"
	for module := byte(3); module <= 6; module++ {
		for _, test := range []struct {
			name   string
			model  paper.Model
			stream []byte
		}{
			{"Epson", paper.Epson, nativeQR(module, 0x31, "30", text)},
			{"T88", paper.EpsonT88, nativeQR(module, 0x31, "30", text)},
			{"Custom", paper.Custom, nativeQR(module, 0x32, "31", text)},
			{"Star", paper.Star, job("1B 1D 79 53 31 01 1B 1D 79 53 32", []byte{module}, "1B 1D 79 44 31 00 1F 00", raw(text), "1B 1D 79 50")},
			{"Nippon", paper.Nippon, job("1B 71", []byte{module}, "01 42", raw(text), "00")},
			{"raster", paper.Epson, rasterQR(t, "1D 76 30 00", int(module), text)},
			{"raster, half the dots", paper.Epson, rasterQR(t, "1D 76 30 03", int(module)/2, text)},
			{"graphics", paper.Epson, graphicsQR(t, int(module), text)},
			{"Star's raster", paper.Star, rasterQR(t, "1B 1D 53 01", int(module), text)},
			{"Nippon's raster", paper.Nippon, rasterQR(t, "1B 62", int(module), text)},
		} {
			t.Run(fmt.Sprintf("%s, %d dots", test.name, module), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					b := newBench(t, paper.Options{Model: test.model, Baud: 115200})
					b.send(test.stream, "0A 0A 0A 0A 0A 0A")
					if test.model == paper.Star {
						b.send(starCut)
					} else {
						b.send("1D 56 42 00 1B 69")
					}
					settle()
					sheets := b.out()
					if len(sheets) == 0 {
						t.Fatal("no sheet")
					}
					if got := scan(t, sheets[0].Image()); got != text {
						t.Errorf("the code reads %q, want %q", got, text)
					}
				})
			})
		}
	}
}

// qrRows is a QR code as an image.
func qrRows(t *testing.T, module int, text string) (rows []byte, stride, side int) {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	side = code.Size * module
	stride = (side + 7) / 8
	rows = make([]byte, stride*side)
	for y := range side {
		for x := range side {
			if code.Black(x/module, y/module) {
				rows[y*stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return rows, stride, side
}

func rasterQR(t *testing.T, head string, module int, text string) []byte {
	rows, stride, side := qrRows(t, module, text)
	switch head {
	case "1B 62":
		return job(head, []byte{byte(stride), byte(side), 0}, rows)
	case "1B 1D 53 01":
		return job(head, []byte{byte(stride), 0, byte(side), 0, 0}, rows)
	default:
		return job(head, []byte{byte(stride), 0, byte(side), 0}, rows)
	}
}

func graphicsQR(t *testing.T, module int, text string) []byte {
	rows, _, side := qrRows(t, module, text)
	n := len(rows) + 10
	return job(
		"1D 28 4C", []byte{byte(n), byte(n >> 8)}, "30 70 30 01 01 31", []byte{byte(side), 0, byte(side), 0}, rows,
		"1D 28 4C 02 00 30 32",
	)
}

// TestCharacters shows what bytes become on paper.
func TestCharacters(t *testing.T) {
	for _, test := range []struct {
		name   string
		model  paper.Model
		stream []byte
		want   string
	}{
		{"PC437 by default", paper.Epson, job("85 8A A4 9B"), "àèñ¢"},
		{"PC850", paper.Epson, job("1B 74 02 85 8A 8D 95 97 A4"), "àèìòùñ"},
		{"PC858 has the euro", paper.Epson, job("1B 74 13 D5"), "€"},
		{"PC852 on an Epson", paper.Epson, job("1B 74 12 C7 83 8C AD EE"), "ăâîşţ"},
		{"WPC1250 on an Epson", paper.Epson, job("1B 74 2D E3 E2 EE BA FE 80"), "ăâîşţ€"},
		{"WPC1250 on a generic one", paper.Generic, job("1C 2E 1B 74 48 E3 E2 EE BA FE 80"), "ăâîşţ€"},
		{"that number on an Epson is nothing", paper.Epson, job("1B 74 48 83"), "â"},
		{"WPC1252", paper.Custom, job("1B 74 10 E0 E8 F1 BF 80"), "àèñ¿€"},
		{"PC866", paper.Epson, job("1B 74 11 8F E0 A8 A2 A5 E2"), "Привет"},
		{"WPC1253", paper.Epson, job("1B 74 2F CA E1 EB"), "Καλ"},
		{"an empty place", paper.Epson, job("1B 74 10", raw("a"), "81", raw("b")), "a b"},
		{"Italy", paper.Epson, job("1B 52 06", raw("#$@[\\]^`{|}~")), "#$@°\\é^ùàòèì"},
		{"USA again", paper.Epson, job("1B 52 06 1B 52 00", raw("@[]{}~")), "@[]{}~"},
		{"Chinese mode eats accents", paper.Generic, job("C4 E3 BA C3"), "你好"},
		{"FS . ends it", paper.Generic, job("1C 2E 82 85"), "éà"},
		{"ESC @ begins it again", paper.Generic, job("1C 2E 1B 40 C4 E3"), "你"},
		{"Epson has none", paper.Epson, job("1C 26 82 85"), "éà"},
		{"tabs", paper.Epson, job(raw("a"), "09", raw("b"), "1B 44 14 00 09", raw("c")), "a b c"},
		{"positions", paper.Epson, job(raw("a"), "1B 24 60 00", raw("b"), "1B 5C 06 00", raw("c")), "a b c"},
		{"a full line wraps", paper.Epson, job(raw(strings.Repeat("x", 50))), strings.Repeat("x", 48) + "\nxx"},
		{"margins", paper.Epson, job("1D 4C 64 00 1D 57 60 00", raw("abcdefghij")), "abcdefgh\nij"},
		{"too wide for the area", paper.Epson, job("1D 57 10 00 1D 21 77", raw("ab"), "1D 21 00", raw("c")), "c"},
		{"controls print nothing", paper.Epson, job(raw("a"), "00 01 0D 18 7F", raw("b")), "ab"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model})
				b.send(test.stream, "0A 1D 56 42 00 1B 69")
				settle()
				sheets := b.out()
				if len(sheets) == 0 || sheets[0].Text != test.want {
					t.Errorf("sheets %+v, want %q", sheets, test.want)
				}
			})
		})
	}
}

// TestCut: where the cutter stands, and when it does not move.
func TestCut(t *testing.T) {
	for _, test := range []struct {
		name   string
		model  paper.Model
		stream []byte
		want   []string
	}{
		{"feed and cut", paper.Epson, job(raw("a"), "0A 1D 56 41 00"), []string{"a"}},
		{"not at the start of a line", paper.Epson, job(raw("a"), "1D 56 41 00"), nil},
		{"nor the old command", paper.Epson, job(raw("a"), "1B 69"), nil},
		{"Custom's prints the line first", paper.Custom, job(raw("a"), "1B 69"), []string{"a"}},
		{"Custom has no GS V", paper.Custom, job(raw("a"), "0A 1D 56 41 00"), nil},
		// 6 lines of 30 dots; the cutter is 96 dots behind: the first three are out, the last two come next.
		{
			"without a feed the last lines stay inside", paper.Epson,
			job(raw("a"), "0A", raw("b"), "0A", raw("c"), "0A", raw("d"), "0A", raw("e"), "0A", raw("f"), "0A 1D 56 00 1D 56 41 00"),
			[]string{"a\nb\nc", "d\ne\nf"},
		},
		{
			"the larger part of a severed line counts", paper.Epson,
			job(raw("a"), "0A", raw("b"), "0A", raw("c"), "0A", raw("d"), "0A 0A 0A 1B 4A 0E 1D 56 00 1D 56 41 00"), // after 8 rows of d
			[]string{"a\nb\nc", "d"},
		},
		{
			"on either side", paper.Epson,
			job(raw("a"), "0A", raw("b"), "0A", raw("c"), "0A", raw("d"), "0A 0A 0A 1B 4A 1A 1D 56 00 1D 56 41 00"), // after 20 rows
			[]string{"a\nb\nc\nd", ""},
		},
		{"a blank sheet", paper.Epson, job("1D 56 41 64"), []string{""}},
		{"nothing beyond the cutter", paper.Epson, job("1D 56 00"), nil},
		{"an unknown cut", paper.Epson, job("1D 56 09 1D 56 63 00"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model})
				b.send(test.stream)
				settle()
				b.wantTexts(test.want...)
			})
		})
	}
}

// TestTwoNumbersOnOneSheet is what a missing cut leaves.
func TestTwoNumbersOnOneSheet(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send("1D 21 33", raw("A001"), "0A", raw("A002"), "0A 1D 21 11", raw("later"), "0A", feedCut)
		settle()
		sheets := b.out()
		if len(sheets) != 1 || sheets[0].Number != "A002" || strings.Join(sheets[0].Numbers, " ") != "A001 A002" {
			t.Errorf("sheets %+v, want both numbers", sheets)
		}
	})
}

// TestEndlessPaperTears: a host that never cuts does not fill the memory.
func TestEndlessPaperTears(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 115200, MMPerSecond: 1000})
		b.send(raw("x"), "0A 1B 33 FF 1B 64 FF") // 8 m
		settle()
		b.wantTexts("~x") // and the clean rest is thrown away
	})
}

// TestIgnored names what had no effect.
func TestIgnored(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send("1B 01 1B 74 63 1D 6B 49 04 7B 51 31 32 1D 28 4C 02 00 30 32 1D 38 4C 00 00 01 00", make([]byte, 1<<16), raw("a"), "0A", feedCut)
		time := 0
		for ; len(b.out()) == 0 && time < 10; time++ {
			settle()
		}
		got := b.Counters().Ignored
		for _, name := range []string{"1B 01", "1B 74 63", "1D 6B 49", "1D 28 4C", "1D 38 4C"} {
			if got[name] != 1 {
				t.Errorf("%q was ignored %d times, want once; all: %v", name, got[name], got)
			}
		}
		if len(got) != 5 {
			t.Errorf("ignored %v, want five commands", got)
		}
	})
}
