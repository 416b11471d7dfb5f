// SPDX-License-Identifier: EUPL-1.2

package brokertest

import (
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// Broker is a running broker. It knows the devices [Devices] with their [Secret] as
// password.
type Broker struct {
	Topics fwproto.Topics
	// Dial and DialHost open a connection for a device and for the daemon.
	Dial, DialHost func() (net.Conn, error)
	// Host is the user name and client id of the daemon; its password is its Secret.
	Host string
}

// Devices are the devices that a broker in a test knows.
func Devices() []string {
	return []string{"box-1", "box-2", "box-3", "panel-1"}
}

// TestBroker holds a broker against what a hall needs. Each part gets a broker that
// nobody has used, which setup starts and, by t.Cleanup, stops.
func TestBroker(t *testing.T, setup func(t *testing.T) Broker) {
	for _, part := range []struct {
		name string
		test func(*testing.T, Broker)
	}{
		{"who may connect", testAuth},
		{"what is not allowed is denied", testDenied},
		{"a wildcard hears nothing of others", testWildcard},
		{"nobody throws another out", testClientID},
		{"what is kept lasts", testRetained},
		{"the newest is kept", testNewest},
		{"an event that asks to be kept is no news", testRetainedEvent},
		{"a will speaks for its own device", testWill},
		{"a device that connects again is served", testTakeOver},
		{"too long is not delivered", testTooLong},
		{"at least once", testAtLeastOnce},
		{"in order", testOrder},
		{"nonsense costs one link", testNonsense},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, setup(t)) })
	}
}

func (b Broker) raw(t *testing.T, dial func() (net.Conn, error)) Client {
	t.Helper()
	c, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return Client{Conn: c, T: t, Root: b.Topics.Root()}
}

// device connects a device.
func (b Broker) device(t *testing.T, p *packets.ConnectPacket) Client {
	t.Helper()
	c := b.raw(t, b.Dial)
	c.Send(p)
	if code := c.Connack(); code != packets.Accepted {
		t.Fatalf("CONNACK %d for %s", code, p.Username)
	}
	return c
}

// host connects as the daemon and hears everything.
func (b Broker) host(t *testing.T) Client {
	t.Helper()
	c := b.raw(t, b.DialHost)
	c.Send(Connect(b.Host))
	if code := c.Connack(); code != packets.Accepted {
		t.Fatalf("CONNACK %d for the daemon", code)
	}
	if code := c.Subscribe(b.Topics.Root() + "#"); code != 1 {
		t.Fatalf("SUBACK %d for the daemon", code)
	}
	return c
}

// wantNext sends a message from another device and fails unless it is the next that
// the daemon hears: whatever was sent before has not come through.
func (b Broker) wantNext(t *testing.T, host Client, what string) {
	t.Helper()
	mark := b.device(t, Connect("box-3"))
	mark.Send(Publish(b.Topics.DeviceEvent("box-3"), Press(99), 1, false))
	mark.WantPuback()
	if got, want := host.Message(), "d/box-3/ev "+string(Press(99)); got != want {
		t.Errorf("%s: the daemon hears %q", what, got)
		host.WantMessage("d/box-3/ev", Press(99))
	}
}

func testAuth(t *testing.T, b Broker) {
	b.device(t, Connect("box-1")).WantAlive()
	b.host(t).WantAlive()
	for name, spoil := range map[string]func(*packets.ConnectPacket){
		"wrong password": func(p *packets.ConnectPacket) { p.Password = []byte(Secret("box-2")) },
		"empty password": func(p *packets.ConnectPacket) { p.Password = nil },
		"no password":    func(p *packets.ConnectPacket) { p.PasswordFlag, p.Password = false, nil },
		"unknown device": func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "ghost", "ghost" },
		"nobody": func(p *packets.ConnectPacket) {
			p.UsernameFlag, p.Username, p.PasswordFlag, p.Password = false, "", false, nil
		},
		"a wildcard":          func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "+", "+" },
		"the daemon, guessed": func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = b.Host, b.Host },
	} {
		p := Connect("box-1")
		spoil(p)
		c := b.raw(t, b.Dial)
		c.Send(p)
		if ack, ok := c.Next().(*packets.ConnackPacket); ok && ack.ReturnCode == packets.Accepted {
			t.Errorf("%s: accepted", name)
			continue
		}
		c.WantGone()
	}
}

