// SPDX-License-Identifier: EUPL-1.2

package display

import (
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
)

// The contents below have no epoch and no time to live: the link that sends them
// knows both.

// HallPanel returns the newest calls for a panel of so many rows, zero or less for
// as many as a content may have. A number flashes until its citizen has come. Outside the
// day it is blank. Its revision moves when any counter does.
func HallPanel(v *queue.View, rows int) fwproto.Set {
	if rows <= 0 || rows > fwproto.MaxRows {
		rows = fwproto.MaxRows
	}
	_, open := v.Day()
	set := fwproto.Set{Blank: !open}
	for c := range v.Counters() {
		set.Rev = max(set.Rev, uint64(c.Seen))
	}
	for i, c := range calls(v, atMost(rows)) {
		set.Rows = append(set.Rows, fwproto.Row{Number: c.Number, Desk: c.Label})
		if c.State == Called {
			set.Flash |= 1 << i
		}
	}
	return set
}

// atMost is how many rows a panel of so many has.
func atMost(rows int) int {
	if rows <= 0 || rows > fwproto.MaxRows {
		return fwproto.MaxRows
	}
	return rows
}

// CounterPanel returns what stands over a counter: the number in its hands, only
// its label while it is free, nothing while it does not call. A counter that the
// office does not have is blank.
func CounterPanel(v *queue.View, id queue.CounterID) fwproto.Set {
	c, ok := v.Counter(id)
	if !ok {
		return fwproto.Set{Blank: true}
	}
	set := fwproto.Set{Rev: uint64(c.Seen)}
	row := fwproto.Row{Desk: label(v, id)}
	t := v.Ticket(c.Ticket)
	switch {
	case t != nil:
		row.Number = t.Number
		if t.Status == queue.Called {
			set.Flash = 1
		}
	case c.State != queue.CounterIsOpen:
		set.Blank = true
		return set
	}
	set.Rows = []fwproto.Row{row}
	return set
}

// Box returns the content of a counter's box: how many wait that it may serve, and
// a lamp that is lit when the clerk has something to do: on when the counter is
// free and somebody waits, blinking while the one who was called has not come.
func Box(v *queue.View, id queue.CounterID) fwproto.Set {
	c, ok := v.Counter(id)
	if !ok {
		return fwproto.Set{Blank: true}
	}
	set := fwproto.Set{Rev: uint64(c.Seen), Waiting: uint32(ServedBy(v, id))}
	t := v.Ticket(c.Ticket)
	switch {
	case t != nil && t.Status == queue.Called:
		set.Lamp = fwproto.LampBlink
	case t == nil && c.State == queue.CounterIsOpen && set.Waiting > 0:
		set.Lamp = fwproto.LampOn
	}
	return set
}

// ServedBy returns how many of those who wait a counter may call.
func ServedBy(v *queue.View, id queue.CounterID) int {
	n := 0
	for t := range v.Waiting() {
		if v.Serves(id, t) {
			n++
		}
	}
	return n
}

func label(v *queue.View, id queue.CounterID) string {
	for _, c := range v.Settings().Counters {
		if c.ID == id {
			return c.Label
		}
	}
	return ""
}
