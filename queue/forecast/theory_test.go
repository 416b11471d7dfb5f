// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// visitor comes to s servers with exponential times, first in, first out.
type visitor struct {
	comes, starts, ends float64
	ahead               int // who wait
}

// exponentials lets n visitors come at a load of rho, with services of mean 1.
func exponentials(seed uint64, n, s int, rho float64, see func(v visitor)) {
	d := rand.New(rand.NewPCG(seed, 1))
	free := make([]float64, s)
	var starts []float64 // of those who may still wait
	now := 0.0
	for range n {
		now += d.ExpFloat64() / (rho * float64(s))
		first := 0
		for i, x := range free {
			if x < free[first] {
				first = i
			}
		}
		v := visitor{comes: now, starts: max(now, free[first])}
		v.ends = v.starts + d.ExpFloat64()
		free[first] = v.ends
		for len(starts) > 0 && starts[0] <= now {
			starts = starts[1:]
		}
		v.ahead = len(starts)
		starts = append(starts, v.starts)
		see(v)
	}
}

// errors sums up how far predictions are off, for those who wait.
type errors struct{ n, wait, square float64 }

func (e *errors) add(wait, predicted float64) {
	e.n++
	e.wait += wait
	e.square += (wait - predicted) * (wait - predicted)
}

// relative is the root of the mean squared error as a share of the mean wait.
func (e *errors) relative() float64 { return math.Sqrt(e.square/e.n) / (e.wait / e.n) }

// TestNoBetterThanTheory: with exponential times the number in front is all that can be
// known. Its error is the root of 1 - rho, that of the last wait to have ended is twice
// its square and a little more (Ibrahim and Whitt 2009).
func TestNoBetterThanTheory(t *testing.T) {
	const servers = 7
	for _, rho := range []float64{.8, .9} {
		var byQueue, byLast errors
		var waiting []visitor
		last := 0.0
		exponentials(1, 500_000, servers, rho, func(v visitor) {
			for len(waiting) > 0 && waiting[0].starts <= v.comes {
				last = waiting[0].starts - waiting[0].comes
				waiting = waiting[1:]
			}
			if wait := v.starts - v.comes; wait > 0 {
				byQueue.add(wait, float64(v.ahead+1)/servers)
				byLast.add(wait, last)
			}
			waiting = append(waiting, v)
		})
		if got, want := byQueue.relative(), math.Sqrt(1-rho); math.Abs(got/want-1) > .02 {
			t.Errorf("load %v: the queue's length errs by %.3f, theory says %.3f", rho, got, want)
		}
		if ratio := byLast.square / byQueue.square; ratio < 2 || ratio > 2.4 {
			t.Errorf("load %v: the last wait errs %.2f times as much", rho, ratio)
		}
	}
}

// TestAsGoodAsTheory lets an office with exponential times live and compares the
// forecast with the best that is possible.
func TestAsGoodAsTheory(t *testing.T) {
	const servers, mean = 7, 20 * time.Second
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
	var visitors []visitor
	exponentials(2, 4_000, servers, .9, func(v visitor) { visitors = append(visitors, v) })
	var sim, best errors
	var serving []visitor // at a counter each
	for n, v := range visitors {
		for {
			next, at := -1, v.comes
			for i, x := range serving {
				if x.ends <= at {
					next, at = i, x.ends
				}
			}
			if next < 0 {
				break
			}
			h.at = later(h.at, begin.Add(time.Duration(at*float64(mean)).Truncate(time.Millisecond)))
			h.do(queue.Finish{Counter: s.Counters[next].ID})
			serving[next].ends = math.Inf(1)
			h.callFree(s, serving, visitors)
		}
		h.at = later(h.at, begin.Add(time.Duration(v.comes*float64(mean)).Truncate(time.Millisecond)))
		x := h.issue("papers", "")
		if wait := v.starts - v.comes; wait > 0 && n%4 == 0 {
			w := f.Forecast(h.view(), h.at, learned, nil).Ticket(x.ID)
			sim.add(wait, w.P50.Seconds()/mean.Seconds())
			best.add(wait, float64(v.ahead+1)/servers)
		}
		if serving == nil {
			serving = make([]visitor, servers)
			for i := range serving {
				serving[i].ends = math.Inf(1)
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
func (h *hall) callFree(s queue.Settings, serving, visitors []visitor) {
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
