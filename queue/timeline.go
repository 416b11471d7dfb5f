// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// clockStep is how far the wall clock may run off at once and be followed quietly.
const clockStep = 2 * time.Second

// timeline turns readings of a wall clock that may be set into the office's time,
// which only goes forward at the speed of real seconds.
type timeline struct {
	reading time.Time // with its monotonic part
	office  time.Time // that belonged to it
}

// at returns the office's time at a reading, and by how much the wall clock is off
// from it: 0 when it agrees. Above zero the clock was set forward and the returned
// time follows it; below zero it was set back and the time goes on regardless.
func (l *timeline) at(reading time.Time) (office time.Time, step time.Duration) {
	if l.reading.IsZero() {
		l.reading, l.office = reading, reading.Round(0)
	}
	expected := l.office.Add(reading.Sub(l.reading))
	wall := reading.Round(0)
	step = wall.Sub(expected)
	if step < -clockStep {
		return expected, step
	}
	l.reading, l.office = reading, wall
	if step <= clockStep {
		return wall, 0
	}
	return wall, step
}

// follow makes the office's time begin at the wall clock again, unless that lies
// before the newest record.
func (l *timeline) follow(reading, newest time.Time) {
	l.reading, l.office = reading, reading.Round(0)
	if l.office.Before(newest) {
		l.office = newest
	}
}
