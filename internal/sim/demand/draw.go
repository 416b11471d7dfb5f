// SPDX-License-Identifier: EUPL-1.2

package demand

import (
	"math"
	"math/rand/v2"
	"time"
)

// dice are a seeded source of the distributions that the model needs.
type dice struct{ *rand.Rand }

// The streams of a day. What one of them draws does not move the others.
const (
	streamArrivals = iota
	streamStaff
)

func newDice(seed uint64, day time.Time, stream uint64) dice {
	number := uint64(day.Unix()/86400)<<8 | stream
	return dice{rand.New(rand.NewPCG(scatter(seed), scatter(number)))}
}

// scatter sends neighbours far apart (the finaliser of SplitMix64, Steele, Lea and
// Flood 2014): seeds are often 1, 2, 3.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// lognormal draws from the lognormal distribution with a mean and a coefficient of
// variation.
func (d dice) lognormal(mean, cv float64) float64 {
	variance := math.Log1p(cv * cv)
	return mean * math.Exp(d.NormFloat64()*math.Sqrt(variance)-variance/2)
}

// span draws a lognormal time in whole milliseconds, at least one second.
func (d dice) span(mean time.Duration, cv float64) time.Duration {
	drawn := time.Duration(d.lognormal(float64(mean), cv))
	return max(time.Second, drawn.Truncate(time.Millisecond))
}

// poisson draws how many independent things happen when mean are expected. Large
// means are drawn in parts: the product of uniforms below would underflow.
func (d dice) poisson(mean float64) int {
	n := 0
	for mean > 100 {
		n += d.poisson(100)
		mean -= 100
	}
	limit := math.Exp(-mean)
	for p := d.Float64(); p > limit; p *= d.Float64() {
		n++
	}
	return n
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// between draws a time from a to b, whole milliseconds, b excluded.
func (d dice) between(a, b time.Duration) time.Duration {
	if b <= a {
		return a
	}
	return (a + time.Duration(d.Int64N(int64(b-a)))).Truncate(time.Millisecond)
}

// pick draws an index by weight; the weights add up to total, which is above 0.
func (d dice) pick(total float64, n int, weight func(int) float64) int {
	x := d.Float64() * total
	for i := range n - 1 {
		if x -= weight(i); x < 0 {
			return i
		}
	}
	return n - 1
}
