// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Past is what an office has lived under settings that have the same services, classes
// and counters.
type Past struct {
	Settings *queue.Settings
	Days     []Day // oldest first
	Turnover time.Duration
}

// Day is a day of the past. Times are on the local clock, since midnight.
type Day struct {
	Date        queue.Date
	Open, Close time.Duration // of the office
	Visits      []Visit       // in the order of their coming
	Presence    [][]Span      // of each counter, as in the settings
}

// Visit is somebody who waits for a counter: by a ticket, or by a transfer.
type Visit struct {
	At             time.Duration
	Service, Class int           // places in the settings
	Slot           time.Duration // of an appointment, 0: none
	Long           time.Duration // at the counter, or until given up; below 0: was never called
	Wait           time.Duration // until the first call; below 0: was never called
}

// Span is from a time to another.
type Span struct{ From, To time.Duration }

func (s Span) long() time.Duration { return max(0, s.To-s.From) }

// common returns what two spans share.
func (s Span) common(o Span) Span { return Span{max(s.From, o.From), min(s.To, o.To)} }

// with returns spans with another one in them, in order.
func with(spans []Span, add Span) []Span {
	var out []Span
	for _, s := range spans {
		if s.To < add.From || s.From > add.To {
			out = append(out, s)
		} else {
			add = Span{min(s.From, add.From), max(s.To, add.To)}
		}
	}
	out = append(out, add)
	slices.SortFunc(out, func(a, b Span) int { return int(a.From - b.From) })
	return out
}

// without returns spans with a hole in them.
func without(spans []Span, hole Span) []Span {
	var out []Span
	for _, s := range spans {
		for _, rest := range []Span{{s.From, min(s.To, hole.From)}, {max(s.From, hole.To), s.To}} {
			if rest.long() > 0 {
				out = append(out, rest)
			}
		}
	}
	return out
}

// within returns how much of a window the spans cover.
func within(spans []Span, window Span) (covered time.Duration) {
	for _, s := range spans {
		covered += s.common(window).long()
	}
	return covered
}
