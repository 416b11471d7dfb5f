// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"context"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// sloppy is a second writer around the core's state, sound but for its flaw.
type sloppy struct {
	journal queue.Journal
	state   queue.State
	answers map[queue.RequestID]queue.Result
	flaw    flaw
}

// flaw is what is wrong with a writer. The zero value is nothing.
type flaw struct {
	command        func(*queue.View, queue.Command) queue.Command
	event          func(*queue.View, queue.Event) queue.Event // nil event: it is lost
	refuse         func(*queue.View, queue.Command) error
	skips          func(queue.Event) bool // in a replay
	forgets        bool
	restartForgets bool
	keepsState     bool
}

func openSloppy(ctx context.Context, j queue.Journal, f flaw) (*sloppy, error) {
	w := &sloppy{journal: j, answers: map[queue.RequestID]queue.Result{}, flaw: f}
	for r, err := range j.Records(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if id := r.By.Request; id != "" && !f.restartForgets {
			known := w.answers[id]
			known.Records = append(known.Records, r)
			w.answers[id] = known
		}
		if f.skips != nil && f.skips(r.Event) {
			r.Event = queue.SlipSent{} // of no ticket: changes nothing
		}
		w.state.Apply(r)
	}
	return w, nil
}

func (w *sloppy) View() *queue.View { return w.state.View() }

func (w *sloppy) Write(ctx context.Context, at time.Time, batch []queue.Request) ([]queue.Result, []queue.Record) {
	at = at.UTC().Truncate(time.Millisecond)
	if newest := w.View().At(); at.Before(newest) {
		at = newest
	}
	before := w.state
	var (
		results []queue.Result
		records []queue.Record
		entries []queue.Entry
		told    = map[queue.RequestID]queue.Result{}
	)
	for _, q := range batch {
		id := q.By.Request
		result, known := w.answers[id]
		if twin, ok := told[id]; ok {
			result, known = twin, true
		}
		if id == "" || !known || w.flaw.forgets {
			result = w.decide(at, q)
			for _, r := range result.Records {
				records = append(records, r)
				entries = append(entries, queue.Entry{At: r.At, By: r.By, Event: r.Event})
			}
		}
		told[id] = result
		results = append(results, result)
	}
	if len(entries) > 0 {
		if _, err := w.journal.Append(ctx, before.View().Seq(), entries); err != nil {
			if !w.flaw.keepsState {
				w.state = before
			}
			for i := range results {
				results[i] = queue.Result{Err: fmt.Errorf("commit: %w", err)}
			}
			return results, nil
		}
	}
	for id, result := range told {
		w.answers[id] = result
	}
	return results, records
}

func (w *sloppy) decide(at time.Time, q queue.Request) queue.Result {
	c, v := q.Command, w.View()
	if w.flaw.command != nil {
		c = w.flaw.command(v, c)
	}
	if w.flaw.refuse != nil {
		if err := w.flaw.refuse(v, c); err != nil {
			return queue.Result{Err: err}
		}
	}
	events, err := w.state.Decide(at, q.By, c)
	result := queue.Result{Err: err}
	for _, e := range events {
		if w.flaw.event != nil {
			if e = w.flaw.event(w.View(), e); e == nil {
				continue
			}
		}
		r := queue.Record{Seq: w.View().Seq() + 1, At: at, By: q.By, Event: e}
		w.state.Apply(r)
		result.Records = append(result.Records, r)
	}
	return result
}

// amnesia is a storage that loses the newest record when the power goes.
type amnesia struct{ journal *queuetest.Memory }

func (a *amnesia) Open(context.Context) (queue.Journal, error) { return a.journal, nil }

func (a *amnesia) Crash() error {
	var kept []queue.Entry
	for r, err := range a.journal.Records(context.Background(), 0) {
		if err != nil {
			return err
		}
		kept = append(kept, queue.Entry{At: r.At, By: r.By, Event: r.Event})
	}
	a.journal = &queuetest.Memory{}
	_, err := a.journal.Append(context.Background(), 0, kept[:len(kept)-1])
	return err
}

// lazy is a storage that says "durable" one batch too early.
type lazy struct {
	queuetest.Memory
	end     queue.Seq
	pending []queue.Entry
}

func (l *lazy) Open(context.Context) (queue.Journal, error) { return l, nil }

func (l *lazy) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	if len(l.pending) > 0 {
		if _, err := l.Memory.Append(ctx, l.end-queue.Seq(len(l.pending)), l.pending); err != nil {
			return 0, err
		}
	}
	l.pending = batch
	l.end = after + queue.Seq(len(batch))
	return l.end, nil
}

func (l *lazy) Crash() error {
	l.pending = nil
	return nil
}
