// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

// TestChange makes changes between noon and two to a day of three counters: one has
// lunch then, one is there all day, one leaves at ten.
func TestChange(t *testing.T) {
	day := &Day{Open: at(8, 0), Close: at(17, 0), Presence: [][]Span{
		{{at(8, 0), at(12, 15)}, {at(13, 0), at(17, 0)}}, {{at(8, 0), at(17, 0)}}, {{at(8, 0), at(10, 0)}},
	}}
	before := cmp.Diff(nil, day.Presence)
	for _, test := range []struct {
		change Change
		want   [][]Span
	}{
		{Change{Do: DoMore, Counters: 2, Team: []int{0, 1, 2}}, [][]Span{
			day.Presence[0], day.Presence[1], {{at(8, 0), at(10, 0)}, {at(12, 0), at(14, 0)}},
		}},
		{Change{Do: DoMore, Counters: 1, Team: []int{0, 1}}, day.Presence},
		{Change{Do: DoFewer, Counters: 1, Team: []int{1, 2}}, [][]Span{
			day.Presence[0], {{at(8, 0), at(12, 0)}, {at(14, 0), at(17, 0)}}, day.Presence[2],
		}},
		{Change{Do: DoFewer, Counters: 3, Team: []int{0, 1, 2}}, [][]Span{
			{{at(8, 0), at(12, 0)}, {at(14, 0), at(17, 0)}}, {{at(8, 0), at(12, 0)}, {at(14, 0), at(17, 0)}}, day.Presence[2],
		}},
		{Change{Do: DoMoveBreaks, Team: []int{0, 1, 2}}, [][]Span{
			{{at(8, 0), at(14, 0)}, {at(14, 45), at(17, 0)}}, day.Presence[1], day.Presence[2],
		}},
		{Change{Do: DoMoveBreaks, Team: []int{1, 2}}, day.Presence},
	} {
		test.change.From, test.change.To = 24, 28
		if d := cmp.Diff(test.want, test.change.apply(day)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", test.change, d)
		}
	}
	if cmp.Diff(nil, day.Presence) != before {
		t.Error("a change has changed the day itself")
	}
}

// TestErrors: days that were drawn from one day of the past count once, however often
// they were drawn.
func TestErrors(t *testing.T) {
	rest := []float64{3, -1, -2, 0}
	apart := &trial{source: []int{0, 1, 2, 3}}
	if got, want := apart.err(func(i int) float64 { return rest[i] }), math.Sqrt(14.0*4/3); math.Abs(got-want) > 1e-9 {
		t.Errorf("four days: %v, want %v", got, want)
	}
	often := &trial{source: []int{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3}}
	if got, want := often.err(func(i int) float64 { return rest[i%4] }), 3*math.Sqrt(14.0*4/3); math.Abs(got-want) > 1e-9 {
		t.Errorf("the same four, three times: %v, want %v", got, want)
	}
}
