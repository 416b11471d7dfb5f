// SPDX-License-Identifier: EUPL-1.2

package forecast

// ring keeps the newest spans of a kind, in milliseconds.
type ring struct {
	size   int
	least  int64 // what is shorter is left out
	values []int32
	next   int
	sum    int64
}

// longest is the span above which something was forgotten, not done.
const longest = 8 * hour

func newRing(size int) *ring { return &ring{size: size} }

// add keeps a span; one that cannot be true is left out.
func (r *ring) add(ms int64) {
	if ms < r.least || ms > longest {
		return
	}
	r.sum += ms
	if len(r.values) < r.size {
		r.values = append(r.values, int32(ms))
		return
	}
	r.sum -= int64(r.values[r.next])
	r.values[r.next] = int32(ms)
	r.next = (r.next + 1) % r.size
}

// pick draws one of the spans, and the fewer there are the more often 0.
func (r *ring) pick(d *dice) int64 {
	if i := d.IntN(len(r.values) + doubt); i < len(r.values) {
		return int64(r.values[i])
	}
	return 0
}

// rate is a share that forgets slowly.
type rate struct{ yes, all float64 }

// memory is how much of a rate one more case leaves.
const memory = .998

func (r *rate) add(yes bool) {
	r.yes, r.all = r.yes*memory, r.all*memory+1
	if yes {
		r.yes++
	}
}

// value returns the share, as if weight cases of the share prior had been seen before.
func (r *rate) value(prior, weight float64) float64 {
	return (r.yes + prior*weight) / (r.all + weight)
}
