// SPDX-License-Identifier: EUPL-1.2

package display

import (
	"cmp"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Board is what a hall reads, as of one view.
type Board struct {
	Version queue.Seq    `json:"version"`           // the newest record that the board knows
	At      time.Time    `json:"at"`                // of that record, UTC; zero before the first
	Date    queue.Date   `json:"date"`              // the newest day, "" before the first one
	DayOpen bool         `json:"day_open"`          // the day has been opened and not closed
	Issuing bool         `json:"issuing"`           // the office's hours give tickets at At
	Opens   time.Time    `json:"opens_at,omitzero"` // when they do next, if not at At and within a year
	Calls   []Call       `json:"calls"`             // those who are called or served, newest call first
	Waiting int          `json:"waiting"`           // tickets that wait for a call
	Groups  []GroupQueue `json:"groups"`            // all of the settings, in their order
}

// Call is a citizen who is to go to a counter or stands there.
type Call struct {
	Ticket  queue.TicketID  `json:"ticket"`
	Number  string          `json:"number"` // as printed
	Counter queue.CounterID `json:"counter"`
	Label   string          `json:"label"` // of the counter
	At      time.Time       `json:"called_at"`
	Count   int             `json:"calls"` // how often it was called since it last waited, 1 and up
	State   CallState       `json:"state"`
}

// CallState is how far a call has come.
type CallState string

// The states of a call.
const (
	Called  CallState = "called"  // on the way
	Serving CallState = "serving" // at the counter
)

// GroupQueue is who waits for a group of services.
type GroupQueue struct {
	ID       queue.GroupID  `json:"id"`
	Name     queue.Texts    `json:"name"`
	Waiting  int            `json:"waiting"`
	Oldest   time.Time      `json:"oldest,omitzero"` // from when the one who waits longest waits; zero: nobody
	Services []ServiceQueue `json:"services"`        // those with somebody waiting, in the order of the settings
}

// ServiceQueue is who waits for one service.
type ServiceQueue struct {
	ID      queue.ServiceID `json:"id"`
	Waiting int             `json:"waiting"` // above zero
	Oldest  time.Time       `json:"oldest"`
}

// NewBoard returns the board of a view with the newest calls, at most rows of
// them; with rows zero or less, all.
func NewBoard(v *queue.View, rows int) Board {
	b := Board{Version: v.Seq(), At: v.At(), Calls: calls(v, rows), Groups: []GroupQueue{}}
	b.Date, b.DayOpen = v.Day()
	s := v.Settings()
	if s == nil {
		return b
	}
	b.Issuing, b.Opens = s.Hours.Issuing(v.At().In(v.Zone()))
	if b.Issuing {
		b.Opens = time.Time{}
	}
	b.Opens = b.Opens.UTC()
	b.Groups = groups(v, s)
	for _, g := range b.Groups {
		b.Waiting += g.Waiting
	}
	return b
}

func calls(v *queue.View, rows int) []Call {
	out := []Call{}
	s := v.Settings()
	i := 0
	for c := range v.Counters() {
		if t := v.Ticket(c.Ticket); t != nil {
			call := Call{
				Ticket: t.ID, Number: t.Number, Counter: c.ID, Label: s.Counters[i].Label,
				At: t.LastCall, Count: t.Calls, State: Called,
			}
			if t.Status == queue.Serving {
				call.State = Serving
			}
			out = append(out, call)
		}
		i++
	}
	slices.SortFunc(out, func(a, b Call) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Ticket, a.Ticket))
	})
	if rows > 0 && len(out) > rows {
		out = out[:rows]
	}
	return out
}

func groups(v *queue.View, s *queue.Settings) []GroupQueue {
	services := make([]ServiceQueue, len(s.Services))
	place := make(map[queue.ServiceID]int, len(s.Services))
	for i, x := range s.Services {
		services[i].ID, place[x.ID] = x.ID, i
	}
	for t := range v.Waiting() {
		x := &services[place[t.Service]]
		x.Waiting++
		x.Oldest = earlier(x.Oldest, t.Since)
	}
	out := make([]GroupQueue, len(s.Groups))
	at := make(map[queue.GroupID]int, len(s.Groups))
	for i, g := range s.Groups {
		out[i], at[g.ID] = GroupQueue{ID: g.ID, Name: g.Name, Services: []ServiceQueue{}}, i
	}
	for i, x := range services {
		if x.Waiting == 0 {
			continue
		}
		g := &out[at[s.Services[i].Group]]
		g.Waiting += x.Waiting
		g.Oldest = earlier(g.Oldest, x.Oldest)
		g.Services = append(g.Services, x)
	}
	return out
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
