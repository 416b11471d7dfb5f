// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// goOn makes a staged backup the journal that follows the one in dir.
func goOn(ctx context.Context, dir, staging string, o RestoreOptions, done *Restored) (err error) {
	former := readable(ctx, dir)
	if former != nil {
		done.Former = true
		defer func() { err = errors.Join(err, former.Close()) }()
	}
	s, err := Open(ctx, Options{Dir: staging})
	if err != nil {
		return err
	}
	if former != nil {
		err = s.keepBeside(former)
	}
	if err == nil && o.Gap != 0 {
		done.Numbers, err = s.skip(ctx, former, o)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	log, err := os.Stat(filepath.Join(staging, fileName+"-wal"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() == 0 {
		return nil
	}
	return errors.Join(err, errors.New("its log could not be moved into the file"))
}

// readable opens the journal of a directory if all of it can be read and its format is the present
// one, else it returns nil.
func readable(ctx context.Context, dir string) *Store {
	s, err := Open(ctx, Options{Dir: dir, ReadOnly: true})
	if err != nil {
		return nil
	}
	if err := s.Check(ctx); err != nil {
		_ = s.Close() // it is damaged: nothing is taken from it
		return nil
	}
	return s
}

// beside are the tables that are about no ticket and follow from no event. A restore does not take them
// back: who was shut out stays out, and what was done stands in the audit.
func beside() []string {
	return []string{"accounts", "audit", "fleet", "device", "votes", "ballots", "configurations"}
}

// keepBeside takes over what stands beside the events of another journal of the same format.
func (s *Store) keepBeside(from *Store) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	if _, err := w.conn.Exec("ATTACH DATABASE ? AS former", []driver.Value{dsn(from.options.file().path, "ro", "")}); err != nil {
		return fmt.Errorf("read the former journal: %w", err)
	}
	return w.transact(func() error {
		for _, table := range beside() {
			if _, err := w.conn.Exec("DELETE FROM main."+table+"; INSERT INTO main."+table+" SELECT * FROM former."+table, nil); err != nil {
				return fmt.Errorf("keep %s: %w", table, err)
			}
		}
		return nil
	})
}

// skip lets the series go on behind all numbers that may have been given today.
func (s *Store) skip(ctx context.Context, former *Store, o RestoreOptions) ([]string, error) {
	w, err := queue.OpenWriter(ctx, s)
	if err != nil {
		return nil, err
	}
	at := o.Now
	if at.IsZero() {
		at = time.Now()
	}
	at = at.UTC()
	if newest := w.View().At(); at.Before(newest) {
		at = newest
	}
	settings := w.View().Settings()
	if settings == nil {
		return nil, nil
	}
	given, known := map[queue.SeriesID]int{}, false
	if former != nil && o.Gap == GapKnown {
		if given, known, err = givenIn(ctx, former, settings.Office, at); err != nil {
			return nil, err
		}
	}
	command, printed := queue.SkipNumbers{Next: map[queue.SeriesID]int{}}, []string{}
	next := w.View().NextNumbers(at)
	for _, r := range settings.Series {
		n, ok := next[r.ID]
		if !ok {
			continue
		}
		to := given[r.ID]
		if !known {
			to = behind(n, r.Last, o.Gap)
		}
		if to = min(to, r.Last); to > n {
			command.Next[r.ID] = to
			printed = append(printed, r.Print(to))
		}
	}
	if len(printed) == 0 {
		return nil, nil
	}
	by := queue.Actor{Role: queue.RoleSystem, ID: "restore"}
	results, _ := w.Write(ctx, at, []queue.Request{{By: by, Command: command}})
	return printed, results[0].Err
}

// givenIn returns the numbers that come next in a journal; known is false if it is another office's.
func givenIn(ctx context.Context, s *Store, office queue.OfficeID, at time.Time) (next map[queue.SeriesID]int, known bool, err error) {
	w, err := queue.OpenWriter(ctx, s)
	if err != nil {
		return nil, false, err
	}
	settings := w.View().Settings()
	if settings == nil || settings.Office != office {
		return nil, false, nil
	}
	return w.View().NextNumbers(at), true, nil
}

// behind returns a round number behind a gap. Where a series is too short for it, half of what is left
// is left out.
func behind(next, last int, gap Gap) int {
	if gap == GapKnown {
		gap = GapUnknown
	}
	if n := (next-1+int(gap)+99)/100*100 + 1; n <= last {
		return n
	}
	return next + (last-next+1)/2
}
