// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Append implements [queue.Journal]. The read models change in the same
// transaction. Once it has begun to write it is not interrupted. After an error, of
// a full disk for example, the journal is as before and later appends work again.
func (s *Store) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	rows := make([]row, len(batch))
	for i, e := range batch {
		r, err := rowFor(after+1+queue.Seq(i), e)
		if err != nil {
			return 0, fmt.Errorf("store: entry %d: %w", i, err)
		}
		rows[i] = r
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return 0, err
	}
	if after != s.end {
		return 0, queue.ErrMoved
	}
	if len(batch) == 0 {
		return s.end, nil
	}
	newest, err := s.inOrder(batch)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := w.append(rows, batch); err != nil {
		s.metrics.failures.Inc()
		if gap(err) {
			return 0, fmt.Errorf("%w (%w)", queue.ErrMoved, err)
		}
		return 0, s.read.explain("append", err)
	}
	s.metrics.commits.Observe(time.Since(began).Seconds())
	s.metrics.records.Add(float64(len(batch)))
	s.end, s.newest = after+queue.Seq(len(batch)), newest
	return s.end, nil
}

// inOrder returns the time of the last entry if time does not run backwards to it.
func (s *Store) inOrder(batch []queue.Entry) (time.Time, error) {
	newest := s.newest
	for i, e := range batch {
		switch {
		case !e.At.Equal(e.At.Truncate(time.Millisecond)):
			return newest, fmt.Errorf("store: entry %d: %v is not in whole milliseconds", i, e.At)
		case (s.end > 0 || i > 0) && e.At.Before(newest):
			return newest, fmt.Errorf("store: entry %d: %v lies before the newest record's %v", i, e.At, newest)
		}
		newest = e.At.UTC()
	}
	return newest, nil
}

func (w *writer) append(rows []row, batch []queue.Entry) error {
	return w.transact(func() error {
		for i, r := range rows {
			if err := w.add(r); err != nil {
				return fmt.Errorf("record %d: %w", r.seq, err)
			}
			if err := w.models.apply(queue.Seq(r.seq), batch[i].At, batch[i].Event); err != nil {
				return fmt.Errorf("read models of record %d: %w", r.seq, err)
			}
		}
		return nil
	})
}
