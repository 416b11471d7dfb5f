// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"slices"
	"time"
)

// Spans are how long something took, each time. The zero value is none.
type Spans struct {
	Sum     int64  `json:"sum_ms,omitzero"`
	Seconds []Many `json:"seconds,omitempty"` // in order, each number of seconds once
}

// Many is how often something took a number of seconds.
type Many struct {
	Seconds int `json:"s"`
	N       int `json:"n"` // above 0
}

// seconds rounds up; a span below zero counts as none.
func seconds(d time.Duration) int { return int((max(0, d) + time.Second - 1) / time.Second) }

// Add takes in a span.
func (s *Spans) Add(d time.Duration) { s.change(d, 1) }

// remove takes a span out again.
func (s *Spans) remove(d time.Duration) { s.change(d, -1) }

func (s *Spans) change(d time.Duration, n int) {
	s.Sum += int64(n) * max(0, d).Milliseconds()
	i, ok := slices.BinarySearchFunc(s.Seconds, seconds(d), func(m Many, x int) int { return m.Seconds - x })
	if !ok {
		s.Seconds = slices.Insert(s.Seconds, i, Many{Seconds: seconds(d)})
	}
	if s.Seconds[i].N += n; s.Seconds[i].N <= 0 {
		s.Seconds = slices.Delete(s.Seconds, i, i+1)
	}
}

// N returns how many there are.
func (s *Spans) N() int {
	n := 0
	for _, m := range s.Seconds {
		n += m.N
	}
	return n
}

// Mean returns the mean, 0 of none.
func (s *Spans) Mean() time.Duration {
	var m Mean
	m.Add(s)
	return m.Mean()
}

// Mean is how long something took on average, where it is not asked how that spread. The zero
// value is of none.
type Mean struct {
	sum int64
	n   int
}

// Add takes in spans.
func (m *Mean) Add(s *Spans) { m.sum, m.n = m.sum+s.Sum, m.n+s.N() }

// N returns of how many it is.
func (m Mean) N() int { return m.n }

// Mean returns the mean, 0 of none.
func (m Mean) Mean() time.Duration {
	return time.Duration(m.sum) * time.Millisecond / time.Duration(max(1, m.n))
}

// Longest returns the longest, 0 of none.
func (s *Spans) Longest() time.Duration {
	if len(s.Seconds) == 0 {
		return 0
	}
	return time.Duration(s.Seconds[len(s.Seconds)-1].Seconds) * time.Second
}

// beyond is how many must lie beyond a percentile for it to mean anything.
const beyond = 5

// Percentile returns the span that percent in 100 do not exceed, 1 to 99. ok is false
// when too few lie beyond it on either side: P90 takes 50, the median 10.
func (s *Spans) Percentile(percent int) (p time.Duration, ok bool) {
	n := s.N()
	if n*min(percent, 100-percent) < beyond*100 {
		return 0, false
	}
	rank := (n*percent + 99) / 100
	for _, m := range s.Seconds {
		if rank -= m.N; rank <= 0 {
			return time.Duration(m.Seconds) * time.Second, true
		}
	}
	return 0, false
}

// Within returns how many did not exceed a limit in whole seconds.
func (s *Spans) Within(limit time.Duration) int {
	n := 0
	for _, m := range s.Seconds {
		if m.Seconds > int(limit/time.Second) {
			break
		}
		n += m.N
	}
	return n
}

// Gini returns how unequal the spans are: 0 when all are the same, towards 1 when one
// has everything. ok is false when there are fewer than ten.
func (s *Spans) Gini() (g float64, ok bool) {
	n := s.N()
	if n < 2*beyond {
		return 0, false
	}
	total, weighted, rank := 0.0, 0.0, 0.0
	for _, m := range s.Seconds {
		k, x := float64(m.N), float64(m.Seconds)
		weighted += x * (k*rank + k*(k+1)/2) // of the ranks from rank+1 to rank+k
		total += k * x
		rank += k
	}
	if total == 0 {
		return 0, true
	}
	return (2*weighted/total - rank - 1) / rank, true
}

func (s *Spans) clone() Spans { return Spans{Sum: s.Sum, Seconds: slices.Clone(s.Seconds)} }
