// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// crowded returns an office of 16 open counters for which many wait.
func crowded(t testing.TB, waiting int) (*hall, []queue.CounterID) {
	t.Helper()
	s := queuetest.Counters(queuetest.Office(queue.PresetTargets), 16)
	s.Counters = s.Counters[len(s.Counters)-16:]
	s.FinishOnNext = true
	s.Series[0].Width, s.Series[0].Last = 4, 9999
	h := openHall(t, s)
	ids := make([]queue.CounterID, 0, 16)
	for _, c := range s.Counters {
		h.do(queue.OpenCounter{Counter: c.ID})
		ids = append(ids, c.ID)
	}
	classes := []queue.ClassID{"normal", "normal", "normal", "priority", "slow"}
	for i := range waiting {
		h.wait(time.Second / 2)
		h.do(queue.IssueTicket{Service: []queue.ServiceID{"papers", "taxes"}[i%2], Class: classes[i%5]})
	}
	return h, ids
}

// TestSixteenCountersFiveThousandTickets: 16 counters that call at the same instant,
// again and again, call every one of 5,000 waiting tickets exactly once.
func TestSixteenCountersFiveThousandTickets(t *testing.T) {
	const tickets = 5000
	h, counters := crowded(t, tickets)
	e, err := queue.Open(t.Context(), h.journal, queue.Options{Now: func() time.Time { return h.at }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() { stopped <- e.Run(ctx) }()

	var (
		wg    sync.WaitGroup
		begin = make(chan struct{})
		calls = make([][]queue.TicketID, len(counters))
	)
	for i, id := range counters {
		wg.Go(func() {
			<-begin
			for press := 0; ; press++ {
				status, _ := e.View().Counter(id)
				by := queue.Actor{Role: queue.RoleCounter, ID: string(id), Request: queue.RequestID(fmt.Sprint(id, "/", press))}
				records, err := e.Do(ctx, by, queue.CallNext{Counter: id, Seen: status.Seen})
				if r, ok := errors.AsType[*queue.Refusal](err); ok && r.Code == queue.RefusedNobody {
					return
				} else if err != nil {
					t.Errorf("counter %s: %v", id, err)
					return
				}
				if called, ok := records[len(records)-1].Event.(queue.TicketCalled); ok {
					calls[i] = append(calls[i], called.Ticket)
				}
			}
		})
	}
	close(begin)
	wg.Wait()
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}

	caller := map[queue.TicketID]queue.CounterID{}
	for i, ids := range calls {
		for _, id := range ids {
			if other, twice := caller[id]; twice {
				t.Errorf("ticket %d is called to %s and to %s", id, other, counters[i])
			}
			caller[id] = counters[i]
		}
	}
	if len(caller) != tickets {
		t.Errorf("%d of %d tickets were called", len(caller), tickets)
	}
	for ticket := range e.View().Tickets() {
		if ticket.End != queue.EndServed || ticket.Counter != caller[ticket.ID] {
			t.Errorf("ticket %s: %v at %q, called to %q", ticket.Number, ticket.Status, ticket.Counter, caller[ticket.ID])
		}
	}
	if err := queuetest.Replayed(t.Context(), h.journal, e.View()); err != nil {
		t.Error(err)
	}
}

// bench decides a command and applies what follows, again and again on the same
// state: all that a command costs but the disk.
func bench(b *testing.B, h *hall, c queue.Command) {
	b.Helper()
	var start queue.State
	for r, err := range h.journal.Records(b.Context(), 0) {
		if err != nil {
			b.Fatal(err)
		}
		start.Apply(r)
	}
	c = fresh(start.View(), c)
	b.ReportAllocs()
	for b.Loop() {
		s := start
		events, err := s.Decide(h.at, manager(), c)
		if err != nil {
			b.Fatal(err)
		}
		for i, e := range events {
			s.Apply(queue.Record{Seq: start.View().Seq() + queue.Seq(i) + 1, At: h.at, Event: e})
		}
	}
}

func BenchmarkCallNext(b *testing.B) {
	h, counters := crowded(b, 5000)
	bench(b, h, queue.CallNext{Counter: counters[0]})
}

func BenchmarkIssue(b *testing.B) {
	h, _ := crowded(b, 5000)
	bench(b, h, queue.IssueTicket{Service: "papers", Printer: "hall"})
}
