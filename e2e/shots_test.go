// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var shots = flag.String("shots", "", "directory for the pictures of the pages; none are kept without it")

// heaviest is how many bytes a picture may have: they are loaded with the README.
const heaviest = 150_000

// TestScreenshots makes the pictures of README and guides, of every page in two languages and at
// half its size; see `make screenshots`.
func TestScreenshots(t *testing.T) {
	dir := *shots
	if dir == "" {
		dir = t.TempDir() // that they can be made is tested all the same
	}
	o := startOffice(t, "piacenza.yaml")
	busy(o, 45, 12)
	for _, p := range places("cie-lost") {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			tb, path := o.visit(t, p)
			for _, lang := range []string{"it", "ro"} {
				tb.open(in(lang, path))
				keep(t, filepath.Join(dir, "page-"+p.name+"-"+lang+".png"), tb.picture())
			}
		})
	}
}

// halve returns a picture at half its size: each dot is the mean of four.
func halve(t *testing.T, data []byte) []byte {
	t.Helper()
	from, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	size := from.Bounds()
	to := image.NewNRGBA(image.Rect(0, 0, size.Dx()/2, size.Dy()/2))
	for y := range size.Dy() / 2 {
		for x := range size.Dx() / 2 {
			var sum [4]uint32
			for i := range 4 {
				r, g, b, a := from.At(size.Min.X+2*x+i%2, size.Min.Y+2*y+i/2).RGBA()
				for c, v := range []uint32{r, g, b, a} {
					sum[c] += v >> 8
				}
			}
			for c, v := range sum {
				to.Pix[to.PixOffset(x, y)+c] = uint8(v / 4) //nolint:gosec // a mean of bytes is one
			}
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// keep writes a picture for the README, small enough.
func keep(t *testing.T, file string, data []byte) {
	t.Helper()
	data = halve(t, data)
	if len(data) > heaviest {
		t.Errorf("%s has %d bytes, more than %d", filepath.Base(file), len(data), heaviest)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil { //nolint:gosec // everybody may see it
		t.Fatal(err)
	}
}