func testDenied(t *testing.T, b Broker) {
	host := b.host(t)
	for _, topic := range []string{
		b.Topics.DeviceEvent("box-2"), b.Topics.DeviceState("box-2"), b.Topics.DeviceShown("panel-1"),
		b.Topics.DeviceSet("box-1"), b.Topics.DeviceReply("box-1"), b.Topics.DeviceCommand("box-1"),
		b.Topics.Host(), b.Topics.Heartbeat(), b.Topics.Root() + "x", "avanti/1/bobbio/d/box-1/ev", "x",
	} {
		for qos := range byte(2) {
			box := b.device(t, Connect("box-1"))
			box.Send(Publish(topic, Press(1), qos, qos == 1))
			_ = packets.NewControlPacket(packets.Pingreq).Write(box) // perhaps cut off already
			for p := box.Next(); p != nil; p = box.Next() {          // until it is cut off, or answers what came later
				if _, ok := p.(*packets.PingrespPacket); ok {
					break
				}
			}
			_ = box.Close()
		}
	}
	b.wantNext(t, host, "a device publishes what is not its own")
	if fresh := b.device(t, Connect("box-2")); fresh.Subscribe(b.Topics.DeviceSet("box-2")) == 1 {
		fresh.WantAlive() // nothing forged was kept
	}
}

func testWildcard(t *testing.T, b Broker) {
	host, box := b.host(t), b.device(t, Connect("box-1"))
	for _, filter := range []string{
		"#", "+", b.Topics.Root() + "#", b.Topics.Every(fwproto.LeafSet), b.Topics.Every(fwproto.LeafEvent),
		b.Topics.DeviceSet("box-2"), b.Topics.DeviceReply("box-2"), "avanti/1/+/d/+/set",
	} {
		box.Subscribe(filter)
	}
	if code := box.Subscribe(b.Topics.DeviceReply("box-1")); code != 1 {
		t.Fatalf("SUBACK %d for its own replies", code)
	}
	for _, topic := range []string{b.Topics.DeviceSet("box-2"), b.Topics.DeviceReply("box-2"), b.Topics.DeviceCommand("box-2")} {
		host.Send(Publish(topic, []byte("of others"), 0, false))
	}
	host.Send(Publish(b.Topics.DeviceReply("box-1"), []byte("its own"), 0, false))
	box.WantMessage("d/box-1/re", []byte("its own"))
}

func testClientID(t *testing.T, b Broker) {
	box := b.device(t, Connect("box-1"))
	if code := box.Subscribe(b.Topics.DeviceReply("box-1")); code != 1 {
		t.Fatalf("SUBACK %d", code)
	}
	host := b.host(t)
	for _, id := range []string{"box-1", b.Host} {
		forged := Connect("box-2")
		forged.ClientIdentifier = id
		c := b.raw(t, b.Dial)
		c.Send(forged)
		if ack, ok := c.Next().(*packets.ConnackPacket); !ok || ack.ReturnCode != packets.Accepted {
			c.WantGone()
		}
	}
	host.Send(Publish(b.Topics.DeviceReply("box-1"), []byte("ok"), 0, false))
	host.WantMessage("d/box-1/re", []byte("ok")) // the daemon is there, and so is the box
	box.WantMessage("d/box-1/re", []byte("ok"))
}

func testRetained(t *testing.T, b Broker) {
	host := b.host(t)
	host.Send(Publish(b.Topics.DeviceSet("panel-1"), []byte("A017"), 0, true))
	host.WantMessage("d/panel-1/set", []byte("A017"))
	host.Send(packets.NewControlPacket(packets.Disconnect))
	host.WantGone()
	for range 2 {
		panel := b.device(t, Connect("panel-1"))
		if code := panel.Subscribe(b.Topics.DeviceSet("panel-1")); code != 1 {
			t.Fatalf("SUBACK %d", code)
		}
		panel.WantMessage("*d/panel-1/set", []byte("A017"))
		panel.Send(Publish(b.Topics.DeviceShown("panel-1"), Shown(1), 1, true))
		panel.WantPuback()
		_ = panel.Close()
	}
	again := b.host(t)
	got := []string{again.Message(), again.Message()}
	slices.Sort(got)
	if want := []string{"*d/panel-1/set A017", "*d/panel-1/shown " + string(Shown(1))}; !slices.Equal(got, want) {
		t.Errorf("the daemon finds %q, want %q", got, want)
	}
}

