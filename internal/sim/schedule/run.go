// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// Result is what a run came to.
type Result struct {
	*Figures
	Records   queue.Seq
	Digest    uint64 // over all records: equal runs have equal digests
	Sometimes Sometimes
}

// Run runs the days that the options ask for. The error says which invariant broke,
// and when, with the seed; it is nil when everything held. A panic on the way is such
// an error too. Run ends early when ctx does.
func Run(ctx context.Context, o Options) (Result, error) {
	h, err := newHall(ctx, o)
	if err == nil {
		err = h.live()
	}
	if err != nil {
		return Result{}, fmt.Errorf("schedule: seed %d, %d days from %s: %w", o.Seed, o.Days, o.Date, err)
	}
	return Result{Figures: h.figures, Records: h.checked, Digest: h.digest.sum, Sometimes: h.sometimes}, nil
}

// live runs the hall. A panic without the seed that led to it would be lost.
func (h *hall) live() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: panic: %v\n%s", h.now.Format(time.DateTime), p, debug.Stack())
		}
	}()
	return h.run()
}

func (h *hall) run() error {
	if h.start(); h.err != nil {
		return h.err
	}
	h.write(queue.Request{By: system("settings"), Command: queue.ChangeSettings{Settings: h.o.Settings}})
	midnight := h.begin
	for range h.o.Days {
		date := queue.DateOf(midnight)
		if err := h.day(date, midnight); err != nil {
			return fmt.Errorf("%s %s: %w", date, h.now.In(midnight.Location()).Format(time.TimeOnly), err)
		}
		if h.o.Progress != nil {
			h.o.Progress(date, h.figures)
		}
		y, m, d := midnight.Date()
		midnight = time.Date(y, m, d+1, 0, 0, 0, 0, midnight.Location())
	}
	return h.settleUp()
}

func (h *hall) day(date queue.Date, midnight time.Time) error {
	day, err := h.source.Day(h.o.Seed, date)
	if err != nil {
		return err
	}
	h.now = midnight
	if len(day.Shifts) > 0 {
		h.planDay(day)
	}
	for h.err == nil {
		d, ok := h.agenda.next()
		if !ok {
			break
		}
		if err := h.ctx.Err(); err != nil {
			return err
		}
		h.now = h.begin.Add(d.at)
		h.do(d)
	}
	return h.err
}

// settleUp compares, at the end of a run, what the journal tells with what was told
// while it was written.
func (h *hall) settleUp() error {
	if err := h.checker.Compare(h.view); err != nil {
		return err
	}
	if err := queuetest.Replayed(h.ctx, h.disk.Journal, h.view); err != nil {
		return err
	}
	var again digest
	for r, err := range h.disk.Records(h.ctx, 0) {
		if err != nil {
			return err
		}
		again.record(r)
	}
	if again.sum != h.digest.sum {
		return violated("I3", "the journal is not what was acknowledged")
	}
	return nil
}

func newHall(ctx context.Context, o Options) (*hall, error) {
	source, err := demand.New(o.Model, &o.Settings)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(o.Settings.Zone)
	if err != nil {
		return nil, err
	}
	begin, err := o.Date.Midnight(zone)
	if err != nil {
		return nil, err
	}
	if o.Storage == nil {
		o.Storage = &memory{}
	}
	if o.Open == nil {
		o.Open = func(ctx context.Context, j queue.Journal) (Writer, error) { return queue.OpenWriter(ctx, j) }
	}
	return &hall{
		o: o, ctx: ctx, source: source, begin: begin, now: begin, dice: newDice(o.Seed),
		view: new(queue.State).View(), checker: queuetest.NewChecker(), figures: NewFigures(),
	}, nil
}

func violated(invariant, format string, a ...any) error {
	return fmt.Errorf("%s: %s", invariant, fmt.Sprintf(format, a...))
}

func system(id string) queue.Actor { return queue.Actor{Role: queue.RoleSystem, ID: id} }
