// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"errors"
	"fmt"
	"image"
	"image/color"
)

// maxMark is the height of the largest mark, in dots: 40 mm.
const maxMark = 320

// mark prints the office's mark from the printer's memory; nothing where none can be kept.
// A printer in whose memory there is none prints nothing either.
func (e *encoder) mark() {
	switch e.p.Logo {
	case LogoGraphics:
		e.raw("\x1d(L\x06\x00\x30\x45AV\x01\x01")
	case LogoFSQ:
		e.raw("\x1cp\x01\x00")
	case LogoCustom:
		e.raw("\x1c\x93\x00\x01\x01\x00\x00\x00")
	case LogoStar:
		e.raw("\x1b\x1cp\x01\x00")
	case LogoNone:
		return
	}
	e.stop()
}

// StoreMark returns what to write, one after the other, to keep the image in the printer's memory
// as the office's mark; a mark that is there already is replaced. Each is one command: the memory
// wears out and the printer is busy meanwhile, so wait after each until it answers again. Custom's
// printers print the mark after the next switching on.
//
// Grey becomes a pattern of dots. An image that is wider than the paper or higher than 320 dots is an
// error, and so is a printer that keeps no mark.
func (p Profile) StoreMark(m image.Image) ([][]byte, error) {
	if p.Logo == LogoNone {
		return nil, fmt.Errorf("printer profile %s: it keeps no mark, or how is not known", p.Name)
	}
	size := m.Bounds().Size()
	if size.X == 0 || size.Y == 0 {
		return nil, errors.New("the mark is an empty image")
	}
	if size.X > p.Dots || size.Y > maxMark {
		return nil, fmt.Errorf("the mark has %d x %d dots: make it at most %d x %d", size.X, size.Y, p.Dots, maxMark)
	}
	return [][]byte{p.initialise(nil), p.storeCommand(dithered(m))}, nil
}

func (p *Profile) storeCommand(m *image.Alpha) []byte {
	e := encoder{p: p}
	switch p.Logo {
	case LogoGraphics:
		m = padded(m, 8, 1)
		data, _ := rows(m)
		size, n := m.Bounds().Size(), len(data)+11
		e.out = append(e.out, 0x1d, '(', 'L', byte(n), byte(n>>8), 0x30, 0x43, 0x30, 'A', 'V', 1,
			byte(size.X), byte(size.X>>8), byte(size.Y), byte(size.Y>>8), 0x31)
		e.payload(data)
	case LogoFSQ, LogoStar:
		m = padded(m, 8, 8)
		size := m.Bounds().Size().Div(8)
		if p.Logo == LogoStar {
			e.raw("\x1b")
		}
		e.out = append(e.out, 0x1c, 'q', 1, byte(size.X), byte(size.X>>8), byte(size.Y), byte(size.Y>>8))
		e.payload(columns(m))
	case LogoCustom:
		m = padded(m, 16, 1)
		data, _ := rows(m)
		size := m.Bounds().Size()
		e.out = append(e.out, 0x1c, 0x94, 0, 1, byte(size.X>>8), byte(size.X), byte(size.Y>>8), byte(size.Y), 0, 0)
		e.raw("AVANTI.BMP\x00\x00\x00\x00\x00\x00")
		e.payload(data)
		e.raw(">")
	case LogoNone:
	}
	return e.out
}

// padded returns the bitmap with blank dots to its right and below, so that its sides are multiples.
func padded(m *image.Alpha, wide, high int) *image.Alpha {
	size := m.Bounds().Size()
	out := image.NewAlpha(image.Rect(0, 0, (size.X+wide-1)/wide*wide, (size.Y+high-1)/high*high))
	for y := range size.Y {
		for x := range size.X {
			out.SetAlpha(x, y, m.AlphaAt(x, y))
		}
	}
	return out
}

// dithered turns an image into black dots on transparent paper: each dot's error goes to its
// neighbours (Floyd and Steinberg).
func dithered(m image.Image) *image.Alpha {
	b := m.Bounds()
	out := image.NewAlpha(image.Rect(0, 0, b.Dx(), b.Dy()))
	here, below := make([]int, b.Dx()+2), make([]int, b.Dx()+2)
	for y := range b.Dy() {
		for x := range b.Dx() {
			grey := brightness(m.At(b.Min.X+x, b.Min.Y+y)) + here[x+1]/16
			rest := grey
			if grey < half {
				out.SetAlpha(x, y, color.Alpha{A: 0xff})
			} else {
				rest -= 0xff
			}
			here[x+2] += 7 * rest
			below[x] += 3 * rest
			below[x+1] += 5 * rest
			below[x+2] += rest
		}
		here, below = below, here
		clear(below)
	}
	return out
}

// brightness is 0 to 255, on white paper.
func brightness(c color.Color) int {
	r, g, b, a := c.RGBA() // premultiplied
	grey := (299*r + 587*g + 114*b) / 1000
	return int((grey + 0xffff - a) >> 8)
}
