// SPDX-License-Identifier: EUPL-1.2

package stats

import "math"

// Share is how many of how many.
type Share struct{ N, Of int }

// Value returns the share, 0 to 1; 0 of none.
func (s Share) Value() float64 { return float64(s.N) / float64(max(1, s.Of)) }

// Interval returns between what the true share lies in 95 of 100 cases (Wilson 1927): 0
// and 1 when nothing is known.
func (s Share) Interval() (low, high float64) {
	if s.Of <= 0 {
		return 0, 1
	}
	const z = 1.959964
	n, p := float64(s.Of), s.Value()
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}
