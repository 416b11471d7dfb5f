// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// counter is where a counter stands when the runs begin.
type counter struct {
	now     presence
	service int   // busy: of the citizen
	called  bool  // busy: the citizen has not come yet
	elapsed int64 // since the citizen was called, the counter was free, the pause began
	until   int64 // expected return or coming

	to     int64 // takes nobody from then on
	breaks []span
	days   []outlook // how the rest of the day may go, nil: nothing is known
}

// span is from an instant to another.
type span struct{ from, to int64 }

type presence int

const (
	gone     presence = iota // for today
	free                     // and may call
	between                  // is free, people wait, and it has not called yet
	tidying                  // nobody waited when the last citizen went: it may still be busy with that
	busy                     // with a citizen
	back                     // at a time that is expected
	overdue                  // should be back
	away                     // nobody knows until when
	expected                 // not opened yet today, as on some days before
	begins                   // at the time of the roster
)

func (f *Forecaster) counter(v *queue.View, status queue.CounterStatus, l *Learner, s Shift, openings []queue.Opening) counter {
	c := counter{to: never}
	if !s.To.IsZero() && s.To.UnixMilli() < f.closing {
		c.to = s.To.UnixMilli()
	}
	since := status.Since
	d := l.desks[status.ID]
	if d == nil {
		d = &desk{today: newAttendance()}
	}
	if h, ok := hoursOf(openings); ok {
		local := time.UnixMilli(f.at).In(v.Zone())
		now := clock(local)
		c.days = d.ahead(d.past[h], s.Breaks, now, f.at-now)
	}
	switch status.State {
	case queue.CounterIsOpen:
		since = f.working(&c, v, status, d)
	case queue.CounterIsPaused:
		f.pausing(&c, status, s)
	case queue.CounterIsClosed:
		f.comes(&c, d, s)
	}
	for _, b := range s.Breaks {
		// A clerk who has come back or called somebody within a break does not take
		// the rest of it.
		skipped := since.After(b.From) && status.State == queue.CounterIsOpen
		if b.To.UnixMilli() > f.at && !skipped {
			c.breaks = append(c.breaks, span{b.From.UnixMilli(), b.To.UnixMilli()})
		}
	}
	return c
}

// working takes in a counter that is open. It returns since when the clerk has been at
// what they do.
func (f *Forecaster) working(c *counter, v *queue.View, status queue.CounterStatus, d *desk) time.Time {
	t := v.Ticket(status.Ticket)
	if t != nil {
		c.now, c.service, c.called = busy, f.visits.place[t.Service], t.Status == queue.Called
		c.elapsed = f.at - t.CalledAt.UnixMilli()
		return t.CalledAt
	}
	c.now = free
	if d.served && !d.free.IsZero() {
		c.now, c.elapsed = tidying, f.at-d.free.UnixMilli()
		if d.hungry {
			c.now = between
		}
	}
	return status.Since
}

// pausing takes in a counter that is paused. Without a word of its clerk the break in
// the roster says when it comes back.
func (f *Forecaster) pausing(c *counter, status queue.CounterStatus, s Shift) {
	until := status.Until
	for _, b := range s.Breaks {
		at := time.UnixMilli(f.at)
		if until.IsZero() && !at.Before(b.From.Add(-grace)) && at.Before(b.To) {
			until = b.To
		}
	}
	c.until = until.UnixMilli()
	switch {
	case until.IsZero():
		c.now, c.elapsed = away, f.at-status.Since.UnixMilli()
	case c.until > f.at:
		c.now = back
	default:
		c.now, c.elapsed = overdue, f.at-c.until
	}
}

// grace is how long before its time a break may begin.
const grace = 10 * time.Minute

// comes takes in a counter that is closed. One that was open today does not come back.
func (f *Forecaster) comes(c *counter, d *desk, s Shift) {
	from := s.From.UnixMilli()
	switch {
	case d.today.from != never:
	case !s.From.IsZero() && from > f.at:
		c.now, c.until = begins, from
	case slices.ContainsFunc(c.days, func(o outlook) bool { return o.from != never }):
		c.now = expected
	}
}

// begin draws when a counter first calls in a run.
func (f *Forecaster) begin(i int) int64 {
	c, d := &f.counters[i], &f.dice
	f.offs[i] = 0
	if len(c.breaks) > 0 || c.now == back {
		f.offs[i] = f.punctual.pick(d)
	}
	if len(c.days) > 0 {
		f.today[i] = &c.days[d.IntN(len(c.days))]
	}
	switch c.now {
	case free:
		return f.at
	case between:
		return f.at + f.turnover.rest(d, c.elapsed)
	case busy:
		return f.at + f.visits.rest(d, c.service, c.elapsed, c.called) + f.turnover.draw(d)
	case tidying:
		return f.at + max(0, f.turnover.draw(d)-c.elapsed)
	case back:
		return max(f.at, c.until+f.offs[i])
	case begins:
		return c.until
	case overdue:
		return f.at + f.late.rest(d, c.elapsed)
	case away:
		return f.at + f.pauses.rest(d, c.elapsed)
	case expected:
		return f.today[i].from
	default:
		return never
	}
}

// present returns when counter number i is there that would call at an instant.
func (f *Forecaster) present(i int, at int64) int64 {
	c := &f.counters[i]
	to := c.to
	at = absent(c.breaks, at, f.offs[i])
	if t := f.today[i]; t != nil {
		at = absent(c.breaks, absent(t.absences, at, 0), f.offs[i])
		to = min(to, t.to)
	}
	if at >= to {
		return never
	}
	return at
}

// absent returns when somebody is there who should be at an instant, and comes so much
// later from breaks than they end.
func absent(breaks []span, at, late int64) int64 {
	for _, b := range breaks {
		if b.from <= at && at < b.to+late {
			at = b.to + late
		}
	}
	return at
}
