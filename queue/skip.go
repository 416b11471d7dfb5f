// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"maps"
	"slices"
	"time"
)

// NextNumbers returns the number that each series would give next on the date of an instant. A
// series that has given its last one is left out: it begins anew.
func (v *View) NextNumbers(at time.Time) map[SeriesID]int {
	out := map[SeriesID]int{}
	if v.plan == nil {
		return out
	}
	for i, r := range v.plan.settings.Series {
		if n := v.nextOn(DateOf(at.In(v.plan.zone)), i); n <= r.Last {
			out[r.ID] = n
		}
	}
	return out
}

// nextOn returns the number that a series gives next on a date, above its last one if it begins anew.
func (v *View) nextOn(date Date, series int) int {
	r := &v.plan.settings.Series[series]
	if date == v.date {
		return v.series[series].next
	}
	if n, ok := v.skipped.Next[r.ID]; ok && date == v.skipped.Date {
		return n
	}
	return r.First
}

// Skipped returns the newest date on which series go on from other numbers than those that came
// next, and from which; "" if the day that is open is none and none is yet to be opened. It ends
// when the day is closed.
func (v *View) Skipped() (date Date, next map[SeriesID]int) {
	return v.skipped.Date, maps.Clone(v.skipped.Next)
}

// skipNumbers never lets a series go back: what was given would be given again.
func (v *View) skipNumbers(at time.Time, c SkipNumbers) ([]Event, error) {
	date := DateOf(at.In(v.plan.zone))
	if date < v.date {
		return nil, refuse(RefusedClock, string(date))
	}
	known := 0
	for i, r := range v.plan.settings.Series {
		n, named := c.Next[r.ID]
		if !named {
			continue
		}
		known++
		if n < r.First || n > r.Last || n < v.nextOn(date, i) {
			return nil, refuse(RefusedInvalid, "next."+string(r.ID))
		}
	}
	if known != len(c.Next) || known == 0 {
		return nil, refuse(RefusedInvalid, "next")
	}
	return []Event{NumbersSkipped{Date: date, Next: maps.Clone(c.Next)}}, nil
}

// skip notes from which numbers series go on, at once on that day, else when it is opened.
func (s *State) skip(e NumbersSkipped) {
	next := maps.Clone(e.Next)
	if s.v.skipped.Date == e.Date {
		next = maps.Clone(s.v.skipped.Next)
		maps.Copy(next, e.Next)
	}
	s.v.skipped = NumbersSkipped{Date: e.Date, Next: next}
	if e.Date != s.v.date {
		return
	}
	s.v.series = slices.Clone(s.v.series)
	for i, r := range s.v.plan.settings.Series {
		if n, ok := e.Next[r.ID]; ok {
			s.v.series[i].next = n
		}
	}
}
