// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
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
	"github.com/avanti-queue/avanti/internal/brokertest"
)

var topics = fwproto.Topics{Office: "piacenza"}

// hall is a running broker that knows the devices box-1 to box-9 and panel-1,
// whose passwords are their brokertest.Secret.
type hall struct {
	*broker.Broker
	t   *testing.T
	reg *prometheus.Registry
	log bytes.Buffer // the handler of slog locks it

	mu      sync.Mutex
	refused []string
}

// codeOfLabel is the code of the piece esp-1, which the broker waits for.
const codeOfLabel = "7K2M-Q9XR"

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// start runs a broker until the test ends or stop is called.
func start(t *testing.T, listen ...net.Listener) (h *hall, stop func()) {
	t.Helper()
	h = &hall{t: t, reg: prometheus.NewRegistry()}
	b, err := broker.New(broker.Options{
		Office: "piacenza",
		Listen: listen,
		Credentials: func(id string) ([32]byte, bool) {
			ok := len(id) == 5 && strings.HasPrefix(id, "box-") || id == "panel-1"
			return sha256.Sum256([]byte(brokertest.Secret(id))), ok
		},
		Pairing: func(maker string, code []byte) bool { return maker == "esp-1" && string(code) == codeOfLabel },
		OnRefused: func(device, reason string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.refused = append(h.refused, device+":"+reason)
		},
		Registerer: h.reg, Log: slog.New(slog.NewTextHandler(&h.log, nil)),
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
		h.t.Errorf("refused %d times %q, want %d times %q", len(h.refused), slices.Compact(h.refused), len(want), slices.Compact(want))
	}
	h.refused = nil
}

func (h *hall) raw(host bool) brokertest.Client {
	h.t.Helper()
	pipe := h.Pipe
	if host {
		pipe = h.HostPipe
	}
	c, err := pipe()
	if err != nil {
		h.t.Fatal(err)
	}
	return brokertest.Client{Conn: c, T: h.t, Root: topics.Root()}
}

// device connects a device and gives its link.
func (h *hall) device(p *packets.ConnectPacket) brokertest.Client {
	h.t.Helper()
	c := h.raw(false)
	c.Send(p)
	if code := c.Connack(); code != packets.Accepted {
		h.t.Fatalf("CONNACK %d", code)
	}
	return c
}

// daemon connects as the daemon and subscribes to everything.
func (h *hall) daemon() brokertest.Client {
	h.t.Helper()
	c := h.raw(true)
	c.Send(brokertest.Connect("_host"))
	if code := c.Connack(); code != packets.Accepted {
		h.t.Fatalf("CONNACK %d", code)
	}
	if code := c.Subscribe(topics.Root() + "#"); code != 1 {
		h.t.Fatalf("SUBACK %d", code)
	}
	return c
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
		c := brokertest.Client{Conn: early, T: t, Root: topics.Root()}
		c.Send(brokertest.Connect("_host"))
		if code := c.Connack(); code != packets.Accepted {
			t.Fatalf("CONNACK %d", code)
		}
		if err := b.Run(ctx); err == nil {
			t.Error("Run can be called twice")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		c.WantGone()
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
		h, stop := start(t)
		d := h.daemon()
		box := h.device(brokertest.Connect("box-1"))
		box.Send(brokertest.Publish(topics.DeviceShown("box-1"), brokertest.Shown(1), 0, false))
		d.WantMessage("d/box-1/shown", brokertest.Shown(1))
		bad := h.raw(false)
		bad.Send(brokertest.Connect("nobody"))
		_ = bad.Connack()
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
	dial := func() brokertest.Client {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return brokertest.Client{Conn: c, T: t, Root: topics.Root()}
	}
	daemon := h.daemon()
	box := dial()
	box.Send(brokertest.Connect("box-1"))
	if code := box.Connack(); code != packets.Accepted {
		t.Fatalf("CONNACK %d", code)
	}
	box.Send(brokertest.Publish(topics.DeviceEvent("box-1"), brokertest.Press(1), 0, false))
	daemon.WantMessage("d/box-1/ev", brokertest.Press(1))
	// The daemon's rights come with its pipe; from the network nobody has them.
	thief := dial()
	thief.Send(brokertest.Connect("_host"))
	if code := thief.Connack(); code != packets.ErrRefusedIDRejected {
		t.Errorf("CONNACK %d for the daemon's id from the network", code)
	}
	stop()
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}
