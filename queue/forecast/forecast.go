// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"iter"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Forecast is what can be said of an office at one moment. It never changes.
type Forecast struct {
	At      time.Time
	Closing time.Time // end of the day's opening; zero when the day is not open

	settings *queue.Settings
	ids      []queue.TicketID // of those that wait, in their order
	waits    []Wait
	kinds    [][]int // by class, service
	now      []Wait  // of somebody who comes at At, by kind
	shut     bool
}

// Ticket returns the wait of a ticket.
func (f *Forecast) Ticket(id queue.TicketID) Wait {
	if i, ok := slices.BinarySearch(f.ids, id); ok {
		return f.waits[i]
	}
	return Wait{Unknown: UnknownNotWaiting}
}

// Now returns the wait of a walk-in who takes a ticket at this moment. Class "" is the
// office's first.
func (f *Forecast) Now(service queue.ServiceID, class queue.ClassID) Wait {
	if f.shut {
		return Wait{Unknown: UnknownClosed}
	}
	s := slices.IndexFunc(f.settings.Services, func(x queue.Service) bool { return x.ID == service })
	c := slices.IndexFunc(f.settings.Classes, func(x queue.Class) bool { return x.ID == class })
	if class == "" {
		c = 0
	}
	if s < 0 || c < 0 {
		return Wait{Unknown: UnknownService}
	}
	return f.now[f.kinds[c][s]]
}

// Of returns the wait of a ticket that waits, also of one that was issued only after
// the forecast.
func (f *Forecast) Of(t *queue.Ticket) Wait {
	if w := f.Ticket(t.ID); w.Known() || t.Status != queue.Waiting || t.Issued.Before(f.At) {
		return w
	}
	return f.Now(t.Service, t.Class)
}

// Waits yields the tickets that wait, in the order of issue.
func (f *Forecast) Waits() iter.Seq2[queue.TicketID, Wait] {
	return func(yield func(queue.TicketID, Wait) bool) {
		for i, id := range f.ids {
			if !yield(id, f.waits[i]) {
				return
			}
		}
	}
}
