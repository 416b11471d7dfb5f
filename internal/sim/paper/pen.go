// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"image"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// pen draws characters as the dots of the head.
type pen struct {
	fonts map[bool]*sfnt.Font // by bold
	buf   sfnt.Buffer
	masks map[shape][]bool
}

type shape struct {
	r    rune
	w, h int
	bold bool
}

// The outlines are taken at 20 dots an em, where the Go mono font is 12 dots wide and 24 high, as font A is.
const (
	em       = 20
	emWidth  = 12
	emHeight = 24
	baseline = 19
)

func newPen() *pen {
	return &pen{
		fonts: map[bool]*sfnt.Font{false: mustParse(gomono.TTF), true: mustParse(gomonobold.TTF)},
		masks: make(map[shape][]bool),
	}
}

// mustParse parses a font that is compiled in.
func mustParse(ttf []byte) *sfnt.Font {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic(err)
	}
	return f
}

// mask returns the dots of a character.
func (p *pen) mask(g glyph) func(x, y int) bool {
	if d := g.dots; d != nil {
		sx, sy := d.sx, d.sy
		if g.r == OwnGlyph {
			sx, sy = g.w/d.w, g.h/d.h
		}
		return func(x, y int) bool { return d.black(x/sx, y/sy) }
	}
	key := shape{g.r, g.w, g.h, g.bold}
	m, ok := p.masks[key]
	if !ok {
		m = p.draw(key)
		p.masks[key] = m
	}
	return func(x, y int) bool { return m[y*g.w+x] }
}

func (p *pen) draw(s shape) []bool {
	m := make([]bool, s.w*s.h)
	if s.r == ' ' || s.r == 0xA0 {
		return m
	}
	f := p.fonts[s.bold]
	index, err := f.GlyphIndex(&p.buf, s.r)
	if err != nil || index == 0 {
		return box(m, s)
	}
	outline, err := f.LoadGlyph(&p.buf, index, fixed.I(em), nil)
	if err != nil {
		return box(m, s)
	}
	sx, sy := float32(s.w)/emWidth/64, float32(s.h)/emHeight/64
	at := func(q fixed.Point26_6) (x, y float32) {
		return float32(q.X) * sx, (float32(q.Y) + baseline*64) * sy
	}
	ras := vector.NewRasterizer(s.w, s.h)
	for _, seg := range outline {
		ax, ay := at(seg.Args[0])
		bx, by := at(seg.Args[1])
		cx, cy := at(seg.Args[2])
		switch seg.Op {
		case sfnt.SegmentOpMoveTo:
			ras.ClosePath()
			ras.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			ras.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			ras.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			ras.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	ras.ClosePath()
	alpha := image.NewAlpha(image.Rect(0, 0, s.w, s.h))
	ras.Draw(alpha, alpha.Rect, image.Opaque, image.Point{})
	for i := range m {
		m[i] = alpha.Pix[i] >= 0x70 // burnt dots are a little larger than drawn ones
	}
	return m
}

// box stands for a character that the fonts do not have, Chinese ones above all.
func box(m []bool, s shape) []bool {
	inset, thick := max(1, s.w/12), max(1, s.w/12)
	for y := inset; y < s.h-inset; y++ {
		for x := inset; x < s.w-inset; x++ {
			m[y*s.w+x] = x < inset+thick || x >= s.w-inset-thick || y < inset+thick || y >= s.h-inset-thick
		}
	}
	return m
}
