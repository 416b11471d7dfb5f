// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestQuietWeek runs a week in which nothing goes wrong.
func TestQuietWeek(t *testing.T) {
	var dates []queue.Date
	o := schedule.Options{
		Settings: office(t, "piacenza"), Model: demand.After(), Seed: 3, Date: "2026-11-22", Days: 3,
		Progress: func(d queue.Date, _ *schedule.Figures) { dates = append(dates, d) },
	}
	result, err := schedule.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]queue.Date{"2026-11-22", "2026-11-23", "2026-11-24"}, dates); d != "" {
		t.Errorf("progress (-want +got):\n%s", d)
	}
	if result.Days != 2 || result.Tickets < 300 || result.Tickets != result.Ends[queue.EndServed]+result.Ends[queue.EndNoShow] {
		t.Errorf("%d days, %d tickets, ends %v: want two days on which everybody is served", result.Days, result.Tickets, result.Ends)
	}
	if result.Tickets != result.Slips[queue.SlipResultPrinted] || result.Calls != result.Tickets {
		t.Errorf("%d tickets, slips %v, %d calls", result.Tickets, result.Slips, result.Calls)
	}
	// The overflow of the identity-card counters finds citizens at once when few come.
	if early := result.Waits(8, 9); early.Mean > result.Waits(10, 12).Mean {
		t.Errorf("the wait is longer at 8 than at 11: %v", early)
	}
}

func TestFailureNamesItsSeed(t *testing.T) {
	o := rough(queue.Settings{}, 1, 2)
	o.Seed = 4711
	o.Open = func(ctx context.Context, j queue.Journal) (schedule.Writer, error) {
		return openSloppy(ctx, j, flaw{event: numberTwice})
	}
	_, err := schedule.Run(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "seed 4711") || !strings.Contains(err.Error(), "2026-01-12") {
		t.Errorf("a failure that cannot be run again: %v", err)
	}
}

func TestPanicNamesItsSeed(t *testing.T) {
	o := rough(queue.Settings{}, 1, 2)
	o.Open = func(ctx context.Context, j queue.Journal) (schedule.Writer, error) {
		return openSloppy(ctx, j, flaw{event: func(*queue.View, queue.Event) queue.Event { panic("broken") }})
	}
	if _, err := schedule.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "seed 1,") || !strings.Contains(err.Error(), "panic: broken") {
		t.Errorf("a panic that cannot be run again: %v", err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := rough(queue.Settings{}, 1, 30)
	o.Progress = func(queue.Date, *schedule.Figures) { cancel() }
	if _, err := schedule.Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRunRefuses(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	for name, change := range map[string]func(*schedule.Options){
		"date":   func(o *schedule.Options) { o.Date = "today" },
		"zone":   func(o *schedule.Options) { o.Settings.Zone = "Europe/Nowhere" },
		"demand": func(o *schedule.Options) { o.Model = demand.Model{} },
	} {
		o := schedule.Options{Settings: s, Model: desk(), Date: "2026-11-23", Days: 1}
		change(&o)
		if _, err := schedule.Run(t.Context(), o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
