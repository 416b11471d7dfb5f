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
func goOn(ctx context.Context, dir, staging string, o RestoreOptions, done *Restored) error {
	s, err := Open(ctx, Options{Dir: staging})
	if err != nil {
		return err
	}
	if err := errors.Join(s.follow(ctx, dir, o, done), s.Close()); err != nil {
		return err
	}
	log, err := os.Stat(filepath.Join(staging, fileName+"-wal"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && log.Size() == 0 {
		return nil
	}
	return errors.Join(err, errors.New("its log could not be moved into the file"))
}

// follow takes over from the former journal in dir what does not go back with a backup.
func (s *Store) follow(ctx context.Context, dir string, o RestoreOptions, done *Restored) (err error) {
	f, err := s.formerIn(ctx, dir)
	if err != nil {
		return err
	}
	if f.Store != nil {
		defer func() { err = errors.Join(err, f.Close()) }()
		done.Former, done.Foreign = f.same, !f.same
		if f.options.name != "" {
			done.Kept = f.options.file().path
		}
	}
	if done.Former {
		if err := s.keepBeside(f.Store); err != nil {
			return err
		}
	}
	if o.Gap != 0 {
		done.Numbers, err = s.skip(ctx, f, o)
	}
	return err
}

// beside are the tables that are about no ticket and follow from no event. A restore does not take them
// back: who was shut out stays out, and what was done stands in the audit.
func beside() []string {
	return []string{"accounts", "audit", "fleet", "device", "votes", "ballots", "configurations"}
}

// forgetBegun drops the evidence of a slip from what is known of printers: the ticket's id may be
// given again, and the slip of another ticket would be taken for its own.
const forgetBegun = `UPDATE main.device SET state = json_remove(state, '$.begun')
	WHERE CASE WHEN json_valid(state) THEN json_type(state, '$.begun') IS NOT NULL END`

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
		if _, err := w.conn.Exec(forgetBegun, nil); err != nil {
			return fmt.Errorf("forget the slips of tickets that are lost: %w", err)
		}
		return nil
	})
}

// skip lets the series go on behind all numbers that may have been given today.
func (s *Store) skip(ctx context.Context, f former, o RestoreOptions) ([]string, error) {
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
	if f.same && at.Before(f.newest) {
		at = f.newest // the clock is not set yet
	}
	settings := w.View().Settings()
	if settings == nil {
		return nil, nil
	}
	given, known, err := f.given(ctx, settings.Office, at)
	if err != nil {
		return nil, err
	}
	command, printed := queue.SkipNumbers{Next: map[queue.SeriesID]int{}}, []string{}
	next := w.View().NextNumbers(at)
	for _, r := range settings.Series {
		n, ok := next[r.ID]
		if !ok {
			continue
		}
		to := given[r.ID]
		if !known || o.Gap > 0 {
			to = max(to, behind(n, r.Last, o.Gap))
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
