// SPDX-License-Identifier: EUPL-1.2

package queue

import "slices"

// Firm passes records on once nothing can undo them any more, and leaves out what was
// undone, with the undoing: for those who count and cannot take back. What it passes on is
// a day on which nobody's hand slipped; places in the journal are missing from it. The zero
// value has seen nothing.
type Firm struct{ held []Record }

// Next takes in a record and returns those that are firm now, in order.
func (f *Firm) Next(r Record) []Record {
	switch e := r.Event.(type) {
	case CallUndone:
		f.drop(func(x Event) bool {
			c, ok := x.(TicketCalled)
			return ok && c.Ticket == e.Ticket && c.Counter == e.Counter
		})
	case StepUndone:
		f.drop(func(x Event) bool { return leaves(x, e.Ticket, e.Counter) })
	case SettingsChanged, DayOpened, DayClosed, ClockStepped: // behind these nothing is undone
		out := append(f.held, r)
		f.held = nil
		return out
	default:
		f.held = append(f.held, r)
	}
	n := slices.IndexFunc(f.held, func(x Record) bool { return r.At.Sub(x.At) <= UndoWithin })
	if n < 0 {
		n = len(f.held)
	}
	out := f.held[:n:n]
	f.held = f.held[n:] // what is passed on goes when the rest finds no room
	return out
}

// Held returns the records that could still be undone, in order.
func (f *Firm) Held() []Record { return slices.Clone(f.held) }

// drop forgets the newest record whose event it is.
func (f *Firm) drop(is func(Event) bool) {
	for i, x := range slices.Backward(f.held) {
		if is(x.Event) {
			f.held = slices.Delete(f.held, i, i+1)
			return
		}
	}
}

// leaves reports whether a ticket leaves a counter by an event.
func leaves(e Event, t TicketID, counter CounterID) bool {
	switch e := e.(type) {
	case TicketReturned:
		return e.Ticket == t && e.Counter == counter
	case TicketParked:
		return e.Ticket == t && e.Counter == counter
	case TicketTransferred:
		return e.Ticket == t && e.Counter == counter
	case TicketClosed:
		return e.Ticket == t && e.Counter == counter
	default:
		return false
	}
}
