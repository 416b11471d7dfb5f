// SPDX-License-Identifier: EUPL-1.2

package staffing_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// dice lets rapid choose.
type dice struct{ t *rapid.T }

func (d dice) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "") }

// lived is what a second reading of a journal says of its days.
type lived struct {
	visits        int
	busy, present time.Duration
}

// TestAnyDay drives random commands through an office and compares what was collected
// with the states that the office was in.
func TestAnyDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dice{t}
		var state queue.State
		var c staffing.Collector
		var want lived
		sent := map[queue.TicketID]bool{} // transferred, not returned since
		at := queuetest.Monday()
		do := func(command queue.Command) {
			v := state.View()
			events, _ := state.Decide(at, queue.Actor{Role: queue.RoleSystem}, command)
			for _, e := range events {
				switch e := e.(type) {
				case queue.TicketIssued:
					want.visits++
				case queue.TicketTransferred:
					want.visits++
					sent[e.Ticket] = true
				case queue.TicketReturned:
					delete(sent, e.Ticket)
				case queue.CallUndone: // the time of a slip of the hand is nobody's
					want.busy -= e.After.Duration()
				case queue.StepUndone: // and the citizen had been there all the time
					want.busy += e.After.Duration()
					if sent[e.Ticket] && v.Ticket(e.Ticket).Status == queue.Waiting {
						want.visits--
					}
				default:
				}
				r := queue.Record{Seq: v.Seq() + 1, At: at, Event: e}
				state.Apply(r)
				c.Apply(r)
				v = state.View()
			}
		}
		do(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetTargets)})
		do(queue.OpenDay{Clock: at})
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			command := queuetest.Command(d, state.View(), at)
			switch command.(type) {
			case queue.CloseDay, queue.StepClock: // the one below, and none: a day with another clock is left out
				continue
			default:
			}
			do(command)
			step := time.Duration(d.IntN(300_000)) * time.Millisecond
			for x := range state.View().Counters() {
				if x.State == queue.CounterIsOpen {
					want.present += step
				}
				if x.Ticket != 0 {
					want.busy += step
				}
			}
			at = at.Add(step)
		}
		do(queue.CloseDay{Force: true})
		p := c.Past()
		if len(p.Days) != 1 {
			t.Fatalf("%d days", len(p.Days))
		}
		var got lived
		day := p.Days[0]
		got.visits = len(day.Visits)
		for _, v := range day.Visits {
			got.busy += max(0, v.Long)
			if v.Long > 0 && v.Wait < 0 {
				t.Errorf("served, and never called: %+v", v)
			}
		}
		for _, spans := range day.Presence {
			for i, s := range spans {
				got.present += s.To - s.From
				if s.To <= s.From || i > 0 && s.From < spans[i-1].To {
					t.Errorf("presence %v", spans)
				}
			}
		}
		if got != want {
			t.Errorf("collected %+v, want %+v", got, want)
		}
		if !slices.IsSortedFunc(day.Visits, func(a, b staffing.Visit) int { return int(a.At - b.At) }) {
			t.Errorf("visits %v", day.Visits)
		}
		staffing.Advise(p, staffing.Options{Target: target(), Runs: 2})
	})
}

// TestOtherOffice: with other counters the past is another office's; a day on which the
// clock was set is none.
func TestOtherOffice(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	var c staffing.Collector
	seq := queue.Seq(0)
	apply := func(e queue.Event) {
		seq++
		c.Apply(queue.Record{Seq: seq, At: queuetest.Monday(), Event: e})
	}
	day := func(date queue.Date, more ...queue.Event) {
		apply(queue.DayOpened{Date: date})
		for _, e := range more {
			apply(e)
		}
		apply(queue.DayClosed{Date: date})
	}
	expect := func(days int) {
		t.Helper()
		if n := len(c.Past().Days); n != days {
			t.Errorf("%d days, want %d", n, days)
		}
	}
	apply(queue.SettingsChanged{Settings: s})
	day("2026-11-23")
	day("2026-11-24", queue.ClockStepped{By: 1000})
	day("2026-11-29") // a Sunday
	expect(1)
	s.Rule.Cap++
	apply(queue.SettingsChanged{Settings: s})
	day("2026-11-30")
	expect(2)
	s.Counters = s.Counters[:2]
	apply(queue.SettingsChanged{Settings: s})
	expect(0)
}
