// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"maps"
	"slices"
	"sync"

	"github.com/avanti-queue/avanti/queue"
)

// maxCalls is how many calls wait for a reader that is slow. Older ones are left
// out: the board that the reader fetches has them.
const maxCalls = 32

// signals gathers what happened since a reader last looked, so that a rush of
// records becomes few events.
type signals struct {
	ready chan struct{} // holds one token when there is something

	mu  sync.Mutex
	now news
}

// news is what happened.
type news struct {
	version  queue.Seq
	calls    []any // each a CallEvent or an UndoneEvent, in the order of the records
	board    bool
	office   bool
	counters map[queue.CounterID]bool
	failed   bool // nothing more will come
}

func newSignals(version queue.Seq) *signals {
	return &signals{ready: make(chan struct{}, 1), now: news{version: version}}
}

// take returns what happened since the last time.
func (s *signals) take() news {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.now
	s.now = news{version: out.version, failed: out.failed}
	return out
}

// version returns the newest record that was noted.
func (s *signals) version() queue.Seq {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.version
}

func (s *signals) fail() {
	s.mu.Lock()
	s.now.failed = true
	s.mu.Unlock()
	s.wake()
}

func (s *signals) wake() {
	select {
	case s.ready <- struct{}{}:
	default:
	}
}

// note takes in a record that the view knows.
func (s *signals) note(v *queue.View, r queue.Record) {
	s.mu.Lock()
	s.now.version = r.Seq
	seen := s.now.note(v, r)
	s.mu.Unlock()
	if seen {
		s.wake()
	}
}

// note reports whether the record is worth an event.
func (n *news) note(v *queue.View, r queue.Record) bool {
	switch e := r.Event.(type) {
	case queue.SettingsChanged, queue.DayOpened, queue.DayClosed:
		n.office = true
	case queue.CounterOpened:
		n.moved(e.Counter)
	case queue.CounterPaused:
		n.moved(e.Counter)
	case queue.CounterClosed:
		n.moved(e.Counter)
	case queue.TicketCalled:
		n.call(v, r, e.Ticket, e.Counter, 1)
	case queue.TicketRecalled:
		n.call(v, r, e.Ticket, e.Counter, e.Call)
	case queue.ServiceStarted:
		n.moved(e.Counter)
		n.board = true
	case queue.TicketReturned:
		n.moved(e.Counter)
		n.board = true
	case queue.TicketParked:
		n.moved(e.Counter)
		n.board = true
	case queue.TicketTransferred:
		n.moved(e.Counter)
		n.board = true
	case queue.TicketClosed:
		n.moved(e.Counter)
		n.board = true
	case queue.CallUndone:
		n.moved(e.Counter)
		n.board = true
		n.undo(r, e)
	case queue.StepUndone:
		n.moved(e.Counter)
		n.board = true
	case queue.TicketIssued, queue.TicketReclassified, queue.ClockStepped:
		n.board = true
	default:
		return false
	}
	return true
}

func (n *news) moved(id queue.CounterID) {
	if id == "" {
		return
	}
	if n.counters == nil {
		n.counters = map[queue.CounterID]bool{}
	}
	n.counters[id] = true
}

func (n *news) call(v *queue.View, r queue.Record, id queue.TicketID, counter queue.CounterID, count int) {
	n.moved(counter)
	n.board = true
	t := v.Ticket(id)
	if t == nil {
		return // its day is over: there is nobody to call
	}
	n.tell(CallEvent{
		Version: r.Seq, At: r.At, Key: callKey(id, r.At), Ticket: id, Number: t.Number, Counter: counter, Label: labelOf(v, counter), Count: count,
	})
}

// undo takes a call back: one that was not told yet is not told at all.
func (n *news) undo(r queue.Record, e queue.CallUndone) {
	n.calls = slices.DeleteFunc(n.calls, func(x any) bool {
		c, is := x.(CallEvent)
		return is && c.Ticket == e.Ticket
	})
	n.tell(UndoneEvent{Version: r.Seq, At: r.At, Ticket: e.Ticket, Counter: e.Counter})
}

func (n *news) tell(event any) {
	n.calls = append(n.calls, event)
	if len(n.calls) > maxCalls {
		n.calls = n.calls[1:]
	}
}

func (n *news) changed() []queue.CounterID { return slices.Sorted(maps.Keys(n.counters)) }

func labelOf(v *queue.View, id queue.CounterID) string {
	for _, c := range v.Settings().Counters {
		if c.ID == id {
			return c.Label
		}
	}
	return ""
}
