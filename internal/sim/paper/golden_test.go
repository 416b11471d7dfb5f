// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenDir = "../../../testdata/paper"

// TestGoldenSheets compares whole sheets, as text and dot by dot.
func TestGoldenSheets(t *testing.T) {
	for _, test := range []struct {
		name   string
		o      paper.Options
		stream []byte
	}{
		{"epson-slip", paper.Options{}, slip("A017")},
		{"epson-bilingual", paper.Options{}, bilingual()},
		{"epson-58mm", paper.Options{Dots: 384}, slip("A017")},
		{"custom-kiosk", paper.Options{Model: paper.Custom}, kiosk()},
		{"generic-chinese", paper.Options{Model: paper.Generic}, chinese()},
		{"epson-images", paper.Options{}, pictograms()},
		{"epson-t88-slip", paper.Options{Model: paper.EpsonT88}, slip("A017")},
		{"custom-tg2480-slip", paper.Options{Model: paper.CustomTG2480}, tg2480Slip()},
		{"star-slip", paper.Options{Model: paper.Star}, starSlip("A017")},
		{"nippon-slip", paper.Options{Model: paper.Nippon}, nipponSlip("A017", "0017")},
		{"silent-slip", paper.Options{Model: paper.Silent}, slip("A017")},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, test.o)
				b.send(test.stream)
				pass(10 * time.Second)
				synctest.Wait()
				sheets := b.out()
				if len(sheets) != 1 {
					t.Fatalf("%d sheets, want 1", len(sheets))
				}
				if c := b.Counters(); len(c.Ignored) > 0 {
					t.Errorf("commands without effect: %v", c.Ignored)
				}
				compareGolden(t, test.name, sheets[0])
			})
		})
	}
}

// describe is a sheet as a golden text.
func describe(s paper.Sheet) string {
	return fmt.Sprintf("number %q of %q\nqr     %q\ncopy   %q\nlength %.3f mm\n\n%s\n", s.Number, s.Numbers, s.QR, s.Copy, s.MM, s.Text)
}

func compareGolden(t *testing.T, name string, s paper.Sheet) {
	t.Helper()
	text, picture := filepath.Join(goldenDir, name+".txt"), filepath.Join(goldenDir, name+".png")
	if *update {
		if err := os.WriteFile(text, []byte(describe(s)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(describe(s), "\n")); diff != "" {
		t.Errorf("the text differs from %s (-want +got; -update writes it anew):\n%s", text, diff)
	}
	comparePicture(t, picture, s)
}

// comparePicture compares a sheet with a golden picture, dot by dot; -update writes it anew.
func comparePicture(t *testing.T, file string, s paper.Sheet) {
	t.Helper()
	if *update {
		var b bytes.Buffer
		if err := s.WritePNG(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	want, paletted := img.(*image.Paletted)
	got := s.Image()
	if !paletted || want.Rect != got.Rect {
		t.Fatalf("the picture is %v, %s is %v (-update writes it anew)", got.Rect, file, img.Bounds())
	}
	for i, c := range got.Palette {
		if r, g, b, a := c.RGBA(); i < len(want.Palette) {
			if wr, wg, wb, wa := want.Palette[i].RGBA(); r != wr || g != wg || b != wb || a != wa {
				t.Fatalf("colour %d differs from %s (-update writes it anew)", i, file)
			}
		}
	}
	for i := range got.Pix {
		if got.Pix[i] != want.Pix[i] {
			t.Fatalf("the picture differs from %s at %d,%d (-update writes it anew)", file, i%got.Stride, i/got.Stride)
		}
	}
}
