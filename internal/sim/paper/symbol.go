// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strings"

	"github.com/avanti-queue/avanti/device/qr"
)

// symbol is the printer's QR code storage.
type symbol struct {
	data   []byte
	module int // dots
	level  qr.Level
}

func newSymbol(t traits) symbol {
	return symbol{module: 3, level: t.ecc[t.eccFirst]}
}

// maxSymbol is what fits into the largest QR code, digits only.
const maxSymbol = 7089

// qrFunction is GS ( k with cn = 49; it reports whether the printer knows what to do.
func (p *Printer) qrFunction(fn byte, a []byte) bool {
	switch {
	case fn == 65 && len(a) == 2:
		return a[0] == '1' || a[0] == '2' // both models are printed as model 2
	case fn == 67 && len(a) == 1 && a[0] >= 1 && a[0] <= 16:
		p.qr.module = int(a[0])
		return true
	case fn == 69 && len(a) == 1:
		level, ok := p.t.ecc[a[0]]
		if ok {
			p.qr.level = level
		}
		return ok
	case fn == 80 && len(a) > 1 && len(a) <= maxSymbol+1 && strings.IndexByte(p.t.qrParam, a[0]) >= 0:
		p.qr.data = append([]byte(nil), a[1:]...)
		return true
	case fn == 81 && len(a) == 1 && strings.IndexByte(p.t.qrParam, a[0]) >= 0:
		return p.printSymbol()
	default:
		return false
	}
}

// printSymbol prints the stored text as a QR code without quiet zone. What does not fit on the paper is not printed.
func (p *Printer) printSymbol() bool {
	return p.printQR(string(p.qr.data), p.qr.level, p.qr.module)
}

func (p *Printer) printQR(data string, level qr.Level, module int) bool {
	code, err := qr.New(data, level)
	if err != nil || code.Side*module > p.area() {
		return false
	}
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	side := code.Side * module
	pic := drawn(code)
	pic.x, pic.sx, pic.sy = p.indent(side), module, module
	p.print(strip{h: side, picture: pic, qr: data, label: "[QR " + printable(data) + "]"})
	return true
}

func drawn(code *qr.Symbol) *picture {
	pic := &picture{w: code.Side, h: code.Side, stride: (code.Side + 7) / 8}
	pic.bits = make([]byte, pic.stride*pic.h)
	for y := range pic.h {
		for x := range pic.w {
			if code.Dark(x, y) {
				pic.bits[y*pic.stride+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return pic
}

// printable keeps a text that a host sent on one line of ours.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return '.'
		}
		return r
	}, strings.ToValidUTF8(s, "."))
}
