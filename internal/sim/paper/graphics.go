// SPDX-License-Identifier: EUPL-1.2

package paper

import "strconv"

// graphics executes GS ( L and GS 8 L after their length: m fn and the rest.
func (p *Printer) graphics(d []byte) {
	if !p.t.graphics || len(d) < 2 || d[0] != '0' || !p.graphicsFunction(d[1], d[2:]) {
		p.ignore(3)
	}
}

// graphicsFunction reports whether the printer knows what to do (Epson, GS ( L, functions 48, 50, 51, 65 to 69, 112, 113).
func (p *Printer) graphicsFunction(fn byte, a []byte) bool {
	switch fn {
	case 48, 0:
		p.reply(append([]byte("70"+strconv.Itoa(nvSize)), 0)...)
	case 51, 3:
		p.reply(append([]byte("71"+strconv.Itoa(p.nv.free())), 0)...)
	case 50, 2:
		if p.drawing == nil {
			return false
		}
		pic := *p.drawing
		p.drawing = nil
		p.printPicture(pic, pic.sx, pic.sy)
	case 112, 113: // a bx by c xL xH yL yH d…
		if len(a) < 8 || a[0] != '0' || a[3] != '1' || a[1] < 1 || a[1] > 2 || a[2] < 1 || a[2] > 2 {
			return false
		}
		pic := bitmap(fn == 113, a[4:8], a[8:])
		if pic == nil {
			return false
		}
		pic.sx, pic.sy = int(a[1]), int(a[2])
		p.drawing = pic
	case 65:
		if string(a) != "CLR" {
			return false
		}
		p.write(0, func() { p.nv.keyed = nil })
	case 66: // kc1 kc2
		if len(a) != 2 {
			return false
		}
		key := [2]byte(a)
		p.write(0, func() { delete(p.nv.keyed, key) })
	case 67, 68: // a kc1 kc2 b xL xH yL yH c d…
		if len(a) < 9 || a[0] != '0' || a[3] != 1 || a[8] != '1' || !keyCode(a[1]) || !keyCode(a[2]) {
			return false
		}
		pic, key := bitmap(fn == 68, a[4:8], a[9:]), [2]byte(a[1:3])
		if pic == nil || len(pic.bits) > p.nv.free() {
			return false
		}
		p.write(len(pic.bits), func() { p.nv.keep(key, pic) })
	case 69: // kc1 kc2 x y
		if len(a) != 4 || a[2] < 1 || a[2] > 2 || a[3] < 1 || a[3] > 2 {
			return false
		}
		pic, ok := p.nv.keyed[[2]byte(a)]
		if ok {
			p.printPicture(*pic, int(a[2]), int(a[3]))
		}
		return ok
	default:
		return false
	}
	return true
}

func keyCode(c byte) bool { return c >= 32 && c <= 126 }

// bitmap reads xL xH yL yH and the data of a bitmap, row by row or column by column; nil if they do not agree.
func bitmap(columns bool, size, d []byte) *picture {
	w, h := word(size), word(size[2:])
	if w == 0 || h == 0 {
		return nil
	}
	if columns {
		if len(d) != w*((h+7)/8) {
			return nil
		}
		return fromColumns(w, (h+7)/8, d)
	}
	stride := (w + 7) / 8
	if len(d) != stride*h {
		return nil
	}
	return &picture{w: w, h: h, stride: stride, bits: append([]byte(nil), d...), sx: 1, sy: 1}
}
