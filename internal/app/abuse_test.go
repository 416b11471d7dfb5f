// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

// What devices, networks and people do to a hall, against the real daemon; what its own machine
// does is in abuse_host_test.go. At the end of each (see wired.holds): the calls in SQLite are the distinct accepted presses, and
// every display shows the newest content or the mark.

// TestAbuseFlood: ten thousand presses in a second from one box.
func TestAbuseFlood(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		mad := w.raw("box-1", 7)
		go func() { _, _ = io.Copy(io.Discard, mad.Conn) }() // it does not listen
		p := mad.next("c1")
		for i := range uint32(10_000) {
			p.Seq = i + 1
			mad.send(p)
			if i%1000 == 999 {
				pass(100 * time.Millisecond)
			}
		}
		if r, err := w.press("c2", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("the other box: %+v, %v", r, err)
		}
		w.rest(5 * time.Second)
		w.wantCalls(2)
	}, bare("box-1"))
}

// TestAbuseHalfOpen: five hundred connections that say nothing, or begin to and stop.
func TestAbuseHalfOpen(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		var gone sync.WaitGroup
		var left atomic.Int64
		for i := range 500 {
			c, err := w.dialDevice(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			left.Add(1)
			gone.Go(func() {
				defer left.Add(-1)
				_, _ = io.Copy(io.Discard, c)
			})
			if i%2 == 1 {
				if _, err := c.Write([]byte{0x10, 0x7f, 0, 4, 'M', 'Q'}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 5 {
			if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
				t.Errorf("%+v, %v", r, err)
			}
			w.rest(time.Second)
		}
		w.rest(500 * time.Millisecond)
		if n := left.Load(); n > 0 {
			t.Errorf("%d of them are still connected after five seconds", n)
		}
		gone.Wait()
		w.wantCalls(5)
	})
}

// TestAbuseConnectStorm: the power returns, and a hundred panels and both boxes connect at once.
func TestAbuseConnectStorm(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		for i := range 3 {
			if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
				t.Errorf("%+v, %v", r, err)
			}
			w.rest(time.Second)
			w.breakBroker()
			w.rest(10 * time.Second)
			w.startBroker()
			w.rest(5 * time.Second)
			for id, p := range w.panels {
				if rows, honest := p.Content(); !honest || len(rows) != 1 && !strings.HasPrefix(id, "panel-2") {
					t.Errorf("storm %d: %s shows %v, %t", i, id, rows, honest)
				}
			}
		}
		w.wantCalls(3)
	}, func(r *rig) {
		for i := range 98 {
			r.file.Devices = append(r.file.Devices, config.Device{ID: fmt.Sprintf("storm-%d", i), Kind: config.KindPanel, Counter: "c1"})
		}
	})
}

// TestAbuseEvents: presses that come twice, late, in another order, and again an hour later.
func TestAbuseEvents(t *testing.T) {
	for seed := range uint64(2) {
		inSmall(t, 30, func(t *testing.T, w *wired) {
			dice := rand.New(rand.NewPCG(seed, 4))
			d := w.raw("box-1", 7)
			go func() { _, _ = io.Copy(io.Discard, d.Conn) }()
			var sent []fwproto.Press
			for range 15 {
				p := d.next("c1")
				begin := time.Now()
				sent = append(sent, p)
				for range 1 + dice.IntN(4) {
					p.AgeMS = uint32(time.Since(begin).Milliseconds())
					d.send(p)
					old := sent[dice.IntN(len(sent))]
					old.AgeMS = uint32(dice.IntN(4000))
					d.send(old)
					w.rest(time.Duration(dice.IntN(1500)) * time.Millisecond)
				}
			}
			calls := len(w.calls())
			pass(time.Hour)
			d = w.raw("box-1", 7)
			go func() { _, _ = io.Copy(io.Discard, d.Conn) }()
			for range 2 {
				dice.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
				for _, p := range sent {
					d.send(p)
				}
				w.rest(time.Second)
				w.stopDaemon() // and it has forgotten its replies
				w.startApp()
				w.rest(3 * time.Second)
			}
			w.wantCalls(calls)
			if calls != 15 {
				t.Errorf("seed %d: %d calls", seed, calls)
			}
		}, bare("box-1"))
	}
}

