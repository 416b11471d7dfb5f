// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
)

const (
	white = iota
	ink
	shade
	nowhere
)

// fringe is how far an edge can stray from its line, in dots.
const fringe = 8

// Image draws the sheet, a pixel for each dot: thermal paper, its margins and edges, and what the head burnt in. It is
// 16 rows higher than the sheet is long, for the teeth of the cutter and the fibres of torn paper. Index 0 is paper, 1
// is ink, 2 is the paper's edge, 3 is transparent.
func (s Sheet) Image() *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, s.width+2*s.margin, s.length+2*fringe), color.Palette{
		white:   color.RGBA{0xFA, 0xF9, 0xF4, 0xFF},
		ink:     color.RGBA{0x1E, 0x1C, 0x22, 0xFF},
		shade:   color.RGBA{0xE2, 0xDF, 0xD5, 0xFF},
		nowhere: color.RGBA{},
	})
	s.drawEdges(img)
	pen := newPen()
	for i := range s.strips {
		st := &s.strips[i]
		// The head burns whole rows; an interrupted strip ends where the paper stood still.
		sheet := image.Rect(s.margin, fringe, s.margin+s.width, fringe+s.length)
		clip := image.Rect(s.margin, fringe+st.y, s.margin+s.width, fringe+st.y+st.rows).Intersect(sheet)
		c := canvas{img: img, clip: clip, left: s.margin}
		if st.picture != nil {
			c.picture(st.picture, fringe+st.y)
		}
		for _, g := range st.glyphs {
			c.glyph(pen, g, fringe+st.y+st.h-g.h)
		}
	}
	return img
}

// WritePNG writes the image of the sheet as a PNG file.
func (s Sheet) WritePNG(w io.Writer) error {
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(w, s.Image()); err != nil {
		return fmt.Errorf("paper: write the picture of a sheet: %w", err)
	}
	return nil
}

// drawEdges gives the paper its outline: small teeth where it was cut, fibres where it was torn.
func (s Sheet) drawEdges(img *image.Paletted) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	stray := uint32(s.length)
	torn := 0
	for x := range w {
		tooth := x % 8
		tooth = min(tooth, 8-tooth) / 2
		top, bottom := fringe-1-tooth, h-fringe+tooth
		if s.Torn {
			stray = stray*1664525 + 1013904223
			torn = max(0, min(torn+int(stray>>30)-1-int(stray>>29&1), fringe-1))
			bottom = h - fringe + torn
		}
		column := func(from, to int, colour uint8) {
			for y := from; y < to; y++ {
				img.Pix[y*img.Stride+x] = colour
			}
		}
		column(0, top, nowhere)
		column(bottom+1, h, nowhere)
		if x == 0 || x == w-1 {
			column(top, bottom+1, shade)
		}
		column(top, top+1, shade)
		column(bottom, bottom+1, shade)
	}
}

type canvas struct {
	img  *image.Paletted
	clip image.Rectangle
	left int // of the head's first dot
}

// fill sets the dots of a rectangle; x counts from the left end of the head.
func (c *canvas) fill(x, y, w, h int, colour uint8) {
	r := image.Rect(c.left+x, y, c.left+x+w, y+h).Intersect(c.clip)
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
	cell := image.Rect(c.left+g.x, top, c.left+g.x+g.w, top+g.h)
	for r, y := cell.Intersect(c.clip), 0; y < r.Dy(); y++ {
		row := c.img.Pix[c.img.PixOffset(r.Min.X, r.Min.Y+y):][:r.Dx()]
		for x := range row {
			if mask(r.Min.X-cell.Min.X+x, r.Min.Y-cell.Min.Y+y) {
				row[x] = front
			}
		}
	}
	if g.underline > 0 {
		c.fill(g.x, top+g.h-g.underline, g.w, g.underline, front)
	}
}
