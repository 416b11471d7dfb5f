// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"math"
	"math/rand/v2"
	"time"
)

const (
	second = int64(time.Second / time.Millisecond)
	minute = 60 * second
	hour   = 60 * minute
)

// dice draw what the runs need.
type dice struct {
	*rand.Rand
	source *rand.PCG
}

func newDice() dice {
	source := rand.NewPCG(0, 0)
	return dice{Rand: rand.New(source), source: source}
}

func (d *dice) seed(seed, number uint64) { d.source.Seed(scatter(seed), scatter(number)) }

// scatter sends neighbours far apart (the finaliser of SplitMix64, Steele, Lea and
// Flood 2014): seeds are often 1, 2, 3.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (d *dice) chance(p float64) bool { return d.Float64() < p }

// exponential draws a span with that mean.
func (d *dice) exponential(mean float64) int64 { return int64(d.ExpFloat64() * mean) }

// sampler draws spans of one kind: from its own samples, and the fewer there are the
// more often from wider ones, at last from a lognormal prior.
type sampler struct {
	levels [3]*ring // nil: none
	mean   float64  // of the prior, milliseconds
	cv     float64

	average float64 // of what is drawn
	mu, dev float64 // of the prior's logarithm
}

// doubt is how many samples weigh as much as all wider ones.
const doubt = 5

func newSampler(mean, cv float64, levels ...*ring) sampler {
	s := sampler{mean: mean, cv: cv, average: mean}
	copy(s.levels[:], levels)
	variance := math.Log1p(cv * cv)
	s.dev = math.Sqrt(variance)
	s.mu = math.Log(mean) - variance/2
	for i := len(s.levels) - 1; i >= 0; i-- {
		if r := s.levels[i]; r != nil {
			s.average = (float64(r.sum) + doubt*s.average) / float64(len(r.values)+doubt)
		}
	}
	return s
}

func (s *sampler) draw(d *dice) int64 {
	for _, r := range s.levels {
		if r == nil {
			continue
		}
		n := len(r.values)
		if n > 0 && d.IntN(n+doubt) < n {
			return int64(r.values[d.IntN(n)])
		}
	}
	return min(longest, int64(math.Exp(s.mu+s.dev*d.NormFloat64())))
}

// tries is how often a span is drawn again that is over already.
const tries = 12

// rest draws what is left of a span that has lasted so long. A span longer than
// nearly all that were seen is forgotten or extraordinary: it goes on without memory.
func (s *sampler) rest(d *dice, elapsed int64) int64 {
	if elapsed <= 0 {
		return s.draw(d)
	}
	for range tries {
		if x := s.draw(d); x > elapsed {
			return x - elapsed
		}
	}
	return d.exponential(.7 * s.average)
}
