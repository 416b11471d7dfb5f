// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"flag"
	"fmt"
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
		var b bytes.Buffer
		if err := s.WritePNG(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(picture, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
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
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	got := s.Image()
	if img.Bounds() != got.Rect {
		t.Fatalf("the picture is %v, %s is %v", got.Rect, picture, img.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			wr, wg, wb, _ := img.At(x, y).RGBA()
			if r, g, b, _ := got.At(x, y).RGBA(); r != wr || g != wg || b != wb {
				t.Fatalf("the picture differs from %s at %d,%d (-update writes it anew)", picture, x, y)
			}
		}
	}
}
