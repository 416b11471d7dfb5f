// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"unicode/utf8"
)

// Words are what is said of a drawing.
type Words struct {
	ID          string // of the drawing on its page: letters, digits and hyphens
	Title, Desc string
}

// svg writes one drawing.
type svg struct{ strings.Builder }

func begin(w Words, width, height int) *svg {
	s := &svg{}
	s.put(`<svg class="chart" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="%s-title %s-desc">`,
		width, height, width, height, html.EscapeString(w.ID), html.EscapeString(w.ID))
	s.put(`<title id="%s-title">%s</title><desc id="%s-desc">%s</desc>`,
		html.EscapeString(w.ID), html.EscapeString(w.Title), html.EscapeString(w.ID), html.EscapeString(w.Desc))
	return s
}

func (s *svg) put(format string, args ...any) { fmt.Fprintf(s, format, args...) }

// end returns the drawing. It holds nothing that was not escaped.
func (s *svg) end() template.HTML {
	s.WriteString("</svg>")
	return template.HTML(s.String()) //nolint:gosec // built above from numbers and escaped texts
}

func (s *svg) rect(class string, x, y, w, h float64) {
	s.put(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, x, y, max(0, w), max(0, h))
}

func (s *svg) line(class string, x1, y1, x2, y2 float64) {
	s.put(`<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

// write puts a text at a place; anchor is start, middle or end.
func (s *svg) write(class, anchor string, x, y float64, text string) {
	s.put(`<text class="%s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`, class, anchor, x, y, html.EscapeString(text))
}

// wide is about how long a text is in the drawings' letters.
func wide(text string) float64 { return 8 * float64(utf8.RuneCountInString(text)) }

// points is the path through places, each a pair of x and y.
func points(places [][2]float64) string {
	var b strings.Builder
	for i, p := range places {
		letter := 'L'
		if i == 0 {
			letter = 'M'
		}
		fmt.Fprintf(&b, "%c%.1f %.1f", letter, p[0], p[1])
	}
	return b.String()
}
