// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"math"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/waits"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// errors sums up how far predictions are off, for those who wait.
type errors struct{ n, wait, square float64 }

func (e *errors) add(wait, predicted float64) {
	e.n++
	e.wait += wait
	e.square += (wait - predicted) * (wait - predicted)
}

// relative is the root of the mean squared error as a share of the mean wait.
func (e *errors) relative() float64 { return math.Sqrt(e.square/e.n) / (e.wait / e.n) }

// TestAsGoodAsTheory lets an office with exponential times live and compares the
// forecast with the best that is possible.
func TestAsGoodAsTheory(t *testing.T) {
	const servers, mean = waits.Servers, 20 * time.Second
	s := queuetest.Counters(queuetest.Office(queue.PresetFIFO), servers)
	s.Counters = s.Counters[3:]
	for day := range s.Hours.Week {
		s.Hours.Week[day] = []queue.Span{{From: 0, To: 24 * 60}}
	}
	s.Series[0].Width, s.Series[0].Last, s.NoShow.Calls, s.NoShow.After = 4, 9999, 1, 0
	h := newHall(t, s)
	for _, c := range s.Counters {
		h.do(queue.OpenCounter{Counter: c.ID})
	}
	for i := range 600 { // what the learner knows are the true times
		p := (float64(i) + .5) / 600
		h.issue("papers", "")
		h.issue("papers", "")
		h.serve("x0", time.Duration(-math.Log(1-p)*float64(mean)).Truncate(time.Millisecond), 0)
		h.serve("x0", time.Duration(-math.Log(p)*float64(mean)).Truncate(time.Millisecond), 0)
	}
	learned := h.learner
	h.learner = forecast.NewLearner(forecast.Priors{})
	f := forecast.New(forecast.Options{Seed: 3})
	begin := h.at
	var visitors []waits.Visitor
	waits.Exponentials(2, 4_000, .9, func(v waits.Visitor) { visitors = append(visitors, v) })
	var sim, best errors
	var serving []waits.Visitor // at a counter each
	for n, v := range visitors {
		for {
			next, at := -1, v.Comes
			for i, x := range serving {
				if x.Ends <= at {
					next, at = i, x.Ends
				}
			}
			if next < 0 {
				break
			}
			h.at = later(h.at, begin.Add(time.Duration(at*float64(mean)).Truncate(time.Millisecond)))
			h.do(queue.Finish{Counter: s.Counters[next].ID})
			serving[next].Ends = math.Inf(1)
			h.callFree(s, serving, visitors)
		}
		h.at = later(h.at, begin.Add(time.Duration(v.Comes*float64(mean)).Truncate(time.Millisecond)))
		x := h.issue("papers", "")
		if wait := v.Starts - v.Comes; wait > 0 && n%4 == 0 {
			w := f.Forecast(h.view(), h.at, learned, nil).Ticket(x.ID)
			sim.add(wait, w.P50.Seconds()/mean.Seconds())
			best.add(wait, float64(v.Ahead+1)/servers)
		}
		if serving == nil {
			serving = make([]waits.Visitor, servers)
			for i := range serving {
				serving[i].Ends = math.Inf(1)
			}
		}
		h.callFree(s, serving, visitors)
	}
	if sim.n < 500 {
		t.Fatalf("%v visitors waited", sim.n)
	}
	if ratio := sim.relative() / best.relative(); ratio > 1.03 || ratio < .97 {
		t.Errorf("the forecast errs %.3f times as much as the best that is possible", ratio)
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// callFree lets free counters call those who wait; visitors are in the order of tickets.
func (h *hall) callFree(s queue.Settings, serving, visitors []waits.Visitor) {
	h.t.Helper()
	for i, c := range s.Counters {
		status, _ := h.view().Counter(c.ID)
		if status.Ticket != 0 || h.view().Next(c.ID, h.at) == nil {
			continue
		}
		h.do(queue.CallNext{Counter: c.ID})
		serving[i] = visitors[h.called]
		h.called++
	}
}
