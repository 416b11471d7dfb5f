// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// TestPromisesOutliveTheDaemon: what was told is kept and judged, and a forecast after a restart
// knows how good the earlier ones were.
func TestPromisesOutliveTheDaemon(t *testing.T) {
	dir := t.TempDir()
	week(t, dir)
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		pass(time.Until(at(8, 0)))
		e, err := queue.Open(t.Context(), s, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		after := e.View().Seq()
		ctx, stop := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { _ = e.Run(ctx) })
		defer func() { stop(); run.Wait() }()
		synctest.Wait()
		do := func(c queue.Command) {
			t.Helper()
			if _, err := e.Do(ctx, queue.Actor{Role: queue.RoleSystem, ID: "test"}, c); err != nil {
				t.Fatal(err)
			}
		}
		seen := func() queue.Revision {
			status, _ := e.View().Counter("c1")
			return status.Seen
		}
		waits, end := begin(t, e, s)
		do(queue.OpenDay{Clock: time.Now()})
		do(queue.OpenCounter{Counter: "c1", Seen: seen()})
		for range 6 {
			do(queue.IssueTicket{Service: "certificates", Channel: queue.ChannelKiosk})
			synctest.Wait()
		}
		called := 0
		for range 5 { // slower than ever
			do(queue.CallNext{Counter: "c1", Seen: seen()})
			do(queue.Start{Counter: "c1", Seen: seen()})
			called++
			pass(35 * time.Minute)
			do(queue.IssueTicket{Service: "certificates", Channel: queue.ChannelKiosk})
			do(queue.Finish{Counter: "c1", Seen: seen()})
		}
		synctest.Wait()
		made, open, err := s.Promises(ctx, after)
		if err != nil || len(made) != 11 || len(open) != len(made)-called {
			t.Errorf("%d promises of 11, %d without an outcome, %v", len(made), len(open), err)
		}
		for _, p := range made {
			if p.Channel != "kiosk" || !p.At.After(at(7, 59)) {
				t.Errorf("promise %+v", p)
			}
		}
		rows, err := s.Quality(ctx, "2026-11-23", "2026-11-23")
		var all forecast.Score
		for _, r := range rows {
			all.Join(r.Score)
			if r.Band != 16 || r.Service != "certificates" {
				t.Errorf("row %+v", r)
			}
		}
		if err != nil || all.N != 4 || all.Above == 0 { // the first was called at once
			t.Errorf("%d judged, %+v, %v", all.N, all, err)
		}
		before := waits.Forecast().Now("certificates", "")
		end()
		waits, end = begin(t, e, s)
		same(t, before, waits.Forecast().Now("certificates", ""))
		end()
		if _, open, err := s.Promises(ctx, after); err != nil || len(open) != len(made)-called {
			t.Errorf("after a restart %d without an outcome, %v", len(open), err)
		}
		if again, err := s.Quality(ctx, "2026-11-23", "2026-11-23"); err != nil || len(again) != len(rows) || again[0] != rows[0] {
			t.Errorf("after a restart %v, %v, want %v", again, err, rows)
		}
		if before.P90-before.P50 <= (before.Raw.P90-before.Raw.P50)*11/10 {
			t.Errorf("the forecast has not learned that it was too short: %+v", before)
		}
	})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// begin starts what tells waits; end stops it.
func begin(t *testing.T, e *queue.Engine, s *store.Store) (w *app.Waits, end func()) {
	w = app.NewWaits(e, s, prometheus.NewPedanticRegistry())
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return w, func() { stop(); run.Wait() }
}

func same(t *testing.T, a, b forecast.Wait) {
	t.Helper()
	const close = 100 * time.Millisecond
	if !a.Known() || !b.Known() || (a.P10-b.P10).Abs() > close || (a.P50-b.P50).Abs() > close || (a.P90-b.P90).Abs() > close || a.Raw != b.Raw {
		t.Errorf("a forecast is\n%+v, after a restart\n%+v", a, b)
	}
}
