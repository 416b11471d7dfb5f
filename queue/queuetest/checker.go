// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Checker reads the records of one journal from its beginning and holds them
// against the invariants of the architecture page. It keeps a model of its own,
// written from the words of the page and not from the code of package queue.
type Checker struct {
	last     queue.Record
	settings *queue.Settings
	serves   map[queue.CounterID]map[queue.ServiceID]int // 1 preferred, 2 overflow
	date     queue.Date
	open     bool

	tickets  map[queue.TicketID]*ticket
	waiting  map[queue.TicketID]*ticket
	holds    map[queue.CounterID]queue.TicketID
	calling  map[queue.CounterID]bool // open counters
	issued   map[queue.SeriesID]int   // numbers used up today
	next     map[queue.SeriesID]int   // number after the last one that was used up today
	skipped  queue.NumbersSkipped
	number   map[string]queue.TicketID
	requests map[queue.RequestID]*request
	steps    map[queue.CounterID]*step
}

type ticket struct {
	queue.TicketIssued
	since    time.Time // due, moved when the clock is set
	counter  queue.CounterID
	to       queue.CounterID
	parked   bool
	closed   queue.End
	returned bool
	passed   int // how often it has let one pass

	attempt  int
	pending  bool
	copied   bool // the pending one must be marked
	unmarked int  // papers without a mark that came out or may have
}

type request struct {
	by            queue.Actor
	last          queue.Seq
	issues, calls int
}

// NewChecker returns a checker that has seen nothing.
func NewChecker() *Checker {
	c := &Checker{requests: map[queue.RequestID]*request{}}
	c.forgetDay()
	return c
}

func (c *Checker) forgetDay() {
	c.tickets = map[queue.TicketID]*ticket{}
	c.waiting = map[queue.TicketID]*ticket{}
	c.holds = map[queue.CounterID]queue.TicketID{}
	c.calling = map[queue.CounterID]bool{}
	c.issued, c.next = map[queue.SeriesID]int{}, map[queue.SeriesID]int{}
	c.number = map[string]queue.TicketID{}
	c.steps = map[queue.CounterID]*step{}
}

// Record takes the next record and returns the invariant that it breaks, nil if none.
func (c *Checker) Record(r queue.Record) error {
	if err := errors.Join(c.order(r), c.request(r), c.step(r)); err != nil {
		return fmt.Errorf("record %d, %s by %s %s: %w", r.Seq, queue.EventKind(r.Event), r.By.Role, r.By.ID, err)
	}
	c.last = r
	return nil
}

func violated(invariant, format string, a ...any) error {
	return fmt.Errorf("%s: %s", invariant, fmt.Sprintf(format, a...))
}

func (c *Checker) order(r queue.Record) error {
	switch {
	case r.Seq != c.last.Seq+1:
		return violated("I3", "comes after %d: the journal has a gap or a second writer", c.last.Seq)
	case r.At.Before(c.last.At):
		return violated("I9", "time runs back from %v to %v", c.last.At, r.At)
	case r.At.Location() != time.UTC || !r.At.Equal(r.At.Truncate(time.Millisecond)):
		return violated("I9", "time %v is not UTC in whole milliseconds", r.At)
	}
	return nil
}

// request checks that one request has one answer.
func (c *Checker) request(r queue.Record) error {
	id := r.By.Request
	if id == "" {
		return nil
	}
	q := c.requests[id]
	if q == nil {
		q = &request{by: r.By}
		c.requests[id] = q
	} else if q.last != r.Seq-1 {
		return violated("I5", "request %q was answered before, at record %d", id, q.last)
	}
	q.last = r.Seq
	switch r.Event.(type) {
	case queue.TicketIssued:
		q.issues++
	case queue.TicketCalled:
		q.calls++
	}
	if q.issues > 1 {
		return violated("I1", "request %q issues a second ticket", id)
	}
	if q.calls > 1 {
		return violated("I5", "request %q calls a second citizen", id)
	}
	return nil
}

func (c *Checker) fact(r queue.Record) error {
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		c.settings = &e.Settings
		c.serves = skills(c.settings)
		return nil
	case queue.DayOpened:
		return c.dayOpened(e)
	case queue.DayClosed:
		if n := len(c.waiting); n > 0 {
			return violated("I3", "the day ends and %d still wait", n)
		}
		c.open = false
		return nil
	case queue.NumbersSkipped:
		return c.numbersSkipped(e)
	case queue.ClockStepped:
		for _, t := range c.tickets {
			t.clockSet(r.At, e.By.Duration())
		}
		return nil
	}
	switch e := r.Event.(type) {
	case queue.SlipPrinted, queue.SlipSent, queue.SlipFailed, queue.SlipUnknown:
		return c.slip(e) // paper may come out after the day has ended
	}
	if !c.open {
		return violated("I3", "no day is open")
	}
	switch e := r.Event.(type) {
	case queue.CounterOpened:
		c.calling[e.Counter] = true
	case queue.CounterPaused:
		return c.leaves(e.Counter)
	case queue.CounterClosed:
		return c.leaves(e.Counter)
	case queue.TicketIssued:
		return c.ticketIssued(r, e)
	case queue.TicketCalled:
		return c.ticketCalled(r, e)
	case queue.SlipRequested:
		return c.slip(e)
	default:
		return c.ticketMoves(e)
	}
	return nil
}

// clockSet keeps the age that a ticket had. What lies ahead stays, unless the clock
// has jumped over it: then it is now.
func (t *ticket) clockSet(at time.Time, by time.Duration) {
	switch {
	case t.closed != "":
	case !t.since.After(at.Add(-by)):
		t.since = t.since.Add(by)
	case t.since.Before(at):
		t.since = at
	}
}

func (c *Checker) dayOpened(e queue.DayOpened) error {
	if c.open || e.Date < c.date {
		return violated("I1", "day %s opens after %s (open: %v)", e.Date, c.date, c.open)
	}
	number, issued, next := c.number, c.issued, c.next
	goesOn := e.Date == c.date
	c.forgetDay()
	c.date, c.open = e.Date, true
	switch {
	case goesOn: // its numbers are taken
		c.number, c.issued, c.next = number, issued, next
	case e.Date == c.skipped.Date:
		return c.useUp(c.skipped.Next)
	}
	return nil
}

func (c *Checker) leaves(id queue.CounterID) error {
	c.calling[id] = false
	if t := c.holds[id]; t != 0 {
		return violated("I2", "counter %s leaves with ticket %d", id, t)
	}
	return nil
}
