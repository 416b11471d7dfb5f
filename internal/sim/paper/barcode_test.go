// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

func TestBarCodesRead(t *testing.T) {
	for _, test := range []struct {
		name   string
		reader gozxing.Reader
		stream []byte
		label  string
		want   string
	}{
		{"Code 128, set B", oned.NewCode128Reader(), job("1D 6B 49 06", raw("{BA017")), "[CODE128 A017]", "A017"},
		{"Code 128, sets B and C", oned.NewCode128Reader(), job("1D 6B 49 0A", raw("{BAv{C"), "0C 22 38 63"), "[CODE128 Av12345699]", "Av12345699"},
		{"Code 128, set A", oned.NewCode128Reader(), job("1D 6B 49 06", raw("{AQ{{1"), "1D 6B 49 05", raw("{AQ_1")), "[CODE128 Q_1]", "Q_1"},
		{"Code 39", oned.NewCode39Reader(), job("1D 6B 45 06", raw("A-01 7")), "[CODE39 *A-01 7*]", "A-01 7"},
		{"Code 39, old form", oned.NewCode39Reader(), job("1D 6B 04", raw("PIACENZA"), "00"), "[CODE39 *PIACENZA*]", "PIACENZA"},
		{"EAN-13", oned.NewEAN13Reader(), job("1D 6B 43 0C", raw("800123456789")), "[EAN-13 8001234567897]", "8001234567897"},
		{"EAN-13 with its check digit", oned.NewEAN13Reader(), job("1D 6B 02", raw("4006381333931"), "00"), "[EAN-13 4006381333931]", "4006381333931"},
		{"EAN-8", oned.NewEAN8Reader(), job("1D 6B 44 07", raw("9638507")), "[EAN-8 96385074]", "96385074"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{})
				b.send("1B 61 01 1D 77 02 1D 68 50", test.stream, "1B 64 04", feedCut)
				settle()
				sheets := b.out()
				if len(sheets) != 1 || sheets[0].Text != test.label {
					t.Fatalf("sheets %+v, want %s", sheets, test.label)
				}
				bmp, err := gozxing.NewBinaryBitmapFromImage(sheets[0].Image())
				if err != nil {
					t.Fatal(err)
				}
				r, err := test.reader.Decode(bmp, nil)
				if err != nil {
					t.Fatalf("nothing to read on the sheet: %v", err)
				}
				if r.GetText() != test.want {
					t.Errorf("it reads %q, want %q", r.GetText(), test.want)
				}
			})
		})
	}
}

// TestBarCodeCaptions puts what the bars say above and below.
func TestBarCodeCaptions(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send("1D 48 03", raw("line"), "1D 6B 49 06", raw("{BA017"), "1D 48 00", feedCut)
		settle()
		b.wantTexts("line\nA017\n[CODE128 A017]\nA017")
	})
}

func TestBarCodesRefused(t *testing.T) {
	for _, test := range []struct {
		name   string
		stream []byte
	}{
		{"no code set", job("1D 6B 49 04", raw("A017"))},
		{"half a digit pair", job("1D 6B 49 03", raw("{C"), "64")},
		{"nothing after the set", job("1D 6B 49 02", raw("{B"))},
		{"an open brace", job("1D 6B 49 03", raw("{B{"))},
		{"small letters in Code 39", job("1D 6B 45 02", raw("ab"))},
		{"an asterisk in Code 39", job("1D 6B 45 02", raw("A*"))},
		{"a wrong check digit", job("1D 6B 43 0D", raw("4006381333932"))},
		{"too wide", job("1D 77 06 1D 6B 45 10", raw("ABCDEFGHIJKLMNOP"))},
		{"ITF", job("1D 6B 46 02", raw("12"))},
		{"a module of no width", job("1D 77 00")},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{})
				b.send(test.stream, feedCut)
				settle()
				b.wantTexts("")
				if c := b.Counters(); len(c.Ignored) != 1 {
					t.Errorf("ignored %v, want one command", c.Ignored)
				}
			})
		})
	}
}
