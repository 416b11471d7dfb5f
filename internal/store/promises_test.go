// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// told is a promise of some minutes.
func told(id queue.TicketID, minutes int) store.Promise {
	p := func(percent int) time.Duration { return time.Duration(percent*minutes) * time.Minute / 50 }
	said := forecast.Percentiles{P05: p(5), P10: p(10), P50: p(50), P80: p(80), P90: p(90)}
	return store.Promise{
		Ticket: id, At: time.Date(2026, 11, 23, 8, 0, int(id), 0, time.UTC), Channel: "slip",
		Wait: forecast.Wait{P05: said.P05, P10: said.P10, P50: 2 * said.P50, P80: said.P80 + said.P50, P90: said.P90 + said.P50, Raw: said},
	}
}

// became is what became of a promise.
func became(p store.Promise, actual time.Duration, service queue.ServiceID, band int) store.Outcome {
	o := store.Outcome{Ticket: p.Ticket, Actual: actual, Quality: store.QualityRow{Date: "2026-11-23", Service: service, Band: band}}
	o.Quality.Score.Add(p.Wait, actual)
	return o
}

// TestPromises keeps promises and judges them, across restarts: each counts once.
func TestPromises(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 3)
	a, b, c := told(11, 10), told(12, 20), told(13, 30)
	keep := func(made []store.Promise, due ...store.Outcome) {
		t.Helper()
		if err := s.KeepPromises(t.Context(), made, due); err != nil {
			t.Fatal(err)
		}
	}
	keep([]store.Promise{a, b})
	keep([]store.Promise{told(11, 99), c}, became(a, 21*time.Minute, "papers", 16))
	keep(nil, became(a, time.Hour, "papers", 16), became(b, 30*time.Minute, "papers", 16), became(c, time.Minute, "cards", 17))
	quiet := told(14, 1)
	keep([]store.Promise{quiet, told(15, 1)}, store.Outcome{Ticket: quiet.Ticket, Actual: time.Second})
	keep(nil)

	store.FailCommits(s, true)
	if err := s.KeepPromises(t.Context(), []store.Promise{told(16, 5)}, nil); err == nil {
		t.Error("kept, although nothing can be committed")
	}
	store.FailCommits(s, false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.KeepPromises(t.Context(), []store.Promise{a}, nil); !errors.Is(err, store.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}

	s = open(t, store.Options{Dir: dir})
	made, due, err := s.Promises(t.Context(), 11)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[queue.TicketID]store.Promise{12: b, 13: c, 14: quiet, 15: told(15, 1)}, made); d != "" {
		t.Errorf("promises behind 11 (-want +got):\n%s", d)
	}
	if d := cmp.Diff(map[queue.TicketID]bool{15: true}, due); d != "" {
		t.Errorf("without an outcome (-want +got):\n%s", d)
	}
	papers := became(a, 21*time.Minute, "papers", 16).Quality
	papers.Score.Join(became(b, 30*time.Minute, "papers", 16).Quality.Score)
	want := []store.QualityRow{became(c, time.Minute, "cards", 17).Quality, papers}
	for dates, want := range map[[2]queue.Date][]store.QualityRow{
		{"2026-11-23", "2026-11-23"}: want, {"2025-01-01", "2027-01-01"}: want, {"2026-11-24", "2026-11-30"}: nil,
	} {
		got, err := s.Quality(t.Context(), dates[0], dates[1])
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v (-want +got):\n%s", dates, d)
		}
	}
	if papers.Score.N != 2 || papers.Score.MAE() != 5*time.Minute+30*time.Second {
		t.Errorf("score %+v", papers.Score)
	}
}
