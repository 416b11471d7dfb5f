// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// KeepFigures keeps the figures of a day that the record day opened and the record ends
// ended, in place of what was kept of it before. They are durable when the call returns.
func (s *Store) KeepFigures(ctx context.Context, day, ends queue.Seq, d *stats.Day) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	body, err := d.AppendBinary(nil)
	if err != nil {
		return fmt.Errorf("store: figures of %s: %w", d.Date, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	if err := w.transact(func() error { return w.figures.exec(int64(day), int64(ends), string(d.Date), body) }); err != nil {
		return s.read.explain("keep the figures of "+string(d.Date), err)
	}
	return nil
}

// FiguresUntil returns the record behind which no figures are kept yet, 0 if there are none,
// and the settings that are in force there. The error is [stats.ErrVersion] if another version
// of the definitions has written the newest ones.
func (s *Store) FiguresUntil(ctx context.Context) (after queue.Seq, settings []queue.Record, err error) {
	var version int64
	err = s.read.lastFigures.QueryRowContext(ctx).Scan(&after, &version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil, nil
	case err != nil:
		return 0, nil, s.read.explain("find the newest figures", err)
	case version != stats.Version:
		return 0, nil, stats.ErrVersion
	}
	settings, err = s.read.some(ctx, s.read.settings, after+1)
	return after, settings, err
}

// Figures yields the days that were kept, from one date to another, both included, in order.
// Each is in the place of the one before: whoever wants it for longer clones it. An error, such
// as [stats.ErrVersion] of a day that an older version wrote, is the last.
func (s *Store) Figures(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error] {
	return func(yield func(*stats.Day, error) bool) {
		rows, err := s.read.figures.QueryContext(ctx, from, to)
		if err != nil {
			yield(nil, s.read.explain("read figures", err))
			return
		}
		defer func() { _ = rows.Close() }()
		d := &stats.Day{}
		var body sql.RawBytes
		for rows.Next() {
			if err = rows.Scan(&body); err == nil {
				err = d.UnmarshalBinary(body)
			}
			if err != nil {
				yield(nil, s.read.explain("read figures", err))
				return
			}
			if !yield(d, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, s.read.explain("read figures", err))
		}
	}
}

// DropFigures forgets all figures, so that they are made anew.
func (s *Store) DropFigures(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	if err := w.transact(func() error { return w.drop.exec() }); err != nil {
		return s.read.explain("forget figures", err)
	}
	return nil
}
