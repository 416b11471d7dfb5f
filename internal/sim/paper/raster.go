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

// raster is GS v 0 while its data come in. It is printed in bands, so that paper moves while the rest is on the line.
type raster struct {
	stride, rows int // as announced
	column, row  int // of the next byte
	keep         int // bytes of a row that fit on the paper
	band         picture
	label        string
}

const bandRows = 24

// beginImage is GS v 0 m xL xH yL yH.
func beginImage(p *Printer, a []byte) {
	m, stride, rows := a[1]&^'0', word(a[2:]), word(a[4:])
	if a[0] != '0' || m > 3 || stride == 0 || rows == 0 {
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
		stride: stride, rows: rows, keep: keep, label: fmt.Sprintf("[image %dx%d]", stride*8*sx, rows*sy),
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
		p.print(strip{h: band.h * band.sy, picture: &band, label: r.label})
		r.band.bits, r.band.h, r.label = nil, 0, ""
	}
	if last {
		p.image = nil
	}
}
