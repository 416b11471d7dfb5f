// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// TestSubscribe: a device hears its own set and replies, host and heartbeat.
func TestSubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		box := h.device(connect("box-1"))
		for _, filter := range []string{topics.DeviceSet("box-1"), topics.DeviceReply("box-1"), topics.Host(), topics.Heartbeat()} {
			if code := box.subscribe(filter); code != 1 {
				t.Errorf("SUBACK %d for %q", code, filter)
			}
		}
		h.wantRefused()
		for _, filter := range []string{
			topics.DeviceSet("box-2"), topics.DeviceReply("box-2"), topics.DeviceEvent("box-1"), topics.DeviceState("box-1"),
			"#", "+", topics.Root() + "#", "avanti/1/+/hb", "avanti/1/piacenza/d/+/set", "avanti/1/piacenza/d/box-1/#",
			"avanti/1/bobbio/hb", "$SYS/#", "$share/g/" + topics.Heartbeat(),
		} {
			if code := box.subscribe(filter); code != 0x80 {
				t.Errorf("SUBACK %#x for %q", code, filter)
			}
			h.wantRefused("box-1:subscribe")
		}
		daemon := h.daemon()
		for _, filter := range []string{"#", "avanti/1/bobbio/hb", "$SYS/#"} {
			if code := daemon.subscribe(filter); code != 0x80 {
				t.Errorf("SUBACK %#x for the daemon and %q", code, filter)
			}
		}
	})
}

// TestPublish: a device that publishes what it may not is cut off, with any
// QoS, and nobody hears it.
func TestPublish(t *testing.T) {
	for _, topic := range []string{
		topics.DeviceEvent("box-2"), topics.DeviceSet("box-1"), topics.DeviceReply("box-1"), topics.Host(), topics.Heartbeat(),
		topics.Root() + "d/box-1/cmd", "avanti/1/bobbio/d/box-1/ev", "$SYS/broker/version", "x",
	} {
		for qos := range byte(3) {
			synctest.Test(t, func(t *testing.T) {
				h, stop := start(t, nil)
				defer stop()
				daemon, box := h.daemon(), h.device(connect("box-1"))
				box.send(publish(topic, "x", qos, true))
				box.wantGone()
				if strings.HasPrefix(topic, "$SYS") {
					return // ended by the library, before it asks for rights
				}
				h.wantRefused("box-1:publish")
				daemon.wantAlive() // its next packet is the answer to a ping
			})
		}
	}
}

// TestMessages: events are never kept, and nothing is longer than its limit.
func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		daemon, box := h.daemon(), h.device(connect("box-1"))
		acknowledged := func() {
			t.Helper()
			if _, ok := box.next().(*packets.PubackPacket); !ok {
				t.Error("no PUBACK")
			}
		}
		box.send(publish(topics.DeviceEvent("box-1"), "press", 1, false))
		acknowledged()
		daemon.wantMessage("d/box-1/ev press")

		box.send(publish(topics.DeviceEvent("box-1"), "kept", 1, true))
		acknowledged()
		h.wantRefused("box-1:retained_event")
		box.send(publish(topics.DeviceEvent("box-1"), strings.Repeat("x", 257), 1, false))
		acknowledged()
		h.wantRefused("box-1:too_long")
		box.send(publish(topics.DeviceState("box-1"), strings.Repeat("x", 1025), 1, true))
		acknowledged()
		h.wantRefused("box-1:too_long")
		daemon.wantAlive()

		box.send(publish(topics.DeviceState("box-1"), "online", 1, true))
		acknowledged()
		daemon.wantMessage("d/box-1/state online")
		h.daemon().wantMessage("*d/box-1/state online")
	})
}

// TestRetainedForDays: what a display is to show survives a long weekend.
func TestRetainedForDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		daemon := h.daemon()
		daemon.send(publish(topics.DeviceSet("panel-1"), "A017", 0, true))
		daemon.wantMessage("d/panel-1/set A017")
		_ = daemon.Close()
		pass(4 * 24 * time.Hour)
		panel := h.device(connect("panel-1"))
		if code := panel.subscribe(topics.DeviceSet("panel-1")); code != 1 {
			t.Fatalf("SUBACK %d", code)
		}
		panel.wantMessage("*d/panel-1/set A017")
	})
}

// TestNothingWaits: a device that was away does not get what it missed.
func TestNothingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		p := connect("box-1")
		p.CleanSession = false
		box := h.device(p)
		if code := box.subscribe(topics.DeviceReply("box-1")); code != 1 {
			t.Fatalf("SUBACK %d", code)
		}
		_ = box.Close()
		daemon := h.daemon()
		daemon.send(publish(topics.DeviceReply("box-1"), "late", 1, false))
		if _, ok := daemon.next().(*packets.PubackPacket); !ok {
			t.Error("no PUBACK")
		}
		daemon.wantMessage("d/box-1/re late")
		again := h.device(p)
		again.wantAlive()
	})
}

// TestWill: a device that falls silent is lost after one and a half keep-alives.
func TestWill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		daemon := h.daemon()
		began := time.Now()
		p := withWill(connect("box-1"), topics.DeviceState("box-1"), "lost")
		p.Keepalive = 4
		h.device(p)
		daemon.wantMessage("d/box-1/state lost")
		if d := time.Since(began); d != 6*time.Second {
			t.Errorf("lost after %v", d)
		}
	})
}

// TestTakeOver: a device that connects again is not lost, hears everything, and
// its old link is closed.
func TestTakeOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		daemon := h.daemon()
		p := withWill(connect("box-1"), topics.DeviceState("box-1"), "lost")
		old := h.device(p)
		for range 1000 {
			box := h.device(p)
			if code := box.subscribe(topics.DeviceReply("box-1")); code != 1 {
				t.Fatalf("SUBACK %d", code)
			}
			old.wantGone()
			daemon.send(publish(topics.DeviceReply("box-1"), "ok", 0, false))
			box.wantMessage("d/box-1/re ok")
			daemon.wantMessage("d/box-1/re ok") // and no will before it
			old = box
		}
		// A stranger with the id and no password does not throw it out.
		thief := h.raw(false)
		bad := connect("box-1")
		bad.Password = []byte("guess")
		thief.send(bad)
		if code := thief.connack(); code != packets.ErrRefusedBadUsernameOrPassword {
			t.Errorf("CONNACK %d", code)
		}
		old.wantAlive()
	})
}

// TestSlowClient: one that does not read is dropped and delays nobody.
func TestSlowClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		daemon, slow, good := h.daemon(), h.device(connect("box-1")), h.device(connect("box-2"))
		for id, c := range map[string]client{"box-1": slow, "box-2": good} {
			if code := c.subscribe(topics.Heartbeat()); code != 1 {
				t.Fatalf("SUBACK %d for %s", code, id)
			}
		}
		payload := strings.Repeat("x", 4096)
		for range 100 { // 400 KB, far more than a link holds
			daemon.send(publish(topics.Heartbeat(), payload, 0, false))
			daemon.wantMessage("hb " + payload)
			good.wantMessage("hb " + payload)
		}
		pass(6 * time.Second)
		good.wantAlive()
		if n := len(drain(slow)); n > 70<<10 {
			t.Errorf("the slow client had %d bytes waiting", n)
		}
	})
}
