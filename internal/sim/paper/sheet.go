// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"iter"
	"strings"
	"unicode"
)

// Sheet is a piece of paper that has left the printer.
type Sheet struct {
	// Number is the largest text on the sheet, if it is larger than the ordinary size; of equally large ones the last.
	Number string
	// Numbers has all texts of that size in their order: more than one if the cut between two tickets is missing.
	Numbers []string
	// Text is what one can read, a line for each printed line, without empty lines, leading and trailing spaces. A
	// picture is "[image 384x120]", a QR code "[QR its text]", a bar code "[CODE128 its text]", a character that the
	// host has drawn OwnGlyph. A line that was interrupted is not in it.
	Text string
	// QR is the text of the last QR code that the printer drew itself; a code sent as an image is not read.
	QR string
	// Copy is the word on the sheet that marks a second print, in capitals: DUPLICATO, DUPLICAT, DUPLICADO or
	// DUPLICATE; empty if there is none.
	Copy string
	// MM is the length.
	MM float64
	// Torn says that the paper was not cut: the end of a roll, or a piece that grew longer than 3 m.
	Torn bool

	strips        []strip
	length, width int // dots
	margin        int // dots on each side of the width
}

func newSheet(strips []strip, length, width int, perMM float64, torn bool) Sheet {
	s := Sheet{
		MM: float64(length) / perMM, Torn: torn, strips: strips, length: length, width: width, margin: int(4 * perMM),
	}
	var lines []string
	largest := 12 * 24
	var above slice
	for i := range strips {
		st := &strips[i]
		if !st.complete() {
			continue
		}
		line := st.label
		if x, w, ok := st.image(); ok {
			whole := above.add(slice{x: x, y: st.y, w: w, h: st.h})
			line = imageLabel(w, whole.h)
			if whole.h > st.h {
				lines = lines[:len(lines)-1]
			}
			above = whole
		} else {
			above = slice{}
			if st.glyphs != nil {
				line = read(st.glyphs)
			}
		}
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
		if st.qr != "" {
			s.QR = st.qr
		}
		for size, text := range runs(st.glyphs) {
			if size > largest {
				largest, s.Numbers = size, nil
			}
			if size == largest && size > 12*24 {
				s.Numbers = append(s.Numbers, text)
			}
		}
		if w := copyWord(line); w != "" {
			s.Copy = w
		}
	}
	if n := len(s.Numbers); n > 0 {
		s.Number = s.Numbers[n-1]
	}
	s.Text = strings.Join(lines, "\n")
	return s
}

// slice is a picture, or a part of one that was sent in parts.
type slice struct{ x, y, w, h int }

// add puts the next slice under those above it, if it belongs there.
func (s slice) add(next slice) slice {
	if s.x != next.x || s.w != next.w || s.y+s.h != next.y {
		return next
	}
	s.h += next.h
	return s
}

// read is a line as one reads it: a gap of half a character or more is a space.
func read(line []glyph) string {
	var b strings.Builder
	end := line[0].x
	for _, g := range line {
		if g.x-end >= g.w/2 {
			b.WriteByte(' ')
		}
		if g.r == pictureRune {
			b.WriteString(imageLabel(g.w, g.h))
		} else {
			b.WriteRune(g.r)
		}
		end = g.x + g.w
	}
	return b.String()
}

// runs yields the stretches of equal size in a line, with the size of one character in square dots.
func runs(line []glyph) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for len(line) > 0 {
			n := 1
			for n < len(line) && line[n].w == line[0].w && line[n].h == line[0].h {
				n++
			}
			text := strings.TrimSpace(read(line[:n]))
			if line[0].r != pictureRune && text != "" && !yield(line[0].w*line[0].h, text) {
				return
			}
			line = line[n:]
		}
	}
}

func copyWord(line string) string {
	for w := range strings.FieldsFuncSeq(line, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch w {
		case "DUPLICATO", "DUPLICAT", "DUPLICADO", "DUPLICATE":
			return w
		}
	}
	return ""
}
