// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// chunk is how many rows are read at once. Between chunks no transaction is open: a
// slow reader must not keep the log from being reused.
const chunk = 256

// Records implements [queue.Journal]. A record that cannot be read or is missing
// ends the iteration with an error that wraps [ErrDamaged].
func (s *Store) Records(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) {
		s.read.emit(ctx, max(after, 0), yield)
	}
}

// Recent implements [queue.Journal].
func (s *Store) Recent(ctx context.Context) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) {
		first, err := s.read.windowStart(ctx)
		if err != nil {
			yield(queue.Record{}, err)
			return
		}
		settings, err := s.read.some(ctx, s.read.settings, first)
		if err != nil {
			yield(queue.Record{}, err)
			return
		}
		for _, r := range settings {
			if !yield(r, nil) {
				return
			}
		}
		s.read.emit(ctx, max(first-1, 0), yield)
	}
}

// windowStart returns the first record of the recent window, 0 when nothing is old.
func (r *reader) windowStart(ctx context.Context) (queue.Seq, error) {
	var first queue.Seq
	err := r.window.QueryRowContext(ctx, (24 * time.Hour).Milliseconds()).Scan(&first)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, r.explain("find the recent records", err)
	}
	return first, nil
}

func (r *reader) emit(ctx context.Context, after queue.Seq, yield func(queue.Record, error) bool) {
	for {
		records, err := r.some(ctx, r.records, after, chunk)
		for _, record := range records {
			if record.Seq != after+1 {
				yield(queue.Record{}, r.damaged(fmt.Errorf("record %d is missing", after+1)))
				return
			}
			if !yield(record, nil) {
				return
			}
			after = record.Seq
		}
		if err != nil {
			yield(queue.Record{}, err)
			return
		}
		if len(records) < chunk {
			return
		}
	}
}

// some returns the records that a query gives; when it fails, those before the failure.
func (r *reader) some(ctx context.Context, query *sql.Stmt, args ...any) ([]queue.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// A few hundred rows take a millisecond: not worth a goroutine that waits for
	// the end of ctx.
	rows, err := query.QueryContext(context.WithoutCancel(ctx), args...)
	if err != nil {
		return nil, r.explain("read records", err)
	}
	defer func() { _ = rows.Close() }()
	var records []queue.Record
	for rows.Next() {
		record, err := r.record(rows)
		if err != nil {
			return records, err
		}
		records = append(records, record)
	}
	if err := rows.Err(); err != nil {
		return records, r.explain("read records", err)
	}
	return records, nil
}

func (r *reader) record(rows *sql.Rows) (queue.Record, error) {
	var (
		record queue.Record
		ms     int64
		kind   string
		body   []byte
	)
	if err := rows.Scan(&record.Seq, &ms, &kind, &record.By.Role, &record.By.ID, &record.By.Request, &body); err != nil {
		return record, r.explain("read records", err)
	}
	event, err := queue.DecodeEvent(kind, body)
	if err != nil && !json.Valid(body) {
		return record, r.damaged(fmt.Errorf("record %d: %w", record.Seq, err))
	}
	if err != nil {
		return record, fmt.Errorf("store: record %d: %w", record.Seq, err) // a newer program's: nothing to restore
	}
	record.At, record.Event = time.UnixMilli(ms).UTC(), event
	return record, nil
}
