// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/brokertest"
)

// TestSubscribe: a device hears its own set and replies, host and heartbeat.
func TestSubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		box := h.device(brokertest.Connect("box-1"))
		for _, filter := range []string{topics.DeviceSet("box-1"), topics.DeviceReply("box-1"), topics.DeviceCommand("box-1"), topics.Host(), topics.Heartbeat()} {
			if code := box.Subscribe(filter); code != 1 {
				t.Errorf("SUBACK %d for %q", code, filter)
			}
		}
		h.wantRefused()
		for _, filter := range []string{
			topics.DeviceSet("box-2"), topics.DeviceReply("box-2"), topics.DeviceEvent("box-1"), topics.DeviceState("box-1"),
			"#", "+", topics.Root() + "#", "avanti/1/+/hb", "avanti/1/piacenza/d/+/set", "avanti/1/piacenza/d/box-1/#",
			"avanti/1/bobbio/hb", "$SYS/#", "$share/g/" + topics.Heartbeat(),
		} {
			if code := box.Subscribe(filter); code != 0x80 {
				t.Errorf("SUBACK %#x for %q", code, filter)
			}
			h.wantRefused("box-1:subscribe")
		}
		daemon := h.daemon()
		for _, filter := range []string{"#", "avanti/1/bobbio/hb", "$SYS/#"} {
			if code := daemon.Subscribe(filter); code != 0x80 {
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
				h, stop := start(t)
				defer stop()
				daemon, box := h.daemon(), h.device(brokertest.Connect("box-1"))
				box.Send(brokertest.Publish(topic, []byte("x"), qos, true))
				box.WantGone()
				if strings.HasPrefix(topic, "$SYS") {
					return // ended by the library, before it asks for rights
				}
				h.wantRefused("box-1:publish")
				daemon.WantAlive() // its next packet is the answer to a ping
			})
		}
	}
}

// TestMessages: events are never kept, and nothing is longer than its limit.
func TestMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon, box := h.daemon(), h.device(brokertest.Connect("box-1"))
		ev, state, shown, online := topics.DeviceEvent("box-1"), topics.DeviceState("box-1"), topics.DeviceShown("box-1"), brokertest.State(fwproto.Online, 1)
		box.Send(brokertest.Publish(ev, brokertest.Press(1), 1, false))
		box.WantPuback()
		daemon.WantMessage("d/box-1/ev", brokertest.Press(1))
		for _, tc := range []struct {
			packet *packets.PublishPacket
			reason string
		}{
			{brokertest.Publish(ev, brokertest.Press(2), 1, true), "retained_event"},
			{brokertest.Publish(ev, make([]byte, 257), 1, false), "too_long"},
			{brokertest.Publish(state, make([]byte, 1025), 1, true), "too_long"},
			{brokertest.Publish(ev, []byte("garbage"), 1, false), "malformed"},
			{brokertest.Publish(ev, nil, 1, false), "malformed"},
			{brokertest.Publish(state, brokertest.Press(3), 1, true), "malformed"},
			{brokertest.Publish(state, nil, 1, true), "malformed"},
			{brokertest.Publish(shown, []byte("garbage"), 1, true), "malformed"},
			{brokertest.Publish(topics.DeviceResult("box-1"), []byte("garbage"), 1, false), "malformed"},
		} {
			box.Send(tc.packet)
			box.WantPuback()
			h.wantRefused("box-1:" + tc.reason)
		}
		daemon.WantAlive()

		box.Send(brokertest.Publish(state, online, 1, true))
		box.WantPuback()
		daemon.WantMessage("d/box-1/state", online)
		h.daemon().WantMessage("*d/box-1/state", online)
	})
}

