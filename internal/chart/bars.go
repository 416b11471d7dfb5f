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
	barLength, barStep, barThick = 300, 30, 20
	namesMost                    = 36 // so many letters of a name have room
)

// Draw draws the bars; top is the amount of the longest, above 0.
func (b Bars) Draw(top float64) template.HTML {
	var names []string
	after := 0.0
	for _, bar := range b.Bars {
		names, after = append(names, bar.Name), max(after, wide(bar.Text))
	}
	left := leftOf(names)
	s := begin(b.Words, int(left+barLength+after)+16, barStep*len(b.Bars)+8)
	length := func(v float64) float64 { return barLength * min(1, max(0, v/top)) }
	for i, bar := range b.Bars {
		y := float64(4 + barStep*i)
		s.write("axis", "end", left-10, y+barThick*.72, short(bar.Name))
		s.rect("bar", left, y, length(bar.Value), barThick)
		if bar.High > 0 {
			from, to, middle := left+length(bar.Low), left+length(bar.High), y+barThick/2
			s.line("range", from, middle, to, middle)
			s.line("range", from, middle-5, from, middle+5)
			s.line("range", to, middle-5, to, middle+5)
		}
		s.write("amount", "start", left+max(length(bar.Value), length(bar.High))+10, y+barThick*.72, bar.Text)
	}
	return s.end()
}

// leftOf is where bars begin that have such names.
func leftOf(names []string) float64 {
	left := 24.0
	for _, n := range names {
		left = max(left, wide(short(n))+14)
	}
	return left
}

// short cuts a name that has no room; the table has all of it.
func short(name string) string {
	if letters := []rune(name); len(letters) > namesMost {
		return string(letters[:namesMost-1]) + "…"
	}
	return name
}
