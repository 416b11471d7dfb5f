// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"slices"
	"time"
)

func (v *View) openCounter(c OpenCounter) ([]Event, error) {
	counter, err := v.atCounter(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if counter.State == CounterIsOpen {
		return nil, refuse(RefusedStatus, string(c.Counter))
	}
	return []Event{CounterOpened{Counter: c.Counter}}, nil
}

// longestPause is how far ahead the end of a pause may lie.
const longestPause = 366 * 24 * time.Hour

func (v *View) pauseCounter(at time.Time, c PauseCounter) ([]Event, error) {
	counter, err := v.atCounter(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if err := checkText("reason", c.Reason); err != nil {
		return nil, err
	}
	if !c.Until.IsZero() && (c.Until.Before(at) || c.Until.Sub(at) > longestPause) {
		return nil, refuse(RefusedInvalid, "until")
	}
	switch {
	case counter.State == CounterIsClosed:
		return nil, refuse(RefusedCounterClosed, string(c.Counter))
	case counter.Ticket != 0:
		return nil, refuse(RefusedCounterBusy, string(c.Counter))
	}
	return []Event{CounterPaused{Counter: c.Counter, Reason: c.Reason, Until: c.Until.UTC().Truncate(time.Millisecond)}}, nil
}

func (v *View) closeCounter(c CloseCounter) ([]Event, error) {
	counter, err := v.atCounter(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	switch {
	case counter.State == CounterIsClosed:
		return nil, refuse(RefusedStatus, string(c.Counter))
	case counter.Ticket != 0:
		return nil, refuse(RefusedCounterBusy, string(c.Counter))
	}
	return []Event{CounterClosed{Counter: c.Counter}}, nil
}

// free returns what has to happen before a counter may call somebody: nothing, or
// the end of the service that it is busy with.
func (v *View) free(at time.Time, id CounterID, seen Revision) ([]Event, error) {
	counter, err := v.atCounter(id, seen)
	if err != nil {
		return nil, err
	}
	if counter.State != CounterIsOpen {
		return nil, refuse(RefusedCounterClosed, string(id))
	}
	citizen := v.tickets.get(counter.Ticket)
	if citizen == nil {
		return nil, nil
	}
	if !v.plan.settings.FinishOnNext {
		return nil, refuse(RefusedCounterBusy, string(id))
	}
	return []Event{served(citizen, at, "")}, nil
}

func (v *View) callNext(at time.Time, c CallNext) ([]Event, error) {
	events, err := v.free(at, c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	t := v.Next(c.Counter, at)
	if t == nil && len(events) > 0 {
		return events, nil // the citizen has left, nobody follows
	}
	if t == nil {
		return nil, refuse(RefusedNobody, string(c.Counter))
	}
	return append(events, called(t, c.Counter, at, "")), nil
}

func (v *View) callTicket(at time.Time, c CallTicket) ([]Event, error) {
	events, err := v.free(at, c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if err := checkReason(c.Reason); err != nil {
		return nil, err
	}
	t := v.tickets.get(c.Ticket)
	switch {
	case t == nil:
		return nil, refuse(RefusedUnknownTicket, "")
	case t.Status != Waiting:
		return nil, refuse(RefusedStatus, t.Number)
	case !v.Serves(c.Counter, t):
		return nil, refuse(RefusedNotServed, t.Number)
	}
	return append(events, called(t, c.Counter, at, c.Reason)), nil
}

func called(t *Ticket, counter CounterID, at time.Time, reason string) Event {
	return TicketCalled{Ticket: t.ID, Counter: counter, Wait: elapsed(t.Since, at), Reason: reason}
}

func served(t *Ticket, at time.Time, outcome string) Event {
	return TicketClosed{Ticket: t.ID, Counter: t.Counter, End: EndServed, Outcome: outcome, Service: t.atCounterFor(at)}
}

// atCounterFor returns the service time so far: from the start, or from the first
// call where the clerk did not confirm that the citizen came.
func (t *Ticket) atCounterFor(at time.Time) Millis {
	if t.Started.IsZero() {
		return elapsed(t.CalledAt, at)
	}
	return elapsed(t.Started, at)
}

func (v *View) recall(c Recall) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if t.Status != Called {
		return nil, refuse(RefusedStatus, t.Number)
	}
	return []Event{TicketRecalled{Ticket: t.ID, Counter: c.Counter, Call: t.Calls + 1}}, nil
}

func (v *View) start(at time.Time, c Start) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if t.Status != Called {
		return nil, refuse(RefusedStatus, t.Number)
	}
	return []Event{ServiceStarted{Ticket: t.ID, Counter: c.Counter, Walk: elapsed(t.LastCall, at)}}, nil
}

func (v *View) finish(at time.Time, c Finish) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if c.Outcome != "" && !slices.Contains(v.plan.settings.Outcomes, c.Outcome) {
		return nil, refuse(RefusedInvalid, "outcome")
	}
	return []Event{served(t, at, c.Outcome)}, nil
}

func (v *View) giveUp(at time.Time, c GiveUp) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if t.Status != Called {
		return nil, refuse(RefusedStatus, t.Number)
	}
	policy := v.plan.settings.NoShow
	if t.Calls < policy.Calls {
		return nil, refuse(RefusedTooEarly, t.Number)
	}
	if from := t.LastCall.Add(policy.After.Duration()); at.Before(from) {
		return nil, &Refusal{Code: RefusedTooEarly, Subject: t.Number, Until: from}
	}
	return []Event{TicketClosed{Ticket: t.ID, Counter: c.Counter, End: EndNoShow}}, nil
}

func (v *View) returnTicket(c Return) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	return []Event{TicketReturned{Ticket: t.ID, Counter: c.Counter}}, nil
}

func (v *View) park(at time.Time, c Park) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if err := checkText("reason", c.Reason); err != nil {
		return nil, err
	}
	return []Event{TicketParked{Ticket: t.ID, Counter: c.Counter, Reason: c.Reason, Service: t.atCounterFor(at)}}, nil
}

func (v *View) transfer(at time.Time, c Transfer) ([]Event, error) {
	t, err := v.inHand(c.Counter, c.Seen)
	if err != nil {
		return nil, err
	}
	if c.Service == "" {
		c.Service = t.Service
	}
	if _, ok := v.plan.service[c.Service]; !ok {
		return nil, refuse(RefusedUnknownService, string(c.Service))
	}
	if _, ok := v.plan.counter[c.To]; c.To != "" && !ok {
		return nil, refuse(RefusedUnknownCounter, string(c.To))
	}
	if c.To == "" && c.Service == t.Service {
		return nil, refuse(RefusedInvalid, "service") // to where it is already: that is a return
	}
	due := at
	if c.KeepPlace {
		due = t.Due
	}
	return []Event{TicketTransferred{
		Ticket: t.ID, Counter: c.Counter, Service: c.Service, To: c.To, Due: due, Spent: t.atCounterFor(at),
	}}, nil
}
