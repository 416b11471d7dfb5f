// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"math"
	"time"
)

// calibration corrects what the runs say by what became of earlier promises. The
// interval is widened or narrowed all the time; the median is touched only when it
// has been off in one direction for long, as a correction that is always on spoils
// a forecast that is right.
type calibration struct {
	low, high float64   // factors of the distance of P10 and P90 from the median
	ratios    []float64 // logarithms of actual to median, the newest ones
	next      int
}

func newCalibration() calibration { return calibration{low: 1, high: 1} }

const (
	pace       = .06 // of the adaption of the interval
	outside    = .1  // of the promises lie below P10, as many above P90
	narrowest  = .5
	widest     = 3
	ratiosKept = 60
	ratiosMin  = 30
	offBy      = .2 // mean of the logarithms from which on the median is corrected
	worthwhile = 30 * time.Second
)

// apply turns what the runs say into what is promised.
func (c *calibration) apply(raw Percentiles) Wait {
	k := c.correction()
	scale := func(d time.Duration) time.Duration { return time.Duration(k * float64(d)) }
	below := func(d time.Duration) time.Duration {
		return max(0, scale(raw.P50)-time.Duration(c.low*float64(scale(raw.P50-d))))
	}
	above := func(d time.Duration) time.Duration {
		return scale(raw.P50) + time.Duration(c.high*float64(scale(d-raw.P50)))
	}
	return Wait{
		P05: below(raw.P05), P10: below(raw.P10), P50: scale(raw.P50), P80: above(raw.P80), P90: above(raw.P90),
		Raw: raw,
	}
}

// judge learns from a promise that came due. Promises that could hardly be wrong, as
// nobody waited, teach nothing; and P90 is that of those who do wait.
func (c *calibration) judge(w Wait, actual time.Duration) {
	if w.Raw.P50 < worthwhile && actual < worthwhile {
		return
	}
	if w.Raw.P90-w.Raw.P50 >= worthwhile && actual >= worthwhile {
		c.high = adapt(c.high, actual > w.P90)
	}
	if w.Raw.P50-w.Raw.P10 >= worthwhile {
		c.low = adapt(c.low, actual < w.P10)
	}
	ratio := math.Log(float64(actual+time.Minute) / float64(w.Raw.P50+time.Minute))
	if len(c.ratios) < ratiosKept {
		c.ratios = append(c.ratios, ratio)
		return
	}
	c.ratios[c.next] = ratio
	c.next = (c.next + 1) % ratiosKept
}

func adapt(factor float64, missed bool) float64 {
	x := -outside
	if missed {
		x++
	}
	return min(widest, max(narrowest, factor*math.Exp(pace*x)))
}

// correction returns the factor of the median, 1 unless the newest promises were all
// off in one direction.
func (c *calibration) correction() float64 {
	n := len(c.ratios)
	if n < ratiosMin {
		return 1
	}
	older, newer := 0.0, 0.0
	for i := range n {
		r := c.ratios[(c.next+i)%n] // from the oldest on
		if i < n/2 {
			older += r
		} else {
			newer += r
		}
	}
	mean := (older + newer) / float64(n)
	if math.Abs(mean) <= offBy || older*newer <= 0 {
		return 1
	}
	return math.Exp(mean)
}
