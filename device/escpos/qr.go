// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"image"
	"image/color"

	"github.com/avanti-queue/avanti/device/qr"
)

const (
	// maxQR is the longest content of a symbol in bytes. It keeps the store command's length
	// below 256, so that its bytes can form no real-time command.
	maxQR     = 250
	minModule = 3 // dots; at 8 dots/mm a phone reads no less
	maxModule = 8
	quietZone = 8 // modules, both sides together
)

// symbol prints an URL as a QR symbol of model 2 with error correction M. One that is too long
// for a symbol or for the paper, or for which the printer has neither symbol nor image, is printed
// as text.
func (e *encoder) symbol(url string) {
	if url == "" {
		return
	}
	var store [maxQR]byte
	data, fits := appendURL(store[:0], url)
	module := 0
	if fits {
		module = min(e.p.Module, e.p.Dots/(qrModules(len(data))+quietZone))
	}
	if module < minModule || e.p.QR == QRNone && e.p.Image == ImageNone {
		e.line(url, style{wide: 1, high: 1, columns: e.p.Columns})
		return
	}
	e.feed() // the quiet zone above
	switch e.p.QR {
	case QREpson:
		e.symbolGS(data, module, 0x31, 0x30)
	case QRCustom:
		e.symbolGS(data, module, 0x32, 0x31)
	case QRStar:
		e.raw("\x1b\x1dyS0\x02\x1b\x1dyS1\x01\x1b\x1dyS2")
		e.out = append(e.out, byte(module))
		e.raw("\x1b\x1dyD1\x00")
		e.out = append(append(e.out, byte(len(data)), 0), data...)
		e.raw("\x1b\x1dyP")
	case QRNone:
		e.drawnSymbol(data, module)
	}
	e.feed() // and below
}

// symbolGS has the printer make the symbol by GS ( k.
func (e *encoder) symbolGS(data []byte, module int, correction, kind byte) {
	e.raw("\x1d(k\x04\x00\x31\x41\x32\x00")
	e.raw("\x1d(k\x03\x00\x31\x43")
	e.out = append(e.out, byte(module))
	e.raw("\x1d(k\x03\x00\x31\x45")
	e.out = append(e.out, correction)
	e.raw("\x1d(k")
	e.out = append(e.out, byte(len(data)+3), 0, 0x31, 0x50, kind)
	e.out = append(e.out, data...)
	e.raw("\x1d(k\x03\x00\x31\x51")
	e.out = append(e.out, kind)
}

// drawnSymbol sends the symbol as an image.
func (e *encoder) drawnSymbol(data []byte, module int) {
	s, err := qr.New(string(data), qr.M)
	if err != nil {
		return // cannot be: 250 bytes fit into version 11
	}
	m := image.NewAlpha(image.Rect(0, 0, s.Side, s.Side))
	for y := range s.Side {
		for x := range s.Side {
			if s.Dark(x, y) {
				m.SetAlpha(x, y, color.Alpha{A: 0xff})
			}
		}
	}
	e.picture(m, module)
}

// appendURL appends an URL as printable ASCII; other bytes are escaped. False: it did not fit
// into the capacity of data.
func appendURL(data []byte, url string) ([]byte, bool) {
	const digits = "0123456789ABCDEF"
	for i := range len(url) {
		c := url[i]
		need := 1
		if c <= 0x20 || c >= 0x7f {
			need = 3
		}
		if len(data)+need > cap(data) {
			return nil, false
		}
		if need == 3 {
			data = append(data, '%', digits[c>>4], digits[c&15])
		} else {
			data = append(data, c)
		}
	}
	return data, true
}

// qrModules returns the width of the symbol that holds n bytes with error correction M, in
// modules (ISO/IEC 18004, table 7).
func qrModules(n int) int {
	for i, capacity := range [...]int{14, 26, 42, 62, 84, 106, 122, 152, 180, 213} {
		if n <= capacity {
			return 21 + 4*i
		}
	}
	return 21 + 4*10 // version 11: 251 bytes
}
