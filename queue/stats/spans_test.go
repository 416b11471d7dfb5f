// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestSpans compares with lists.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(0, 130).Draw(t, "size")
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(-5, 8000).Draw(t, "ms")) * time.Millisecond * time.Duration(rapid.SampledFrom([]int{1, 7, 4000}).Draw(t, "scale"))
		}), size, size).Draw(t, "list")
		var s Spans
		var g, first, second gather
		parts := make([]Spans, 3)
		for i, d := range list {
			s.Add(d)
			parts[i%3].Add(d)
		}
		for i := range parts {
			g.add(&parts[i])
		}
		first.add(&parts[0])
		second.add(&parts[1])
		second.add(&parts[2])
		first.join(&second)
		if d := cmp.Diff(s, g.spans()); d != "" {
			t.Fatalf("in parts (-whole +parts):\n%s", d)
		}
		if d := cmp.Diff(s, first.spans()); d != "" {
			t.Fatalf("joined (-whole +parts):\n%s", d)
		}
		sorted, sum := []int{}, int64(0)
		for _, d := range list {
			sorted = append(sorted, int(math.Ceil(max(0, d.Seconds()))))
			sum += max(0, d.Milliseconds())
		}
		slices.Sort(sorted)
		n := len(sorted)
		if s.N() != n || s.Sum != sum {
			t.Fatalf("%d with sum %d, want %d with %d", s.N(), s.Sum, n, sum)
		}
		for _, p := range []int{10, 50, 90, 95} {
			got, ok := s.Percentile(p)
			if want := n*min(p, 100-p) >= 500; ok != want {
				t.Fatalf("P%d of %d: %v", p, n, ok)
			}
			if ok && int(got.Seconds()) != sorted[int(math.Ceil(float64(n)*float64(p)/100-1e-9))-1] {
				t.Fatalf("P%d is %v of %v", p, got, sorted)
			}
		}
		limit := rapid.IntRange(0, 100).Draw(t, "limit")
		within, _ := slices.BinarySearch(sorted, limit+1)
		if got := s.Within(time.Duration(limit) * time.Second); got != within {
			t.Fatalf("%d within %d s, want %d", got, limit, within)
		}
		if n > 0 && s.Longest() != time.Duration(sorted[n-1])*time.Second {
			t.Fatalf("longest %v", s.Longest())
		}
		gini(t, &s, sorted)
		for _, d := range list {
			s.remove(d)
		}
		if d := cmp.Diff(Spans{Seconds: []Many{}}, s); n > 0 && d != "" {
			t.Fatalf("after all are removed (-want +got):\n%s", d)
		}
	})
}

// gini compares with the mean difference of all pairs.
func gini(t *rapid.T, s *Spans, sorted []int) {
	got, ok := s.Gini()
	if ok != (len(sorted) >= 10) {
		t.Fatalf("Gini of %d: %v", len(sorted), ok)
	}
	total, apart := 0.0, 0.0
	for _, a := range sorted {
		total += float64(a)
		for _, b := range sorted {
			apart += math.Abs(float64(a - b))
		}
	}
	want := 0.0
	if total > 0 {
		want = apart / (2 * float64(len(sorted)) * total)
	}
	if ok && math.Abs(got-want) > 1e-9 {
		t.Fatalf("Gini %v, want %v of %v", got, want, sorted)
	}
}

func TestShare(t *testing.T) {
	for _, test := range []struct {
		share     Share
		low, high float64
	}{
		{Share{0, 0}, 0, 1},
		{Share{24, 30}, .627, .905},
		{Share{0, 10}, 0, .278},
		{Share{10, 10}, .722, 1},
		{Share{500, 1000}, .469, .531},
	} {
		if low, high := test.share.Interval(); math.Abs(low-test.low) > .0005 || math.Abs(high-test.high) > .0005 {
			t.Errorf("%v: %.4f to %.4f, want %.3f to %.3f", test.share, low, high, test.low, test.high)
		}
	}
}
