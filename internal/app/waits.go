// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/config"
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
	// together is about how many promises are kept at once, at most, in a crowd.
	together = 256
	// crowd is how many must wait for forecasts to make do with fewer runs.
	crowd     = 150
	crowdRuns = 50
)

// waits tells how long people are going to wait. It reads the past in the background;
// until it knows enough, nothing is told. What is told is kept beside the journal: so it can be
// judged when the call comes, and after a restart the forecast knows how good it was.
type waits struct {
	engine  *queue.Engine
	past    history
	store   *store.Store
	plan    *config.Waits
	metrics *waitMetrics

	mu     sync.Mutex // held while a forecast is made
	lesson *lesson    // nil: the past is not known yet
	fine   *forecast.Forecaster
	coarse *forecast.Forecaster
	newest *forecast.Forecast
	seq    queue.Seq       // of the view that newest was made of
	made   time.Time       // by the wall clock: what is saved is this machine's time
	told   []store.Promise // not kept yet
	due    []store.Outcome // the same
}

func newWaits(past history, s *store.Store, plan *config.Waits, r prometheus.Registerer) *waits {
	w := &waits{
		engine: past.Engine, past: past, store: s, plan: plan,
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
	promises, open, err := w.store.Promises(ctx, after)
	if err != nil {
		return err
	}
	l := newLesson(settings, after, forecast.Priors{Service: w.plan.Service, Services: w.plan.Services}, promises)
	err = l.catchUp(ctx, w.past, func(o forecast.Outcome) {
		if open[o.Ticket] { // the daemon ended before it was kept
			w.due = append(w.due, w.outcome(o))
		}
	})
	if err != nil {
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
		if !w.pausing(r.Seq) {
			continue
		}
		if err := w.keep(ctx); err != nil {
			return err
		}
	}
	return w.keep(context.WithoutCancel(ctx))
}

func (w *waits) begin(l *lesson) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lesson, w.newest = l, nil
}

// hear learns from a record, and notes what whoever got a number with it may expect.
func (w *waits) hear(r queue.Record) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lesson.apply(r, w.judge)
	issued, ok := r.Event.(queue.TicketIssued)
	if !ok {
		return
	}
	f := w.newest
	if f == nil || w.seq < r.Seq { // in a crowd one forecast serves all who came while the last one was made
		f = w.ahead()
	}
	if t := w.engine.View().Ticket(issued.Ticket); f != nil && t != nil {
		w.promise(f, t)
	}
}

// promise notes what is told to whoever got a ticket; the first time counts. The caller holds mu.
func (w *waits) promise(f *forecast.Forecast, t *queue.Ticket) {
	told := f.Of(t)
	if !w.lesson.learner.Promise(t.ID, f.At, told) {
		return
	}
	channel := string(t.Channel)
	switch {
	case t.Slip.Printer != "":
		channel = "slip"
	case channel == "":
		channel = string(queue.ChannelAPI)
	}
	w.told = append(w.told, store.Promise{Ticket: t.ID, At: f.At, Channel: channel, Wait: told})
}

// judge counts a promise that came due. The caller holds mu.
func (w *waits) judge(o forecast.Outcome) {
	w.metrics.judge(o)
	w.due = append(w.due, w.outcome(o))
}

// outcome is what is kept of a promise that came due.
func (w *waits) outcome(o forecast.Outcome) store.Outcome {
	local := o.At.In(w.engine.View().Zone())
	out := store.Outcome{Ticket: o.Ticket, Actual: o.Actual, Quality: store.QualityRow{
		Date: queue.DateOf(local), Service: o.Service, Band: 2*local.Hour() + local.Minute()/30,
	}}
	if forecast.Worthwhile(o.Promise, o.Actual) {
		out.Quality.Score.Add(o.Promise, o.Actual)
	}
	return out
}

// pausing reports that it is time to keep what has been told and judged: nothing more has happened,
// or it has become much. What a crowd is told is kept together, not sync by sync.
func (w *waits) pausing(heard queue.Seq) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return heard >= w.engine.View().Seq() || len(w.told)+len(w.due) >= together
}

// keep writes down what has been told and judged. What cannot be written is tried again.
func (w *waits) keep(ctx context.Context) error {
	w.mu.Lock()
	told, due := w.told, w.due
	w.told, w.due = nil, nil
	w.mu.Unlock()
	err := w.store.KeepPromises(ctx, told, due)
	if err != nil {
		w.mu.Lock()
		w.told, w.due = append(told, w.told...), append(due, w.due...)
		w.mu.Unlock()
	}
	return err
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
	if err := w.lesson.catchUp(context.Background(), w.engine, w.judge); err != nil || w.lesson.before < enough {
		return nil // the task meets the same error, and tells
	}
	f := w.fine
	if waiting(v) > crowd {
		f = w.coarse
	}
	now := w.engine.Now()
	w.newest, w.seq, w.made = f.Forecast(v, now, w.lesson.learner, roster(w.plan, now.In(v.Zone()))), v.Seq(), time.Now()
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
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.ahead()
	if f == nil {
		return 0, 0, false
	}
	w.promise(f, t)
	return f.Of(t).Range()
}
