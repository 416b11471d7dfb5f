// SPDX-License-Identifier: EUPL-1.2

package schedule

import "time"

// clock is the wall clock that the daemon reads, and the office's time that it makes
// of it: it follows when the wall clock is set forward and notes the step, it goes
// on regardless when the wall clock is set back. It is the daemon's part of keeping
// time, told by the words of the architecture page.
type clock struct {
	wall   time.Duration // off true time
	office time.Duration // off true time
}

// slack is how far the wall clock may be off and be followed quietly.
const slack = 2 * time.Second

// read returns the office's time at a true time, and by how much the wall clock has
// been set forward since the office's time followed it, 0 if it has not.
func (c *clock) read(now time.Time) (at time.Time, step time.Duration) {
	switch off := c.wall - c.office; {
	case off > slack:
		return now.Add(c.wall), off
	case off >= -slack:
		c.office = c.wall
	}
	return now.Add(c.office), 0
}

// believe lets the office's time follow the wall clock without a step, from the
// newest record on: nobody waits, or the daemon has just started.
func (c *clock) believe(now, newest time.Time) {
	c.office = max(c.wall, newest.Sub(now))
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
