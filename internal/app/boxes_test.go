// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// TestClerkIsTold: the box at a counter tells its clerk that somebody has entered an empty
// queue, how many wait, that somebody waits too long, and how each press ended.
func TestClerkIsTold(t *testing.T) {
	inSmall(t, 0, func(t *testing.T, w *wired) {
		box := w.boxes["c1"]
		want := func(lamp fwproto.Lamp, waiting, sounds int, hurry bool, outcome fwproto.Status) {
			t.Helper()
			if box.Lamp() != lamp || box.Waiting() != waiting || box.Sounds() != sounds || box.Hurry() != hurry || box.Outcome() != outcome {
				t.Errorf("lamp %v, %d wait, %d sounds, hurry %t, outcome %v; want %v, %d, %d, %t, %v",
					box.Lamp(), box.Waiting(), box.Sounds(), box.Hurry(), box.Outcome(), lamp, waiting, sounds, hurry, outcome)
			}
		}
		press := func(key fwproto.Key) {
			t.Helper()
			if _, err := w.press("c1", key); err != nil {
				t.Error(err)
			}
			w.rest(100 * time.Millisecond)
		}
		want(fwproto.LampOff, 0, 0, false, 0)
		press(fwproto.KeyNext)
		want(fwproto.LampOff, 0, 0, false, fwproto.Denied)
		w.rest(2 * time.Second)
		want(fwproto.LampOff, 0, 0, false, 0)

		w.issue(1)
		w.rest(100 * time.Millisecond)
		want(fwproto.LampOn, 1, 1, false, 0)
		w.issue(2)
		w.rest(100 * time.Millisecond)
		want(fwproto.LampOn, 3, 1, false, 0)
		w.rest(20 * time.Minute) // the target of the office
		want(fwproto.LampOn, 3, 1, false, 0)
		w.rest(10 * time.Second)
		want(fwproto.LampOn, 3, 1, true, 0)

		press(fwproto.KeyNext)
		want(fwproto.LampBlink, 2, 1, true, fwproto.OK)
		press(fwproto.KeyStart)
		want(fwproto.LampOff, 2, 1, true, fwproto.OK)

		// A daemon that starts anew does not sound for those who have been there.
		w.stopDaemon()
		w.rest(6 * time.Second)
		want(fwproto.LampOff, 0, 1, false, 0)
		w.startApp()
		w.rest(3 * time.Second)
		want(fwproto.LampOff, 2, 1, true, 0)

		w.stopDaemon()
		if _, err := w.press("c1", fwproto.KeyNext); err == nil {
			t.Error("a reply without a daemon")
		}
		if got := box.Outcome(); got != fwproto.Stale {
			t.Errorf("without a reply the box tells %v", got)
		}
		w.startApp()
	})
}

// TestPanelsTell: a called number flashes on every panel until its citizen has come, with an
// arrow to the counter where the panel has one.
func TestPanelsTell(t *testing.T) {
	inSmall(t, 3, func(t *testing.T, w *wired) {
		press := func(key fwproto.Key) {
			t.Helper()
			if r, err := w.press("c1", key); err != nil || r.Status != fwproto.OK {
				t.Errorf("%+v, %v", r, err)
			}
			w.rest(100 * time.Millisecond)
		}
		want := func(flashes bool) {
			t.Helper()
			for _, id := range []string{"panel-1", "hall-1"} {
				if got := w.panels[id].Flashes(); !slices.Equal(got, []bool{flashes}) {
					t.Errorf("%s flashes %v, want %t", id, got, flashes)
				}
				set, _ := w.panels[id].Set()
				if arrow := map[string]string{"hall-1": "l"}[id]; set.Arrows != arrow {
					t.Errorf("%s has arrows %q, want %q", id, set.Arrows, arrow)
				}
			}
		}
		press(fwproto.KeyNext)
		want(true)
		press(fwproto.KeyStart)
		want(false)
	}, func(r *rig) {
		for i := range r.file.Devices {
			if r.file.Devices[i].Kind == config.KindHall {
				r.file.Devices[i].Arrows = map[queue.CounterID]display.Arrow{"c1": display.Left}
			}
		}
	})
}
