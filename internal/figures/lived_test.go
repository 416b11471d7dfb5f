// SPDX-License-Identifier: EUPL-1.2

package figures_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
	"github.com/avanti-queue/avanti/queue/stats"
)

// lived returns what happened in Piacenza from the first of January 2026 on.
func lived(t *testing.T, days int) []queue.Record {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "piacenza.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var j journal
	_, err = schedule.Run(t.Context(), schedule.Options{
		Settings: file.Settings(), Model: demand.After(), Seed: 6, Date: "2026-01-01", Days: days, Habits: schedule.Usual(), Storage: &j,
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []queue.Record
	for r, err := range j.Records(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// journal is a storage of schedules that can be read afterwards.
type journal struct{ queuetest.Memory }

func (j *journal) Open(context.Context) (queue.Journal, error) { return &j.Memory, nil }
func (j *journal) Crash() error                                { return nil }

// write appends records to the journal in a directory.
func write(t *testing.T, dir string, records []queue.Record) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for len(records) > 0 {
		var batch []queue.Entry
		for _, r := range records[:min(5000, len(records))] {
			batch = append(batch, queue.Entry{At: r.At, By: r.By, Event: r.Event})
		}
		if _, err := s.Append(t.Context(), records[0].Seq-1, batch); err != nil {
			t.Fatal(err)
		}
		records = records[len(batch):]
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// running runs tasks until stop, which waits for all of them; each tells ended its error.
func running(t *testing.T, tasks ...func(context.Context) error) (ended <-chan error, stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error, len(tasks))
	for _, task := range tasks {
		go func() { errs <- task(ctx) }()
	}
	return errs, func() {
		cancel()
		for range tasks {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	}
}

// kept lets a keeper read the whole journal of a store and returns the days.
func kept(t *testing.T, s *store.Store) []*stats.Day {
	t.Helper()
	engine, err := queue.Open(t.Context(), s, queue.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	k := figures.New(engine, s)
	ended, stop := running(t, engine.Run, k.Run)
	defer stop()
	for !k.Current() {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	var days []*stats.Day
	for d, err := range k.Days(t.Context(), "2026-01-01", "2026-12-31") {
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, d.Clone())
	}
	return days
}

// keptIn opens the journal in a directory, lets a keeper read it and closes it again.
func keptIn(t *testing.T, dir string) []*stats.Day {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	return kept(t, s)
}
