// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"math"
	"time"
)

// Target is what an office aims at: a share of the citizens called within a time.
type Target struct {
	Within time.Duration
	Share  float64 // 0 to 1
}

// ErlangC returns the chance that somebody has to wait at so many counters with an
// offered load in Erlang; 1 when the load is too much for them.
func ErlangC(counters int, load float64) float64 {
	if load <= 0 {
		return 0
	}
	if float64(counters) <= load {
		return 1
	}
	blocked := 1.0 // Erlang B, from one counter to the next
	for n := 1; n <= counters; n++ {
		blocked = load * blocked / (float64(n) + load*blocked)
	}
	return blocked / (1 - load/float64(counters)*(1-blocked))
}

// Level returns the share of those who are called within a time, for services of that
// mean length.
func Level(counters int, load float64, service, within time.Duration) float64 {
	if float64(counters) <= load {
		return 0
	}
	return 1 - ErlangC(counters, load)*math.Exp(-(float64(counters)-load)*float64(within)/float64(max(1, service)))
}

// Counters returns the fewest that meet a target at an offered load in Erlang, 0 for
// none.
func Counters(load float64, service time.Duration, t Target) int {
	if load <= 0 {
		return 0
	}
	n := int(load) + 1
	for Level(n, load, service, t.Within) < min(t.Share, .9999) {
		n++
	}
	return n
}

// halfHours is how many bands a day has.
const halfHours = 48

// Required returns the counters that each half hour of a day needs, from how many come
// in each and how long services take: a sample of them, turnover included.
func Required(arrivals [halfHours]float64, services []time.Duration, t Target) (counters [halfHours]int) {
	if len(services) == 0 {
		return counters
	}
	mean := time.Duration(0)
	for _, s := range services {
		mean += s / time.Duration(len(services))
	}
	for b, load := range offered(arrivals, services) {
		counters[b] = Counters(load, mean, t)
	}
	return counters
}

// offered returns the mean load in each half hour, in Erlang: who is served at an
// instant came before it and has not been long enough there,
// m(t) = integral of rate(t-u) P(service > u) du.
func offered(arrivals [halfHours]float64, services []time.Duration) (load [halfHours]float64) {
	const steps = 6 // of a half hour
	const width = 30 * time.Minute / steps
	var last [halfHours * steps]float64 // share of services that last longer than so many steps, as a mean over the step
	for _, s := range services {
		for i := range last {
			part := min(1, max(0, float64(s-time.Duration(i)*width)/float64(width)))
			if part == 0 {
				break
			}
			last[i] += part / float64(len(services))
		}
	}
	for t := range halfHours * steps {
		m := 0.0
		for u := 0; u <= t && last[u] > 0; u++ {
			m += arrivals[(t-u)/steps] / steps * last[u]
		}
		load[t/steps] += m / steps
	}
	return load
}
