// SPDX-License-Identifier: EUPL-1.2

package paper

// strip is something printed across the paper: a line of text or a piece of a picture.
type strip struct {
	y, h    int // top, counted from the leading edge, and height; in dots
	rows    int // printed; less than h if the printer was interrupted
	glyphs  []glyph
	picture *picture
	label   string // stands for the picture in the text of the sheet
	qr      string
	severed bool // by the cutter; the larger part is on another sheet
}

// complete reports that one can read it.
func (s *strip) complete() bool { return s.rows == s.h && !s.severed }

// longest is the length at which paper that nobody cuts tears off by its own weight: 3 m. As every strip moves the
// paper, this bounds the memory too.
const longest = 3000 * dotsPerMM

// roll is the paper between its leading edge, which is at the cutter after a cut, and the head.
type roll struct {
	strips []strip
	y      int // of the head
}

// put prints the first rows of s.
func (r *roll) put(s strip, rows int) {
	s.y, s.rows = r.y, rows
	r.y += rows
	r.strips = append(r.strips, s)
}

// cut takes off what is beyond the cutter, gap dots before the head. A strip under the knife goes to both sides as a
// picture, and as text to the side that has the larger part.
func (r *roll) cut(gap, width int) (Sheet, bool) {
	length := r.y - gap
	if length <= 0 {
		return Sheet{}, false
	}
	var out, stay []strip
	for _, s := range r.strips {
		first, second := s, s
		second.y -= length
		if s.y+s.h/2 < length {
			second.severed = true
		} else {
			first.severed = true
		}
		if s.y < length {
			out = append(out, first)
		}
		if s.y+s.rows > length {
			stay = append(stay, second)
		}
	}
	r.strips, r.y = stay, gap
	return newSheet(out, length, width, false), true
}

// tear takes off everything; a clean piece is thrown away. New paper begins at the cutter.
func (r *roll) tear(gap, width int) (Sheet, bool) {
	strips, length := r.strips, r.y
	r.strips, r.y = nil, gap
	if len(strips) == 0 {
		return Sheet{}, false
	}
	return newSheet(strips, length, width, true), true
}
