// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"slices"
	"time"
)

// times are how long something took, each time.
type times []time.Duration

// at returns the nearest-rank percentile; p is above 0 and up to 100.
func (t times) at(p float64) time.Duration {
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*p/100))]
}

// measure calls do n times and returns how long each call took.
func measure(n int, do func(i int) error) (times, error) {
	out := make(times, 0, n)
	for i := range n {
		begin := time.Now()
		if err := do(i); err != nil {
			return nil, err
		}
		out = append(out, time.Since(begin))
	}
	return out, nil
}

// atMost compares a time with its floor.
func atMost(name string, figure, floor time.Duration, aim float64) row {
	ratio := float64(figure) / float64(floor)
	return row{
		name: name, figure: millis(figure), floor: millis(floor), ratio: ratio,
		aim: fmt.Sprintf("<= %.1f x", aim), met: ratio <= aim,
	}
}

// atLeast compares a rate with its floor.
func atLeast(name string, figure, floor, aim float64) row {
	ratio := figure / floor
	return row{
		name: name, figure: fmt.Sprintf("%.0f/s", figure), floor: fmt.Sprintf("%.0f/s", floor), ratio: ratio,
		aim: fmt.Sprintf(">= %.0f x", aim), met: ratio >= aim,
	}
}

// within compares a figure with a bound that stands by itself.
func within(name string, figure, bound float64, unit string) row {
	return row{
		name: name, figure: fmt.Sprintf("%.1f %s", figure, unit), floor: "-", ratio: figure / bound,
		aim: fmt.Sprintf("<= %.0f %s", bound, unit), met: figure <= bound,
	}
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.3f ms", float64(d)/float64(time.Millisecond))
}
