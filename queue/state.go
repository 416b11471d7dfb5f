// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"slices"
	"time"
)

// State is the office as the journal tells it, and the only thing that decides.
// The zero value is an office before its first record. It is not safe for
// concurrent use; a [View] of it is.
type State struct{ v View }

// View returns the state as it is now; later changes do not touch it.
func (s *State) View() *View {
	v := s.v
	return &v
}

// Apply lets a fact happen. It is total: a fact that makes no sense here, which
// the writer never lets into a journal, changes nothing but the place in it.
func (s *State) Apply(r Record) {
	s.v.seq, s.v.at = r.Seq, r.At
	if e, ok := r.Event.(SettingsChanged); ok {
		s.settle(e.Settings)
	}
	if s.v.plan == nil {
		return
	}
	switch e := r.Event.(type) {
	case DayOpened:
		s.openDay(r.At, r.Seq, e)
	case DayClosed:
		s.v.isOpen = false
		if s.v.skipped.Date == e.Date {
			s.v.skipped = NumbersSkipped{} // when the day is opened again, others come next
		}
		s.forgetSteps()
		for i := range s.v.counters {
			s.counter(i, r, func(c *CounterStatus) { *c = CounterStatus{ID: c.ID, Since: r.At} })
		}
	case ClockStepped:
		s.stepClock(r.At, e.By.Duration())
	case NumbersSkipped:
		s.skip(e)
	case CounterOpened:
		s.counterByID(e.Counter, r, func(c *CounterStatus) {
			c.State, c.Reason, c.Until, c.Since = CounterIsOpen, "", time.Time{}, r.At
		})
	case CounterPaused:
		s.counterByID(e.Counter, r, func(c *CounterStatus) {
			c.State, c.Reason, c.Until, c.Since = CounterIsPaused, e.Reason, e.Until, r.At
		})
	case CounterClosed:
		s.counterByID(e.Counter, r, func(c *CounterStatus) {
			c.State, c.Reason, c.Until, c.Since = CounterIsClosed, "", time.Time{}, r.At
		})
	case TicketIssued:
		s.issue(r, e)
	default:
		s.applyTicket(r)
	}
}

func (s *State) applyTicket(r Record) {
	switch e := r.Event.(type) {
	case TicketCalled:
		before := s.v.tickets.get(e.Ticket)
		s.hold(e.Counter, e.Ticket, r)
		s.ticket(e.Ticket, func(t *Ticket) { t.call(e.Counter, r.At) })
		if before != nil {
			s.remember(e.Counter, r, step{called: before})
		}
	case TicketRecalled:
		s.counterByID(e.Counter, r, func(*CounterStatus) {})
		s.ticket(e.Ticket, func(t *Ticket) { t.Calls, t.LastCall = e.Call, r.At })
	case ServiceStarted:
		s.counterByID(e.Counter, r, func(*CounterStatus) {})
		s.ticket(e.Ticket, func(t *Ticket) { t.Status, t.Started, t.Answered = Serving, r.At, true })
	case TicketReturned:
		s.leave(e.Counter, e.Ticket, r, 0, func(t *Ticket) {
			since := t.Since
			unanswered := t.Status == Called || t.Status == Ended
			t.Returned = t.Returned || t.Status == Ended
			t.wait(r.At)
			if unanswered {
				t.Since = since // the wait goes on until a call is answered
			}
		})
	case TicketParked:
		s.leave(e.Counter, e.Ticket, r, e.Service, func(t *Ticket) {
			t.Status, t.Counter, t.Reason, t.Answered = Parked, "", e.Reason, true
		})
	case TicketTransferred:
		s.leave(e.Counter, e.Ticket, r, e.Spent, func(t *Ticket) {
			t.wait(r.At)
			t.Service, t.To, t.Due, t.Answered = e.Service, e.To, e.Due, true
			t.service = s.v.plan.service[e.Service]
		})
	case TicketPassed:
		s.pass(e)
	case TicketReclassified:
		s.ticket(e.Ticket, func(t *Ticket) { t.Class, t.class = e.Class, s.v.plan.class[e.Class] })
	case TicketClosed:
		s.leave(e.Counter, e.Ticket, r, e.Service, func(t *Ticket) {
			t.Status, t.End, t.Closed, t.Reason = Ended, e.End, r.At, e.Reason
			t.Answered = t.Answered || e.End == EndServed
		})
	case CallUndone:
		s.undoCall(e, r)
	case StepUndone:
		s.undoStep(e, r)
	case SlipRequested:
		s.ticket(e.Ticket, func(t *Ticket) {
			t.Slip.Printer, t.Slip.Attempt, t.Slip.Copy, t.Slip.Result = e.Printer, e.Attempt, e.Copy, SlipResultPending
		})
	case SlipPrinted:
		s.slip(e.Ticket, e.Attempt, SlipResultPrinted)
	case SlipSent:
		s.slip(e.Ticket, e.Attempt, SlipResultSent)
	case SlipFailed:
		s.slip(e.Ticket, e.Attempt, SlipResultFailed)
	case SlipUnknown:
		s.slip(e.Ticket, e.Attempt, SlipResultUnknown)
	default: // the office's and the counters' facts: see Apply
	}
}