// TestRetainedForDays: what a display is to show survives a long weekend.
func TestRetainedForDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon := h.daemon()
		daemon.Send(brokertest.Publish(topics.DeviceSet("panel-1"), []byte("A017"), 0, true))
		daemon.WantMessage("d/panel-1/set", []byte("A017"))
		_ = daemon.Close()
		pass(4 * 24 * time.Hour)
		panel := h.device(brokertest.Connect("panel-1"))
		if code := panel.Subscribe(topics.DeviceSet("panel-1")); code != 1 {
			t.Fatalf("SUBACK %d", code)
		}
		panel.WantMessage("*d/panel-1/set", []byte("A017"))
	})
}

// TestNothingWaits: a device that was away does not get what it missed.
func TestNothingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		p := brokertest.Connect("box-1")
		p.CleanSession = false
		box := h.device(p)
		if code := box.Subscribe(topics.DeviceReply("box-1")); code != 1 {
			t.Fatalf("SUBACK %d", code)
		}
		_ = box.Close()
		daemon := h.daemon()
		daemon.Send(brokertest.Publish(topics.DeviceReply("box-1"), []byte("late"), 1, false))
		if _, ok := daemon.Next().(*packets.PubackPacket); !ok {
			t.Error("no PUBACK")
		}
		daemon.WantMessage("d/box-1/re", []byte("late"))
		again := h.device(p)
		again.WantAlive()
	})
}

// TestWill: a device that falls silent is lost after one and a half keep-alives.
func TestWill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon := h.daemon()
		began := time.Now()
		p := brokertest.WithWill(brokertest.Connect("box-1"), topics.DeviceState("box-1"), brokertest.State(fwproto.Lost, 1))
		p.Keepalive = 4
		h.device(p)
		daemon.WantMessage("d/box-1/state", brokertest.State(fwproto.Lost, 1))
		if d := time.Since(began); d != 6*time.Second {
			t.Errorf("lost after %v", d)
		}
	})
}

// TestTakeOver: a device that connects again is not lost, hears everything, and
// its old link is closed.
func TestTakeOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon := h.daemon()
		p := brokertest.WithWill(brokertest.Connect("box-1"), topics.DeviceState("box-1"), brokertest.State(fwproto.Lost, 1))
		old := h.device(p)
		for range 1000 {
			box := h.device(p)
			if code := box.Subscribe(topics.DeviceReply("box-1")); code != 1 {
				t.Fatalf("SUBACK %d", code)
			}
			old.WantGone()
			daemon.Send(brokertest.Publish(topics.DeviceReply("box-1"), []byte("ok"), 0, false))
			box.WantMessage("d/box-1/re", []byte("ok"))
			daemon.WantMessage("d/box-1/re", []byte("ok")) // and no will before it
			old = box
		}
		// A stranger with the id and no password does not throw it out.
		thief := h.raw(false)
		bad := brokertest.Connect("box-1")
		bad.Password = []byte("guess")
		thief.Send(bad)
		if code := thief.Connack(); code != packets.ErrRefusedBadUsernameOrPassword {
			t.Errorf("CONNACK %d", code)
		}
		old.WantAlive()
	})
}

// TestSlowClient: one that does not read is dropped and delays nobody.
func TestSlowClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon, slow, good := h.daemon(), h.device(brokertest.Connect("box-1")), h.device(brokertest.Connect("box-2"))
		for id, c := range map[string]brokertest.Client{"box-1": slow, "box-2": good} {
			if code := c.Subscribe(topics.Heartbeat()); code != 1 {
				t.Fatalf("SUBACK %d for %s", code, id)
			}
		}
		payload := bytes.Repeat([]byte("x"), 4096)
		for range 100 { // 400 KB, far more than a link holds
			daemon.Send(brokertest.Publish(topics.Heartbeat(), payload, 0, false))
			daemon.WantMessage("hb", payload)
			good.WantMessage("hb", payload)
		}
		pass(6 * time.Second)
		good.WantAlive()
		if n := len(drain(slow)); n > 70<<10 {
			t.Errorf("the slow client had %d bytes waiting", n)
		}
	})
}