func testNewest(t *testing.T, b Broker) {
	host := b.host(t)
	for i := range 20 {
		host.Send(Publish(b.Topics.DeviceSet("panel-1"), fmt.Appendf(nil, "A%03d", i), 0, true))
		host.WantMessage("d/panel-1/set", fmt.Appendf(nil, "A%03d", i))
	}
	panel := b.device(t, Connect("panel-1"))
	if code := panel.Subscribe(b.Topics.DeviceSet("panel-1")); code != 1 {
		t.Fatalf("SUBACK %d", code)
	}
	panel.WantMessage("*d/panel-1/set", []byte("A019"))
	panel.WantAlive()
}

func testRetainedEvent(t *testing.T, b Broker) {
	box := b.device(t, Connect("box-1"))
	box.Send(Publish(b.Topics.DeviceEvent("box-1"), Press(1), 1, true))
	box.WantPuback()
	host := b.host(t)
	mark := b.device(t, Connect("box-3"))
	mark.Send(Publish(b.Topics.DeviceEvent("box-3"), Press(99), 1, false))
	mark.WantPuback()
	last := "d/box-3/ev " + string(Press(99))
	for got := host.Message(); got != last; got = host.Message() {
		if got != "*d/box-1/ev "+string(Press(1)) {
			t.Errorf("the daemon cannot tell that %q is old", got)
		}
	}
	// The daemon has it removed.
	host.Send(Publish(b.Topics.DeviceEvent("box-1"), nil, 0, true))
	host.WantMessage("d/box-1/ev", nil)
	again := b.host(t)
	again.WantAlive()
}

func testWill(t *testing.T, b Broker) {
	host, lost := b.host(t), State(fwproto.Lost, 1)
	state := b.Topics.DeviceState("box-1")
	// It is published when the link breaks, and kept.
	box := b.device(t, WithWill(Connect("box-1"), state, lost))
	_ = box.Close()
	host.WantMessage("d/box-1/state", lost)
	// It is not when the device says goodbye.
	box = b.device(t, WithWill(Connect("box-1"), state, State(fwproto.Lost, 2)))
	box.Send(packets.NewControlPacket(packets.Disconnect))
	box.WantGone()
	// Nobody speaks for another.
	for _, topic := range []string{b.Topics.DeviceState("box-2"), b.Topics.Host()} {
		c := b.raw(t, b.Dial)
		c.Send(WithWill(Connect("box-1"), topic, lost))
		c.Next() // CONNACK with one code or another
		_ = c.Close()
	}
	b.wantNext(t, host, "wills of others")
	// A device that falls silent is lost.
	p := WithWill(Connect("box-1"), state, State(fwproto.Lost, 3))
	p.Keepalive = 1
	began := time.Now()
	b.device(t, p)
	host.WantMessage("d/box-1/state", State(fwproto.Lost, 3))
	if d := time.Since(began); d < time.Second || d > 10*time.Second {
		t.Errorf("lost after %v", d)
	}
}

func testTakeOver(t *testing.T, b Broker) {
	host := b.host(t)
	var old Client
	for n := range uint32(20) {
		p := WithWill(Connect("box-1"), b.Topics.DeviceState("box-1"), State(fwproto.Lost, n+2))
		box := b.device(t, p)
		if code := box.Subscribe(b.Topics.DeviceReply("box-1")); code != 1 {
			t.Fatalf("SUBACK %d", code)
		}
		if old.Conn != nil {
			old.WantGone()
		}
		online := State(fwproto.Online, n+2)
		box.Send(Publish(b.Topics.DeviceState("box-1"), online, 1, true))
		box.WantPuback()
		if got := host.Message(); got == "d/box-1/state "+string(State(fwproto.Lost, n+1)) {
			host.WantMessage("d/box-1/state", online) // the old one's will comes before the birth
		} else if got != "d/box-1/state "+string(online) {
			t.Errorf("connection %d: the daemon hears %q", n+1, got)
		}
		host.Send(Publish(b.Topics.DeviceReply("box-1"), []byte("ok"), 0, false))
		host.WantMessage("d/box-1/re", []byte("ok"))
		box.WantMessage("d/box-1/re", []byte("ok"))
		old = box
	}
	fresh := b.host(t) // and takes the daemon's place
	fresh.WantMessage("*d/box-1/state", State(fwproto.Online, 21))
	host.WantGone()
}

