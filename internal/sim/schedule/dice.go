// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"math/rand/v2"
	"time"
)

// dice are the one source of chance of a run, besides the demand's.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice {
	return dice{rand.New(rand.NewPCG(seed*0x9e3779b97f4a7c15, 0x5c4ed01e^seed))}
}

// chance is true in p of all cases. It draws nothing when p is zero: a run without
// faults is the same whatever faults exist.
func (d dice) chance(p float64) bool { return p > 0 && d.Float64() < p }

// between draws a time from a to b in whole milliseconds.
func (d dice) between(a, b time.Duration) time.Duration {
	return (a + time.Duration(d.Int64N(int64(b-a)+1))).Truncate(time.Millisecond)
}

// times draws how many independent things happen when mean are expected, at most 20.
func (d dice) times(mean float64) int {
	n := 0
	for t := d.exp(mean); t < 1 && n < 20; t += d.exp(mean) {
		n++
	}
	return n
}

func (d dice) exp(rate float64) float64 {
	if rate <= 0 {
		return 1
	}
	return d.ExpFloat64() / rate
}

// pickOf draws an element; from is not empty.
func pickOf[T any](d dice, from []T) T { return from[d.IntN(len(from))] }
