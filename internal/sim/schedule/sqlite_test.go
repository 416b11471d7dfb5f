// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// TestSchedulesSQLite is the second rung: 200 office days on the real journal, which
// is cut off without being closed and opened from the files that are there.
func TestSchedulesSQLite(t *testing.T) {
	t.Parallel()
	piacenza := office(t, "piacenza")
	h := hunt{rung: "sqlite", days: 200, run: func(seed uint64, days int) (schedule.Result, error) {
		f := &files{root: fastDir(t)}
		o := rough(piacenza, seed, days)
		o.Storage = f
		result, err := schedule.Run(t.Context(), o)
		if err == nil {
			err = sameModels(t.Context(), f.store)
		}
		return result, errors.Join(err, f.close())
	}}
	h.start(t)
	for _, r := range []schedule.Rarity{schedule.AppendFailed, schedule.DiedUnstored, schedule.DiedStored, schedule.AnsweredAgainAfterRestart} {
		if h.sometimes[r] == 0 {
			t.Errorf("%v: it never came to that", r)
		}
	}
}

// fastDir returns a directory in memory where there is one: what is tested here is
// the order of things, not the disk.
func fastDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "avanti-schedule-") //nolint:usetesting // t.TempDir is on the disk
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// files is a [schedule.Storage] with the real store. A crash leaves the files as they
// are while the store is open: the next life begins with a copy of them.
type files struct {
	root  string
	life  int
	store *store.Store
}

func (f *files) dir(life int) string { return filepath.Join(f.root, fmt.Sprintf("life-%d", life)) }

func (f *files) Open(ctx context.Context) (queue.Journal, error) {
	s, err := store.Open(ctx, store.Options{Dir: f.dir(f.life)})
	f.store = s
	return s, err
}

func (f *files) Crash() error {
	from, to := f.dir(f.life), f.dir(f.life+1)
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"avanti.db", "avanti.db-wal"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o600); err != nil {
			return err
		}
	}
	f.life++
	return errors.Join(f.close(), os.RemoveAll(from))
}

func (f *files) close() error {
	if f.store == nil {
		return nil
	}
	err := f.store.Close()
	f.store = nil
	return err
}

// models are the read models of all days.
type models struct {
	Days     []store.DayRow
	Tickets  []store.TicketRow
	Counters []store.IntervalRow
}

// sameModels checks the other half of I9: the read models that were written with the
// records equal those that are made from the journal.
func sameModels(ctx context.Context, s *store.Store) error {
	live, err := modelsOf(ctx, s)
	if err != nil {
		return err
	}
	if err := s.Rebuild(ctx); err != nil {
		return err
	}
	rebuilt, err := modelsOf(ctx, s)
	if err != nil {
		return err
	}
	if d := cmp.Diff(live, rebuilt, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(store.DayRow{})); d != "" {
		return fmt.Errorf("I9: read models (-live +rebuilt):\n%s", d)
	}
	return s.Check(ctx)
}

func modelsOf(ctx context.Context, s *store.Store) (models, error) {
	const from, to = "2026-01-01", "2028-12-31"
	days, err := s.Days(ctx, from, to)
	if err != nil {
		return models{}, err
	}
	tickets, err := gather(s.Tickets(ctx, from, to))
	if err != nil {
		return models{}, err
	}
	counters, err := gather(s.Counters(ctx, from, to))
	return models{days, tickets, counters}, err
}

func gather[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}
