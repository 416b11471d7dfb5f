// SPDX-License-Identifier: EUPL-1.2

package display_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestBoxSignals: who enters an empty queue rings, once, at the counters that are free; those
// who wait too long are counted.
func TestBoxSignals(t *testing.T) {
	h := newHall(t)
	h.at = queuetest.Monday()
	h.do(queue.OpenDay{Clock: h.at})
	h.open("c1")
	var box fwproto.Set
	look := func(rings bool) {
		t.Helper()
		v := h.state.View()
		next := display.Rung(box, display.Box(v, "c1"), v.Seq())
		if (next.Ring != box.Ring) != rings {
			t.Errorf("ring %d, then %d", box.Ring, next.Ring)
		}
		box = next
	}
	look(false)
	h.issue("papers")
	look(true)
	h.issue("papers")
	look(false)
	h.next("c1")
	look(false)
	h.do(queue.Finish{Counter: "c1", Seen: h.seen("c1")})
	h.next("c1")
	look(false)
	h.issue("papers") // the counter is not free: its clerk sees how many wait
	look(false)
	h.do(queue.Finish{Counter: "c1", Seen: h.seen("c1")})
	look(false)
	h.next("c1")
	h.do(queue.Finish{Counter: "c1", Seen: h.seen("c1")})
	look(false)
	h.issue("papers")
	look(true)

	v := h.state.View()
	aim := v.Settings().Rule.Target.Duration()
	if x, _ := v.Service("papers"); x.Target > 0 {
		aim = x.Target.Duration()
	}
	since := time.Time{}
	for ticket := range v.Waiting() {
		since = ticket.Since
	}
	for wait, want := range map[time.Duration]int{0: 0, aim: 0, aim + time.Millisecond: 1} {
		if got := display.Late(v, "c1", since.Add(wait)); got != want {
			t.Errorf("after %v: %d late, want %d", wait, got, want)
		}
	}
	if got := display.Late(v, "gone", since.Add(24*time.Hour)); got != 0 {
		t.Errorf("%d late for a counter that is not there", got)
	}
}

// TestCallsFlash: a number flashes from its call until its citizen has come.
func TestCallsFlash(t *testing.T) {
	h := newHall(t)
	h.morning() // c1 serves, c2 has called
	v := h.state.View()
	hall := display.HallPanel(v, 6)
	for i, row := range hall.Rows {
		if got, want := hall.Flash>>i&1 == 1, row.Desk == display.CounterPanel(v, "c2").Rows[0].Desk; got != want {
			t.Errorf("row %v flashes: %t", row, got)
		}
	}
	if len(hall.Rows) != 2 || display.CounterPanel(v, "c1").Flash != 0 || display.CounterPanel(v, "c2").Flash != 1 {
		t.Errorf("hall %+v, counters %+v and %+v", hall, display.CounterPanel(v, "c1"), display.CounterPanel(v, "c2"))
	}
}

// TestArrows: each row points to its counter, as seen from the panel.
func TestArrows(t *testing.T) {
	h := newHall(t)
	h.morning()
	v := h.state.View()
	order := ""
	for _, c := range display.NewBoard(v, 0).Calls {
		order += string(c.Counter)
	}
	want := map[string]string{"c1c2": "l-", "c2c1": "-l"}[order]
	if got := display.HallArrows(v, 6, map[queue.CounterID]display.Arrow{"c1": display.Left}); got != want {
		t.Errorf("arrows %q of %s, want %q", got, order, want)
	}
	if got := display.HallArrows(v, 6, map[queue.CounterID]display.Arrow{"c3": display.Left}); got != "" {
		t.Errorf("arrows %q to a counter that calls nobody", got)
	}
	if got := len(display.HallArrows(v, 1, map[queue.CounterID]display.Arrow{"c1": display.Up, "c2": display.Down})); got != 1 {
		t.Errorf("%d arrows of one row", got)
	}
}
