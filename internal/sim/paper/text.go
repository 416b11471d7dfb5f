// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const (
	// OwnGlyph stands in a sheet's text for a character that the host has drawn itself (ESC &).
	OwnGlyph = '▯'

	pictureRune = '\uFFFC' // a picture in a line of text
)

// glyph is one character on the paper; all lengths in dots.
type glyph struct {
	r         rune
	x, w, h   int
	bold      bool
	reverse   bool
	underline int
	dots      *picture // instead of the printer's own drawing of r; it fills the cell
}

// lineBuffer is the line that is being put together; x counts from the left edge of the print area.
type lineBuffer struct {
	glyphs []glyph
	pen    int
}

// maxGlyphs bounds a line that a host overprints again and again; no honest line comes near.
const maxGlyphs = 256

func (l *lineBuffer) empty() bool { return len(l.glyphs) == 0 && l.pen == 0 }

func (l *lineBuffer) move(x int) { l.pen = max(0, x) }

// cell is the size of an ordinary character.
func (p *Printer) cell() (w, h int) {
	if p.fontB {
		return p.t.fontB[0] * p.sx, p.t.fontB[1] * p.sy
	}
	return 12 * p.sx, 24 * p.sy
}

// character prints a single-byte character.
func (p *Printer) character(b byte) {
	w, h := p.cell()
	if pic := p.drawn(b); pic != nil {
		p.set(OwnGlyph, w, h, pic)
		return
	}
	r := rune(b)
	if b >= 0x80 {
		r = p.page.DecodeByte(b)
	} else if i := strings.IndexByte("#$@[\\]^`{|}~", b); i >= 0 {
		r = p.national[i]
	}
	if r == utf8.RuneError { // the table has nothing there
		r = ' '
	}
	p.set(r, w, h, nil)
}

// doubleByte prints a character of two bytes, p.cmd, as boards do that wake up in Chinese mode.
func (p *Printer) doubleByte() {
	lead, trail := p.cmd[0], p.cmd[1]
	p.cmd = p.cmd[:0]
	s, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{lead, trail})
	r, _ := utf8.DecodeRune(s)
	if err != nil {
		r = utf8.RuneError
	}
	p.set(r, 24*p.sx, 24*p.sy, nil)
	if trail < 0x40 { // not the second half of a character
		p.first(trail)
	}
}

func (p *Printer) set(r rune, w, h int, dots *picture) {
	if p.text.pen+w > p.area() || len(p.text.glyphs) >= maxGlyphs {
		p.advanceLine(p.spacing)
		if w > p.area() {
			return
		}
	}
	p.text.glyphs = append(p.text.glyphs, glyph{
		r: r, x: p.text.pen, w: w, h: h, bold: p.bold, reverse: p.reverse, underline: p.underline, dots: dots,
	})
	p.text.pen += w + p.space*p.sx
}

func (p *Printer) tab() {
	w, _ := p.cell()
	for _, c := range p.tabs {
		if x := c * w; x > p.text.pen {
			if x <= p.area() {
				p.text.move(x)
			}
			return
		}
	}
}

// advanceLine prints the line and moves the paper so many dots from its top; an empty line only moves the paper.
func (p *Printer) advanceLine(dots int) {
	l := p.text
	p.text = lineBuffer{}
	if len(l.glyphs) == 0 {
		p.feed(dots)
		return
	}
	height, end := 0, 0
	for _, g := range l.glyphs {
		height = max(height, g.h)
		end = max(end, g.x+g.w)
	}
	shift := p.indent(end)
	for i := range l.glyphs {
		l.glyphs[i].x += shift
	}
	p.print(strip{h: height, glyphs: l.glyphs})
	p.feed(dots - height)
}

// indent is where something of that width begins, by margin and justification.
func (p *Printer) indent(width int) int {
	free := max(0, p.area()-width)
	return p.left + free*int(p.align)/2
}

func (p *Printer) print(s strip) {
	p.do(op{kind: opPrint, strip: s, dots: s.h})
}
