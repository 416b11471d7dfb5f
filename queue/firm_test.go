// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestFirm: what is passed on holds no undoing, and leads to the same tickets and counters
// as what happened.
func TestFirm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dice{t}
		settings := queuetest.Office(queue.PresetTargets)
		settings.FinishOnNext = d.IntN(2) == 0
		var live, told queue.State
		var firm queue.Firm
		at := queuetest.Monday()
		pass := func(r queue.Record) {
			switch r.Event.(type) {
			case queue.CallUndone, queue.StepUndone:
				t.Fatalf("%T is passed on", r.Event)
			default:
				told.Apply(r)
			}
		}
		do := func(c queue.Command) {
			events, _ := live.Decide(at, queue.Actor{Role: queue.RoleCounter}, c)
			for _, e := range events {
				r := queue.Record{Seq: live.View().Seq() + 1, At: at, Event: e}
				live.Apply(r)
				for _, x := range firm.Next(r) {
					if at.Sub(x.At) <= queue.UndoWithin && !over(e) {
						t.Fatalf("%T is passed on after %v", x.Event, at.Sub(x.At))
					}
					pass(x)
				}
			}
		}
		do(queue.ChangeSettings{Settings: settings})
		do(queue.OpenDay{Clock: at})
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			at = at.Add(time.Duration(d.IntN([]int{3000, 60_000}[d.IntN(2)])) * time.Millisecond)
			do(queuetest.Command(d, live.View(), at))
		}
		for _, r := range firm.Held() {
			pass(r)
		}
		for was := range live.View().Tickets() {
			if diff := cmp.Diff(was, told.View().Ticket(was.ID), cmp.AllowUnexported(queue.Ticket{})); diff != "" {
				t.Fatalf("(-lived +told):\n%s", diff)
			}
		}
		for was := range live.View().Counters() {
			c, _ := told.View().Counter(was.ID)
			if c.Seen = was.Seen; c != was {
				t.Fatalf("counter %+v, told %+v", was, c)
			}
		}
	})
}

// over reports whether nothing before an event can be undone behind it.
func over(e queue.Event) bool {
	switch e.(type) {
	case queue.SettingsChanged, queue.DayOpened, queue.DayClosed, queue.ClockStepped:
		return true
	default:
		return false
	}
}
