// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// endless is the length of a roll that does not end.
const endless = -1

// condition is the state of the mechanism; a power cut does not change what is broken.
type condition struct {
	off      bool      // without power, or not ready yet
	bootAt   time.Time // when it will be ready; zero: nobody has switched it on
	silent   bool      // the transmit line is cut
	cover    bool      // open
	hot      bool
	jammed   bool // something sticks in the cutter
	jamError bool // and the printer has noticed
	nearEnd  bool
	left     int // dots of paper left, or endless
	position position
	takeAt   time.Time // when the ticket in the mouth meets its fate; zero for never
	fate     position
}

func (c *condition) paperEnd() bool { return c.left == 0 }

func (c *condition) presented() bool { return c.position == positionMouth }

// stopped reports that nothing is printed, though there is power.
func (c *condition) stopped() bool { return c.cover || c.hot || c.jamError || c.paperEnd() }
