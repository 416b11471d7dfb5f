// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

func wantContent(t *testing.T, p *panel.Panel, rows []fwproto.Row, honest bool) {
	t.Helper()
	synctest.Wait()
	got, vouched := p.Content()
	if diff := cmp.Diff(rows, got); diff != "" || vouched != honest {
		t.Errorf("the panel shows %v (honest %t), want %v (honest %t)", got, vouched, rows, honest)
	}
}

// TestShown: what is set is shown, and the daemon is told so (SPEC 5.4).
func TestShown(t *testing.T) {
	inHall(t, func(h *hall) {
		var mu sync.Mutex
		var last fwproto.Shown
		l := h.link(mqttlink.Options{OnShown: func(_ string, s fwproto.Shown) {
			mu.Lock()
			defer mu.Unlock()
			last = s
		}})
		p := h.panel("panel-1")
		wantContent(t, p, nil, false)
		for rev, rows := range [][]fwproto.Row{row("A017", "3"), append(row("A018", "4"), row("A017", "3")...), nil} {
			set := fwproto.Set{Rev: uint64(rev), Rows: rows}
			l.Set("panel-1", set)
			after(time.Second) // a heartbeat comes for the first
			wantContent(t, p, rows, true)
			mu.Lock()
			if want := (fwproto.Shown{Epoch: 1, Rev: uint64(rev), CRC: set.CRC()}); last != want {
				t.Errorf("shown %+v, want %+v", last, want)
			}
			mu.Unlock()
		}
		l.Set("panel-1", fwproto.Set{Rev: 4, Rows: row("A019", "1"), Blank: true})
		wantContent(t, p, nil, true)
	})
}

// TestHonest: a display that has lost the daemon says so when the ttl is over
// (SPEC 6), and a set that was kept from an earlier epoch is never shown.
func TestHonest(t *testing.T) {
	inHall(t, func(h *hall) {
		ctx, stop := context.WithCancel(h.ctx)
		l := mqttlink.New(mqttlink.Options{Office: office, Dial: h.hostDial(), Epoch: 1})
		l.Set("panel-1", fwproto.Set{Rev: 1, Rows: row("A017", "3")})
		h.tasks.Go(func() { _ = l.Run(ctx) })
		tap, p := h.wiretap(), h.panel("panel-1")
		after(1500 * time.Millisecond)
		wantContent(t, p, row("A017", "3"), true)
		tap.take()

		stop() // the last heartbeat came half a second ago
		after(4400 * time.Millisecond)
		wantContent(t, p, row("A017", "3"), true)
		after(200 * time.Millisecond)
		wantContent(t, p, nil, false)
		if got := tap.take(); !slices.Contains(got, "shown panel-1 rev 1 blank no_heartbeat") {
			t.Errorf("on the wire %q", got)
		}

		// The next daemon does not know the panel yet; the broker still keeps
		// the content of the last.
		next := mqttlink.New(mqttlink.Options{Office: office, Dial: h.hostDial(), Epoch: 2})
		h.run(next.Run)
		after(10 * time.Second)
		wantContent(t, p, nil, false)
		fresh := h.panel("panel-2")
		after(2 * time.Second)
		wantContent(t, fresh, nil, false)
		if got := tap.take(); !slices.Contains(got, "shown panel-1 rev 1 blank old_epoch") ||
			!slices.Contains(got, "shown panel-2 rev 0 blank no_set") {
			t.Errorf("on the wire %q", got)
		}
		next.Set("panel-1", fwproto.Set{Rev: 2, Rows: row("B001", "1")})
		wantContent(t, p, row("B001", "1"), true)
	})
}

// TestLongHeartbeat: the ttl goes with the heartbeat.
func TestLongHeartbeat(t *testing.T) {
	inHall(t, func(h *hall) {
		l, p := h.link(mqttlink.Options{Heartbeat: 30 * time.Second}), h.panel("panel-1")
		l.Set("panel-1", fwproto.Set{Rev: 1, Rows: row("A017", "3")})
		for range 20 {
			after(30 * time.Second)
			wantContent(t, p, row("A017", "3"), true)
		}
		if !l.Connected() {
			t.Error("the link is down")
		}
	})
}

