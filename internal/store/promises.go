// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// Promise is what was told to whoever got a number.
type Promise struct {
	Ticket  queue.TicketID
	At      time.Time
	Channel string        // how it was told: slip, or the ticket's channel
	Wait    forecast.Wait // without Today
}

// Outcome is what became of a promise.
type Outcome struct {
	Ticket  queue.TicketID
	Actual  time.Duration // from the promise to the call
	Quality QualityRow    // what it adds; a score of nobody adds nothing
}

// QualityRow is how good promises were that were made on a date, for a service, in a half
// hour of the day.
type QualityRow struct {
	Date    queue.Date
	Service queue.ServiceID
	Band    int // half hours from midnight, of the local clock
	Score   forecast.Score
}

// KeepPromises keeps promises, and what became of earlier ones. The first promise to a
// ticket stays, and counts once. All of it is durable when the call returns, or nothing.
func (s *Store) KeepPromises(ctx context.Context, made []Promise, due []Outcome) error {
	if err := ctx.Err(); err != nil || len(made)+len(due) == 0 {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	err = w.transact(func() error {
		for i := range made {
			if err := w.promised(&made[i]); err != nil {
				return fmt.Errorf("ticket %d: %w", made[i].Ticket, err)
			}
		}
		for i := range due {
			if err := w.judged(&due[i]); err != nil {
				return fmt.Errorf("ticket %d: %w", due[i].Ticket, err)
			}
		}
		return nil
	})
	if err != nil {
		return s.read.explain("keep promises", err)
	}
	return nil
}

func (w *writer) promised(p *Promise) error {
	told, raw := &p.Wait, &p.Wait.Raw
	return w.promise.exec(int64(p.Ticket), p.At.UnixMilli(), p.Channel,
		told.P05.Milliseconds(), told.P10.Milliseconds(), told.P50.Milliseconds(), told.P80.Milliseconds(), told.P90.Milliseconds(),
		raw.P05.Milliseconds(), raw.P10.Milliseconds(), raw.P50.Milliseconds(), raw.P80.Milliseconds(), raw.P90.Milliseconds())
}

func (w *writer) judged(o *Outcome) error {
	if q, s := &o.Quality, &o.Quality.Score; s.N > 0 {
		err := w.judge.exec(int64(o.Ticket), string(q.Date), string(q.Service), int64(q.Band),
			int64(s.N), int64(s.Hits), int64(s.Below), int64(s.Inside), int64(s.Above), s.Off, s.Square, s.Bias, s.Pinball)
		if err != nil {
			return err
		}
	}
	return w.keep.exec(o.Actual.Milliseconds(), int64(o.Ticket))
}

// Promises returns the promises to tickets issued behind a record, by ticket, and which of
// them no outcome was kept of.
func (s *Store) Promises(ctx context.Context, after queue.Seq) (made map[queue.TicketID]Promise, open map[queue.TicketID]bool, err error) {
	rows, err := s.read.promises.QueryContext(ctx, after)
	if err != nil {
		return nil, nil, s.read.explain("read promises", err)
	}
	defer func() { _ = rows.Close() }()
	made, open = map[queue.TicketID]Promise{}, map[queue.TicketID]bool{}
	for rows.Next() {
		var p Promise
		var actual sql.NullInt64
		told, raw := &p.Wait, &p.Wait.Raw
		err := rows.Scan(&p.Ticket, instant{&p.At}, &p.Channel,
			span{&told.P05}, span{&told.P10}, span{&told.P50}, span{&told.P80}, span{&told.P90},
			span{&raw.P05}, span{&raw.P10}, span{&raw.P50}, span{&raw.P80}, span{&raw.P90}, &actual)
		if err != nil {
			return nil, nil, s.read.explain("read promises", err)
		}
		made[p.Ticket] = p
		if !actual.Valid {
			open[p.Ticket] = true
		}
	}
	if err := rows.Err(); err != nil {
		return nil, nil, s.read.explain("read promises", err)
	}
	return made, open, nil
}

// Quality returns how good the promises were that were made from one date to another, both
// included, in the order of date, service and band.
func (s *Store) Quality(ctx context.Context, from, to queue.Date) ([]QualityRow, error) {
	rows, err := scanAll(ctx, s.read.quality, (*QualityRow).columns, from, to)
	if err != nil {
		return nil, s.read.explain("read how good promises were", err)
	}
	return rows, nil
}

func (r *QualityRow) columns() []any {
	s := &r.Score
	return []any{&r.Date, &r.Service, &r.Band, &s.N, &s.Hits, &s.Below, &s.Inside, &s.Above, &s.Off, &s.Square, &s.Bias, &s.Pinball}
}

// span scans milliseconds.
type span struct{ to *time.Duration }

// Scan implements [sql.Scanner].
func (s span) Scan(src any) error {
	ms, ok := src.(int64)
	if !ok {
		return errors.New("a span that is no number")
	}
	*s.to = time.Duration(ms) * time.Millisecond
	return nil
}
