// SPDX-License-Identifier: EUPL-1.2

package paper

// bars is how bar codes are printed.
type bars struct {
	height, module int // dots
	text           int // bit 0: above, bit 1: below
}

func newBars() bars { return bars{height: 162, module: 3} }

func barHeight(p *Printer, a []byte) { p.bars.height = max(1, int(a[0])) }

func barModule(p *Printer, a []byte) {
	if a[0] < 1 || a[0] > 6 {
		p.ignore(3)
		return
	}
	p.bars.module = int(a[0])
}

func barText(p *Printer, a []byte) {
	n := a[0] &^ '0'
	if n > 3 {
		p.ignore(3)
		return
	}
	p.bars.text = int(n)
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

// barcode is GS k.
func barcode(p *Printer, a []byte) {
	kind, data := symbology(a[0]), a[1:]
	if kind >= 'A' {
		data = data[1:]
	} else {
		kind += 'A'
		data = data[:len(data)-1]
	}
	if !p.printBars(kind, string(data)) {
		p.ignore(3)
	}
}

// printBars reports whether the printer knows the symbology, the data are right, and the bars have room.
func (p *Printer) printBars(kind symbology, data string) bool {
	modules, text := kind.encode(data)
	if modules == nil || len(modules)*p.bars.module > p.area() {
		return false
	}
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	pic := &picture{w: len(modules), h: 1, stride: (len(modules) + 7) / 8, sx: p.bars.module, sy: p.bars.height}
	pic.bits = make([]byte, pic.stride)
	for i, bar := range modules {
		if bar {
			pic.bits[i/8] |= 0x80 >> (i % 8)
		}
	}
	pic.x = p.indent(pic.w * pic.sx)
	if p.bars.text&1 != 0 {
		p.caption(text)
	}
	p.print(strip{h: pic.sy, picture: pic, label: "[" + kind.String() + " " + printable(text) + "]"})
	if p.bars.text&2 != 0 {
		p.caption(text)
	}
	return true
}

// caption prints what a bar code says, for people.
func (p *Printer) caption(text string) {
	for _, r := range text {
		p.set(r, 12, 24, nil)
	}
	p.advanceLine(24)
}
