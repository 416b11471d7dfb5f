// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// coded is a journal in memory that keeps events as one on disk does: as bytes. It
// can be told to fail.
type coded struct {
	queuetest.Memory
	appends    int
	fail       error // of the next appends, nil: none
	unreadable error // likewise of reading
	reads      atomic.Int64
	onRead     func(n int) // is told of every read, nil: nobody
}

func (j *coded) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	j.appends++
	if j.fail != nil {
		return 0, j.fail
	}
	kept := slices.Clone(batch)
	for i, e := range batch {
		kind, body, err := queue.EncodeEvent(e.Event)
		if err != nil {
			return 0, err
		}
		if kept[i].Event, err = queue.DecodeEvent(kind, body); err != nil {
			return 0, err
		}
	}
	return j.Memory.Append(ctx, after, kept)
}

func (j *coded) Records(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error] {
	if n := j.reads.Add(1); j.onRead != nil {
		j.onRead(int(n))
	}
	if err := j.unreadable; err != nil {
		return func(yield func(queue.Record, error) bool) { yield(queue.Record{}, err) }
	}
	return j.Memory.Records(ctx, after)
}

func (j *coded) Recent(ctx context.Context) iter.Seq2[queue.Record, error] {
	if err := j.unreadable; err != nil {
		return func(yield func(queue.Record, error) bool) { yield(queue.Record{}, err) }
	}
	return j.Memory.Recent(ctx)
}

// tester is what [testing.T] and [rapid.T] have in common here.
type tester interface {
	rapid.TB
	Context() context.Context
}

// hall is an office at work.
type hall struct {
	t       tester
	journal *coded
	writer  *queue.Writer
	at      time.Time
}

// newHall returns an office as [openHall] does. When its test ends, its journal is
// held against the invariants and replayed.
func newHall(t *testing.T, settings queue.Settings) *hall {
	t.Helper()
	h := openHall(t, settings)
	t.Cleanup(h.check)
	return h
}

// openHall returns an office at eight o'clock on a Monday, with settings in force
// (record 1) and the day open (record 2).
func openHall(t tester, settings queue.Settings) *hall {
	t.Helper()
	h := &hall{t: t, journal: &coded{}, at: queuetest.Monday()}
	h.reopen()
	h.do(queue.ChangeSettings{Settings: settings}, queue.OpenDay{Clock: h.at})
	return h
}

func (h *hall) reopen() {
	h.t.Helper()
	w, err := queue.OpenWriter(context.WithoutCancel(h.t.Context()), h.journal)
	if err != nil {
		h.t.Fatal(err)
	}
	h.writer = w
}

func (h *hall) check() {
	h.t.Helper()
	ctx := context.WithoutCancel(h.t.Context())
	if _, err := queuetest.Journal(ctx, h.journal); err != nil {
		h.t.Error(err)
	}
	if err := queuetest.Replayed(ctx, h.journal, h.writer.View()); err != nil {
		h.t.Error(err)
	}
}

func (h *hall) view() *queue.View { return h.writer.View() }

// wait lets time pass.
func (h *hall) wait(d time.Duration) { h.at = h.at.Add(d) }

func manager() queue.Actor { return queue.Actor{Role: queue.RoleManager, ID: "desk"} }

// ask gives one command, with the counter's present revision where the command has
// none, and returns the answer.
func (h *hall) ask(c queue.Command) ([]queue.Event, error) {
	h.t.Helper()
	results, _ := h.writer.Write(h.t.Context(), h.at, []queue.Request{{By: manager(), Command: fresh(h.view(), c)}})
	var events []queue.Event
	for _, r := range results[0].Records {
		events = append(events, r.Event)
	}
	return events, results[0].Err
}

// do gives commands that must be granted and returns the events of the last one.
func (h *hall) do(commands ...queue.Command) (events []queue.Event) {
	h.t.Helper()
	for _, c := range commands {
		var err error
		if events, err = h.ask(c); err != nil {
			h.t.Fatalf("%T%+v: %v", c, c, err)
		}
	}
	return events
}

// refusal gives a command that must be refused.
func (h *hall) refusal(c queue.Command) *queue.Refusal {
	h.t.Helper()
	events, err := h.ask(c)
	refusal, ok := errors.AsType[*queue.Refusal](err)
	if !ok {
		h.t.Fatalf("%T%+v gave %v and %v, want a refusal", c, c, events, err)
	}
	return refusal
}

func (h *hall) issue(c queue.IssueTicket) *queue.Ticket {
	h.t.Helper()
	issued, ok := h.do(c)[0].(queue.TicketIssued)
	if !ok {
		h.t.Fatalf("%+v issued nothing", c)
	}
	return h.view().Ticket(issued.Ticket)
}

// next calls at a counter that has no citizen and returns the number, "" if nobody is called.
func (h *hall) next(counter queue.CounterID) string {
	h.t.Helper()
	events, err := h.ask(queue.CallNext{Counter: counter})
	if refusal, ok := errors.AsType[*queue.Refusal](err); ok && refusal.Code == queue.RefusedNobody {
		return ""
	} else if err != nil {
		h.t.Fatal(err)
	}
	called, ok := events[len(events)-1].(queue.TicketCalled)
	if !ok {
		return ""
	}
	return h.view().Ticket(called.Ticket).Number
}

// serve calls and finishes at one counter until nobody waits for it, and returns the numbers.
func (h *hall) serve(counter queue.CounterID) (numbers []string) {
	h.t.Helper()
	for number := h.next(counter); number != ""; number = h.next(counter) {
		numbers = append(numbers, number)
		h.do(queue.Finish{Counter: counter})
	}
	return numbers
}

// stale is a revision that no counter has.
const stale queue.Revision = -1

// fresh fills in the revision that a clerk sees now.
func fresh(v *queue.View, c queue.Command) queue.Command {
	see := func(id queue.CounterID, seen *queue.Revision) {
		if status, ok := v.Counter(id); ok && *seen == 0 {
			*seen = status.Seen
		}
	}
	switch c := c.(type) {
	case queue.OpenCounter:
		see(c.Counter, &c.Seen)
		return c
	case queue.PauseCounter:
		see(c.Counter, &c.Seen)
		return c
	case queue.CloseCounter:
		see(c.Counter, &c.Seen)
		return c
	case queue.CallNext:
		see(c.Counter, &c.Seen)
		return c
	case queue.CallTicket:
		see(c.Counter, &c.Seen)
		return c
	case queue.Recall:
		see(c.Counter, &c.Seen)
		return c
	case queue.Start:
		see(c.Counter, &c.Seen)
		return c
	case queue.Finish:
		see(c.Counter, &c.Seen)
		return c
	case queue.GiveUp:
		see(c.Counter, &c.Seen)
		return c
	case queue.Return:
		see(c.Counter, &c.Seen)
		return c
	case queue.Park:
		see(c.Counter, &c.Seen)
		return c
	case queue.Transfer:
		see(c.Counter, &c.Seen)
		return c
	case queue.Undo:
		see(c.Counter, &c.Seen)
		return c
	}
	return c
}
