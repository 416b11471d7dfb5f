// SPDX-License-Identifier: EUPL-1.2

package figures

import (
	"context"
	"errors"
	"iter"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Kept is a store that is only read; see the methods of the same names of package store.
type Kept interface {
	FiguresUntil(ctx context.Context) (after queue.Seq, settings []queue.Record, err error)
	Figures(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error]
	Records(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error]
}

// Days yields what [Keeper.Days] does without a keeper, for who only reads: what no keeper has
// kept yet is collected from the journal.
func Days(ctx context.Context, s Kept, from, to queue.Date) iter.Seq2[*stats.Day, error] {
	return func(yield func(*stats.Day, error) bool) {
		after, settings, err := s.FiguresUntil(ctx)
		old := errors.Is(err, stats.ErrVersion)
		if err != nil && !old {
			yield(nil, err)
			return
		}
		if !old {
			for d, err := range s.Figures(ctx, from, to) {
				if !yield(d, err) || err != nil {
					return
				}
			}
		}
		var c stats.Collector
		for _, r := range settings {
			c.Apply(r)
		}
		wanted := func(d *stats.Day) bool { return d != nil && from <= d.Date && d.Date <= to }
		for r, err := range s.Records(ctx, after) {
			if err != nil {
				yield(nil, err)
				return
			}
			if d := c.Apply(r); wanted(d) && !yield(d, nil) {
				return
			}
		}
		if d := c.Today(); wanted(d) {
			yield(d, nil)
		}
	}
}
