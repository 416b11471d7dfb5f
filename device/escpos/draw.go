// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"image"
	"image/color"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// letterSize is the size at which ascent and descent of the Go font fill the height of a line.
const letterSize = 20

// pen draws letters that a printer has not, in the Go font: Latin, Greek, Cyrillic and signs.
type pen struct {
	font   *sfnt.Font
	buffer sfnt.Buffer
}

// sharpen returns the job's pen. The font is part of the program: it can always be read.
func (e *encoder) sharpen() *pen {
	if e.pen == nil {
		e.pen = &pen{}
		if f, err := opentype.Parse(goregular.TTF); err == nil {
			e.pen.font = f
		}
	}
	return e.pen
}

// has says whether the pen can draw the letter.
func (p *pen) has(r rune) bool {
	if p.font == nil {
		return false
	}
	i, err := p.font.GlyphIndex(&p.buffer, r)
	return err == nil && i != 0
}

// face returns the letters at a size in dots; nil if there are none.
func (p *pen) face(size float64) font.Face {
	face, err := opentype.NewFace(p.font, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil
	}
	return face
}

// letter draws one letter into the cell of font A.
func (p *pen) letter(r rune) *image.Alpha {
	m := image.NewAlpha(image.Rect(0, 0, fontWidth, lineRows))
	face := p.face(letterSize)
	if face == nil {
		return m
	}
	if wide, _ := face.GlyphAdvance(r); wide.Ceil() > fontWidth {
		face = p.face(letterSize * fontWidth / float64(wide.Ceil()))
	}
	wide, _ := face.GlyphAdvance(r)
	d := font.Drawer{Dst: m, Src: image.Opaque, Face: face, Dot: fixed.P(max(0, fontWidth-wide.Ceil())/2, baseline)}
	d.DrawString(string(r))
	return m
}

const baseline = 19 // rows above the line on which letters stand, of 24

// draw prints the text at hand as images of lines: true if the printer takes images and the pen can
// draw a letter that the printer has not. What the pen has not either is drawn as '_'.
func (e *encoder) draw(how style) bool {
	if e.p.Image == ImageNone || !slices.ContainsFunc(e.hard, e.sharpen().has) {
		return false
	}
	for i, r := range e.text {
		if !e.pen.has(r) {
			e.text[i] = substitute
			e.lost = append(e.lost, r)
		}
	}
	face := e.pen.face(letterSize)
	if face == nil {
		return false
	}
	scale := how.high
	if how.fill {
		wide := font.MeasureString(face, string(e.text)).Ceil() + 2
		scale = max(1, min(e.w.widest, e.p.Dots/wide))
	}
	for _, line := range e.drawnLines(face, e.p.Dots/scale, how.fill) {
		wide := font.MeasureString(face, string(line)).Ceil() + 2
		m := image.NewAlpha(image.Rect(0, 0, min(max(8, wide), e.p.Dots/scale), lineRows))
		d := font.Drawer{Dst: m, Src: image.Opaque, Face: face, Dot: fixed.P(1, baseline)}
		d.DrawString(string(line))
		if how.bold {
			d.Dot = fixed.P(2, baseline)
			d.DrawString(string(line))
		}
		if how.reverse {
			invert(m)
		}
		e.picture(m, scale)
		e.gap()
	}
	return true
}

// drawnLines breaks the text at hand at blanks, or inside words that are wider than a line. What does
// not fit is cut off.
func (e *encoder) drawnLines(face font.Face, dots int, one bool) [][]rune {
	var lines [][]rune
	rest := e.text
	for len(rest) > 0 {
		end, next := fitting(face, rest, fixed.I(dots-2))
		if next < len(rest) && (one || len(lines) == MaxLines-1) {
			e.cut = true
			if one {
				return append(lines, rest[:end])
			}
			end, _ = fitting(face, rest, fixed.I(dots-2)-font.MeasureString(face, ellipsis))
			return append(lines, slices.Concat(rest[:end], []rune(ellipsis)))
		}
		lines = append(lines, rest[:end])
		rest = rest[next:]
	}
	return lines
}

// fitting returns where the first line of a text ends and where the next begins.
func fitting(face font.Face, text []rune, dots fixed.Int26_6) (end, next int) {
	var wide fixed.Int26_6
	for i, r := range text {
		if r == ' ' {
			end, next = i, i+1
		}
		advance, _ := face.GlyphAdvance(r)
		if wide += advance; wide > dots && i > 0 {
			if end > 0 {
				return end, next
			}
			return i, i
		}
	}
	return len(text), len(text)
}

func invert(m *image.Alpha) {
	size := m.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			m.SetAlpha(x, y, color.Alpha{A: 0xff - m.AlphaAt(x, y).A})
		}
	}
}
