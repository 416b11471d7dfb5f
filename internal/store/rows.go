// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const maxID = math.MaxInt64

// perDay yields the rows of a span of days, chunk by chunk, so that no transaction
// stays open while the consumer works.
func perDay[R any](ctx context.Context, s *Store, query *sql.Stmt, from, to queue.Date,
	id func(*R) int64, columns func(*R) []any,
) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		var none R
		days, err := s.Days(ctx, from, to)
		if err != nil {
			yield(none, err)
			return
		}
		for _, d := range days {
			for after, more := d.first, true; more; {
				part, err := scanAll(ctx, query, columns, after, d.next, chunk)
				if err != nil {
					yield(none, s.read.explain("read the rows of "+string(d.Date), err))
					return
				}
				for i := range part {
					if !yield(part[i], nil) {
						return
					}
					after = id(&part[i])
				}
				more = len(part) == chunk
			}
		}
	}
}

func scanAll[R any](ctx context.Context, query *sql.Stmt, columns func(*R) []any, args ...any) ([]R, error) {
	rows, err := query.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []R
	for rows.Next() {
		var r R
		if err := rows.Scan(columns(&r)...); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// instant scans milliseconds since 1970; NULL leaves the zero time.
type instant struct{ to *time.Time }

// Scan implements [sql.Scanner].
func (i instant) Scan(src any) error {
	switch ms := src.(type) {
	case nil:
		*i.to = time.Time{}
	case int64:
		*i.to = time.UnixMilli(ms).UTC()
	default:
		return fmt.Errorf("%T is not a time", src)
	}
	return nil
}

// nullable scans a value that may be NULL, which leaves what was there.
type nullable[T any] struct{ to *T }

func orZero[T any](to *T) nullable[T] { return nullable[T]{to} }

// Scan implements [sql.Scanner].
func (n nullable[T]) Scan(src any) error {
	var v sql.Null[T]
	if err := v.Scan(src); err != nil {
		return err
	}
	if v.Valid {
		*n.to = v.V
	}
	return nil
}

// paused scans whether an interval was a pause.
type paused struct{ to *queue.CounterState }

// Scan implements [sql.Scanner].
func (p paused) Scan(src any) error {
	*p.to = queue.CounterIsOpen
	if src == int64(1) {
		*p.to = queue.CounterIsPaused
	}
	return nil
}
