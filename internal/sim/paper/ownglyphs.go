// SPDX-License-Identifier: EUPL-1.2

package paper

// ownGlyphs are the characters that the host has drawn (ESC &), for font A and for font B. ESC @ erases them.
type ownGlyphs struct {
	on    bool // ESC %
	fonts [2]map[byte]*picture
}

func (o *ownGlyphs) drop(code byte) {
	for _, f := range o.fonts {
		delete(f, code)
	}
}

func (m *modes) font() int {
	if m.fontB {
		return 1
	}
	return 0
}

// drawn returns what the host has drawn for a character; nil if it has not, or does not want it used.
func (m *modes) drawn(code byte) *picture {
	if !m.own.on {
		return nil
	}
	return m.own.fonts[m.font()][code]
}

// glyphsLength is how long ESC & y c1 c2 [x d1…d(y·x)]… is.
func glyphsLength(cmd []byte) int {
	if len(cmd) < 5 {
		return 5
	}
	y, glyphs, at := int(cmd[2]), int(cmd[4])-int(cmd[3])+1, 5
	for range glyphs {
		if at >= len(cmd) {
			return at + 1
		}
		at += 1 + y*int(cmd[at])
	}
	return at
}

// defineGlyphs is ESC &.
func defineGlyphs(p *Printer, a []byte) {
	y, first, last := int(a[0]), int(a[1]), int(a[2])
	w, h := 12, 24
	if p.fontB {
		w, h = p.t.fontB[0], p.t.fontB[1]
	}
	if y != (h+7)/8 || first < 32 || last > 126 || first > last {
		p.ignore(2)
		return
	}
	own := &p.own.fonts[p.font()]
	if *own == nil {
		*own = make(map[byte]*picture)
	}
	rest := a[3:]
	for code := first; code <= last && len(rest) > 0; code++ {
		x := int(rest[0])
		if len(rest) < 1+x*y {
			return
		}
		columns := make([]byte, w*y) // what is not drawn is blank
		copy(columns, rest[1:1+min(x, w)*y])
		pic := fromColumns(w, y, columns)
		pic.h = h
		(*own)[byte(code)] = pic
		rest = rest[1+x*y:]
	}
}
