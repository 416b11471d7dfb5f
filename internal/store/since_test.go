// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestSince finds what reading the whole journal finds.
func TestSince(t *testing.T) {
	for n := range 6 {
		dice := rand.New(rand.NewPCG(7, uint64(n)))
		s := open(t, store.Options{Dir: t.TempDir()})
		at := queuetest.Monday()
		var batch []queue.Entry
		for range 9 * n {
			at = at.Add(time.Duration(dice.IntN(4)) * time.Hour)
			batch = append(batch, queue.Entry{At: at, Event: []queue.Event{
				queue.SettingsChanged{Settings: queuetest.Office(queue.PresetFIFO)},
				queue.DayOpened{Date: queue.DateOf(at)},
				queue.DayOpened{Date: queue.DateOf(at)},
				queue.CounterOpened{Counter: "c1"},
				queue.CounterClosed{Counter: "c1"},
				queue.ClockStepped{By: 1},
			}[dice.IntN(6)]})
		}
		if len(batch) > 0 {
			if _, err := s.Append(t.Context(), 0, batch); err != nil {
				t.Fatal(err)
			}
		}
		for since := queuetest.Monday().Add(-time.Hour); since.Before(at.Add(2 * time.Hour)); since = since.Add(30 * time.Minute) {
			sinceHolds(t, s, since)
		}
	}
}

func sinceHolds(t *testing.T, s *store.Store, since time.Time) {
	t.Helper()
	settings, after, err := s.Since(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	records := all(t, s)
	want, wantSettings, got := queue.Seq(len(records)), queue.Seq(0), queue.Seq(0)
	for _, r := range records {
		if _, ok := r.Event.(queue.DayOpened); ok && !r.At.Before(since) {
			want = r.Seq - 1
			break
		}
	}
	for _, r := range records[:want] {
		if _, ok := r.Event.(queue.SettingsChanged); ok {
			wantSettings = r.Seq
		}
	}
	if len(settings) > 0 {
		got = settings[0].Seq
	}
	if after != want || got != wantSettings || len(settings) > 1 {
		t.Errorf("since %v: behind %d with settings %d, want %d and %d", since, after, got, want, wantSettings)
	}
}

// TestSinceInADamagedJournal says so, where it comes across the damage.
func TestSinceInADamagedJournal(t *testing.T) {
	s, end := filled(t, t.TempDir(), 20)
	store.Execute(t, s, "DROP TRIGGER event_no_delete")
	store.Execute(t, s, "DELETE FROM event WHERE seq = 12")
	if end != 22 {
		t.Fatalf("end %d", end)
	}
	if _, _, err := s.Since(t.Context(), queuetest.Monday()); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("%v", err)
	}
}
