// SPDX-License-Identifier: EUPL-1.2

package chart

import "html/template"

// Band is how something spreads over the day: between Low and High lie most, on Middle half.
type Band struct {
	Words
	Columns []string // a name for each place; "": it is not named
	Places  []Place  // as many as columns
	Limit   Mark     // a line to hold it against, for example a promise; at 0: none
	Marks   []Mark   // of the scale, from 0 on
}

// Place is one place of a band.
type Place struct {
	Known             bool
	Low, Middle, High float64
}

// Mark is a place on a scale with its name.
type Mark struct {
	Value float64
	Text  string
}

const (
	bandLeft, bandTop, bandHeight, bandStep = 44, 12, 190, 34
)

// Draw draws the band. The scale ends with the last mark, which must be above 0.
func (b Band) Draw() template.HTML {
	width := bandLeft + bandStep*len(b.Places) + 8
	s := begin(b.Words, width, bandTop+bandHeight+26)
	top := b.Marks[len(b.Marks)-1].Value
	y := func(v float64) float64 { return bandTop + bandHeight*(1-min(v, top)/top) }
	for _, m := range b.Marks {
		s.line("grid", bandLeft, y(m.Value), float64(width-8), y(m.Value))
		s.write("axis", "end", bandLeft-8, y(m.Value)+4, m.Text)
	}
	for i, name := range b.Columns {
		s.write("axis", "middle", bandLeft+bandStep*(float64(i)+.5), bandTop+bandHeight+18, name)
	}
	for from := 0; from < len(b.Places); from++ {
		to := from
		for to < len(b.Places) && b.Places[to].Known {
			to++
		}
		b.run(s, from, to, y)
		from = to
	}
	if b.Limit.Value > 0 {
		s.line("limit", bandLeft, y(b.Limit.Value), float64(width-8), y(b.Limit.Value))
		s.write("named", "end", float64(width-10), y(b.Limit.Value)-6, b.Limit.Text)
	}
	return s.end()
}

// run draws places that are known and next to each other.
func (b Band) run(s *svg, from, to int, y func(float64) float64) {
	if from == to {
		return
	}
	var around, middle [][2]float64
	x := func(i int) float64 { return bandLeft + bandStep*(float64(i)+.5) }
	for i := from; i < to; i++ {
		around = append(around, [2]float64{x(i), y(b.Places[i].High)})
		middle = append(middle, [2]float64{x(i), y(b.Places[i].Middle)})
	}
	for i := to - 1; i >= from; i-- {
		around = append(around, [2]float64{x(i), y(b.Places[i].Low)})
	}
	s.put(`<path class="band" d="%sZ"/><path class="middle" d="%s"/>`, points(around), points(middle))
	for _, p := range middle {
		s.put(`<circle class="dot" cx="%.1f" cy="%.1f" r="3"/>`, p[0], p[1])
	}
}
