// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
)

// side is the unprintable margin on each side of the paper, in dots.
const side = 4 * dotsPerMM

const (
	white = iota
	ink
)

// Image draws the sheet at 203 dpi: thermal paper, its margins, and what the head burnt in. Index 0 is paper, 1 is ink.
func (s Sheet) Image() *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, s.width+2*side, s.length), color.Palette{
		white: color.RGBA{0xFA, 0xF9, 0xF4, 0xFF},
		ink:   color.RGBA{0x1E, 0x1C, 0x22, 0xFF},
	})
	pen := newPen()
	for i := range s.strips {
		st := &s.strips[i]
		// The head burns whole rows; an interrupted strip ends where the paper stood still.
		clip := image.Rect(side, st.y, side+s.width, st.y+st.rows).Intersect(img.Rect)
		c := canvas{img: img, clip: clip}
		if st.picture != nil {
			c.picture(st.picture, st.y)
		}
		for _, g := range st.glyphs {
			c.glyph(pen, g, st.y+st.h-g.h)
		}
	}
	return img
}

// WritePNG writes the image of the sheet as a PNG file.
func (s Sheet) WritePNG(w io.Writer) error {
	if err := png.Encode(w, s.Image()); err != nil {
		return fmt.Errorf("paper: write the picture of a sheet: %w", err)
	}
	return nil
}

type canvas struct {
	img  *image.Paletted
	clip image.Rectangle
}

// fill sets the dots of a rectangle; x counts from the left end of the head.
func (c *canvas) fill(x, y, w, h int, colour uint8) {
	r := image.Rect(side+x, y, side+x+w, y+h).Intersect(c.clip)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.img.Pix[c.img.PixOffset(r.Min.X, y):][:r.Dx()]
		for i := range row {
			row[i] = colour
		}
	}
}

func (c *canvas) picture(p *picture, top int) {
	for y := range p.h {
		for x := range p.w {
			if p.black(x, y) {
				c.fill(p.x+x*p.sx, top+y*p.sy, p.sx, p.sy, ink)
			}
		}
	}
}

func (c *canvas) glyph(pen *pen, g glyph, top int) {
	front := uint8(ink)
	if g.reverse {
		c.fill(g.x, top, g.w, g.h, ink)
		front = white
	}
	mask := pen.mask(g)
	for y := range g.h {
		for x := range g.w {
			if mask[y*g.w+x] {
				c.fill(g.x+x, top+y, 1, 1, front)
			}
		}
	}
	if g.underline > 0 {
		c.fill(g.x, top+g.h-g.underline, g.w, g.underline, front)
	}
}
