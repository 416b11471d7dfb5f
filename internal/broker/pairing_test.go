// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"testing"
	"testing/synctest"

	"github.com/eclipse/paho.mqtt.golang/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/brokertest"
)

// newcomer is a valid CONNECT of a device that belongs to no office.
func newcomer(maker, code string) *packets.ConnectPacket {
	p := brokertest.Connect(fwproto.PairingUser(maker))
	p.Password = []byte(code)
	return p
}

// TestPairing: who belongs to no office gets in with the code of its label and has two
// topics, whatever it tries.
func TestPairing(t *testing.T) {
	hello := brokertest.Encode(fwproto.Hello{Commitment: fwproto.Commit("esp-1", "x")})
	up, down := fwproto.PairingUp("esp-1"), fwproto.PairingDown("esp-1")
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon := h.raw(true)
		daemon.Root = fwproto.PairingRoot
		daemon.Send(brokertest.Connect("_host"))
		if code := daemon.Connack(); code != packets.Accepted || daemon.Subscribe(fwproto.EveryPairing()) != 1 {
			t.Fatalf("the daemon: CONNACK %d, or no subscription", code)
		}
		piece := h.device(newcomer("esp-1", codeOfLabel))
		if code := piece.Subscribe(down); code != 1 {
			t.Errorf("SUBACK %d", code)
		}
		piece.Send(brokertest.Publish(up, hello, 1, false))
		piece.WantPuback()
		daemon.WantMessage("esp-1/up", hello)
		for _, p := range []*packets.PublishPacket{
			brokertest.Publish(up, hello, 1, true), brokertest.Publish(up, brokertest.Press(1), 1, false), brokertest.Publish(up, nil, 1, false),
		} {
			piece.Send(p)
			piece.WantPuback()
		}
		h.wantRefused("_pair-esp-1:retained_event", "_pair-esp-1:malformed", "_pair-esp-1:malformed")
		for _, filter := range []string{
			up, fwproto.PairingDown("esp-2"), fwproto.EveryPairing(), fwproto.PairingRoot + "#", topics.Heartbeat(), topics.DeviceSet("esp-1"),
		} {
			if code := piece.Subscribe(filter); code != 0x80 {
				t.Errorf("SUBACK %#x for %q", code, filter)
			}
			h.wantRefused("_pair-esp-1:subscribe")
		}
		daemon.WantAlive()
		h.Drop("_pair-esp-1")
		piece.WantGone()
		for _, topic := range []string{fwproto.PairingUp("esp-2"), down, topics.DeviceState("esp-1"), topics.DeviceEvent("box-1")} {
			piece = h.device(newcomer("esp-1", codeOfLabel))
			piece.Send(brokertest.Publish(topic, hello, 1, false))
			piece.WantGone()
			h.wantRefused("_pair-esp-1:publish")
		}
	})
}

// TestNotPaired: nobody gets in to be paired whom nobody waits for.
func TestNotPaired(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil  func(*packets.ConnectPacket)
		code   byte
		reason string
	}{
		"wrong code":      {func(p *packets.ConnectPacket) { p.Password = []byte("x") }, 4, "pairing"},
		"no code":         {func(p *packets.ConnectPacket) { p.Password, p.PasswordFlag = nil, false }, 4, "pairing"},
		"another piece":   {func(p *packets.ConnectPacket) { p.Username, p.ClientIdentifier = "_pair-esp-2", "_pair-esp-2" }, 4, "pairing"},
		"as the daemon":   {func(p *packets.ConnectPacket) { p.ClientIdentifier = "_host" }, 2, "client_id"},
		"as a device":     {func(p *packets.ConnectPacket) { p.ClientIdentifier = "box-1" }, 2, "client_id"},
		"no name":         {func(p *packets.ConnectPacket) { p.Username, p.ClientIdentifier = "_pair-", "_pair-" }, 2, "client_id"},
		"keep-alive of 0": {func(p *packets.ConnectPacket) { p.Keepalive = 0 }, 5, "keep_alive"},
		"a will": {func(p *packets.ConnectPacket) {
			brokertest.WithWill(p, fwproto.PairingUp("esp-1"), []byte("x"))
		}, 5, "will"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, stop := start(t)
				defer stop()
				p := newcomer("esp-1", codeOfLabel)
				tc.spoil(p)
				c := h.raw(false)
				c.Send(p)
				if got := c.Connack(); got != tc.code {
					t.Errorf("CONNACK %d, want %d", got, tc.code)
				}
				c.WantGone()
				h.wantRefused(":" + tc.reason)
			})
		})
	}
}

// TestTelemetry: a device says how it is, and the broker keeps nothing of it.
func TestTelemetry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon, box := h.daemon(), h.device(brokertest.Connect("box-1"))
		tele := brokertest.Encode(fwproto.Telemetry{Loss: 67})
		box.Send(brokertest.Publish(topics.DeviceTelemetry("box-1"), tele, 0, false))
		daemon.WantMessage("d/box-1/tele", tele)
		box.Send(brokertest.Publish(topics.DeviceTelemetry("box-1"), tele, 1, true))
		box.WantPuback()
		h.wantRefused("box-1:retained_event")
		daemon.WantAlive()
	})
}
