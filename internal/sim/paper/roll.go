// SPDX-License-Identifier: EUPL-1.2

package paper

// strip is something printed across the paper: a line of text or a piece of a picture.
type strip struct {
	y, h    int // top, counted from the leading edge, and height; in dots
	rows    int // printed; less than h if the printer was interrupted
	glyphs  []glyph
	picture *picture
	label   string // stands for the picture in the text of the sheet; none for one that is only looked at
	qr      string
	severed bool // by the cutter; the larger part is on another sheet
}

// complete reports that one can read it.
func (s *strip) complete() bool { return s.rows == s.h && !s.severed }

// image reports where a picture stands that is only looked at.
func (s *strip) image() (x, w int, ok bool) {
	switch {
	case s.picture != nil && s.label == "":
		return s.picture.x, s.picture.w * s.picture.sx, true
	case len(s.glyphs) == 1 && s.glyphs[0].r == pictureRune:
		return s.glyphs[0].x, s.glyphs[0].w, true
	default:
		return 0, 0, false
	}
}

// roll is the paper between its leading edge, which is at the cutter after a cut, and the head.
type roll struct {
	strips []strip
	y      int // of the head
}

// longest is the length at which paper that nobody cuts tears off by its own weight: 3 m. As every strip moves the
// paper, this bounds the memory too.
func (r *roll) longest(t traits) int { return int(3000 * t.perMM) }

// put prints the first rows of s.
func (r *roll) put(s strip, rows int) {
	s.y, s.rows = r.y, rows
	r.y += rows
	r.strips = append(r.strips, s)
}

// cut takes off what is beyond the cutter. A strip under the knife goes to both sides as a picture, and as text to the
// side that has the larger part.
func (r *roll) cut(t traits, width int) (Sheet, bool) {
	length := r.y - t.gap
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
	r.strips, r.y = stay, t.gap
	return newSheet(out, length, width, t.perMM, false), true
}

// tear takes off everything; a clean piece is thrown away. New paper begins at the cutter.
func (r *roll) tear(t traits, width int) (Sheet, bool) {
	strips, length := r.strips, r.y
	r.strips, r.y = nil, t.gap
	if len(strips) == 0 {
		return Sheet{}, false
	}
	return newSheet(strips, length, width, t.perMM, true), true
}
