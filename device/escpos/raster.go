// SPDX-License-Identifier: EUPL-1.2

package escpos

import "image"

const (
	lineRows = 24   // dots of the height of font A, and of a band of an image
	half     = 0x80 // from here on a dot is black
)

// rows returns a bitmap as rows from top to bottom, each from left to right, eight dots to a byte,
// the highest bit on the left.
func rows(m *image.Alpha) (data []byte, wide int) {
	size := m.Bounds().Size()
	wide = (size.X + 7) / 8
	data = make([]byte, wide*size.Y)
	for y := range size.Y {
		for x := range size.X {
			if m.AlphaAt(x, y).A >= half {
				data[y*wide+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return data, wide
}

// enlarged returns the bitmap n times as wide and high.
func enlarged(m *image.Alpha, n int) *image.Alpha {
	if n == 1 {
		return m
	}
	size := m.Bounds().Size()
	out := image.NewAlpha(image.Rect(0, 0, size.X*n, size.Y*n))
	for y := range size.Y * n {
		for x := range size.X * n {
			out.SetAlpha(x, y, m.AlphaAt(x/n, y/n))
		}
	}
	return out
}

// picture prints a bitmap, enlarged n times. It goes in bands of at most 24 rows, so that a
// question can be asked soon; Nippon's printers, which leave a gap between bands, get it whole.
func (e *encoder) picture(m *image.Alpha, n int) {
	switch e.p.Image {
	case ImageRaster:
		mode := byte(0)
		if n%2 == 0 {
			n, mode = n/2, 3 // the printer doubles, a quarter of the bytes
		}
		data, wide := rows(enlarged(m, n))
		for len(data) > 0 {
			band := data[:min(len(data), lineRows*wide)]
			e.out = append(e.out, 0x1d, 'v', '0', mode, byte(wide), 0, byte(len(band)/wide), 0)
			e.payload(band)
			e.stop()
			data = data[len(band):]
		}
	case ImageStar:
		data, wide := rows(enlarged(m, n))
		e.raw("\x1b0") // lines of 3 mm, 24 dots: no gap between bands
		for len(data) > 0 {
			band := make([]byte, lineRows*wide)
			data = data[copy(band, data):]
			e.out = append(e.out, 0x1b, 'k', byte(wide), 0)
			e.payload(band)
			e.feed()
		}
		e.raw("\x1bz\x01") // lines of 4 mm
	case ImageNippon:
		data, wide := rows(enlarged(m, n))
		high := len(data) / wide
		e.out = append(e.out, 0x1b, 'b', byte(wide), byte(high), byte(high>>8))
		e.payload(data)
		e.raw("\x1bJ\x00") // which prints it
		e.stop()
	case ImageNone:
	}
}

// gap feeds what a line of letters has below it and a drawn one has not: 6 dots, which are 3/4 mm.
func (e *encoder) gap() {
	e.raw("\x1bJ")
	if e.p.Language == LanguageStar {
		e.out = append(e.out, 3) // quarters of a millimetre
	} else {
		e.out = append(e.out, 6)
	}
	e.stop()
}

// longest returns the bytes of the longest command of an ordinary job.
func (p *Profile) longest() int {
	wide := (p.Dots + 7) / 8
	switch p.Image {
	case ImageNone:
	case ImageRaster, ImageStar:
		return 8 + lineRows*wide
	case ImageNippon:
		symbol := 0
		for modules := qrModules(1); modules <= qrModules(maxQR); modules += 4 {
			side := modules * min(p.Module, p.Dots/(modules+quietZone))
			symbol = max(symbol, (side+7)/8*side)
		}
		return 5 + max(symbol, lineRows*wordsOf(p.Language).widest*wide) // or a number as large as it goes
	}
	return 9 + maxQR
}

// payload appends the data of an image or a letter. Where it would hold a sequence that the printer
// obeys even inside of data, one dot more is printed.
func (e *encoder) payload(data []byte) {
	start := len(e.out)
	e.out = append(e.out, data...)
	defuse(e.out[start:], e.p.Language)
}

// defuse breaks DLE EOT, DLE ENQ, DLE DC4, and of Star's language ESC ACK, whatever follows.
func defuse(data []byte, l Language) {
	for i := range len(data) - 1 {
		switch {
		case data[i] == 0x10 && (data[i+1] == 0x04 || data[i+1] == 0x05 || data[i+1] == 0x14):
			data[i] = 0x18
		case l == LanguageStar && data[i] == 0x1b && data[i+1] == 0x06:
			data[i] = 0x3b
		}
	}
}
