// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Since returns where to begin in order to know every day that opened at an instant or
// later: with settings, which were in force then, and from there on with the records
// behind after. There are no settings if the office had none before; if no day has opened
// since, after is the end of the journal. It takes a few dozen look-ups, however long the
// journal is: time never runs backwards in it, so the instant is found by halving.
func (s *Store) Since(ctx context.Context, at time.Time) (settings []queue.Record, after queue.Seq, err error) {
	end, err := s.read.count(ctx, "SELECT coalesce(max(seq), 0) FROM event")
	if err != nil {
		return nil, 0, s.read.explain("find the end of the journal", err)
	}
	first, err := s.read.firstAt(ctx, queue.Seq(end), at)
	if err != nil {
		return nil, 0, err
	}
	after = queue.Seq(end)
	err = s.read.opening.QueryRowContext(ctx, first).Scan(&first)
	switch {
	case errors.Is(err, sql.ErrNoRows): // the office has been closed since
	case err != nil:
		return nil, 0, s.read.explain("find the first day", err)
	default:
		after = first - 1
	}
	settings, err = s.read.some(ctx, s.read.settings, after+1)
	return settings, after, err
}

// firstAt returns the first record at an instant or later, that behind end if there is none.
func (r *reader) firstAt(ctx context.Context, end queue.Seq, at time.Time) (queue.Seq, error) {
	low, high := queue.Seq(1), end+1
	for low < high {
		middle := low + (high-low)/2
		var ms int64
		err := r.at.QueryRowContext(ctx, middle).Scan(&ms)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return 0, r.damaged(fmt.Errorf("record %d is missing", middle))
		case err != nil:
			return 0, r.explain("find an instant", err)
		case time.UnixMilli(ms).Before(at):
			low = middle + 1
		default:
			high = middle
		}
	}
	return low, nil
}
