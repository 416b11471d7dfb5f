// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

// citizen is somebody of today.
type citizen struct {
	demand.Arrival
	request queue.Request
	steps   int // at counters so far
}

const (
	kiosk   = "kiosk-1"
	printer = "printer-1"
)

// comes lets a citizen ask for a ticket, and again when there is no answer.
func (h *hall) comes(d deed) {
	c := &h.citizens[d.who]
	if d.try == 0 {
		ask := queue.IssueTicket{
			Service: c.Service, Class: c.Class, Channel: queue.ChannelKiosk,
			Language: c.Language, Slot: c.Slot, Printer: printer,
		}
		if !c.Slot.IsZero() {
			ask.Channel = queue.ChannelAppointment
		}
		c.request = queue.Request{By: h.by(queue.RoleKiosk, kiosk), Command: ask}
	}
	result, ok := h.send(c.request)
	const patience = 12
	if !ok && d.try < patience {
		h.after(10*time.Second, deed{kind: citizenComes, who: d.who, try: d.try + 1})
		return
	}
	for _, r := range result.Records {
		if e, issued := r.Event.(queue.TicketIssued); issued {
			h.owner[e.Ticket] = d.who
			h.sometime(AppendRetried, d.try > 0)
			if h.dice.chance(h.o.Habits.Cancel) {
				h.after(h.dice.between(time.Minute, 20*time.Minute), deed{kind: citizenCancels, turn: uint64(e.Ticket)})
			}
		}
	}
}

// returns brings a citizen back who filled in a form, or who was not there.
func (h *hall) returns(d deed) {
	id := queue.TicketID(d.turn)
	t := h.view.Ticket(id)
	if t == nil {
		return
	}
	result, ok := h.ask(queue.RoleCounter, "help-desk", queue.Unpark{Ticket: id})
	if !ok && d.try < 5 {
		h.after(time.Minute, deed{kind: citizenReturns, turn: d.turn, try: d.try + 1})
		return
	}
	if i, known := h.owner[id]; known && ok && result.Err == nil {
		h.citizens[i].NoShow = false
	}
}

// react does what follows from records: papers are printed, clerks see that somebody
// waits, citizens notice what became of their ticket.
func (h *hall) react(records []queue.Record) {
	for _, r := range records {
		h.count(r)
		switch e := r.Event.(type) {
		case queue.SettingsChanged, queue.DayOpened:
			for i := range h.clerks {
				h.plan(i, h.dice.between(time.Second, 20*time.Second))
			}
		case queue.CounterPaused, queue.CounterClosed:
			h.wakeAll()
		case queue.TicketIssued:
			if e.Printer != "" {
				h.print(e.Ticket, 1)
			}
			h.wake(e.Ticket)
		case queue.TicketTransferred:
			h.wake(e.Ticket)
		case queue.TicketReturned:
			h.wake(e.Ticket)
		case queue.TicketParked:
			h.after(h.dice.between(3*time.Minute, 15*time.Minute), deed{kind: citizenReturns, turn: uint64(e.Ticket)})
		case queue.TicketClosed:
			if e.End == queue.EndNoShow && h.dice.chance(h.o.Habits.ComeBack) {
				h.after(h.dice.between(time.Minute, 20*time.Minute), deed{kind: citizenReturns, turn: uint64(e.Ticket)})
			}
		case queue.SlipRequested:
			h.print(e.Ticket, e.Attempt)
		case queue.SlipFailed:
			if h.dice.chance(h.o.Habits.Reprint) {
				h.after(h.dice.between(time.Minute, 10*time.Minute), deed{kind: citizenReprint, turn: uint64(e.Ticket)})
			}
		}
	}
}

// count notes what does not happen every day.
func (h *hall) count(r queue.Record) {
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		h.sometime(SettingsChanged, r.Seq > 1)
	case queue.DayOpened:
		h.sometime(DayReopened, e.Next != nil)
	case queue.ClockStepped:
		h.sometimes[ClockSetForward]++
	case queue.TicketIssued:
		h.sometime(SeriesWrapped, h.wrapped(e))
		h.sometime(AppointmentEarly, e.Due.After(r.At))
	case queue.TicketCalled:
		h.sometime(CalledOutOfOrder, e.Reason != "")
		t := h.view.Ticket(e.Ticket)
		h.sometime(WaitedPastCap, t != nil && r.At.Sub(t.Due) >= h.view.Settings().Rule.Cap.Duration())
	case queue.TicketReturned:
		h.sometime(ReturnedByClerk, e.Counter != "")
		t := h.view.Ticket(e.Ticket)
		h.sometime(NoShowReturned, t != nil && t.Returned)
	case queue.TicketParked:
		h.sometimes[Parked]++
	case queue.TicketTransferred:
		h.sometime(TransferredToCounter, e.To != "")
		h.sometime(TransferredToService, e.To == "")
	case queue.TicketReclassified:
		h.sometimes[Reclassified]++
	case queue.TicketClosed:
		h.sometime(Cancelled, e.End == queue.EndCancelled)
		h.sometime(SlipVoided, e.Reason == "slip unknown")
		h.sometime(DayClosedWithWaiting, e.End == queue.EndExpired && e.Counter == "")
		h.sometime(DayForcedWithCitizen, e.End == queue.EndExpired && e.Counter != "")
	case queue.SlipRequested:
		h.sometime(SlipCopied, e.Copy)
		h.sometime(SlipReprinted, !e.Copy)
	case queue.SlipSent:
		h.sometimes[SlipSent]++
	case queue.SlipUnknown:
		h.sometimes[SlipUnknown]++
	}
}

// wrapped reports whether a series has begun anew today: the number is lower than
// that of an older ticket.
func (h *hall) wrapped(e queue.TicketIssued) bool {
	for _, s := range h.view.Settings().Series {
		if s.ID == e.Series && e.Ordinal == s.First {
			for t := range h.view.Tickets() {
				if t.Series == e.Series && t.ID < e.Ticket {
					return true
				}
			}
		}
	}
	return false
}
