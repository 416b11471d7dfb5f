// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// today returns a ticket of the open day.
func (v *View) today(id TicketID) (*Ticket, error) {
	if t := v.tickets.get(id); t != nil {
		return t, nil
	}
	return nil, refuse(RefusedUnknownTicket, "")
}

func (v *View) unpark(at time.Time, c Unpark) ([]Event, error) {
	t, err := v.today(c.Ticket)
	if err != nil {
		return nil, err
	}
	if t.Status != Parked && !v.MayReturn(t, at) {
		return nil, refuse(RefusedStatus, t.Number)
	}
	return []Event{TicketReturned{Ticket: t.ID}}, nil
}

// MayReturn reports whether [Unpark] would bring a no-show back: once, in time, and to an
// office that has not changed its settings or its numbers under them.
func (v *View) MayReturn(t *Ticket, at time.Time) bool {
	back := v.plan.settings.NoShow.ReturnWithin
	return t.End == EndNoShow && !t.Returned && back > 0 && at.Sub(t.Closed) <= back.Duration() &&
		v.plan.lacks(t) == "" && !v.series[v.plan.series[t.Series]].alive.has(t.Ordinal)
}

// idle returns a ticket that is alive and in no counter's hands.
func (v *View) idle(id TicketID) (*Ticket, error) {
	t, err := v.today(id)
	if err != nil {
		return nil, err
	}
	if t.Status != Waiting && t.Status != Parked {
		return nil, refuse(RefusedStatus, t.Number)
	}
	return t, nil
}

func (v *View) cancel(c Cancel) ([]Event, error) {
	t, err := v.idle(c.Ticket)
	if err != nil {
		return nil, err
	}
	return []Event{TicketClosed{Ticket: t.ID, End: EndCancelled}}, nil
}

func (v *View) changeClass(c ChangeClass) ([]Event, error) {
	t, err := v.idle(c.Ticket)
	if err != nil {
		return nil, err
	}
	if _, ok := v.plan.class[c.Class]; !ok {
		return nil, refuse(RefusedUnknownClass, string(c.Class))
	}
	if t.Class == c.Class {
		return nil, refuse(RefusedStatus, t.Number)
	}
	return []Event{TicketReclassified{Ticket: t.ID, Class: c.Class}}, nil
}

func (v *View) void(at time.Time, c Void) ([]Event, error) {
	t, err := v.today(c.Ticket)
	if err != nil {
		return nil, err
	}
	if err := checkReason(c.Reason); err != nil {
		return nil, err
	}
	if !t.Alive() {
		return nil, refuse(RefusedStatus, t.Number)
	}
	e := TicketClosed{Ticket: t.ID, End: EndVoid, Reason: c.Reason}
	if t.AtCounter() {
		e.Counter, e.Service = t.Counter, t.atCounterFor(at)
	}
	return []Event{e}, nil
}

func (v *View) reportSlip(at time.Time, c ReportSlip) ([]Event, error) {
	t, err := v.today(c.Ticket)
	if err != nil {
		return nil, err
	}
	if c.Attempt != t.Slip.Attempt || t.Slip.Result != SlipResultPending {
		return nil, refuse(RefusedStatus, t.Number)
	}
	if err := checkText("level", c.Level); err != nil {
		return nil, err
	}
	if err := checkText("fault", c.Fault); err != nil {
		return nil, err
	}
	switch c.Result {
	case SlipResultPrinted:
		return []Event{SlipPrinted{Ticket: t.ID, Attempt: c.Attempt, Level: c.Level}}, nil
	case SlipResultSent:
		return []Event{SlipSent{Ticket: t.ID, Attempt: c.Attempt}}, nil
	case SlipResultFailed:
		return []Event{SlipFailed{Ticket: t.ID, Attempt: c.Attempt, Fault: c.Fault}}, nil
	case SlipResultUnknown:
		events := []Event{SlipUnknown{Ticket: t.ID, Attempt: c.Attempt, Fault: c.Fault}}
		return append(events, v.settleSlip(at, t)...), nil
	default:
		return nil, refuse(RefusedInvalid, "result")
	}
}

// settleSlip applies the office's rule to a slip whose fate is unknown.
func (v *View) settleSlip(at time.Time, t *Ticket) []Event {
	policy := v.plan.settings.Slips
	switch {
	case policy.OnUnknown == UnknownVoid && (t.Status == Waiting || t.Status == Parked):
		return []Event{TicketClosed{Ticket: t.ID, End: EndVoid, Reason: "slip unknown"}}
	case policy.OnUnknown == UnknownCopy && t.Status == Waiting && !t.Slip.Copy && at.Sub(t.Issued) <= policy.CopyFor.Duration():
		return []Event{SlipRequested{Ticket: t.ID, Attempt: t.Slip.Attempt + 1, Printer: t.Slip.Printer, Copy: true}}
	}
	return nil
}

func (v *View) reprint(c Reprint) ([]Event, error) {
	t, err := v.today(c.Ticket)
	if err != nil {
		return nil, err
	}
	if !ValidID(c.Printer) {
		return nil, refuse(RefusedInvalid, "printer")
	}
	if !t.Alive() || t.Slip.Result == SlipResultPending {
		return nil, refuse(RefusedStatus, t.Number)
	}
	return []Event{SlipRequested{Ticket: t.ID, Attempt: t.Slip.Attempt + 1, Printer: c.Printer, Copy: t.Slip.MayExist}}, nil
}
