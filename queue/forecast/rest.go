// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Rest is how a day is going to end, those included who still come.
type Rest struct {
	At      time.Time // the forecast's
	Closing time.Time // when the office closes
	// Waiting is how many still wait for a call at Closing: the median, and what one
	// run in ten stays below and above.
	Waiting, Low, High int
	// Last is when the last one is called who is called at all, zero when nobody is:
	// the median.
	Last time.Time
}

// Rest says how the day ends if everything goes on as it is. ok is false when the
// office is closed or past its closing.
func (f *Forecaster) Rest(v *queue.View, at time.Time, l *Learner, r Roster) (rest Rest, ok bool) {
	if at.Before(v.At()) {
		at = v.At()
	}
	if _, open := v.Day(); !open {
		return Rest{}, false
	}
	openings := v.Settings().Hours.On(at.In(v.Zone()))
	if len(openings) == 0 || !at.Before(openings[len(openings)-1].To) {
		return Rest{}, false
	}
	rest = Rest{At: at, Closing: openings[len(openings)-1].To}
	f.prepare(v, at, l, r, openings)
	left, last := make([]int, f.options.Runs), make([]int64, f.options.Runs)
	for run := range f.options.Runs {
		left[run], last[run] = f.end()
	}
	slices.Sort(left)
	slices.Sort(last)
	n := f.options.Runs
	rest.Waiting, rest.Low, rest.High = left[n/2], left[n/10], left[n-1-n/10]
	if last[n/2] > 0 {
		rest.Last = time.UnixMilli(last[n/2])
	}
	return rest, true
}

// end lets the office run ahead once until nobody is called any more. It returns how
// many wait when it closes, and when the last one is called, 0 if nobody is.
func (f *Forecaster) end() (left int, last int64) {
	f.begins()
	open := true
	for {
		i, at := f.first()
		j, back := f.nextReturn()
		if open && min(at, f.come.at, back) >= f.closing {
			left, open = f.line.Len()-f.strangers(), false
		}
		if back < min(at, f.come.at) {
			f.comeBack(j)
			continue
		}
		if f.come.at < at {
			f.arrive()
			continue
		}
		if at >= f.horizon {
			return left, last
		}
		key, ok := f.line.Call(i, time.UnixMilli(at))
		if !ok {
			f.next[i], f.idle[i] = never, true
			continue
		}
		if f.guest(key) {
			f.met++
			continue
		}
		last = at
		f.keep(i, at, key)
	}
}

// strangers are guests who still stand in the line.
func (f *Forecaster) strangers() int { return f.guests - f.waiting - f.met }
