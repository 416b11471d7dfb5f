// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Options are how a forecast is made.
type Options struct {
	// Runs are how many times the office runs ahead; 0: 200. With 50 the error grows
	// by some 3 in 100 and the time shrinks to a quarter.
	Runs int
	Seed uint64
}

// Forecaster makes forecasts. It keeps its memory from one to the next and is not safe
// for concurrent use; the forecasts that it makes are.
type Forecaster struct {
	options Options
	dice    dice

	at      int64 // Unix milliseconds, as all times here
	horizon int64
	closing int64

	base, line queue.Line
	waiting    int     // keys below are tickets, those from here on below guests are guests
	guests     int     // keys from here on have come on the way
	service    []int   // by key
	hope       []bool  // by key: a counter that serves it is there or expected
	calls      []int64 // by key and run

	settings *queue.Settings // that what follows belongs to
	kinds    [][]int
	kindOf   []kind

	visits   visits
	counters []counter
	turnover sampler
	pauses   sampler
	late     sampler
	punctual *ring // how late clerks come back from planned breaks

	next      []int64 // by counter: when it calls
	idle      []bool  // by counter: found nobody
	offs      []int64 // by counter: how much later than planned it comes back in this run
	today     []*outlook
	met       int // guests who have had their turn
	come      stream
	away      []returner
	returns   []int64 // by away: when they come back in this run
	overtaken bool
}

// kind is a class and a service, by their places in the settings.
type kind struct{ class, service int }

// never is an instant that is not reached.
const never = int64(1) << 60

// farthest is how far ahead a forecast looks.
const farthest = 16 * hour

// New returns a forecaster.
func New(o Options) *Forecaster {
	if o.Runs <= 0 {
		o.Runs = 200
	}
	return &Forecaster{options: o, dice: newDice()}
}

// Forecast says how long everybody waits who is in the view at an instant, and those
// who would come then. The instant is not before [queue.View.At]; an earlier one is
// taken for that. The learner must not be ahead of the view by a change of settings.
func (f *Forecaster) Forecast(v *queue.View, at time.Time, l *Learner, r Roster) *Forecast {
	if at.Before(v.At()) {
		at = v.At()
	}
	out := &Forecast{At: at, settings: v.Settings()}
	if _, open := v.Day(); !open {
		out.shut = true
		return out
	}
	openings := v.Settings().Hours.On(at.In(v.Zone()))
	if len(openings) > 0 {
		out.Closing = openings[len(openings)-1].To
	}
	f.prepare(v, at, l, r, openings)
	for run := range f.options.Runs {
		f.run(run)
	}
	for t := range v.Waiting() {
		out.ids = append(out.ids, t.ID)
	}
	out.kinds = f.kinds
	out.waits = f.read(0, f.waiting, &l.calibration)
	out.now = f.read(f.waiting, f.guests, &l.calibration)
	return out
}

// read turns the calls of some keys into what is said of their waits.
func (f *Forecaster) read(from, to int, c *calibration) []Wait {
	waits := make([]Wait, 0, to-from)
	for key := from; key < to; key++ {
		calls := f.calls[key*f.options.Runs : (key+1)*f.options.Runs]
		slices.Sort(calls)
		waits = append(waits, f.wait(calls, f.hope[key], c))
	}
	return waits
}

// wait reads the percentiles by nearest rank.
func (f *Forecaster) wait(calls []int64, hope bool, c *calibration) Wait {
	n := len(calls)
	p := func(percent int) time.Duration {
		return time.Duration(calls[(n*percent+99)/100-1]-f.at) * time.Millisecond
	}
	inTime, _ := slices.BinarySearch(calls, f.closing)
	today := float64(inTime) / float64(n)
	switch {
	case !hope:
		return Wait{Unknown: UnknownNobody}
	case calls[(n*90+99)/100-1] >= f.horizon:
		return Wait{Unknown: UnknownTooFar, Today: today}
	}
	w := c.apply(Percentiles{P05: p(5), P10: p(10), P50: p(50), P80: p(80), P90: p(90)})
	w.Today = today
	return w
}
