// SPDX-License-Identifier: EUPL-1.2

package stats

import "slices"

// gather adds up many spans. The zero value is ready to use.
type gather struct {
	sum  int64
	n    []int32 // by seconds
	rare map[int]int
}

// common is how long nearly everything takes at most, in seconds.
const common = 4 * 3600

func (g *gather) add(s *Spans) {
	if len(s.Seconds) == 0 {
		return
	}
	g.sum += s.Sum
	g.grow(s.Seconds[len(s.Seconds)-1].Seconds + 1)
	n := g.n
	for _, m := range s.Seconds {
		if m.Seconds < len(n) {
			n[m.Seconds] += int32(m.N) //nolint:gosec // people of one place
		} else {
			g.seldom(m.Seconds, m.N)
		}
	}
}

func (g *gather) join(o *gather) {
	g.sum += o.sum
	g.grow(len(o.n))
	for seconds, n := range o.n {
		g.n[seconds] += n
	}
	for seconds, n := range o.rare {
		g.seldom(seconds, n)
	}
}

// grow makes room for what is common up to a number of seconds, and for twice of what there was.
func (g *gather) grow(to int) {
	if to = min(to, common); to > len(g.n) {
		n := make([]int32, min(max(to, 2*len(g.n)), common))
		copy(n, g.n)
		g.n = n
	}
}

func (g *gather) seldom(seconds, n int) {
	if g.rare == nil {
		g.rare = map[int]int{}
	}
	g.rare[seconds] += n
}

func (g *gather) spans() Spans {
	s, different := Spans{Sum: g.sum}, len(g.rare)
	for _, n := range g.n {
		if n > 0 {
			different++
		}
	}
	if different == 0 {
		return s
	}
	s.Seconds = make([]Many, 0, different)
	for seconds, n := range g.n {
		if n > 0 {
			s.Seconds = append(s.Seconds, Many{seconds, int(n)})
		}
	}
	first := len(s.Seconds)
	for seconds, n := range g.rare {
		s.Seconds = append(s.Seconds, Many{seconds, n})
	}
	slices.SortFunc(s.Seconds[first:], func(a, b Many) int { return a.Seconds - b.Seconds })
	return s
}