// TestOutage: ten minutes without a broker. Displays go dark, presses are given
// up, and when it is back the newest content appears and nothing late happens.
func TestOutage(t *testing.T) {
	inHall(t, func(h *hall) {
		var mu sync.Mutex
		var events []string
		l := h.link(mqttlink.Options{OnEvent: func(device string, _ []byte) {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, device)
		}})
		b := h.box("box-1")
		panels := make([]*panel.Panel, 8)
		for i := range panels {
			panels[i] = h.panel(fmt.Sprintf("panel-%d", i))
			l.Set(fmt.Sprintf("panel-%d", i), fwproto.Set{Rev: 1, Rows: row("A017", "3")})
		}
		l.Set("box-1", fwproto.Set{Rev: 1, Lamp: fwproto.LampOn})
		after(2 * time.Second)
		wantContent(t, panels[7], row("A017", "3"), true)
		if b.Lamp() != fwproto.LampOn {
			t.Errorf("lamp %v", b.Lamp())
		}

		h.powerOff()
		after(5 * time.Second)
		wantContent(t, panels[7], nil, false)
		if b.Lamp() != fwproto.LampOff {
			t.Errorf("lamp %v", b.Lamp())
		}
		for rev := range uint64(600) {
			for i := range panels {
				l.Set(fmt.Sprintf("panel-%d", i), fwproto.Set{Rev: 2 + rev, Rows: row("A018", fmt.Sprint(rev))})
			}
			after(time.Second)
		}
		began := time.Now()
		if r, err := b.Press(h.ctx, fwproto.KeyNext); !errors.Is(err, box.ErrNoReply) || time.Since(began) != 5*time.Second {
			t.Errorf("Press = %v, %v after %v", r, err, time.Since(began))
		}

		h.powerOn()
		tap := h.wiretap()
		after(3 * time.Second)
		for _, p := range panels {
			wantContent(t, p, row("A018", "599"), true)
		}
		sets := slices.DeleteFunc(tap.take(), func(s string) bool { return !strings.Contains(s, "set panel-") })
		if len(sets) != len(panels) {
			t.Errorf("%d sets for %d panels: %q", len(sets), len(panels), sets)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(events) > 0 {
			t.Errorf("late events of %v", events)
		}
	})
}

// TestPress: a press carries what the clerk saw, the lamp is pending until the
// reply, and the reply ends it (SPEC 5.1, 5.2).
func TestPress(t *testing.T) {
	inHall(t, func(h *hall) {
		var l *mqttlink.Link
		var b *box.Box
		lamps := make(chan fwproto.Lamp, 1)
		l = h.link(mqttlink.Options{OnEvent: func(device string, payload []byte) {
			p, err := fwproto.Decode[fwproto.Press](payload)
			if err != nil {
				t.Error(err)
			}
			lamps <- b.Lamp()
			l.Reply(device, fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: fwproto.OK, Number: "A018", Rev: p.Rev + 1})
		}})
		b = h.box("box-1")
		l.Set("box-1", fwproto.Set{Rev: 41, Lamp: fwproto.LampOn})
		after(time.Second)
		tap := h.wiretap()
		tap.take()
		r, err := b.Press(h.ctx, fwproto.KeyNext)
		if want := (fwproto.Reply{Boot: b.Boot(), Seq: 1, Status: fwproto.OK, Number: "A018", Rev: 42}); r != want || err != nil {
			t.Errorf("Press = %+v, %v, want %+v", r, err, want)
		}
		if lamp := <-lamps; lamp != fwproto.LampPending {
			t.Errorf("the lamp was %v while waiting", lamp)
		}
		if lamp := b.Lamp(); lamp != fwproto.LampOn {
			t.Errorf("the lamp is %v after the reply", lamp)
		}
		after(10 * time.Second)
		tap.wantAnyOrder(t, "ev box-1 seq 1 next age 0 rev 41", "re box-1 ok")
	})
}

// TestRepeat: the same press is repeated every second with its age, whatever
// the clerk sees meanwhile, and no more after five seconds.
func TestRepeat(t *testing.T) {
	inHall(t, func(h *hall) {
		l, b := h.link(mqttlink.Options{}), h.box("box-1")
		l.Set("box-1", fwproto.Set{Rev: 41})
		after(1100 * time.Millisecond)
		tap := h.wiretap()
		tap.take()
		h.tasks.Go(func() {
			pass(1500 * time.Millisecond)
			l.Set("box-1", fwproto.Set{Rev: 42})
			l.Reply("box-1", fwproto.Reply{Boot: b.Boot() + 1, Seq: 1, Status: fwproto.OK}) // not for this boot
			l.Reply("box-1", fwproto.Reply{Boot: b.Boot(), Seq: 9, Status: fwproto.OK})     // not for this press
		})
		if r, err := b.Press(h.ctx, fwproto.KeyRecall); !errors.Is(err, box.ErrNoReply) {
			t.Errorf("Press = %+v, %v", r, err)
		}
		after(10 * time.Second)
		tap.wantAnyOrder(t,
			"ev box-1 seq 1 recall age 0 rev 41",
			"ev box-1 seq 1 recall age 1000 rev 41",
			"re box-1 ok", "re box-1 ok", "set box-1 epoch 1 rev 42", "shown box-1 rev 42 blank none",
			"ev box-1 seq 1 recall age 2000 rev 41",
			"ev box-1 seq 1 recall age 3000 rev 41",
			"ev box-1 seq 1 recall age 4000 rev 41",
		)
	})
}

