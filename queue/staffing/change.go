// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"slices"
	"time"
)

// Do is what is advised: an id for texts.
type Do string

// What can be advised. The zero value is not valid.
const (
	DoMoveBreaks Do = "move_breaks" // out of the window
	DoMore       Do = "more"        // counters in the window
	DoFewer      Do = "fewer"
)

// Change is something to try, in a window of half hours: From included, To excluded.
type Change struct {
	Do       Do
	From, To int
	Counters int   // how many more or fewer
	Team     []int // places of the counters that may be meant
}

func (c Change) window() Span {
	return Span{time.Duration(c.From) * 30 * time.Minute, time.Duration(c.To) * 30 * time.Minute}
}

// apply returns the presence of a day with the change made.
func (c Change) apply(d *Day) [][]Span {
	presence := slices.Clone(d.Presence)
	window := c.window().common(Span{d.Open, d.Close})
	switch c.Do {
	case DoMore:
		for _, i := range c.pick(presence, window, func(covered time.Duration) bool { return 2*covered < window.long() }) {
			presence[i] = with(presence[i], window)
		}
	case DoFewer:
		for _, i := range c.pick(presence, window, func(covered time.Duration) bool { return 2*covered >= window.long() }) {
			presence[i] = without(presence[i], window)
		}
	case DoMoveBreaks:
		c.moveBreaks(presence, window, d.Close)
	}
	return presence
}

// pick returns as many counters of the team as are meant, of those whose presence in
// the window fits.
func (c Change) pick(presence [][]Span, window Span, fits func(covered time.Duration) bool) (picked []int) {
	for _, i := range c.Team {
		if len(picked) < c.Counters && fits(within(presence[i], window)) {
			picked = append(picked, i)
		}
	}
	return picked
}

// Breaks are absences between two presences that are neither a moment nor a change of
// shift.
const (
	breakLeast = 5 * time.Minute
	breakMost  = 100 * time.Minute
)

// moveBreaks lets clerks who have a break in the window take it after the window, one
// after another.
func (c Change) moveBreaks(presence [][]Span, window Span, closing time.Duration) {
	start := window.To
	for _, i := range c.Team {
		spans := presence[i]
		for j := 1; j < len(spans); j++ {
			gap := Span{spans[j-1].To, spans[j].From}
			if gap.long() < breakLeast || gap.long() > breakMost || gap.common(window).long() < breakLeast {
				continue
			}
			moved := Span{start, start + gap.long()}
			if moved.To > closing-30*time.Minute {
				start = window.To
				moved = Span{start, start + gap.long()}
			}
			presence[i] = without(with(spans, gap), moved)
			start = moved.From + gap.long()/2
			break // one break of a clerk is enough
		}
	}
}
