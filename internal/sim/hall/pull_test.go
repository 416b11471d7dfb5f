// SPDX-License-Identifier: EUPL-1.2

package hall_test

import (
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/hall"
)

func TestPulls(t *testing.T) {
	begin := time.Date(2026, 11, 23, 7, 15, 0, 0, time.UTC)
	day := demand.Day{Arrivals: []demand.Arrival{{At: begin}, {At: begin.Add(time.Hour)}, {At: begin.Add(8 * time.Hour)}}}
	pulls := hall.Pulls(7, day, 300)
	if len(pulls) != 300 || !slices.Equal(pulls, hall.Pulls(7, day, 300)) || slices.Equal(pulls, hall.Pulls(8, day, 300)) {
		t.Errorf("%d pulls; want 300 that follow from the seed", len(pulls))
	}
	into := 0
	for i, p := range pulls {
		if p.At.Before(begin) || p.At.After(begin.Add(8*time.Hour)) || i > 0 && p.At.Before(pulls[i-1].At) {
			t.Errorf("pull %d is at %v", i, p.At)
		}
		if p.For < 5*time.Second || p.For > 5*time.Minute {
			t.Errorf("pull %d is for %v", i, p.For)
		}
		if p.Into {
			into++
		}
	}
	if into < 150 || into > 250 {
		t.Errorf("%d of 300 pulls are in the middle of a slip, want about 200", into)
	}
	if early, late := pulls[30].At, pulls[270].At; early.After(begin.Add(2*time.Hour)) || late.Before(begin.Add(6*time.Hour)) {
		t.Errorf("the pulls are not spread over the day: %v, %v", early, late)
	}
	if got := hall.Pulls(7, demand.Day{}, 3); got != nil {
		t.Errorf("on a day without citizens: %v", got)
	}
}