func testTooLong(t *testing.T, b Broker) {
	host, box := b.host(t), b.device(t, Connect("box-1"))
	for _, size := range []int{1025, 4096, 60000} {
		for _, topic := range []string{b.Topics.DeviceEvent("box-1"), b.Topics.DeviceState("box-1")} {
			box.Send(Publish(topic, make([]byte, size), 1, false))
			box.WantPuback()
		}
	}
	b.wantNext(t, host, "messages that are too long")
	box.Send(Publish(b.Topics.DeviceEvent("box-1"), Press(1), 1, false))
	box.WantPuback()
	host.WantMessage("d/box-1/ev", Press(1))
	// One packet that is longer than any costs the link and nothing else.
	_ = Publish(b.Topics.DeviceEvent("box-1"), make([]byte, 70000), 0, false).Write(box) // perhaps cut off
	for p := box.Next(); p != nil; p = box.Next() {
		t.Logf("answered with %s", p)
	}
	b.wantNext(t, host, "a packet that is too long")
}

func testAtLeastOnce(t *testing.T, b Broker) {
	host, box := b.host(t), b.device(t, Connect("box-1"))
	// A repetition is acknowledged like the first, and the daemon hears one of them at least.
	p := Publish(b.Topics.DeviceEvent("box-1"), Press(1), 1, false)
	for n := range 3 {
		p.Dup = n > 0
		box.Send(p)
		box.WantPuback()
		host.WantMessage("d/box-1/ev", Press(1))
	}
	// Who did not acknowledge a content before its link broke gets it on the next.
	panel := b.device(t, Connect("panel-1"))
	if code := panel.Subscribe(b.Topics.DeviceSet("panel-1")); code != 1 {
		t.Fatalf("SUBACK %d", code)
	}
	host.Send(Publish(b.Topics.DeviceSet("panel-1"), []byte("A017"), 1, true))
	if _, ok := panel.Next().(*packets.PublishPacket); !ok {
		t.Fatal("no content")
	}
	_ = panel.Close()
	again := b.device(t, Connect("panel-1"))
	if code := again.Subscribe(b.Topics.DeviceSet("panel-1")); code != 1 {
		t.Fatalf("SUBACK %d", code)
	}
	again.WantMessage("*d/panel-1/set", []byte("A017"))
}

func testOrder(t *testing.T, b Broker) {
	const n = 200 // no more than may wait for one client
	host, box := b.host(t), b.device(t, Connect("box-1"))
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for i := range n {
			box.Send(Publish(b.Topics.DeviceEvent("box-1"), Press(uint32(i)+1), 1, false))
			box.WantPuback()
		}
	}()
	for i := range n {
		host.WantMessage("d/box-1/ev", Press(uint32(i)+1))
	}
	<-sent
}

func testNonsense(t *testing.T, b Broker) {
	host := b.host(t)
	for _, nonsense := range []string{
		"\x82\x02\x00\x01",                               // a SUBSCRIBE of nothing
		"\x82\x05\x00\x01\x00",                           // one that never ends
		"\x10\x0e\x00\x04MQTT\x04\x02\x00\x0a\x00\x02id", // a second CONNECT
		"\x20\x02\x00\x00",                               // a packet of a server
		"\xf0\x00",                                       // of MQTT 5
		"\x00\x00",
		"\x30\xff\xff\xff\x7f", // 256 MB
		"\x36\x06\x00\x01x\x00\x01y",
	} {
		bad := b.device(t, Connect("box-1"))
		if _, err := bad.Write([]byte(nonsense)); err != nil {
			t.Fatal(err)
		}
		_ = bad.Close()
		stranger := b.raw(t, b.Dial)
		if _, err := stranger.Write([]byte(nonsense)); err != nil {
			t.Fatal(err)
		}
		_ = stranger.Close()
		b.wantNext(t, host, "nonsense")
	}
}
