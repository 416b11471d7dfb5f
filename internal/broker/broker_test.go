// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
)

var topics = fwproto.Topics{Office: "piacenza"}

// hall is a running broker that knows the devices box-1 to box-9 and panel-1,
// whose passwords are "secret of <id>".
type hall struct {
	*broker.Broker
	t   *testing.T
	reg *prometheus.Registry

	mu      sync.Mutex
	refused []string
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// start runs a broker until the test ends or stop is called.
func start(t *testing.T, listen net.Listener) (h *hall, stop func()) {
	t.Helper()
	h = &hall{t: t, reg: prometheus.NewRegistry()}
	b, err := broker.New(broker.Options{
		Office: "piacenza",
		Listen: listen,
		Credentials: func(id string) ([32]byte, bool) {
			ok := len(id) == 5 && strings.HasPrefix(id, "box-") || id == "panel-1"
			return sha256.Sum256([]byte("secret of " + id)), ok
		},
		OnRefused: func(device, reason string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.refused = append(h.refused, device+":"+reason)
		},
		Registerer: h.reg,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Broker = b
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return h, stop
}

func (h *hall) wantRefused(want ...string) {
	h.t.Helper()
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Equal(h.refused, want) {
		h.t.Errorf("refused %q, want %q", h.refused, want)
	}
	h.refused = nil
}

// client is a raw MQTT client: it sends what a test says and nothing else.
type client struct {
	net.Conn
	t *testing.T
}

func (h *hall) raw(host bool) client {
	h.t.Helper()
	pipe := h.Pipe
	if host {
		pipe = h.HostPipe
	}
	c, err := pipe()
	if err != nil {
		h.t.Fatal(err)
	}
	return client{c, h.t}
}

// connect is a valid CONNECT of a device, to be spoiled by a test.
func connect(id string) *packets.ConnectPacket {
	p := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	p.ProtocolName, p.ProtocolVersion = "MQTT", 4
	p.CleanSession, p.Keepalive = true, 10
	p.ClientIdentifier = id
	p.UsernameFlag, p.Username = true, id
	p.PasswordFlag, p.Password = true, []byte("secret of "+id)
	return p
}

func withWill(p *packets.ConnectPacket, topic, payload string) *packets.ConnectPacket {
	p.WillFlag, p.WillTopic, p.WillMessage, p.WillRetain, p.WillQos = true, topic, []byte(payload), true, 1
	return p
}

// device connects a device and gives its link.
func (h *hall) device(p *packets.ConnectPacket) client {
	h.t.Helper()
	c := h.raw(false)
	c.send(p)
	if code := c.connack(); code != packets.Accepted {
		h.t.Fatalf("CONNACK %d", code)
	}
	return c
}

// daemon connects as the daemon and subscribes to everything.
func (h *hall) daemon() client {
	h.t.Helper()
	c := h.raw(true)
	c.send(connect("_host"))
	if code := c.connack(); code != packets.Accepted {
		h.t.Fatalf("CONNACK %d", code)
	}
	if code := c.subscribe(topics.Root() + "#"); code != 1 {
		h.t.Fatalf("SUBACK %d", code)
	}
	return c
}

func (c client) send(p packets.ControlPacket) {
	c.t.Helper()
	if err := p.Write(c); err != nil {
		c.t.Fatalf("send %s: %v", p.String(), err)
	}
}

// next reads one packet, or nil when the link has ended.
func (c client) next() packets.ControlPacket {
	c.t.Helper()
	p, err := packets.ReadPacket(c)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return p
}

func (c client) connack() byte {
	c.t.Helper()
	p, ok := c.next().(*packets.ConnackPacket)
	if !ok {
		c.t.Fatal("no CONNACK")
	}
	return p.ReturnCode
}

func (c client) subscribe(filter string) byte {
	c.t.Helper()
	p := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
	p.MessageID, p.Topics, p.Qoss = 1, []string{filter}, []byte{1}
	c.send(p)
	ack, ok := c.next().(*packets.SubackPacket)
	if !ok {
		c.t.Fatal("no SUBACK")
	}
	return ack.ReturnCodes[0]
}

func publish(topic, payload string, qos byte, retained bool) *packets.PublishPacket {
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	p.TopicName, p.Payload, p.Qos, p.Retain, p.MessageID = topic, []byte(payload), qos, retained, 7
	return p
}

// message reads one message as "topic payload", with "*" before a retained one;
// it acknowledges what needs it.
func (c client) message() string {
	c.t.Helper()
	p, ok := c.next().(*packets.PublishPacket)
	if !ok {
		c.t.Fatal("no message")
	}
	if p.Qos == 1 {
		ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
		ack.MessageID = p.MessageID
		c.send(ack)
	}
	mark := ""
	if p.Retain {
		mark = "*"
	}
	return mark + strings.TrimPrefix(p.TopicName, topics.Root()) + " " + string(p.Payload)
}

func (c client) wantMessage(want string) {
	c.t.Helper()
	if got := c.message(); got != want {
		c.t.Errorf("message %q, want %q", got, want)
	}
}

// wantGone fails unless the broker has ended the link and said nothing before.
func (c client) wantGone() {
	c.t.Helper()
	if p := c.next(); p != nil {
		c.t.Errorf("the link is open and says %s", p)
	}
}

// wantAlive proves that a link works, with a ping.
func (c client) wantAlive() {
	c.t.Helper()
	c.send(packets.NewControlPacket(packets.Pingreq))
	if _, ok := c.next().(*packets.PingrespPacket); !ok {
		c.t.Error("no answer to a ping")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, office := range []string{"", "Piacenza", "a/b", "+"} {
		if _, err := broker.New(broker.Options{Office: office}); err == nil {
			t.Errorf("office %q is accepted", office)
		}
	}
}

// TestLife: pipes made before Run are served, everything ends with Run, and
// nothing begins after it.
func TestLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := broker.New(broker.Options{Office: "piacenza"})
		if err != nil {
			t.Fatal(err)
		}
		early, err := b.HostPipe()
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		c := client{early, t}
		c.send(connect("_host"))
		if code := c.connack(); code != packets.Accepted {
			t.Fatalf("CONNACK %d", code)
		}
		if err := b.Run(ctx); err == nil {
			t.Error("Run can be called twice")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		c.wantGone()
		if _, err := b.Pipe(); !errors.Is(err, broker.ErrClosed) {
			t.Errorf("Pipe after the end: %v", err)
		}
	})
}

// TestAgain: the next broker of a process takes over the names of the metrics.
func TestAgain(t *testing.T) {
	reg := prometheus.NewRegistry()
	for range 2 {
		b, err := broker.New(broker.Options{Office: "piacenza", Registerer: reg})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := b.Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		d := h.daemon()
		box := h.device(connect("box-1"))
		box.send(publish(topics.DeviceShown("box-1"), "x", 0, false))
		d.wantMessage("d/box-1/shown x")
		bad := h.raw(false)
		bad.send(connect("nobody"))
		_ = bad.connack()
		synctest.Wait()
		want := `
			# HELP avanti_broker_connections Clients connected to the embedded broker, the daemon included.
			# TYPE avanti_broker_connections gauge
			avanti_broker_connections 2
			# HELP avanti_broker_received_messages_total Messages published to the embedded broker.
			# TYPE avanti_broker_received_messages_total counter
			avanti_broker_received_messages_total 1
			# HELP avanti_broker_refused_total Connections and messages that the embedded broker refused.
			# TYPE avanti_broker_refused_total counter
			avanti_broker_refused_total{reason="credentials"} 1
		`
		if err := testutil.GatherAndCompare(h.reg, strings.NewReader(want),
			"avanti_broker_connections", "avanti_broker_received_messages_total", "avanti_broker_refused_total"); err != nil {
			t.Error(err)
		}
		if problems, err := testutil.GatherAndLint(h.reg); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
		stop()
	})
}

// TestNetwork runs the guard on a real socket.
func TestNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h, stop := start(t, l)
	dial := func() client {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		return client{c, t}
	}
	daemon := h.daemon()
	box := dial()
	box.send(connect("box-1"))
	if code := box.connack(); code != packets.Accepted {
		t.Fatalf("CONNACK %d", code)
	}
	box.send(publish(topics.DeviceEvent("box-1"), "press", 0, false))
	daemon.wantMessage("d/box-1/ev press")
	// The daemon's rights come with its pipe; from the network nobody has them.
	thief := dial()
	thief.send(connect("_host"))
	if code := thief.connack(); code != packets.ErrRefusedIDRejected {
		t.Errorf("CONNACK %d for the daemon's id from the network", code)
	}
	stop()
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}
