// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"fmt"
	"slices"
)

// numbers is a set of a series' numbers, a bit each. It is never written to: a
// change gives a new set.
type numbers []uint64

// maxNumber is the greatest number that a series may have.
const maxNumber = 9999

func (n numbers) has(i int) bool { return i >= 0 && i/64 < len(n) && n[i/64]&(1<<(i%64)) != 0 }

func (n numbers) with(i int) numbers {
	if i < 0 || i > maxNumber {
		return n
	}
	out := make(numbers, max(len(n), i/64+1))
	copy(out, n)
	out[i/64] |= 1 << (i % 64)
	return out
}

func (n numbers) without(i int) numbers {
	if !n.has(i) {
		return n
	}
	out := slices.Clone(n)
	out[i/64] &^= 1 << (i % 64)
	return out
}

// number returns the number that a series gives next, ok false if every one of its
// numbers is alive.
func (v *View) number(series int) (ordinal int, ok bool) {
	r, st := &v.plan.settings.Series[series], &v.series[series]
	n := st.next
	for range r.Last - r.First + 1 {
		if n > r.Last || n < r.First {
			n = r.First
		}
		if !st.alive.has(n) {
			return n, true
		}
		n++
	}
	return 0, false
}

// Print returns a number as it stands on paper.
func (r *Series) Print(ordinal int) string {
	return fmt.Sprintf("%s%0*d", r.Prefix, r.Width, ordinal)
}
