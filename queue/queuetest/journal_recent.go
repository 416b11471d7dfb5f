// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

func settled(at time.Time) queue.Entry {
	return entry(at, queue.SettingsChanged{Settings: Office(queue.PresetFIFO)})
}

func opened(at time.Time) queue.Entry {
	return entry(at, queue.DayOpened{Date: queue.DateOf(at)})
}

// recent compares the window with the records from, counted from 1, and the
// settings in front of it; 0: none.
func (l *log) recent(t *testing.T, settings, from int) {
	t.Helper()
	var want []queue.Record
	if settings > 0 {
		want = append(want, l.want[settings-1])
	}
	same(t, l.Recent(t.Context()), append(want, l.want[from-1:]...))
}

// testRecentYoung has no day that is old enough: everything is recent.
func testRecentYoung(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.add(t, settled(Monday()))
	l.recent(t, 0, 1)
	l.add(t, opened(Monday()), entry(Monday(), queue.CounterOpened{Counter: "c1"}))
	l.recent(t, 0, 1)
	l.add(t, opened(Monday().Add(23*time.Hour)), settled(Monday().Add(23*time.Hour)))
	l.recent(t, 0, 1)
}

func testRecentWindow(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	const day = 24 * time.Hour
	l.add(t, settled(Monday()), settled(Monday().Add(time.Second))) // 1, 2
	l.add(t, opened(Monday().Add(time.Hour)))                       // 3
	l.add(t, entries(Monday().Add(2*time.Hour), 3)...)              // 4 to 6
	l.add(t, opened(Monday().Add(day+time.Hour)))                   // 7

	l.recent(t, 2, 3) // the first day is a day old, the second is not

	l.add(t, settled(Monday().Add(day+2*time.Hour))) // 8: inside the window
	l.add(t, opened(Monday().Add(day+3*time.Hour)))  // 9: the same date again
	l.recent(t, 2, 3)

	l.add(t, entries(Monday().Add(2*day), 2)...)      // 10, 11
	l.add(t, opened(Monday().Add(2*day+2*time.Hour))) // 12: now 7 is old enough, 9 is not
	l.recent(t, 2, 7)

	l.add(t, opened(Monday().Add(9*day))) // 13: after a week closed
	l.recent(t, 8, 12)

	l.add(t, entry(Monday().Add(30*day), queue.CounterOpened{Counter: "c1"})) // 14: the window is a day that never closed
	l.recent(t, 8, 13)
	l.check(t, 0)
}

// testRecentEdge is about the millisecond at which a day becomes old enough.
func testRecentEdge(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.add(t, settled(Monday()), opened(Monday()), opened(Monday().Add(time.Millisecond)))
	l.add(t, entry(Monday().Add(24*time.Hour-time.Millisecond), queue.CounterOpened{Counter: "c1"}))
	l.recent(t, 0, 1)
	l.add(t, entry(Monday().Add(24*time.Hour), queue.CounterOpened{Counter: "c2"}))
	l.recent(t, 1, 2)
	l.add(t, entry(Monday().Add(24*time.Hour+time.Millisecond), queue.CounterOpened{Counter: "c3"}))
	l.recent(t, 1, 3)
}