// TestAbuseOldWill: the will of a box's last connection comes behind its new birth.
func TestAbuseOldWill(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		var births []message
		for _, id := range []string{"box-1", "panel-1", "hall-1"} {
			births = append(births, w.tap.on(id, fwproto.LeafState)...)
		}
		for _, m := range births {
			s, err := fwproto.Decode[fwproto.State](m.Payload)
			if err != nil {
				t.Fatal(err)
			}
			s.Status, s.Boot = fwproto.Lost, s.Boot-1
			will, err := fwproto.Encode(s)
			if err != nil {
				t.Fatal(err)
			}
			w.tap.said <- mqttMessage(m.Topic, will)
		}
		w.rest(time.Second)
		if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("%+v, %v", r, err)
		}
		w.rest(time.Second)
		if got := w.metric(`avanti_mqtt_ignored_messages_total{reason="old_will"} `); got != "3" {
			t.Errorf("%q old wills ignored", got)
		}
		if rows, honest := w.panels["panel-1"].Content(); !honest || len(rows) != 1 {
			t.Errorf("the panel shows %v, %t", rows, honest)
		}
		w.wantCalls(1)
	})
}

// TestAbuseTwins: two boxes and two panels with one id each throw each other out.
func TestAbuseTwins(t *testing.T) {
	inSmall(t, 60, func(t *testing.T, w *wired) {
		twin := box.New(box.Options{ID: "box-1", Password: secret("box-1"), Office: "small", Dial: w.dialDevice})
		face := panel.New(panel.Options{ID: "panel-1", Password: secret("panel-1"), Office: "small", Dial: w.dialDevice, Rows: 6})
		ctx, stop := context.WithCancel(t.Context())
		w.far.Go(func() { _ = twin.Run(ctx) })
		w.far.Go(func() { _ = face.Run(ctx) })
		w.staleBy = 5 * time.Second // the one that was thrown out does not hear
		called := 0
		for range 30 {
			began := time.Now()
			r, err := twin.Press(t.Context(), fwproto.KeyNext)
			w.note("box-1", twin.Boot(), r.Seq, began)
			if err == nil && r.Status == fwproto.OK {
				called++
			}
			if r, err = w.press("c1", fwproto.KeyNext); err == nil && r.Status == fwproto.OK {
				called++
			}
			w.rest(700 * time.Millisecond)
			if rows, honest := face.Content(); honest && staleness(w.wanted["panel-1"], rows, time.Now()) > w.staleBy {
				t.Errorf("the twin shows %v", rows)
			}
		}
		stop()
		w.rest(3 * time.Second)
		if rows, honest := w.panels["panel-1"].Content(); !honest || len(rows) != 1 {
			t.Errorf("without its twin the panel shows %v, %t", rows, honest)
		}
		if called == 0 || len(w.calls()) < called {
			t.Errorf("%d replies of ok, %d calls", called, len(w.calls()))
		}
	})
}

// TestAbuseRetainedGarbage: there is garbage on every topic before the daemon starts.
func TestAbuseRetainedGarbage(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		counter, _ := w.view().Counter("c1")
		w.stopDaemon()
		dice := rand.New(rand.NewPCG(1, 8))
		press, err := fwproto.Encode(w.tap.stamp(fwproto.Press{Boot: 1, Seq: 1, Rev: uint64(counter.Seen), Key: fwproto.KeyNext}))
		if err != nil {
			t.Fatal(err)
		}
		set, err := fwproto.Encode(fwproto.Set{Epoch: 1, Rev: 1 << 60, TTLms: 1 << 31, Rows: []fwproto.Row{{Number: "X999", Desk: "9"}}})
		if err != nil {
			t.Fatal(err)
		}
		topics := []string{smallTopics.Host(), smallTopics.Heartbeat(), smallTopics.Root() + "nobody", smallTopics.Root() + "d/nobody/ev"}
		for _, d := range w.file.Devices {
			for _, topic := range []func(string) string{smallTopics.DeviceState, smallTopics.DeviceEvent, smallTopics.DeviceReply, smallTopics.DeviceSet, smallTopics.DeviceShown} {
				topics = append(topics, topic(d.ID))
			}
		}
		for _, topic := range topics {
			rubbish := make([]byte, 1+dice.IntN(300))
			for i := range rubbish {
				rubbish[i] = byte(dice.Uint32())
			}
			switch {
			case strings.HasSuffix(topic, "/ev"):
				rubbish = press
			case strings.HasSuffix(topic, "/set"):
				rubbish = set
			}
			m := mqttMessage(topic, rubbish)
			m.Retained = true
			w.tap.said <- m
		}
		w.rest(10 * time.Second)
		w.startApp()
		w.rest(5 * time.Second)
		w.wantCalls(0)
		if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("%+v, %v", r, err)
		}
		w.rest(time.Second)
		for _, id := range []string{"panel-1", "hall-1"} {
			if rows, honest := w.panels[id].Content(); !honest || len(rows) != 1 {
				t.Errorf("%s shows %v, %t", id, rows, honest)
			}
		}
		w.wantCalls(1)
	})
}
