// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"text/tabwriter"
)

// Theory is how far predictions are off where theory says how far the best one must be:
// with exponential times, first in, first out, and a load of Rho, of those who wait. Errors
// are the root of the mean squared one, as a share of the mean wait.
type Theory struct {
	Rho     float64
	Best    float64 // sqrt(1 - rho): what no predictor can beat (Ibrahim and Whitt 2009)
	Queue   float64 // of the number in front by the servers
	Oldest  float64 // of the age of the one who waits longest
	ToLast  float64 // mean squared error of the last wait that has ended, to that of Queue
	Waiting int
}

// Servers are those of the theory; its figures do not depend on their number.
const Servers = 7

// Visitor comes to the servers of the theory.
type Visitor struct {
	Comes, Starts, Ends float64 // in mean service times
	Ahead               int     // who wait
}

// Exponentials lets n visitors come at a load of rho, first in, first out.
func Exponentials(seed uint64, n int, rho float64, see func(v Visitor)) {
	d := rand.New(rand.NewPCG(seed, 1))
	var free [Servers]float64
	var starts []float64 // of those who may still wait
	now := 0.0
	for range n {
		now += d.ExpFloat64() / (rho * Servers)
		first := 0
		for i, x := range free {
			if x < free[first] {
				first = i
			}
		}
		v := Visitor{Comes: now, Starts: max(now, free[first])}
		v.Ends = v.Starts + d.ExpFloat64()
		free[first] = v.Ends
		for len(starts) > 0 && starts[0] <= now {
			starts = starts[1:]
		}
		v.Ahead = len(starts)
		starts = append(starts, v.Starts)
		see(v)
	}
}

// off sums up how far predictions are off.
type off struct{ n, wait, square float64 }

func (e *off) add(wait, predicted float64) {
	e.n++
	e.wait += wait
	e.square += (wait - predicted) * (wait - predicted)
}

func (e *off) relative() float64 { return math.Sqrt(e.square/e.n) / (e.wait / e.n) }

// Predict lets n visitors come and compares the formulas with theory.
func Predict(seed uint64, n int, rho float64) Theory {
	var byQueue, byLast, byOldest off
	var waiting []Visitor
	last := 0.0
	Exponentials(seed, n, rho, func(v Visitor) {
		for len(waiting) > 0 && waiting[0].Starts <= v.Comes {
			last = waiting[0].Starts - waiting[0].Comes
			waiting = waiting[1:]
		}
		if wait := v.Starts - v.Comes; wait > 0 {
			byQueue.add(wait, float64(v.Ahead+1)/Servers)
			byLast.add(wait, last)
			oldest := v.Comes
			if len(waiting) > 0 {
				oldest = waiting[0].Comes
			}
			byOldest.add(wait, v.Comes-oldest)
		}
		waiting = append(waiting, v)
	})
	return Theory{
		Rho: rho, Best: math.Sqrt(1 - rho), Queue: byQueue.relative(), Oldest: byOldest.relative(),
		ToLast: byLast.square / byQueue.square, Waiting: int(byQueue.n),
	}
}

// WriteTheory prints T7: the formulas where theory says how good they are. It returns what
// does not agree. The forecast is held against the same theory by a test of its package.
func WriteTheory(to io.Writer, seed uint64) (missed []string, err error) {
	t := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tload\tbest possible\tQL\tHOL\tMSE of LES to that of QL\t")
	for _, rho := range []float64{.8, .9, .95} {
		x := Predict(seed, 3_000_000, rho)
		fmt.Fprintf(t, "T7\t%.2f\t%.3f\t%.3f\t%.3f\t%.2f\t\n", rho, x.Best, x.Queue, x.Oldest, x.ToLast)
		missed = append(missed, x.Missed()...)
	}
	return missed, t.Flush()
}

// Missed returns where the formulas do not agree with theory.
func (x *Theory) Missed() (faults []string) {
	if math.Abs(x.Queue/x.Best-1) > .02 {
		faults = append(faults, fmt.Sprintf("T7: at a load of %v the queue's length errs by %.3f, theory says %.3f", x.Rho, x.Queue, x.Best))
	}
	if x.ToLast < 2 || x.ToLast > 2.4 {
		faults = append(faults, fmt.Sprintf("T7: at a load of %v the last wait errs %.2f times as much", x.Rho, x.ToLast))
	}
	return faults
}
