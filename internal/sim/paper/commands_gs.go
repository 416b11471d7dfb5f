// SPDX-License-Identifier: EUPL-1.2

package paper

import "strconv"

func addGS(table commandTable, t traits) {
	for head, c := range map[string]command{
		"\x1D!": {params: 1, do: size},
		"\x1DB": {params: 1, do: func(p *Printer, a []byte) { p.reverse = a[0]&1 != 0 }},
		"\x1DH": {params: 1, do: barText},
		"\x1DL": {params: 2, do: margin},
		"\x1DW": {params: 2, do: areaWidth},
		"\x1D(": {length: blockLength, max: nvSize, do: function},
		"\x1D8": {length: longBlock, max: nvSize, do: longFunction},
		"\x1DI": {params: 1, do: func(p *Printer, a []byte) { p.reply([]byte(p.t.id[a[0]])...) }},
		"\x1DV": {length: cutLength, do: cut},
		"\x1Dh": {params: 1, do: barHeight},
		"\x1Dk": {length: barcodeLength, do: barcode},
		"\x1Dr": {params: 1, do: transmitStatus},
		"\x1Dv": {params: 6, do: beginImage},
		"\x1Dw": {params: 1, do: barModule},

		"\x1DE": {params: 1, do: nothing}, // print speed and density
		"\x1Db": {params: 1, do: nothing}, // smoothing
		"\x1Df": {params: 1, do: nothing}, // font under bar codes

		"\x1D$": {params: 2, do: nothing}, // position in page mode
		"\x1D*": {length: downloadLength}, "\x1D/": {params: 1}, "\x1D:": {}, "\x1DP": {params: 2},
		"\x1DT": {params: 1}, "\x1D\\": {params: 2}, "\x1D^": {params: 3},
		"\x1Da": {params: 1}, "\x1Dg": {params: 4}, "\x1Dx": {params: 1},
	} {
		table.add(head, c)
	}
	if t.asb {
		table.add("\x1Da", command{params: 1, do: autoStatus})
	}
	if t.graphics {
		table.add("\x1Dg", command{params: 4, do: maintenanceCounter})
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
		p.cutAfter(p.t.gap + p.units(a[1]))
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

// maintenanceCounter is GS g 2 m nL nH; 20 and 148 are the lines fed, 50 and 178 the cuts.
func maintenanceCounter(p *Printer, a []byte) {
	var count int
	switch n := word(a[2:]); {
	case a[0] == '2' && (n == 20 || n == 148):
		count = int(p.count.Dots) / p.t.spacing
	case a[0] == '2' && (n == 50 || n == 178):
		count = p.cuts
	default:
		p.ignore(3)
		return
	}
	p.reply(append([]byte("_"+strconv.Itoa(count)), 0)...)
}

// function executes a whole GS ( x pL pH fn m … command.
func function(p *Printer, a []byte) {
	d := a[3:]
	switch {
	case a[0] == 'L':
		p.graphics(d)
	case a[0] == 'k' && p.t.qrParam != "" && len(d) >= 2 && d[0] == '1':
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

// longFunction is GS 8 L, GS ( L with a length of four bytes.
func longFunction(p *Printer, a []byte) {
	if a[0] != 'L' {
		p.ignore(3)
		return
	}
	p.graphics(a[5:])
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
