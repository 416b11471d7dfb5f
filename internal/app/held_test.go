// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/sim/wire"
	"github.com/avanti-queue/avanti/queue"
)

// held are the moments at which a network sends again what it could not deliver: so long it can
// hold a press without anybody knowing.
var held = []time.Duration{
	600 * time.Millisecond, 1400 * time.Millisecond, 3 * time.Second, 6200 * time.Millisecond, 12600 * time.Millisecond,
	25400 * time.Millisecond, 51 * time.Second,
}

// TestHeldPress has a network hold presses for up to a minute while nothing happens at their
// counter, so that the revision which the clerk saw is still that of the counter, and while
// its box has heard nothing and waits for nothing. What a press may lack makes it no younger (I5).
func TestHeldPress(t *testing.T) {
	const heard = 400 * time.Millisecond // before the press
	kinds := []struct {
		name   string
		lacks  func(*fwproto.Press)
		old    time.Duration // how much older than it is it must be taken for
		status fwproto.Status
	}{
		{"whole", func(*fwproto.Press) {}, 0, fwproto.OK},
		{"repeated", func(p *fwproto.Press) { p.AgeMS = 1900 }, 1900 * time.Millisecond, fwproto.OK},
		{"repeated too late", func(p *fwproto.Press) { p.AgeMS = 2100 }, 2100 * time.Millisecond, fwproto.OK},
		{"without since", func(p *fwproto.Press) { p.SinceMS = 0 }, heard, fwproto.OK},
		{"without a revision", func(p *fwproto.Press) { p.Rev = 0 }, 0, fwproto.Conflict},
		{"without a beat", func(p *fwproto.Press) { p.Beat, p.SinceMS = 0, 0 }, time.Hour, fwproto.OK},
		{"without an epoch", func(p *fwproto.Press) { p.Epoch = 0 }, time.Hour, fwproto.OK},
		{"without a heartbeat", func(p *fwproto.Press) { p.Epoch, p.Beat, p.SinceMS = 0, 0, 0 }, time.Hour, fwproto.OK},
		{"without anything", func(p *fwproto.Press) { p.Rev, p.Epoch, p.Beat, p.SinceMS = 0, 0, 0, 0 }, time.Hour, fwproto.OK},
	}
	beats := []time.Duration{time.Second, 30 * time.Second}
	if raced {
		beats = beats[:1] // the other takes half a minute with the detector
	}
	for _, every := range beats {
		inSmall(t, 60, func(t *testing.T, w *wired) {
			calls, tally := 0, map[fwproto.Status]int{}
			for i, kind := range kinds {
				for j, hold := range held {
					network := wire.New(wire.Options{})
					box := w.rawOver(network, "box-1", uint32(100*i+j+1))
					w.untilBeat()
					w.rest(heard)
					p := box.next("c1")
					kind.lacks(&p)
					network.Cut()
					box.sendAs(p)
					w.rest(hold - 100*time.Millisecond)
					network.Mend()
					want := kind.status
					if kind.old+hold > maxPressAge {
						want = fwproto.Stale
					}
					r := box.reply()
					if r.Status != want || r.Boot != p.Boot || r.Seq != p.Seq {
						t.Errorf("heartbeats every %v, %s, held for %v: %+v, want %v", every, kind.name, hold, r, want)
					}
					if r.Status == fwproto.OK {
						calls++
						w.do(queue.Start{Counter: "c1", Seen: queue.Revision(r.Rev)})
					}
					tally[r.Status]++
					network.Close()
				}
			}
			w.wantCalls(calls)
			w.holds()
			t.Logf("heartbeats every %v: %v, the latest %v after its press", every, tally, w.latest)
		}, bare("box-1"), func(r *rig) { r.file.MQTT.Heartbeat = every })
	}
}

const maxPressAge = 5 * time.Second

// untilBeat waits for the next heartbeat.
func (w *wired) untilBeat() {
	w.t.Helper()
	for before := w.tap.stamp(fwproto.Press{}).Beat; ; {
		if w.rest(50 * time.Millisecond); w.tap.stamp(fwproto.Press{}).Beat != before {
			return
		}
	}
}
