// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// step is what a counter did last with a ticket, as far as it can be undone.
type step struct {
	at           time.Time
	by           queue.Actor
	last         queue.Seq
	called, left *ticket // as they were before
	after        *ticket // left, as it was after
}

const undoWithin = 5 * time.Second

// step takes a record and remembers what it undoes, and what could undo it.
func (c *Checker) step(r queue.Record) error {
	switch e := r.Event.(type) {
	case queue.CallUndone:
		return c.callUndone(r, e)
	case queue.StepUndone:
		return c.stepUndone(r, e)
	}
	counter, id, leaves := touches(r.Event)
	var before *ticket
	if t := c.tickets[id]; t != nil {
		before = t.copy()
	}
	if err := c.fact(r); err != nil {
		return err
	}
	switch r.Event.(type) {
	case queue.ClockStepped, queue.SettingsChanged, queue.DayOpened, queue.DayClosed:
		clear(c.steps)
	}
	was := c.steps[counter]
	delete(c.steps, counter)
	switch {
	case before == nil || counter == "":
	case leaves:
		c.steps[counter] = &step{at: r.At, by: r.By, last: r.Seq, left: before, after: c.tickets[id].copy()}
	default:
		if _, calls := r.Event.(queue.TicketCalled); !calls {
			return nil
		}
		next := &step{at: r.At, by: r.By, last: r.Seq, called: before}
		if c.settings.FinishOnNext && was != nil && was.called == nil && was.last == r.Seq-1 && was.at.Equal(r.At) && was.by == r.By {
			next.left, next.after = was.left, was.after
		}
		c.steps[counter] = next
	}
	return nil
}

// touches returns the counter and the ticket that an event is about, and whether the ticket
// leaves the counter by it in a way that can be undone.
func touches(e queue.Event) (counter queue.CounterID, t queue.TicketID, leaves bool) {
	switch e := e.(type) {
	case queue.CounterOpened:
		return e.Counter, 0, false
	case queue.CounterPaused:
		return e.Counter, 0, false
	case queue.CounterClosed:
		return e.Counter, 0, false
	case queue.TicketCalled:
		return e.Counter, e.Ticket, false
	case queue.TicketRecalled:
		return e.Counter, e.Ticket, false
	case queue.ServiceStarted:
		return e.Counter, e.Ticket, false
	case queue.TicketReturned:
		return e.Counter, e.Ticket, true
	case queue.TicketParked:
		return e.Counter, e.Ticket, true
	case queue.TicketTransferred:
		return e.Counter, e.Ticket, true
	case queue.TicketClosed:
		return e.Counter, e.Ticket, e.End == queue.EndServed || e.End == queue.EndNoShow
	}
	return "", 0, false
}

// copy leaves out the paper, which goes its own way.
func (t *ticket) copy() *ticket {
	out := *t
	out.attempt, out.pending, out.copied, out.unmarked = 0, false, false, 0
	return &out
}

// back makes a ticket what it was, with the paper that it has now.
func (t *ticket) back(was *ticket) {
	now := *t
	*t = *was
	t.attempt, t.pending, t.copied, t.unmarked = now.attempt, now.pending, now.copied, now.unmarked
}

func (c *Checker) undoable(r queue.Record, counter queue.CounterID) (*step, error) {
	s := c.steps[counter]
	if s == nil || r.At.Sub(s.at) > undoWithin {
		return nil, violated("I2", "counter %s has nothing to undo", counter)
	}
	return s, nil
}

func (c *Checker) callUndone(r queue.Record, e queue.CallUndone) error {
	s, err := c.undoable(r, e.Counter)
	switch {
	case err != nil:
		return err
	case s.called == nil || s.called.Ticket != e.Ticket || c.holds[e.Counter] != e.Ticket:
		return violated("I2", "counter %s did not call ticket %d last", e.Counter, e.Ticket)
	case e.After.Duration() != r.At.Sub(s.at):
		return violated("I9", "undone %v after the call, not %v", e.After.Duration(), r.At.Sub(s.at))
	}
	t := c.tickets[e.Ticket]
	t.back(s.called)
	c.holds[e.Counter], c.waiting[e.Ticket] = 0, t
	if s.called = nil; s.left == nil {
		delete(c.steps, e.Counter)
	}
	return nil
}

func (c *Checker) stepUndone(r queue.Record, e queue.StepUndone) error {
	s, err := c.undoable(r, e.Counter)
	switch {
	case err != nil:
		return err
	case s.left == nil || s.called != nil || s.left.Ticket != e.Ticket:
		return violated("I2", "ticket %d did not leave counter %s last", e.Ticket, e.Counter)
	case c.holds[e.Counter] != 0:
		return violated("I2", "counter %s has ticket %d already", e.Counter, c.holds[e.Counter])
	case *c.tickets[e.Ticket].copy() != *s.after:
		return violated("I2", "ticket %d has changed since it left", e.Ticket)
	case s.left.Service != e.Service:
		return violated("I9", "ticket %d was here for %s, not %s", e.Ticket, s.left.Service, e.Service)
	case c.number[s.left.Number] != e.Ticket:
		return violated("I1", "number %s is somebody else's by now", s.left.Number)
	}
	t := c.tickets[e.Ticket]
	t.back(s.left)
	delete(c.waiting, e.Ticket)
	c.holds[e.Counter] = e.Ticket
	delete(c.steps, e.Counter)
	return nil
}
