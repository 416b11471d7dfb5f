// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"reflect"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// Ticket is a citizen's place in the queue. Times are UTC.
type Ticket struct {
	ID       queue.TicketID  `json:"id"`
	Number   string          `json:"number" doc:"As printed"`
	Service  queue.ServiceID `json:"service"`
	Group    queue.GroupID   `json:"group"`
	Class    queue.ClassID   `json:"class"`
	Channel  queue.Channel   `json:"channel" enum:"kiosk,counter,api,appointment"`
	Language string          `json:"language"`
	Status   string          `json:"status" enum:"waiting,called,serving,parked,ended"`
	Issued   time.Time       `json:"issued_at"`
	Slot     time.Time       `json:"slot,omitzero" required:"false" doc:"Of an appointment"`
	Since    time.Time       `json:"waiting_since" doc:"What the wait counts from"`
	Counter  queue.CounterID `json:"counter,omitempty" doc:"In whose hands it is, or was when it ended"`
	To       queue.CounterID `json:"to,omitempty" doc:"The only counter that may call it"`
	Calls    int             `json:"calls,omitempty" doc:"Since it last waited"`
	Called   time.Time       `json:"called_at,omitzero" required:"false"`
	Started  time.Time       `json:"started_at,omitzero" required:"false"`
	Closed   time.Time       `json:"closed_at,omitzero" required:"false"`
	End      queue.End       `json:"end,omitempty" enum:"served,no_show,cancelled,expired,void"`
	Paper    Paper           `json:"paper"`
	Expected *Expected       `json:"expected,omitempty" doc:"How long it still waits; only where one ticket is asked for, while it waits"`
}

// Paper is what is known of a ticket's slip.
type Paper struct {
	Outcome Outcome `json:"outcome" enum:"none,pending,printed,sent,failed,unknown" doc:"none: no paper was asked for; sent: the printer never says whether it printed; failed: nothing came out; unknown: nobody knows"`
	Attempt int     `json:"attempt,omitempty"`
	Copy    bool    `json:"copy,omitempty" doc:"The newest paper is marked as a copy"`
	Printer string  `json:"printer,omitempty" doc:"That was asked for the newest paper"`
}

// Outcome is what became of a paper: none, or a queue.SlipResult.
type Outcome string

// Counter is what a counter does.
type Counter struct {
	ID      queue.CounterID `json:"id"`
	Label   string          `json:"label" doc:"What displays show"`
	State   string          `json:"state" enum:"closed,open,paused"`
	Reason  string          `json:"reason,omitempty" doc:"Of a pause"`
	Until   time.Time       `json:"until,omitzero" required:"false" doc:"Expected end of a pause"`
	Since   time.Time       `json:"since,omitzero" required:"false" doc:"When the state began"`
	Seen    queue.Revision  `json:"seen" doc:"What the next command at this counter must carry"`
	Waiting int             `json:"waiting" doc:"Tickets that it may call"`
	Ticket  *Ticket         `json:"ticket,omitempty" doc:"In its hands"`
	Undo    time.Time       `json:"undo_until,omitzero" required:"false" doc:"Until when undo takes the newest step back; left out: there is none"`
}

func ticketOf(v *queue.View, t *queue.Ticket) *Ticket {
	if t == nil {
		return nil
	}
	service, _ := v.Service(t.Service)
	out := &Ticket{
		ID: t.ID, Number: t.Number, Service: t.Service, Group: service.Group, Class: t.Class,
		Channel: t.Channel, Language: t.Language, Status: t.Status.String(),
		Issued: t.Issued, Slot: t.Slot, Since: t.Since, Counter: t.Counter, To: t.To,
		Calls: t.Calls, Called: t.CalledAt, Started: t.Started, Closed: t.Closed, End: t.End,
		Paper: Paper{Outcome: "none", Attempt: t.Slip.Attempt, Copy: t.Slip.Copy, Printer: t.Slip.Printer},
	}
	if t.Slip.Result != "" {
		out.Paper.Outcome = Outcome(t.Slip.Result)
	}
	return out
}

// issuedTicket returns the ticket that an event issued: as it is now, or, if its
// day is over, what is known of it for ever.
func issuedTicket(v *queue.View, at time.Time, e queue.TicketIssued) *Ticket {
	if t := v.Ticket(e.Ticket); t != nil {
		return ticketOf(v, t)
	}
	service, _ := v.Service(e.Service)
	t := &Ticket{
		ID: e.Ticket, Number: e.Number, Service: e.Service, Group: service.Group, Class: e.Class,
		Channel: e.Channel, Language: e.Language, Status: queue.Ended.String(),
		Issued: at, Slot: e.Slot, Since: at, Paper: Paper{Outcome: "none"},
	}
	if e.Printer != "" {
		t.Paper = Paper{Outcome: Outcome(queue.SlipResultUnknown), Attempt: 1, Printer: e.Printer}
	}
	return t
}

func counterOf(v *queue.View, c queue.CounterStatus, label string) Counter {
	undo, _ := v.Undoable(c.ID, v.At())
	return Counter{
		ID: c.ID, Label: label, State: c.State.String(), Reason: c.Reason, Until: c.Until, Since: c.Since,
		Seen: c.Seen, Waiting: display.ServedBy(v, c.ID), Ticket: ticketOf(v, v.Ticket(c.Ticket)), Undo: undo,
	}
}

func counterByID(v *queue.View, id queue.CounterID) (Counter, bool) {
	c, ok := v.Counter(id)
	if !ok {
		return Counter{}, false
	}
	for _, x := range v.Settings().Counters {
		if x.ID == id {
			return counterOf(v, c, x.Label), true
		}
	}
	return Counter{}, false
}

func allCounters(v *queue.View) []Counter {
	out := []Counter{}
	i := 0
	for c := range v.Counters() {
		out = append(out, counterOf(v, c, v.Settings().Counters[i].Label))
		i++
	}
	return out
}