// TestBusy: a busy daemon is asked again.
func TestBusy(t *testing.T) {
	inHall(t, func(h *hall) {
		var l *mqttlink.Link
		l = h.link(mqttlink.Options{OnEvent: func(device string, payload []byte) {
			p, err := fwproto.Decode[fwproto.Press](payload)
			if err != nil {
				t.Error(err)
			}
			status := fwproto.Busy
			if p.AgeMS >= 2000 {
				status = fwproto.Conflict
			}
			l.Reply(device, fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: status})
		}})
		b := h.box("box-1")
		began := time.Now()
		r, err := b.Press(h.ctx, fwproto.KeyNext)
		if r.Status != fwproto.Conflict || err != nil || time.Since(began) != 2*time.Second {
			t.Errorf("Press = %+v, %v after %v", r, err, time.Since(began))
		}
	})
}

// TestPressThroughShortOutage: a press that finds no link is sent as soon as
// there is one, with its true age.
func TestPressThroughShortOutage(t *testing.T) {
	inHall(t, func(h *hall) {
		var l *mqttlink.Link
		l = h.link(mqttlink.Options{OnEvent: func(device string, payload []byte) {
			p, err := fwproto.Decode[fwproto.Press](payload)
			if err != nil || p.AgeMS < 2000 || p.AgeMS > 4999 {
				t.Errorf("press %+v, %v", p, err)
			}
			l.Reply(device, fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: fwproto.OK})
		}})
		b := h.box("box-1")
		after(time.Second)
		h.powerOff()
		h.tasks.Go(func() {
			pass(2 * time.Second)
			h.powerOn()
		})
		r, err := b.Press(h.ctx, fwproto.KeyNext)
		if r.Status != fwproto.OK || err != nil {
			t.Errorf("Press = %+v, %v", r, err)
		}
	})
}

// TestFlappingBroker: a broker that restarts every six seconds for twenty
// minutes leaves every display right or dark, and everything works afterwards.
func TestFlappingBroker(t *testing.T) {
	inHall(t, func(h *hall) {
		l, p := h.link(mqttlink.Options{}), h.panel("panel-1")
		rev := uint64(0)
		for range 200 {
			rev++
			rows := row(fmt.Sprintf("A%03d", rev), "1")
			l.Set("panel-1", fwproto.Set{Rev: rev, Rows: rows})
			h.powerOff()
			h.powerOn()
			after(6 * time.Second) // longer than the ttl: what is older must be dark
			if got, honest := p.Content(); honest && !slices.Equal(got, rows) {
				t.Fatalf("the panel vouches for %v, want %v", got, rows)
			}
		}
		after(5 * time.Second)
		wantContent(t, p, row("A200", "1"), true)
	})
}

// TestQuiet: with nothing but heartbeats, no connection is given up and no
// display blinks.
func TestQuiet(t *testing.T) {
	inHall(t, func(h *hall) {
		var mu sync.Mutex
		shown := map[string]int{}
		l := h.link(mqttlink.Options{OnShown: func(device string, _ fwproto.Shown) {
			mu.Lock()
			defer mu.Unlock()
			shown[device]++
		}})
		for i := range 4 {
			id := fmt.Sprintf("panel-%d", i)
			l.Set(id, fwproto.Set{Rev: 1, Rows: row("A017", "3")})
			h.panel(id)
		}
		after(10 * time.Second)
		mu.Lock()
		clear(shown)
		mu.Unlock()
		after(15 * time.Minute)
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.dials != 5 {
			t.Errorf("%d connections for 5 clients", h.dials)
		}
		mu.Lock()
		defer mu.Unlock()
		if len(shown) > 0 {
			t.Errorf("displays changed: %v", shown)
		}
	})
}
