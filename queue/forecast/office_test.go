// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// hall is an office at work that a learner follows.
type hall struct {
	t       rapid.TB
	state   queue.State
	at      time.Time
	records []queue.Record
	learner *forecast.Learner
	due     []forecast.Outcome
	called  int // of the visitors of a theory
}

// newHall returns an office on a Monday at eight, with the day open.
func newHall(t rapid.TB, s queue.Settings) *hall {
	t.Helper()
	h := &hall{t: t, at: queuetest.Monday(), learner: forecast.NewLearner(forecast.Priors{})}
	h.do(queue.ChangeSettings{Settings: s}, queue.OpenDay{Clock: h.at})
	return h
}

func (h *hall) view() *queue.View { return h.state.View() }

func (h *hall) wait(d time.Duration) { h.at = h.at.Add(d) }

// do gives commands that must be granted, with the counters' present revisions.
func (h *hall) do(commands ...queue.Command) {
	h.t.Helper()
	for _, c := range commands {
		if err := h.ask(c); err != nil {
			h.t.Fatalf("%T%+v: %v", c, c, err)
		}
	}
}

func (h *hall) ask(c queue.Command) error {
	seen := func(id queue.CounterID) queue.Revision {
		status, _ := h.view().Counter(id)
		return status.Seen
	}
	switch x := c.(type) {
	case queue.OpenCounter:
		x.Seen = seen(x.Counter)
		c = x
	case queue.PauseCounter:
		x.Seen = seen(x.Counter)
		c = x
	case queue.CloseCounter:
		x.Seen = seen(x.Counter)
		c = x
	case queue.CallNext:
		x.Seen = seen(x.Counter)
		c = x
	case queue.Start:
		x.Seen = seen(x.Counter)
		c = x
	case queue.Finish:
		x.Seen = seen(x.Counter)
		c = x
	case queue.GiveUp:
		x.Seen = seen(x.Counter)
		c = x
	case queue.Park:
		x.Seen = seen(x.Counter)
		c = x
	case queue.Transfer:
		x.Seen = seen(x.Counter)
		c = x
	default:
	}
	events, err := h.state.Decide(h.at, queue.Actor{Role: queue.RoleSystem}, c)
	for _, e := range events {
		r := queue.Record{Seq: h.view().Seq() + 1, At: h.at, Event: e}
		h.state.Apply(r)
		h.records = append(h.records, r)
		if due, ok := h.learner.Apply(r); ok {
			h.due = append(h.due, due)
		}
	}
	return err
}

func (h *hall) issue(s queue.ServiceID, c queue.ClassID) *queue.Ticket {
	h.t.Helper()
	h.do(queue.IssueTicket{Service: s, Class: c})
	return h.view().Ticket(queue.TicketID(h.view().Seq()))
}

// serve calls at a counter and finishes after a time; the counter then rests.
func (h *hall) serve(c queue.CounterID, long, rest time.Duration) {
	h.t.Helper()
	h.do(queue.CallNext{Counter: c})
	h.wait(long)
	h.do(queue.Finish{Counter: c})
	h.wait(rest)
}

func (h *hall) forecast(f *forecast.Forecaster) *forecast.Forecast {
	return f.Forecast(h.view(), h.at, h.learner, nil)
}

// crowd is an office of counters that serve everything, some of them busy, in which
// people wait: what a full refresh is measured on.
func crowd(tb testing.TB, preset queue.Preset, counters, waiting int) *hall {
	tb.Helper()
	s := queuetest.Counters(queuetest.Office(preset), counters-3)
	s.Series[0].Last, s.Series[1].Last = 999, 99
	h := newHall(tb, s)
	names := []queue.ServiceID{"papers", "taxes", "cards"}
	for day := range 6 { // something to learn from
		h.at = queuetest.Monday().Add(time.Duration(24*day) * time.Hour)
		if day > 0 {
			h.do(queue.OpenDay{Clock: h.at})
		}
		for _, c := range s.Counters {
			h.do(queue.OpenCounter{Counter: c.ID})
		}
		for i := range 40 {
			h.issue(names[i%3], s.Classes[i%7%3].ID)
			h.issue(names[i%3], "")
			c := s.Counters[3+i%(counters-3)].ID
			h.serve(c, time.Duration(60+i*37%900)*time.Second, time.Duration(10+i%30)*time.Second)
			h.serve(c, time.Duration(30+i*53%600)*time.Second, time.Duration(10+i%30)*time.Second)
		}
		h.do(queue.CloseDay{})
	}
	h.at = queuetest.Monday().Add(7 * 24 * time.Hour)
	h.do(queue.OpenDay{Clock: h.at})
	for _, c := range s.Counters {
		h.do(queue.OpenCounter{Counter: c.ID})
	}
	for i := range waiting + counters {
		h.issue(names[i%3], s.Classes[i%7%3].ID)
		h.wait(20 * time.Second)
	}
	for _, c := range s.Counters {
		h.do(queue.CallNext{Counter: c.ID}, queue.Start{Counter: c.ID})
		h.wait(15 * time.Second)
	}
	n := 0
	for range h.view().Waiting() {
		n++
	}
	if n != waiting {
		tb.Fatalf("%d wait, want %d", n, waiting)
	}
	return h
}

func BenchmarkForecast(b *testing.B) {
	for _, preset := range []queue.Preset{queue.PresetFIFO, queue.PresetTargets, queue.PresetOwnClass} {
		h := crowd(b, preset, 14, 60)
		b.Run(string(preset), func(b *testing.B) {
			f := forecast.New(forecast.Options{})
			b.ReportAllocs()
			for b.Loop() {
				h.forecast(f)
			}
		})
	}
}
