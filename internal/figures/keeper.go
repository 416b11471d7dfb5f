// SPDX-License-Identifier: EUPL-1.2

package figures

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Journal is what happened in the office; a [queue.Engine] is one.
type Journal interface {
	Follow(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error]
	View() *queue.View
}

// Store keeps the days that have ended; see the methods of the same names of package store.
type Store interface {
	FiguresUntil(ctx context.Context) (after queue.Seq, settings []queue.Record, err error)
	KeepFigures(ctx context.Context, day, ends queue.Seq, d *stats.Day) error
	Figures(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error]
	DropFigures(ctx context.Context) error
}

// Keeper follows the journal. It is safe for concurrent use.
type Keeper struct {
	journal Journal
	store   Store

	mu        sync.Mutex
	collector *stats.Collector // nil: the past is not known yet
	begun     queue.Seq        // the record that opened the day
	heard     queue.Seq        // the newest record
}

// New returns a keeper, which knows nothing until [Keeper.Run] runs.
func New(j Journal, s Store) *Keeper { return &Keeper{journal: j, store: s} }

// Run keeps figures until ctx ends, which gives nil, or the journal or the store fails.
func (k *Keeper) Run(ctx context.Context) error {
	after, settings, err := k.store.FiguresUntil(ctx)
	if errors.Is(err, stats.ErrVersion) {
		after, settings, err = 0, nil, k.store.DropFigures(ctx)
	}
	if err != nil {
		return err
	}
	k.mu.Lock()
	k.collector, k.heard = &stats.Collector{}, after
	for _, r := range settings {
		k.collector.Apply(r)
	}
	k.mu.Unlock()
	for r, err := range k.journal.Follow(ctx, after) {
		if err != nil {
			return err
		}
		if err := k.hear(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// hear takes in a record, and keeps the day that it ends: at any moment a day is either in
// the store or it is the one that goes on.
func (k *Keeper) hear(ctx context.Context, r queue.Record) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	begun, ends := k.begun, r.Seq
	if _, opens := r.Event.(queue.DayOpened); opens {
		k.begun = r.Seq
		ends-- // the record belongs to the day that it opens
	}
	ended := k.collector.Apply(r)
	k.heard = r.Seq
	if ended == nil {
		return nil
	}
	return k.store.KeepFigures(ctx, begun, ends, ended)
}

// Current reports whether everything that has happened is in the figures.
func (k *Keeper) Current() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.collector != nil && k.heard >= k.journal.View().Seq()
}

// Today returns the day that goes on; nil when none does.
func (k *Keeper) Today() *stats.Day {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.collector == nil {
		return nil
	}
	return k.collector.Today()
}

// Days yields the days from one date to another, both included, in order; the one that
// goes on is the last. Each is in the place of the one before: whoever wants it for longer
// clones it. An error is the last thing that comes.
// Nothing new is heard meanwhile.
func (k *Keeper) Days(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error] {
	return func(yield func(*stats.Day, error) bool) {
		k.mu.Lock()
		defer k.mu.Unlock()
		for d, err := range k.store.Figures(ctx, from, to) {
			if !yield(d, err) || err != nil {
				return
			}
		}
		if k.collector == nil {
			return
		}
		if today := k.collector.Today(); today != nil && from <= today.Date && today.Date <= to {
			yield(today, nil)
		}
	}
}
