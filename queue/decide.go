// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Decide says what a command would bring about at an instant, without changing
// anything. The instant is not before [View.At]. What the office's rules do not
// allow is refused with a [*Refusal]; there are no other errors. A command that is
// granted gives at least one event.
func (s *State) Decide(at time.Time, by Actor, c Command) ([]Event, error) {
	if s.v.plan == nil {
		if c, ok := c.(ChangeSettings); ok {
			return s.v.changeSettings(at, c)
		}
		return nil, refuse(RefusedSettings, "the office has no settings yet")
	}
	switch c := c.(type) {
	case ChangeSettings:
		return s.v.changeSettings(at, c)
	case OpenDay:
		return s.v.openDay(at, c)
	case SkipNumbers:
		return s.v.skipNumbers(at, c)
	default:
		if s.v.isOpen {
			return s.v.decideOpen(at, c)
		}
		if c, ok := c.(ReportSlip); ok { // paper that was on its way when the day ended
			return s.v.reportSlip(at, c)
		}
		return nil, s.v.dayClosed(at)
	}
}

// decideOpen grants what can be done on an open day.
func (v *View) decideOpen(at time.Time, c Command) ([]Event, error) {
	switch c := c.(type) {
	case CloseDay:
		return v.closeDay(c)
	case StepClock:
		if c.By <= 0 || c.By > maxStep {
			return nil, refuse(RefusedInvalid, "by")
		}
		return []Event{ClockStepped{By: c.By}}, nil
	case IssueTicket:
		return v.issueTicket(at, c)
	case ReportSlip:
		return v.reportSlip(at, c)
	case Reprint:
		return v.reprint(c)
	case Unpark:
		return v.unpark(at, c)
	case Cancel:
		return v.cancel(c)
	case LetPass:
		return v.letPass(at, c)
	case ChangeClass:
		return v.changeClass(c)
	case Void:
		return v.void(at, c)
	default:
		return v.decideCounter(at, c)
	}
}

// decideCounter grants the commands of a clerk at a counter.
func (v *View) decideCounter(at time.Time, c Command) ([]Event, error) {
	switch c := c.(type) {
	case OpenCounter:
		return v.openCounter(c)
	case PauseCounter:
		return v.pauseCounter(at, c)
	case CloseCounter:
		return v.closeCounter(c)
	case CallNext:
		return v.callNext(at, c)
	case CallTicket:
		return v.callTicket(at, c)
	case Recall:
		return v.recall(c)
	case Start:
		return v.start(at, c)
	case Finish:
		return v.finish(at, c)
	case GiveUp:
		return v.giveUp(at, c)
	case Return:
		return v.returnTicket(c)
	case Park:
		return v.park(at, c)
	case Transfer:
		return v.transfer(at, c)
	case Undo:
		return v.undo(at, c)
	default:
		return nil, refuse(RefusedInvalid, "command")
	}
}

// atCounter returns the counter that a command is about, if the clerk has seen its
// present revision.
func (v *View) atCounter(id CounterID, seen Revision) (CounterStatus, error) {
	c, ok := v.Counter(id)
	if !ok {
		return c, refuse(RefusedUnknownCounter, string(id))
	}
	if c.Seen != seen {
		return c, refuse(RefusedConflict, string(id))
	}
	return c, nil
}

// inHand returns the ticket that a counter has called, if the clerk has seen the
// counter's present revision.
func (v *View) inHand(id CounterID, seen Revision) (*Ticket, error) {
	c, err := v.atCounter(id, seen)
	if err != nil {
		return nil, err
	}
	t := v.tickets.get(c.Ticket)
	if t == nil {
		return nil, refuse(RefusedCounterFree, string(id))
	}
	return t, nil
}

// maxStep is the greatest step of a clock: from the beginning of time as small boards
// know it, and a good deal more.
const maxStep = 100 * 366 * day

const maxText = 200 // bytes of a reason or note

// checkText refuses what is too long or no text that could be written down.
func checkText(field, s string) error {
	if len(s) > maxText || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return refuse(RefusedInvalid, field)
	}
	return nil
}

// checkReason refuses a reason that says nothing.
func checkReason(s string) error {
	if s == "" {
		return refuse(RefusedInvalid, "reason")
	}
	return checkText("reason", s)
}
