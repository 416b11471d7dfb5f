// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/pki"
)

// port is a listener whose connections stay inside the process.
type port struct {
	arriving chan net.Conn
	closed   chan struct{}
}

func newPort() *port { return &port{make(chan net.Conn), make(chan struct{})} }

func (p *port) Accept() (net.Conn, error) {
	select {
	case c := <-p.arriving:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *port) Close() error {
	select {
	case <-p.closed:
	default:
		close(p.closed)
	}
	return nil
}

func (p *port) Addr() net.Addr { return &net.TCPAddr{} }

func (p *port) dial() net.Conn {
	near, far := broker.NewPipe()
	p.arriving <- far
	return near
}

// TestTLS: a device that has pinned the authority is served; who does not finish the
// handshake in time, or speaks something else, is dropped and counted as that.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		authority, err := pki.Open(dir, "piacenza", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		p := newPort()
		h, stop := start(t, tls.NewListener(p, authority.Server()))
		defer stop()

		box := brokertest.Client{Conn: tls.Client(p.dial(), authority.Client()), T: t, Root: topics.Root()}
		box.Send(brokertest.Connect("box-1"))
		if code := box.Connack(); code != packets.Accepted {
			t.Fatalf("CONNACK %d", code)
		}
		box.WantAlive()
		h.wantRefused()

		began := time.Now()
		silent := p.dial()
		_ = drain(silent)
		if d := time.Since(began); d != 5*time.Second {
			t.Errorf("dropped after %v", d)
		}
		h.wantRefused(":tls")
		for range 4 {
			box.WantAlive()
			pass(time.Second)
		}
		naked := brokertest.Client{Conn: p.dial(), T: t}
		naked.Send(brokertest.Connect("box-2"))
		_ = drain(naked)
		h.wantRefused(":tls")

		// Inside TLS the guard is the same.
		mute := tls.Client(p.dial(), authority.Client())
		if err := mute.Handshake(); err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		_, _ = io.Copy(io.Discard, mute)
		if d := time.Since(began); d != 5*time.Second {
			t.Errorf("dropped after %v", d)
		}
		h.wantRefused(":protocol")
		box.WantAlive()
	})
}

// TestSlowTLS: a client that reads nothing does not hold up the end of the broker.
func TestSlowTLS(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		authority, err := pki.Open(dir, "piacenza", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		p := newPort()
		h, stop := start(t, tls.NewListener(p, authority.Server()))
		daemon := h.daemon()
		box := brokertest.Client{Conn: tls.Client(p.dial(), authority.Client()), T: t, Root: topics.Root()}
		box.Send(brokertest.Connect("box-1"))
		if code := box.Connack(); code != packets.Accepted || box.Subscribe(topics.Heartbeat()) != 1 {
			t.Fatalf("CONNACK %d", code)
		}
		for range 40 { // 160 KB, more than a link holds
			daemon.Send(brokertest.Publish(topics.Heartbeat(), make([]byte, 4096), 0, false))
			daemon.WantMessage("hb", make([]byte, 4096))
		}
		began := time.Now()
		stop()
		if d := time.Since(began); d > 0 {
			t.Errorf("the end took %v", d)
		}
	})
}