// call brings a waiting ticket to a counter.
func (t *Ticket) call(counter CounterID, at time.Time) {
	t.Status, t.Counter, t.To = Called, counter, ""
	t.Calls, t.CalledAt, t.LastCall = 1, at, at
}

// wait puts a ticket back among those that wait for a call.
func (t *Ticket) wait(at time.Time) {
	t.Status, t.Counter, t.Since, t.Reason = Waiting, "", at, ""
	t.Calls, t.CalledAt, t.LastCall, t.Started = 0, time.Time{}, time.Time{}, time.Time{}
	t.Closed, t.End = time.Time{}, ""
}

func (s *State) issue(r Record, e TicketIssued) {
	service, series := s.v.plan.service[e.Service], s.v.plan.series[e.Series]
	t := &Ticket{
		ID: e.Ticket, Number: e.Number, Series: e.Series, Ordinal: e.Ordinal,
		Service: e.Service, Class: e.Class, Channel: e.Channel, Language: e.Language,
		Issued: r.At, Due: e.Due, Slot: e.Slot, Since: r.At, Status: Waiting,
		service: service, class: s.v.plan.class[e.Class],
	}
	if !e.Slot.IsZero() && e.Due.After(r.At) {
		t.Since = e.Due // who is early waits for the appointment, not for us
	}
	if e.Printer != "" {
		t.Slip = Slip{Printer: e.Printer, Attempt: 1, Result: SlipResultPending}
	}
	s.put(t)
	s.v.series = slices.Clone(s.v.series)
	s.v.series[series] = seriesStatus{next: e.Ordinal + 1, alive: s.v.series[series].alive.with(e.Ordinal)}
	s.v.issued = slices.Clone(s.v.issued)
	s.v.issued[service]++
}

// ticket replaces a ticket by a changed copy and keeps the sets that follow from it.
func (s *State) ticket(id TicketID, change func(*Ticket)) {
	old := s.v.tickets.get(id)
	if old == nil {
		return
	}
	t := *old
	change(&t)
	s.put(&t)
	if series := s.v.plan.series[t.Series]; old.Alive() != t.Alive() {
		s.v.series = slices.Clone(s.v.series)
		if st := &s.v.series[series]; t.Alive() {
			st.alive = st.alive.with(t.Ordinal)
		} else {
			st.alive = st.alive.without(t.Ordinal)
		}
	}
}

func (s *State) put(t *Ticket) {
	s.v.tickets = s.v.tickets.with(t)
	if t.Alive() {
		s.v.open = s.v.open.with(t)
	} else {
		s.v.open = s.v.open.without(t.ID)
	}
}

func (s *State) slip(id TicketID, attempt int, result SlipResult) {
	s.ticket(id, func(t *Ticket) {
		if attempt == t.Slip.Attempt {
			t.Slip.Result = result
		}
		if result != SlipResultFailed {
			t.Slip.MayExist = true
		}
	})
}

// counter replaces a counter's status by a changed copy and moves its revision on.
func (s *State) counter(i int, r Record, change func(*CounterStatus)) {
	s.v.counters = slices.Clone(s.v.counters)
	c := &s.v.counters[i]
	change(c)
	c.Seen = r.Seq
}

func (s *State) counterByID(id CounterID, r Record, change func(*CounterStatus)) {
	if i, ok := s.v.plan.counter[id]; ok {
		s.counter(i, r, change)
	}
}

func (s *State) hold(id CounterID, t TicketID, r Record) {
	if t != 0 && s.v.tickets.get(t) == nil {
		return
	}
	s.counterByID(id, r, func(c *CounterStatus) { c.Ticket = t })
}

func (s *State) release(id CounterID, r Record) { s.hold(id, 0, r) }
