// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// spread is what the runs say when the wait is exponential, all too narrow by a factor.
func spread(mean time.Duration, factor float64) Percentiles {
	p := func(p float64) time.Duration {
		median := math.Ln2
		return time.Duration((median + factor*(-math.Log(1-p)-median)) * float64(mean))
	}
	return Percentiles{P05: p(.05), P10: p(.1), P50: p(.5), P80: p(.8), P90: p(.9)}
}

// TestCalibrationOfTheInterval: whatever the runs say of the spread, in the end one in
// ten lies above and one in ten below.
func TestCalibrationOfTheInterval(t *testing.T) {
	for _, factor := range []float64{.5, 1, 1.6} {
		d := rand.New(rand.NewPCG(1, 1))
		c := newCalibration()
		var score Score
		for n := range 6000 {
			mean := time.Duration(5+d.IntN(20)) * time.Minute
			w := c.apply(spread(mean, factor))
			actual := time.Duration(d.ExpFloat64() * float64(mean))
			if n > 500 {
				score.Add(w, actual)
			}
			c.judge(w, actual)
		}
		if math.Abs(score.Exceedance()-.1) > .015 || math.Abs(score.Coverage()-.8) > .03 {
			t.Errorf("spread times %v: coverage %.3f, exceedance %.3f", factor, score.Coverage(), score.Exceedance())
		}
		if c.correction() != 1 {
			t.Errorf("spread times %v: the median is right and corrected by %.2f", factor, c.correction())
		}
	}
}

// TestCalibrationOfTheMedian: it is corrected when it has been wrong for long, in one
// direction, and not before.
func TestCalibrationOfTheMedian(t *testing.T) {
	const true50 = 20 * time.Minute
	c := newCalibration()
	raw := Percentiles{5 * time.Minute, 6 * time.Minute, 10 * time.Minute, 12 * time.Minute, 14 * time.Minute}
	for n := range 29 {
		if w := c.apply(raw); w.P50 != raw.P50 {
			t.Fatalf("after %d promises the median is %v", n, w.P50)
		}
		c.judge(c.apply(raw), true50)
	}
	c.judge(c.apply(raw), true50)
	if w := c.apply(raw); w.P50 < 18*time.Minute || w.P50 > 20*time.Minute || w.P90 <= w.P50 {
		t.Errorf("after 30 promises of half of it: %+v", w)
	}
	for range ratiosKept / 2 { // as many in the other direction, if less far
		c.judge(c.apply(raw), 9*time.Minute)
	}
	if w := c.apply(raw); w.P50 != raw.P50 {
		t.Errorf("wrong in both directions, and the median is %v", w.P50)
	}
	before := c
	c.judge(c.apply(Percentiles{}), 0)
	if c.high != before.high || c.low != before.low || c.next != before.next {
		t.Error("somebody who did not wait has taught something")
	}
}
