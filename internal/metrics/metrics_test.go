// SPDX-License-Identifier: EUPL-1.2

package metrics_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"iter"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/avanti-queue/avanti/internal/metrics"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

var update = flag.Bool("update", false, "write the golden exposition")

type hall struct {
	*queue.Engine
	t *testing.T
}

// open runs an office and its metrics, in a bubble.
func open(t *testing.T, r prometheus.Registerer) *hall {
	begin := time.Now()
	e, err := queue.Open(t.Context(), &queuetest.Memory{}, queue.Options{Now: func() time.Time {
		return queuetest.Monday().Add(2*time.Hour + time.Since(begin))
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := e.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	h := &hall{Engine: e, t: t}
	h.do(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)})
	h.do(queue.OpenDay{Clock: e.Now()})
	m := metrics.New(r)
	run.Go(func() {
		if err := m.Run(ctx, h); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait() // it follows now
	t.Cleanup(func() {
		cancel()
		run.Wait()
	})
	return h
}

func (h *hall) do(c queue.Command) queue.TicketID {
	h.t.Helper()
	records, err := h.Do(h.t.Context(), queue.Actor{Role: queue.RoleSystem, ID: "test"}, c)
	if err != nil {
		h.t.Fatalf("%T: %v", c, err)
	}
	return queue.TicketID(records[0].Seq)
}

func (h *hall) seen(id queue.CounterID) queue.Revision {
	c, _ := h.View().Counter(id)
	return c.Seen
}

func wait(d time.Duration) { <-time.After(d) } // of the bubble

// gather returns the exposition of all that is registered.
func gather(t *testing.T, r prometheus.Gatherer) string {
	t.Helper()
	synctest.Wait()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// One morning with everything in it, whose waits and service times are known.
func TestExposition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := prometheus.NewPedanticRegistry()
		h := open(t, r)
		h.do(queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
		h.do(queue.OpenCounter{Counter: "c2", Seen: h.seen("c2")})
		h.do(queue.IssueTicket{Service: "papers", Channel: queue.ChannelKiosk})
		h.do(queue.IssueTicket{Service: "papers", Class: "priority"})
		h.do(queue.IssueTicket{Service: "taxes", Channel: queue.ChannelCounter})
		h.do(queue.IssueTicket{Service: "cards"})
		gone := h.do(queue.IssueTicket{Service: "cards"})
		h.do(queue.Cancel{Ticket: gone})
		wait(10 * time.Minute)

		h.do(queue.CallNext{Counter: "c1", Seen: h.seen("c1")}) // waited 10 min
		wait(time.Minute)
		h.do(queue.Start{Counter: "c1", Seen: h.seen("c1")})
		wait(5 * time.Minute)
		h.do(queue.Finish{Counter: "c1", Seen: h.seen("c1")}) // 5 min of service

		h.do(queue.CallNext{Counter: "c1", Seen: h.seen("c1")}) // waited 16 min, never comes
		wait(time.Minute)
		h.do(queue.Recall{Counter: "c1", Seen: h.seen("c1")})
		wait(time.Minute)
		h.do(queue.GiveUp{Counter: "c1", Seen: h.seen("c1")})

		h.do(queue.CallNext{Counter: "c1", Seen: h.seen("c1")}) // waited 18 min, and is sent on without a start
		wait(2 * time.Minute)
		h.do(queue.Transfer{Counter: "c1", Service: "cards", Seen: h.seen("c1")}) // 2 min of service
		wait(10 * time.Minute)
		h.do(queue.CallNext{Counter: "c2", Seen: h.seen("c2")}) // the card: waited 30 min
		h.do(queue.Start{Counter: "c2", Seen: h.seen("c2")})
		wait(3 * time.Minute)
		h.do(queue.Park{Counter: "c2", Seen: h.seen("c2")})
		wait(time.Minute)
		h.do(queue.PauseCounter{Counter: "c2", Seen: h.seen("c2")})

		got := gather(t, r)
		if *update {
			if err := os.WriteFile("testdata/morning.prom", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile("testdata/morning.prom")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(golden), got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) > 0 {
			t.Errorf("lint: %v %v", problems, err)
		}
	})
}

// A process that starts in the middle of the day counts what comes, and the waits
// of those who were called before.
func TestStartInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, prometheus.NewRegistry())
		h.do(queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
		h.do(queue.IssueTicket{Service: "papers"})
		wait(4 * time.Minute)
		h.do(queue.CallNext{Counter: "c1", Seen: h.seen("c1")})

		r := prometheus.NewRegistry()
		late := metrics.New(r)
		if got := testutil.CollectAndCount(r, "avanti_waiting_tickets"); got != 0 {
			t.Errorf("%d gauges before there is an office", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan error)
		go func() { done <- late.Run(ctx, h) }()
		synctest.Wait()
		h.do(queue.Start{Counter: "c1", Seen: h.seen("c1")})
		synctest.Wait()
		if got := sum(t, r, "avanti_wait_seconds"); got != 240 {
			t.Errorf("sum of waits %v, want 240", got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// sum returns the sum of a histogram family over all its labels.
func sum(t *testing.T, g prometheus.Gatherer, name string) float64 {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				total += m.GetHistogram().GetSampleSum()
			}
		}
	}
	return total
}

// broken is an office whose journal cannot be read.
type broken struct{ *hall }

var errRead = errors.New("read error")

func (broken) Follow(context.Context, queue.Seq) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) { yield(queue.Record{}, errRead) }
}

func TestRunTellsOfTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, prometheus.NewRegistry())
		if err := metrics.New(prometheus.NewRegistry()).Run(t.Context(), broken{h}); !errors.Is(err, errRead) {
			t.Errorf("Run: %v, want the journal's error", err)
		}
	})
}
