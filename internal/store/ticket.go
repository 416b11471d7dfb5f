// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// TicketRow is what the journal says of one ticket. Times are UTC in whole
// milliseconds; the zero time and "" mean: not yet, or never.
type TicketRow struct {
	ID       queue.TicketID
	Number   string // as printed
	Series   queue.SeriesID
	Ordinal  int
	Service  queue.ServiceID // as issued
	Last     queue.ServiceID // after the newest transfer; else as issued
	Class    queue.ClassID
	Channel  queue.Channel
	Language string

	Issued time.Time
	Due    time.Time // from when the rule counted its wait when it was issued
	Slot   time.Time // of an appointment

	Calls       int // recalls included, without those that were undone
	FirstCalled time.Time
	// Answered says that the citizen came to a call; Wait is the wait that the first
	// such call ended. While none was answered, Wait is that of the newest call.
	Answered bool
	Wait     queue.Millis
	Counter  queue.CounterID // of the newest call, undone or not; "" while no call stands
	Started  time.Time       // first time
	Walk     queue.Millis    // before that
	Served   queue.Millis    // at all counters together

	Closed  time.Time
	End     queue.End
	Outcome string // of a finish
	Reason  string // of a void

	Slip SlipRow
}

// SlipRow is what the journal says of a ticket's newest paper.
type SlipRow struct {
	Printer string // "" when no paper was asked for
	Attempt int    // from 1
	Copy    bool   // marked as a copy
	Result  queue.SlipResult
	Level   string // how sure the printer was
	Fault   string
}

const ticketColumns = `id, number, series, ordinal, service, last_service, class, channel, language, issued, due, slot,
	calls, first_called, answered, wait_ms, counter, started, walk_ms, service_ms, closed, ending, outcome, reason,
	slip_printer, slip_attempt, slip_copy, slip_result, slip_level, slip_fault`

func (t *TicketRow) columns() []any {
	return []any{
		&t.ID, &t.Number, &t.Series, &t.Ordinal, &t.Service, &t.Last, &t.Class, &t.Channel, &t.Language,
		instant{&t.Issued},
		instant{&t.Due},
		instant{&t.Slot},
		&t.Calls,
		instant{&t.FirstCalled},
		&t.Answered, orZero(&t.Wait), orZero(&t.Counter),
		instant{&t.Started},
		orZero(&t.Walk), &t.Served,
		instant{&t.Closed},
		orZero(&t.End), orZero(&t.Outcome), orZero(&t.Reason),
		orZero(&t.Slip.Printer), &t.Slip.Attempt, &t.Slip.Copy, orZero(&t.Slip.Result), orZero(&t.Slip.Level), orZero(&t.Slip.Fault),
	}
}

// Ticket returns a ticket of any day, ok false if there is none with that id.
func (s *Store) Ticket(ctx context.Context, id queue.TicketID) (row TicketRow, ok bool, err error) {
	err = s.read.ticket.QueryRowContext(ctx, id).Scan(row.columns()...)
	if errors.Is(err, sql.ErrNoRows) {
		return TicketRow{}, false, nil
	}
	if err != nil {
		return TicketRow{}, false, s.read.explain("read a ticket", err)
	}
	return row, true, nil
}

// Tickets yields the tickets of the days from one date to another, both included,
// in the order of issue. An error comes once, as the last pair.
func (s *Store) Tickets(ctx context.Context, from, to queue.Date) iter.Seq2[TicketRow, error] {
	id := func(t *TicketRow) int64 { return int64(t.ID) }
	return perDay(ctx, s, s.read.tickets, from, to, id, (*TicketRow).columns)
}

// IntervalRow is a time during which a counter was open or paused.
type IntervalRow struct {
	ID      queue.Seq // of the record that began it
	Counter queue.CounterID
	State   queue.CounterState // open or paused
	Reason  string             // of a pause
	Began   time.Time
	Ended   time.Time // zero while it lasts
}

const intervalColumns = `id, counter, state = 'paused', reason, began, ended`

func (r *IntervalRow) columns() []any {
	return []any{&r.ID, &r.Counter, paused{&r.State}, orZero(&r.Reason), instant{&r.Began}, instant{&r.Ended}}
}

// Counters yields what the counters did on the days from one date to another, both
// included, in the order in which it began. An error comes once, as the last pair.
func (s *Store) Counters(ctx context.Context, from, to queue.Date) iter.Seq2[IntervalRow, error] {
	id := func(r *IntervalRow) int64 { return int64(r.ID) }
	return perDay(ctx, s, s.read.intervals, from, to, id, (*IntervalRow).columns)
}

// DayRow is one opening of the office's day. A day that was closed and opened again
// has several with the same date.
type DayRow struct {
	Date   queue.Date
	Opened time.Time
	Closed time.Time // zero while it is open, or when the daemon never closed it

	first, next int64 // the ids of its rows: from first, below next
}

// Days returns the openings from one date to another, both included, in order.
func (s *Store) Days(ctx context.Context, from, to queue.Date) ([]DayRow, error) {
	rows, err := s.read.days.QueryContext(ctx, from, to)
	if err != nil {
		return nil, s.read.explain("read days", err)
	}
	defer func() { _ = rows.Close() }()
	var days []DayRow
	for rows.Next() {
		d := DayRow{next: maxID}
		if err := rows.Scan(&d.Date, instant{&d.Opened}, instant{&d.Closed}, &d.first, orZero(&d.next)); err != nil {
			return nil, s.read.explain("read days", err)
		}
		days = append(days, d)
	}
	if err := rows.Err(); err != nil {
		return nil, s.read.explain("read days", err)
	}
	return days, nil
}
