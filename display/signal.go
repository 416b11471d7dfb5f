// SPDX-License-Identifier: EUPL-1.2

package display

import (
	"strings"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
)

// Arrow is where a counter is, as seen from a panel: up, down, left or right.
type Arrow byte

// The arrows, as devices know them (fwproto.Set).
const (
	Up    Arrow = 'u'
	Down  Arrow = 'd'
	Left  Arrow = 'l'
	Right Arrow = 'r'

	nowhere = '-'
)

// Late returns how many of those who wait and whom a counter may call have waited longer
// at an instant than is aimed at: by their class, else their service, else the office.
func Late(v *queue.View, id queue.CounterID, at time.Time) int {
	s := v.Settings()
	if s == nil {
		return 0
	}
	n := 0
	for t := range v.Waiting() {
		if at.Sub(t.Since) > target(v, s, t) && v.Serves(id, t) {
			n++
		}
	}
	return n
}

func target(v *queue.View, s *queue.Settings, t *queue.Ticket) time.Duration {
	for _, c := range s.Classes {
		if c.ID == t.Class && c.Target > 0 {
			return c.Target.Duration()
		}
	}
	if x, ok := v.Service(t.Service); ok && x.Target > 0 {
		return x.Target.Duration()
	}
	return s.Rule.Target.Duration()
}

// Rung returns the content of a box with the ring that is due: that of the content before,
// or a new one if the counter is free, nobody waited before, and somebody does now.
func Rung(before, now fwproto.Set, at queue.Seq) fwproto.Set {
	now.Ring = before.Ring
	if now.Lamp == fwproto.LampOn && before.Waiting == 0 {
		now.Ring = max(1, uint32(at))
	}
	return now
}

// HallArrows returns the arrows of the rows of a [HallPanel] of so many rows; "" if none
// has one.
func HallArrows(v *queue.View, rows int, to map[queue.CounterID]Arrow) string {
	var b strings.Builder
	for _, c := range calls(v, atMost(rows)) {
		b.WriteByte(letter(to[c.Counter]))
	}
	if strings.Trim(b.String(), string(nowhere)) == "" {
		return ""
	}
	return b.String()
}

func letter(a Arrow) byte {
	if a == 0 {
		return nowhere
	}
	return byte(a)
}
