// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// letPass lets the one behind a ticket go first: the two change places in time, and nobody
// else's turn comes earlier or later by it.
func (v *View) letPass(at time.Time, c LetPass) ([]Event, error) {
	t, err := v.today(c.Ticket)
	if err != nil {
		return nil, err
	}
	if t.Status != Waiting || t.Passed >= v.plan.settings.LetPass {
		return nil, refuse(RefusedStatus, t.Number)
	}
	behind := v.behind(t, at)
	if behind == nil {
		return nil, refuse(RefusedNobody, t.Number)
	}
	return []Event{TicketPassed{Ticket: t.ID, By: behind.ID}}, nil
}

// MayLetPass reports whether [LetPass] of the ticket would be granted at an instant.
func (v *View) MayLetPass(t *Ticket, at time.Time) bool {
	return v.isOpen && t.Status == Waiting && t.Passed < v.plan.settings.LetPass && v.behind(t, at) != nil
}

// behind returns the ticket whose turn comes directly behind t's at every counter, nil if there
// is none with which it can change places. Only walk-ins change places: an appointment's is its
// time. Nor do those do it whose places the millisecond does not tell apart.
func (v *View) behind(t *Ticket, at time.Time) *Ticket {
	mine := v.plan.standing(t)
	var next, before, after *Ticket // in the lane: behind t, before t, behind next
	for o := range v.Waiting() {
		s := v.plan.standing(o)
		if o == t || s.weight != mine.weight || v.plan.like[o.service] != v.plan.like[t.service] || o.To != t.To {
			continue
		}
		switch {
		case turn(o, t):
			if before == nil || turn(before, o) {
				before = o
			}
		case next == nil || turn(o, next):
			next, after = o, next
		case after == nil || turn(o, after):
			after = o
		}
	}
	if next == nil || !t.Slot.IsZero() || !next.Slot.IsZero() || !t.Due.Before(next.Due) || next.Due.After(at) {
		return nil
	}
	first, second := &Ticket{ID: next.ID, Due: t.Due}, &Ticket{ID: t.ID, Due: next.Due}
	if before != nil && turn(first, before) || after != nil && turn(after, second) {
		return nil
	}
	return next
}

// turn reports whether of two tickets of one lane a is called first.
func turn(a, b *Ticket) bool { return a.Due.Before(b.Due) || a.Due.Equal(b.Due) && a.ID < b.ID }

// pass lets two tickets change places.
func (s *State) pass(e TicketPassed) {
	a, b := s.v.tickets.get(e.Ticket), s.v.tickets.get(e.By)
	if a == nil || b == nil {
		return
	}
	s.ticket(e.Ticket, func(t *Ticket) { t.Due, t.Passed = b.Due, t.Passed+1 })
	s.ticket(e.By, func(t *Ticket) { t.Due = a.Due })
}
