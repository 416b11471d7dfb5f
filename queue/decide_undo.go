// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"slices"
	"time"
)

// UndoWithin is how long a step at a counter can be undone.
const UndoWithin = 5 * time.Second

// step is the newest thing that a counter has done with a ticket: a call, or letting go of
// it, or with [Settings.FinishOnNext] both at once. Views share what it points at.
type step struct {
	seq    Seq       // of its last record; 0: there is nothing to undo
	at     time.Time // of its first record
	by     Actor
	called *Ticket // as it waited before it was called; nil: none was
	left   *Ticket // as it was at the counter; nil: none left
	after  *Ticket // left as it was then
	spent  Millis  // time at the counter that leaving has counted
}

// undo takes a counter's newest step back, if nothing has happened since that would make
// that untrue: neither at the counter nor to the ticket, but for its paper.
func (v *View) undo(at time.Time, c Undo) ([]Event, error) {
	counter, err := v.atCounter(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	s := v.undoable(counter, at)
	if s == nil {
		return nil, refuse(RefusedTooLate, string(c.Counter))
	}
	var events []Event
	after := elapsed(s.at, at)
	if s.called != nil {
		events = append(events, CallUndone{Ticket: s.called.ID, Counter: c.Counter, After: after})
	}
	if s.left != nil {
		events = append(events, StepUndone{
			Ticket: s.left.ID, Counter: c.Counter, Service: s.left.Service, Answered: s.left.Answered, Spent: s.spent, After: after,
		})
	}
	return events, nil
}

// Undoable returns until when the counter's newest step can be undone with [Undo], ok
// false if there is none.
func (v *View) Undoable(id CounterID, at time.Time) (until time.Time, ok bool) {
	counter, ok := v.Counter(id)
	if !ok {
		return time.Time{}, false
	}
	s := v.undoable(counter, at)
	if s == nil {
		return time.Time{}, false
	}
	return s.at.Add(UndoWithin), true
}

func (v *View) undoable(c CounterStatus, at time.Time) *step {
	if !v.isOpen {
		return nil
	}
	s := v.steps[v.plan.counter[c.ID]]
	if s.seq == 0 || s.seq != c.Seen || at.Sub(s.at) > UndoWithin {
		return nil
	}
	if s.called != nil {
		called := *s.called
		called.call(c.ID, s.at)
		if !v.untouched(&called) {
			return nil
		}
	}
	if s.left != nil && (!v.untouched(s.after) || !s.after.Alive() && v.series[v.plan.series[s.left.Series]].alive.has(s.left.Ordinal)) {
		return nil // its number may be somebody else's by now
	}
	return &s
}

// untouched reports whether a ticket is what it was, but for its paper.
func (v *View) untouched(was *Ticket) bool {
	now := v.tickets.get(was.ID)
	if now == nil {
		return false
	}
	t := *now
	t.Slip = was.Slip
	return t == *was
}

// forgetSteps makes that nothing can be undone: what happens now changes more than one ticket.
func (s *State) forgetSteps() { s.v.steps = make([]step, len(s.v.counters)) }

// remember notes what a record does at a counter. A call that follows the end of a service
// within one command is one step with it.
func (s *State) remember(id CounterID, r Record, next step) {
	i, ok := s.v.plan.counter[id]
	if !ok {
		return
	}
	next.seq, next.at, next.by = r.Seq, r.At, r.By
	was := s.v.steps[i]
	together := s.v.plan.settings.FinishOnNext && was.seq == r.Seq-1 && was.at.Equal(r.At) && was.by == r.By
	if together && next.called != nil && was.called == nil {
		next.left, next.after, next.spent = was.left, was.after, was.spent
	}
	s.setStep(i, next)
}

func (s *State) setStep(i int, next step) {
	s.v.steps = slices.Clone(s.v.steps)
	s.v.steps[i] = next
}

// leave lets a counter go of its ticket, which changes.
func (s *State) leave(id CounterID, t TicketID, r Record, spent Millis, change func(*Ticket)) {
	left := s.v.tickets.get(t)
	s.release(id, r)
	s.ticket(t, change)
	if after := s.v.tickets.get(t); left != nil && left.AtCounter() && left.Counter == id {
		switch after.End {
		case "", EndServed, EndNoShow:
			s.remember(id, r, step{left: left, after: after, spent: spent})
		case EndCancelled, EndExpired, EndVoid: // somebody meant it
		}
	}
}

// undoCall lets a called ticket wait as it did before.
func (s *State) undoCall(e CallUndone, r Record) {
	i, ok := s.v.plan.counter[e.Counter]
	if !ok || s.v.steps[i].called == nil || s.v.steps[i].called.ID != e.Ticket {
		return
	}
	was := s.v.steps[i]
	s.restore(was.called)
	s.release(e.Counter, r)
	s.setStep(i, step{left: was.left, after: was.after})
}

// undoStep gives a ticket back to the counter that had let go of it.
func (s *State) undoStep(e StepUndone, r Record) {
	i, ok := s.v.plan.counter[e.Counter]
	if !ok || s.v.steps[i].left == nil || s.v.steps[i].left.ID != e.Ticket {
		return
	}
	s.restore(s.v.steps[i].left)
	s.hold(e.Counter, e.Ticket, r)
	s.setStep(i, step{})
}

func (s *State) restore(was *Ticket) {
	s.ticket(was.ID, func(t *Ticket) {
		paper := t.Slip
		*t = *was
		t.Slip = paper
	})
}
