// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// WhatIf is what somebody wants to try on recorded days. What is zero stays as it was.
type WhatIf struct {
	Counters int             // more, below zero fewer, in the half hours from From on and before To
	From, To int             // places of half hours in the day
	Skills   []queue.Counter // counters that serve something else; those not named serve what they did
	Rule     *queue.Rule     // another rule of calling
	Open     time.Duration
	Close    time.Duration // how much later the office opens and closes, below zero earlier
}

// Tried is what became of the days of one weekday: by half hour, as they were simulated with
// those who came then and the counters that were there, and as they would have been.
type Tried struct {
	Weekday       time.Weekday
	Days          int
	Before, After [halfHours]Estimate
	// All is what became of whole days.
	AllBefore, AllAfter Estimate
	// Gain is by how much the share of whole days grows, Sooner by how much their mean wait
	// becomes shorter, each with its standard error. Of one day the errors are 0, for it
	// cannot tell, and of fewer than [FewDays] they are hardly known.
	Gain, GainErr     float64
	Sooner, SoonerErr time.Duration
	Untrue            bool // the simulation does not give the waits that there were
}

// edge is how far from the office's hours a presence may begin or end and still follow them.
const edge = 20 * time.Minute

// Try lets the newest days of a weekday live as they were and with the change; ok is false
// when there are none. Those who came outside of new hours come when the door is open.
func Try(p Past, w WhatIf, t Target, weekday time.Weekday) (out Tried, ok bool) {
	days := known(p.on(weekday), len(p.Settings.Services))
	if len(days) == 0 {
		return Tried{}, false
	}
	out = Tried{Weekday: weekday, Days: len(days), Untrue: !p.reproduced(days, t)}
	before := &trial{office: newOffice(&p, days), target: t, days: days}
	changed := p
	changed.Settings = w.settings(p.Settings)
	after := &trial{office: newOffice(&changed, days), target: t}
	for i := range days {
		before.source, after.source = append(before.source, i), append(after.source, i)
		after.days = append(after.days, w.hours(&days[i]))
	}
	was, is := before.run(nil), after.run(w.counters(p.Settings))
	for b := range halfHours {
		out.Before[b], out.After[b] = before.estimate(was, b, b+1), after.estimate(is, b, b+1)
	}
	out.AllBefore, out.AllAfter = before.estimate(was, 0, halfHours), after.estimate(is, 0, halfHours)
	out.Gain, out.GainErr, _ = before.gain(was, is, 0, halfHours)
	out.Sooner, out.SoonerErr = before.sooner(was, is, 0, halfHours)
	return out, true
}

// settings are the office's own with the other rule and skills.
func (w WhatIf) settings(s *queue.Settings) *queue.Settings {
	out := *s
	if w.Rule != nil {
		out.Rule = *w.Rule
	}
	out.Counters = slices.Clone(s.Counters)
	for i := range out.Counters {
		for _, c := range w.Skills {
			if c.ID == out.Counters[i].ID {
				out.Counters[i].Preferred, out.Counters[i].Overflow = c.Preferred, c.Overflow
			}
		}
	}
	return &out
}

// counters is the change of who is there; nil if there is none.
func (w WhatIf) counters(s *queue.Settings) func(*Day) [][]Span {
	if w.Counters == 0 || w.From >= w.To {
		return nil
	}
	c := Change{Do: DoMore, From: w.From, To: w.To, Counters: w.Counters}
	if w.Counters < 0 {
		c.Do, c.Counters = DoFewer, -w.Counters
	}
	for i := range s.Counters {
		c.Team = append(c.Team, i)
	}
	return c.apply
}

// hours returns a day with other hours of the office.
func (w WhatIf) hours(d *Day) Day {
	out := *d
	if w.Open == 0 && w.Close == 0 || d.Open+w.Open+time.Hour > d.Close+w.Close {
		return out
	}
	out.Open, out.Close = d.Open+w.Open, d.Close+w.Close
	out.Visits = slices.Clone(d.Visits)
	for i := range out.Visits {
		v := &out.Visits[i]
		if v.At >= d.Open || w.Open > 0 { // who stands at the door early still does
			v.At = min(max(v.At, out.Open), out.Close-time.Minute)
		}
	}
	slices.SortStableFunc(out.Visits, func(a, b Visit) int { return int(a.At - b.At) })
	out.Presence = make([][]Span, len(d.Presence))
	for i, spans := range d.Presence {
		for _, s := range spans {
			if (s.From - d.Open).Abs() <= edge {
				s.From += w.Open
			}
			if (s.To - d.Close).Abs() <= edge {
				s.To += w.Close
			}
			s.To = min(s.To, max(s.From, out.Close+edge))
			if s.long() > 0 {
				out.Presence[i] = append(out.Presence[i], s)
			}
		}
	}
	return out
}
