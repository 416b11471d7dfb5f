// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strings"

	"rsc.io/qr"
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
	if data == "" {
		return false
	}
	code, err := qr.Encode(data, level)
	if err != nil || code.Size*module > p.area() {
		return false
	}
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	side := code.Size * module
	pic := picture{
		x: p.indent(side), w: code.Size, h: code.Size, stride: code.Stride, bits: code.Bitmap, sx: module, sy: module,
	}
	p.print(strip{h: side, picture: &pic, qr: data, label: "[QR " + printable(data) + "]"})
	return true
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
