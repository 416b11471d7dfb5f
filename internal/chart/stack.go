// SPDX-License-Identifier: EUPL-1.2

package chart

import "html/template"

// Stack is wholes beside each other, each divided into the same kinds of parts, such as faces
// by wait.
type Stack struct {
	Words
	Parts  []Part
	Wholes []Whole
}

// Part is a kind of part. Class, of letters and hyphens, gives it a colour.
type Part struct{ Name, Class string }

// Whole is what is divided. Its shares, as many as there are parts, make up 1.
type Whole struct {
	Name   string
	Shares []float64
	Texts  []string // of the shares
}

const (
	stackLength, stackTop = 340, 30
	partGap               = 2 // parts are told apart by more than their colours
)

// Draw draws the wholes under the names of their parts, in the same order. The text of a part
// that is too narrow for it is left out.
func (k Stack) Draw() template.HTML {
	var names []string
	for _, x := range k.Wholes {
		names = append(names, x.Name)
	}
	left := leftOf(names)
	s := begin(k.Words, int(left)+stackLength+8, stackTop+barStep*len(k.Wholes)+4)
	at := left
	for _, p := range k.Parts {
		s.rect("part-"+p.Class, at, 5, 14, 14)
		s.write("axis", "start", at+20, 17, p.Name)
		at += 38 + wide(p.Name)
	}
	for i, x := range k.Wholes {
		y := float64(stackTop + barStep*i)
		s.write("axis", "end", left-10, y+barThick*.72, short(x.Name))
		at := left
		for j, p := range k.Parts {
			long := stackLength * min(1, max(0, x.Shares[j]))
			s.rect("part-"+p.Class, at, y, long-partGap, barThick)
			if long > wide(x.Texts[j])+4 {
				s.write("on-"+p.Class, "middle", at+(long-partGap)/2, y+barThick*.72, x.Texts[j])
			}
			at += long
		}
	}
	return s.end()
}
