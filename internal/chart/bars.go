// SPDX-License-Identifier: EUPL-1.2

package chart

import "html/template"

// Bars are amounts beside each other, such as service times by group.
type Bars struct {
	Words
	Bars []Bar
}

// Bar is one amount. Low and High, if High is above 0, are between what it truly lies.
type Bar struct {
	Name, Text       string
	Value, Low, High float64
}

const (
	barLeft, barLength, barStep = 200, 330, 30
)

// Draw draws the bars; top is the amount of the longest, above 0.
func (b Bars) Draw(top float64) template.HTML {
	s := begin(b.Words, barLeft+barLength+70, barStep*len(b.Bars)+8)
	length := func(v float64) float64 { return barLength * min(1, max(0, v/top)) }
	for i, bar := range b.Bars {
		y := float64(4 + barStep*i)
		s.write("axis", "end", barLeft-10, y+barStep*.6, bar.Name)
		s.rect("bar", barLeft, y, length(bar.Value), barStep-8)
		if bar.High > 0 {
			s.line("range", barLeft+length(bar.Low), y+barStep/2-4, barLeft+length(bar.High), y+barStep/2-4)
		}
		s.write("amount", "start", barLeft+max(length(bar.Value), length(bar.High))+8, y+barStep*.6, bar.Text)
	}
	return s.end()
}
