// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestAgendaKeepsOrder compares with the definition: by time, and at one time in the
// order in which the deeds were planned.
func TestAgendaKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a agenda
		var last deed
		planned, all := 0, 0
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				later := time.Duration(rapid.IntRange(0, 5).Draw(t, "later"))
				a.add(deed{at: last.at + later, who: all})
				planned, all = planned+1, all+1
			},
			"next": func(t *rapid.T) {
				d, ok := a.next()
				if ok != (planned > 0) {
					t.Fatalf("%d are planned, next says %v", planned, ok)
				}
				if !ok {
					return
				}
				if d.at < last.at || d.at == last.at && last.order > 0 && d.who < last.who {
					t.Fatalf("%v after %v", d, last)
				}
				last = d
				planned--
			},
			"": func(t *rapid.T) {
				if len(a.deeds) != planned {
					t.Fatalf("%d planned, %d kept", planned, len(a.deeds))
				}
			},
		})
	})
}

func TestClock(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var c clock
	read := func(wantAt, wantStep time.Duration) {
		t.Helper()
		at, step := c.read(now)
		if at.Sub(now) != wantAt || step != wantStep {
			t.Errorf("%v off with a step of %v, want %v and %v", at.Sub(now), step, wantAt, wantStep)
		}
	}
	read(0, 0)
	c.wall = time.Second // followed quietly
	read(time.Second, 0)
	c.wall = time.Hour
	read(time.Hour, time.Hour-time.Second)
	read(time.Hour, time.Hour-time.Second) // until the step is in the journal
	c.office = c.wall
	read(time.Hour, 0)
	c.wall = -time.Hour // set back: the office's time goes on
	read(time.Hour, 0)
	c.believe(now, now.Add(30*time.Minute)) // a start, with a record in the clock's future
	read(30*time.Minute, 0)
	c.believe(now, now.Add(-2*time.Hour))
	read(-time.Hour, 0)
}
