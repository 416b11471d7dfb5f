// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

const (
	// remembered is how far back the office's habits are read from the journal, from its
	// newest record on: the clock may be wrong.
	remembered = 60 * 24 * time.Hour
	// enough is how many must have been served on days before today until waits are told:
	// on its first day nobody knows an office.
	enough = 30
	// fresh is how long a forecast serves everybody who asks, as long as nothing happens:
	// a hall full of phones costs one run.
	fresh = time.Second
	// crowd is how many must wait for forecasts to make do with fewer runs.
	crowd     = 150
	crowdRuns = 50
)

// waits tells how long people are going to wait. It reads the past in the background;
// until it knows enough, nothing is told.
type waits struct {
	engine  *queue.Engine
	store   *store.Store
	metrics *waitMetrics

	mu     sync.Mutex // held while a forecast is made
	lesson *lesson    // nil: the past is not known yet
	fine   *forecast.Forecaster
	coarse *forecast.Forecaster
	newest *forecast.Forecast
	seq    queue.Seq // of the view that newest was made of
	made   time.Time // by the wall clock: what is saved is this machine's time
}

func newWaits(e *queue.Engine, s *store.Store, r prometheus.Registerer) *waits {
	w := &waits{
		engine: e, store: s,
		fine: forecast.New(forecast.Options{}), coarse: forecast.New(forecast.Options{Runs: crowdRuns}),
	}
	w.metrics = newWaitMetrics(r, w)
	return w
}

// run learns until ctx ends, which gives nil, or the journal cannot be read.
func (w *waits) run(ctx context.Context) error {
	settings, after, err := w.store.Since(ctx, w.engine.View().At().Add(-remembered))
	if err != nil {
		return err
	}
	l := newLesson(settings, after)
	if err := l.catchUp(ctx, w.engine, func(forecast.Outcome) {}); err != nil {
		return err
	}
	heard := l.heard
	w.begin(l)
	defer w.begin(nil)
	for r, err := range w.engine.Follow(ctx, heard) {
		if err != nil {
			return err
		}
		w.hear(r)
	}
	return nil
}

func (w *waits) begin(l *lesson) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lesson, w.newest = l, nil
}

// hear learns from a record, and notes what whoever got a number with it may expect, so
// that it can be judged when the call comes.
func (w *waits) hear(r queue.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lesson.apply(r, w.metrics.judge)
	issued, ok := r.Event.(queue.TicketIssued)
	if !ok {
		return
	}
	f := w.ahead()
	if t := w.engine.View().Ticket(issued.Ticket); f != nil && t != nil {
		w.lesson.learner.Promise(t.ID, f.At, f.Of(t))
	}
}

// Forecast returns what is to be expected now, nil while too little is known of the office.
func (w *waits) Forecast() *forecast.Forecast {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ahead()
}

// ahead is Forecast for who holds mu.
func (w *waits) ahead() *forecast.Forecast {
	if w.lesson == nil {
		return nil
	}
	v := w.engine.View()
	if w.newest != nil && w.seq == v.Seq() && time.Since(w.made) < fresh {
		return w.newest
	}
	// What happened a moment ago may still be on its way to the task that learns.
	if err := w.lesson.catchUp(context.Background(), w.engine, w.metrics.judge); err != nil || w.lesson.before < enough {
		return nil // the task meets the same error, and tells
	}
	f := w.fine
	if waiting(v) > crowd {
		f = w.coarse
	}
	w.newest, w.seq, w.made = f.Forecast(v, w.engine.Now(), w.lesson.learner, nil), v.Seq(), time.Now()
	return w.newest
}

func waiting(v *queue.View) (n int) {
	for range v.Waiting() {
		n++
	}
	return n
}

// slip tells what stands on a ticket's slip; see [office.Wait].
func (w *waits) slip(_ *queue.View, t *queue.Ticket) (from, to time.Duration, ok bool) {
	f := w.Forecast()
	if f == nil {
		return 0, 0, false
	}
	return f.Of(t).Range()
}

// lesson is what was learned from the journal up to a record.
type lesson struct {
	learner *forecast.Learner
	heard   queue.Seq

	date          queue.Date
	today, before int // citizens served
}

func newLesson(settings []queue.Record, after queue.Seq) *lesson {
	l := &lesson{learner: forecast.NewLearner(forecast.Priors{}), heard: after}
	for _, r := range settings {
		l.learner.Apply(r)
	}
	return l
}

// catchUp learns from all that has happened, unless ctx ends before.
func (l *lesson) catchUp(ctx context.Context, e *queue.Engine, due func(forecast.Outcome)) error {
	end := e.View().Seq()
	if l.heard >= end {
		return nil
	}
	for r, err := range e.Follow(ctx, l.heard) {
		if err != nil {
			return err
		}
		if l.apply(r, due); r.Seq >= end {
			break
		}
	}
	return nil
}

// apply learns from a record, once.
func (l *lesson) apply(r queue.Record, due func(forecast.Outcome)) {
	if r.Seq <= l.heard {
		return
	}
	l.heard = r.Seq
	switch e := r.Event.(type) {
	case queue.DayOpened:
		if e.Date != l.date {
			l.date, l.before, l.today = e.Date, l.before+l.today, 0
		}
	case queue.TicketClosed:
		if e.End == queue.EndServed {
			l.today++
		}
	}
	if outcome, ok := l.learner.Apply(r); ok {
		due(outcome)
	}
}
