// SPDX-License-Identifier: EUPL-1.2

package demand_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

// TestSomebodyIsThere checks that of a team of two or more one is always at work,
// and that breaks are as planned.
func TestSomebodyIsThere(t *testing.T) {
	s := office(t, "piacenza-before")
	src := source(t, demand.Before(), s)
	teamOf := map[queue.CounterID]queue.ServiceID{}
	for _, c := range s.Counters {
		teamOf[c.ID] = c.Preferred[0]
	}
	rapid.Check(t, func(t *rapid.T) {
		date := rapid.SampledFrom([]queue.Date{"2026-11-23", "2026-11-25", "2026-11-28"}).Draw(t, "date")
		d, err := src.Day(rapid.Uint64().Draw(t, "seed"), date)
		if err != nil {
			t.Fatal(err)
		}
		teams := map[queue.ServiceID][]demand.Shift{}
		for _, shift := range d.Shifts {
			team := teamOf[shift.Counter]
			teams[team] = append(teams[team], shift)
			if shift.From.Format("15:04") != "08:15" || !shift.From.Before(shift.To) {
				t.Errorf("shift from %v to %v", shift.From, shift.To)
			}
			for i, b := range shift.Breaks {
				if !b.From.Before(b.To) || i > 0 && b.From.Before(shift.Breaks[i-1].To) || b.From.Before(shift.From) {
					t.Errorf("breaks %v", shift.Breaks)
				}
			}
		}
		if len(teams) != 10 {
			t.Errorf("%d of 10 teams are there", len(teams))
		}
		for team, shifts := range teams {
			for at := shifts[0].From; len(shifts) > 1 && at.Before(shifts[0].To); at = at.Add(time.Minute) {
				if !anybody(shifts, at) {
					t.Fatalf("at %v nobody of %d is there for %s", at, len(shifts), team)
				}
			}
		}
	})
}

func anybody(shifts []demand.Shift, at time.Time) bool {
	for _, s := range shifts {
		away := false
		for _, b := range s.Breaks {
			away = away || !at.Before(b.From) && at.Before(b.To)
		}
		if !away {
			return true
		}
	}
	return false
}

// TestPresence compares how many clerks work, and how often they are away, with the
// figures of the model.
func TestPresence(t *testing.T) {
	src := source(t, demand.Before(), office(t, "piacenza-before"))
	const days = 300
	clerks, saturday, breaks := 0, 0, map[string]int{}
	for seed := range uint64(days) {
		for _, s := range day(t, src, seed, "2026-11-23").Shifts {
			clerks++
			for _, b := range s.Breaks {
				breaks[b.Reason]++
			}
		}
		saturday += len(day(t, src, seed, "2026-11-28").Shifts)
	}
	within := func(what string, got, low, high float64) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: %.2f, want %.2f to %.2f", what, got, low, high)
		}
	}
	within("clerks on a Monday", float64(clerks)/days, 20, 21.2) // 22, 9 in 100 absent, never a whole team
	within("clerks on a Saturday", float64(saturday)/days, 12, 14)
	within("lunches a clerk", float64(breaks["lunch"])/float64(clerks), 1, 1)
	within("coffees a clerk", float64(breaks["coffee"])/float64(clerks), .95, 1)
	within("blocks a clerk", float64(breaks["back office"])/float64(clerks), .5, .62)
}
