// SPDX-License-Identifier: EUPL-1.2

package chart

import "html/template"

// Levels is how many colours a heat map has: 0, the coolest, to Levels-1.
const Levels = 6

// Heat is a map of hot and cool places, such as half hours of a week.
type Heat struct {
	Words
	Rows, Columns []string
	Cells         [][]Cell // by row, then column; a short row ends with nothing
}

// Cell is a place of a heat map.
type Cell struct {
	Text  string // "": nothing is known here
	Value float64
}

const (
	cellWidth, cellHeight = 42, 30
	heatLeft, heatTop     = 56, 24
)

// Draw draws the map; top is the value from which on a cell has the hottest colour, above 0.
func (h Heat) Draw(top float64) template.HTML {
	s := begin(h.Words, heatLeft+cellWidth*len(h.Columns)+4, heatTop+cellHeight*len(h.Rows)+4)
	for i, name := range h.Columns {
		s.write("axis", "middle", heatLeft+cellWidth*(float64(i)+.5), heatTop-8, name)
	}
	for i, name := range h.Rows {
		y := float64(heatTop + cellHeight*i)
		s.write("axis", "end", heatLeft-8, y+cellHeight*.66, name)
		if i >= len(h.Cells) {
			continue
		}
		for j, c := range h.Cells[i] {
			x := float64(heatLeft + cellWidth*j)
			if c.Text == "" {
				s.rect("heat-none", x, y, cellWidth-2, cellHeight-2)
				continue
			}
			level := Level(c.Value, top)
			s.rect("heat-"+digit(level), x, y, cellWidth-2, cellHeight-2)
			s.write("on-heat-"+digit(level), "middle", x+cellWidth/2-1, y+cellHeight*.66, c.Text)
		}
	}
	return s.end()
}

// Level is the colour of a value, 0 to [Levels]-1, when top is the hottest.
func Level(value, top float64) int {
	return min(Levels-1, max(0, int(value/top*(Levels-1))))
}

func digit(n int) string { return string(rune('0' + n)) }
