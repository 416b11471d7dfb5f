// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"image"
	"slices"
)

const (
	firstGlyph = 'A' // the codes that defined letters take while they are on
	maxGlyphs  = 8   // of a job, 41 bytes each
	fewGlyphs  = 4   // of a text: drawing a line costs less than more of them
)

// define makes letters for the text at hand that its printer has not: true if all of them can be
// printed now. It is meant for a sign or two in a line of ordinary letters; a text in another
// script is drawn. Definitions are lost at the next initialisation, that is, with the job.
func (e *encoder) define(how style) bool {
	if !e.p.Glyphs || how.small || len(e.hard) > fewGlyphs {
		return false
	}
	pen := e.sharpen()
	fresh := 0
	for _, r := range e.hard {
		if !pen.has(r) {
			return false
		}
		if !slices.Contains(e.glyphs, r) {
			fresh++
		}
	}
	if len(e.glyphs)+fresh > maxGlyphs {
		return false
	}
	for _, r := range e.hard {
		if slices.Contains(e.glyphs, r) {
			continue
		}
		code := firstGlyph + byte(len(e.glyphs))
		e.glyphs = append(e.glyphs, r)
		e.out = append(e.out, 0x1b, '&', lineRows/8, code, code, fontWidth)
		e.payload(columns(pen.letter(r)))
	}
	return true
}

// ownLetters switches between the printer's letters and the defined ones (ESC %).
func (e *encoder) ownLetters(on bool) {
	if on {
		e.raw("\x1b%\x01")
	} else {
		e.raw("\x1b%\x00")
	}
}

// columns returns a bitmap as columns from left to right, each from top to bottom, eight dots to a
// byte, the highest bit above.
func columns(m *image.Alpha) []byte {
	size := m.Bounds().Size()
	high := (size.Y + 7) / 8
	out := make([]byte, size.X*high)
	for x := range size.X {
		for y := range size.Y {
			if m.AlphaAt(x, y).A >= half {
				out[x*high+y/8] |= 0x80 >> (y % 8)
			}
		}
	}
	return out
}
