// SPDX-License-Identifier: EUPL-1.2

package paper

import "strconv"

func addGS(table map[[2]byte]command, t traits) {
	for key, c := range map[[2]byte]command{
		{gs, '!'}: {params: 1, do: size},
		{gs, 'B'}: {params: 1, do: func(p *Printer, a []byte) { p.reverse = a[0]&1 != 0 }},
		{gs, 'L'}: {params: 2, do: margin},
		{gs, 'W'}: {params: 2, do: areaWidth},
		{gs, '('}: {length: block, do: function},
		{gs, 'I'}: {params: 1, do: func(p *Printer, a []byte) { p.reply([]byte(p.t.id[a[0]])...) }},
		{gs, 'V'}: {length: cutLength, do: cut},
		{gs, 'r'}: {params: 1, do: transmitStatus},
		{gs, 'v'}: {params: 6, do: beginImage},

		{gs, 'E'}: {params: 1, do: nothing}, // print speed and density
		{gs, 'H'}: {params: 1, do: nothing}, // settings for bar codes
		{gs, 'b'}: {params: 1, do: nothing}, // smoothing
		{gs, 'f'}: {params: 1, do: nothing},
		{gs, 'h'}: {params: 1, do: nothing},
		{gs, 'w'}: {params: 1, do: nothing},

		{gs, '$'}: {params: 2}, {gs, '*'}: {length: downloadLength}, {gs, '/'}: {params: 1}, {gs, '8'}: {length: longBlock},
		{gs, ':'}: {}, {gs, 'P'}: {params: 2}, {gs, 'T'}: {params: 1}, {gs, '\\'}: {params: 2}, {gs, '^'}: {params: 3},
		{gs, 'a'}: {params: 1}, {gs, 'g'}: {params: 4}, {gs, 'k'}: {length: barcodeLength}, {gs, 'x'}: {params: 1},
	} {
		table[key] = c
	}
	if t.asb {
		table[[2]byte{gs, 'a'}] = command{params: 1, do: autoStatus}
	}
	if t.confirm {
		table[[2]byte{gs, 'g'}] = command{params: 4, do: maintenanceCounter}
	}
}

func size(p *Printer, a []byte) {
	w, h := int(a[0]>>4)+1, int(a[0]&0x0F)+1
	if w > 8 || h > 8 {
		p.ignore(3)
		return
	}
	p.sx, p.sy = w, h
}

func margin(p *Printer, a []byte) {
	if !p.text.empty() {
		p.ignore(2)
		return
	}
	p.left = min(word(a), p.o.Dots)
}

func areaWidth(p *Printer, a []byte) {
	if !p.text.empty() {
		p.ignore(2)
		return
	}
	p.width = word(a)
}

// area is the width in dots that a line can use.
func (p *Printer) area() int { return max(0, min(p.width, p.o.Dots-p.left)) }

// cutLength is GS V m [n].
func cutLength(cmd []byte) int {
	if len(cmd) > 2 && cmd[2] >= 'A' {
		return 4
	}
	return 3
}

func cut(p *Printer, a []byte) {
	if !p.t.gsCut || !p.text.empty() {
		p.ignore(2)
		return
	}
	switch a[0] {
	case 0, 1, '0', '1':
		p.cutAfter(0)
	case 'A', 'B', 'g', 'h':
		p.cutAfter(p.t.gap + int(a[1]))
	default:
		p.ignore(3)
	}
}

// transmitStatus is GS r n.
func transmitStatus(p *Printer, a []byte) {
	switch a[0] {
	case 1, '1':
		p.reply(p.paperSensor())
	case 2, '2':
		p.reply(0x01) // drawer pin high
	default:
		p.ignore(3)
	}
}

// autoStatus is GS a n: the status is sent at once and on every change.
func autoStatus(p *Printer, a []byte) {
	p.status.asbMask = a[0]
	if a[0] != 0 {
		s := p.asb()
		p.reply(s[:]...)
		p.status.last = s
	}
}

// maintenanceCounter is GS g 2 m nL nH; 50 and 178 are the cuts.
func maintenanceCounter(p *Printer, a []byte) {
	if n := word(a[2:]); a[0] != '2' || n != 50 && n != 178 {
		p.ignore(3)
		return
	}
	p.reply(append([]byte("_"+strconv.Itoa(p.cuts)), 0)...)
}

// function executes a whole GS ( x pL pH fn m … command.
func function(p *Printer, a []byte) {
	d := a[3:]
	switch {
	case a[0] == 'k' && len(d) >= 2 && d[0] == '1':
		if !p.qrFunction(d[1], d[2:]) {
			p.ignore(7)
		}
	case a[0] == 'H' && p.t.confirm && len(d) == 6 && d[0] == '0' && d[1] == '0':
		for _, c := range d[2:] {
			if c < 32 || c > 126 {
				p.ignore(7)
				return
			}
		}
		// Everything before this command has been printed, or it would not be its turn.
		p.respond(responseID, 0x37, 0x22, d[2], d[3], d[4], d[5], 0)
	case a[0] == 'H' && p.t.confirm && len(d) == 3 && d[0] == '1' && d[1] == '0' && d[2]&^'0' <= 2:
		p.status.offline = d[2] &^ '0'
	default:
		p.ignore(3)
	}
}

// longBlock is how long GS 8 L p1 p2 p3 p4 … is.
func longBlock(cmd []byte) int {
	if len(cmd) < 7 {
		return 7
	}
	return 7 + word(cmd[3:]) + word(cmd[5:])<<16
}

// downloadLength is GS * x y d1…d(x·y·8).
func downloadLength(cmd []byte) int {
	if len(cmd) < 4 {
		return 4
	}
	return 4 + int(cmd[2])*int(cmd[3])*8
}

// barcodeLength is GS k m d… 00, or GS k m n d1…dn for m from 65.
func barcodeLength(cmd []byte) int {
	switch {
	case len(cmd) < 4:
		return 4
	case cmd[2] >= 'A':
		return 4 + int(cmd[3])
	default:
		return untilNUL(3, 260)(cmd)
	}
}
