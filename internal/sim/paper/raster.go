// SPDX-License-Identifier: EUPL-1.2

package paper

import "fmt"

// picture is a bitmap on the paper: most significant bit left, 1 is ink, each dot sx by sy dots large.
type picture struct {
	x, w, h int // w and h in dots of the bitmap
	stride  int // bytes a row
	bits    []byte
	sx, sy  int
}

func (p *picture) black(x, y int) bool {
	return p.bits[y*p.stride+x/8]&(0x80>>(x%8)) != 0
}

// rows is the part of the picture from row first on, at most n rows.
func (p *picture) rows(first, n int) *picture {
	part := *p
	part.h = min(n, p.h-first)
	part.bits = p.bits[first*p.stride:]
	return &part
}

// fromColumns turns a bitmap that goes down column by column, most significant bit on top, into rows.
func fromColumns(w, bytes int, d []byte) *picture {
	p := &picture{w: w, h: bytes * 8, stride: (w + 7) / 8, sx: 1, sy: 1}
	p.bits = make([]byte, p.stride*p.h)
	for x := range w {
		for y := range p.h {
			if d[x*bytes+y/8]&(0x80>>(y%8)) != 0 {
				p.bits[y*p.stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return p
}

// raster is GS v 0 while its data come in. It is printed in bands, so that paper moves while the rest is on the line.
type raster struct {
	stride, rows int // as announced
	column, row  int // of the next byte
	keep         int // bytes of a row that fit on the paper
	band         picture
}

const bandRows = 24

// beginImage is GS v 0 m xL xH yL yH.
func beginImage(p *Printer, a []byte) {
	if a[0] != '0' {
		p.ignore(4)
		return
	}
	p.startImage(a[1]&^'0', word(a[2:]), word(a[4:]))
}

// startImage expects rows of stride bytes; m doubles the width with its bit 0 and the height with its bit 1.
func (p *Printer) startImage(m byte, stride, rows int) {
	if m > 3 || stride == 0 || rows == 0 {
		p.ignore(4)
		return
	}
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	sx, sy := 1+int(m&1), 1+int(m>>1)
	x := p.indent(stride * 8 * sx)
	keep := min(stride, max(0, (p.o.Dots-x)/(8*sx)))
	p.image = &raster{
		stride: stride, rows: rows, keep: keep,
		band: picture{x: x, w: keep * 8, stride: keep, sx: sx, sy: sy},
	}
}

func (p *Printer) imageByte(b byte) {
	r := p.image
	if r.column < r.keep {
		r.band.bits = append(r.band.bits, b)
	}
	if r.column++; r.column < r.stride {
		return
	}
	r.column = 0
	r.row++
	r.band.h++
	last := r.row == r.rows
	if r.band.h == bandRows || last {
		band := r.band
		p.print(strip{h: band.h * band.sy, picture: &band})
		r.band.bits, r.band.h = nil, 0
	}
	if last {
		p.image = nil
	}
}

func imageLabel(w, h int) string { return fmt.Sprintf("[image %dx%d]", w, h) }

// printPicture prints a whole picture, each dot sx by sy dots large, where margin and justification put it.
func (p *Printer) printPicture(pic picture, sx, sy int) {
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	pic.sx, pic.sy = sx, sy
	pic.x = p.indent(pic.w * sx)
	for row := 0; row < pic.h; row += bandRows {
		band := pic.rows(row, bandRows)
		p.print(strip{h: band.h * sy, picture: band})
	}
}

// bitImageLength is how long ESC * m nL nH d… is.
func bitImageLength(cmd []byte) int {
	if len(cmd) < 5 {
		return 5
	}
	n := word(cmd[3:])
	if cmd[2] >= 32 {
		n *= 3
	}
	return 5 + n
}

// bitImage is ESC * m nL nH d…: a picture of 8 or 24 dots high that stands in the line like a character.
func bitImage(p *Printer, a []byte) {
	n, d := word(a[1:]), a[3:]
	switch a[0] {
	case 0:
		p.inline(fromColumns(n, 1, d), 2, 3)
	case 1:
		p.inline(fromColumns(n, 1, d), 1, 3)
	case 32:
		p.inline(fromColumns(n, 3, d), 2, 1)
	case 33:
		p.inline(fromColumns(n, 3, d), 1, 1)
	default:
		p.ignore(3)
	}
}

// inline puts a picture into the line; what does not fit is cut off.
func (p *Printer) inline(pic *picture, sx, sy int) {
	w := min(pic.w, max(0, (p.area()-p.text.pen)/sx))
	if w == 0 || len(p.text.glyphs) >= maxGlyphs {
		return
	}
	pic.sx, pic.sy = sx, sy
	p.text.glyphs = append(p.text.glyphs, glyph{r: pictureRune, x: p.text.pen, w: w * sx, h: pic.h * sy, dots: pic})
	p.text.pen += w * sx
}
