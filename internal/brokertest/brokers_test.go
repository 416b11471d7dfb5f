// SPDX-License-Identifier: EUPL-1.2

package brokertest_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"net"
	"slices"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/pki"
)

const office = "piacenza"

func authority(t *testing.T) *pki.Authority {
	t.Helper()
	a, err := pki.Open(t.TempDir(), office, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// dialer connects over TCP, with TLS if there is an authority to trust.
func dialer(address string, a *pki.Authority) func() (net.Conn, error) {
	if a == nil {
		return func() (net.Conn, error) { return net.Dial("tcp", address) }
	}
	return func() (net.Conn, error) { return tls.Dial("tcp", address, a.Client()) }
}

// embedded runs the embedded broker; its devices come by pipe, or over TLS.
func embedded(t *testing.T, a *pki.Authority) brokertest.Broker {
	t.Helper()
	o := broker.Options{
		Office: office,
		Credentials: func(id string) ([32]byte, bool) {
			return sha256.Sum256([]byte(brokertest.Secret(id))), slices.Contains(brokertest.Devices(), id)
		},
	}
	var address string
	if a != nil {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address = l.Addr().String()
		o.Listen = []net.Listener{tls.NewListener(l, a.Server())}
	}
	b, err := broker.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	out := brokertest.Broker{Topics: fwproto.Topics{Office: office}, Host: "_host", Dial: b.Pipe, DialHost: b.HostPipe}
	if a != nil {
		out.Dial = dialer(address, a)
	}
	return out
}

// external runs Mosquitto with the files that avantictl writes.
func external(t *testing.T, a *pki.Authority) brokertest.Broker {
	t.Helper()
	hall := mosquitto.Hall{
		Office: office, Host: mosquitto.Account{Name: "_host", Password: brokertest.Secret("_host")},
		TLS: a != nil, Authority: a, ServerName: "127.0.0.1", Now: time.Now(),
	}
	for _, id := range brokertest.Devices() {
		hall.Devices = append(hall.Devices, mosquitto.Account{Name: id, Password: brokertest.Secret(id)})
	}
	m, err := brokertest.StartMosquitto(t.Context(), t.TempDir(), hall)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(); err != nil {
			t.Error(err)
		}
	})
	dial := dialer(m.Address, a)
	return brokertest.Broker{Topics: fwproto.Topics{Office: office}, Host: "_host", Dial: dial, DialHost: dial}
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	brokertest.TestBroker(t, func(t *testing.T) brokertest.Broker { return embedded(t, nil) })
}

func TestEmbeddedTLS(t *testing.T) {
	t.Parallel()
	a := authority(t)
	brokertest.TestBroker(t, func(t *testing.T) brokertest.Broker { return embedded(t, a) })
}

func TestMosquitto(t *testing.T) {
	t.Parallel()
	brokertest.TestBroker(t, func(t *testing.T) brokertest.Broker { return external(t, nil) })
}

func TestMosquittoTLS(t *testing.T) {
	t.Parallel()
	a := authority(t)
	brokertest.TestBroker(t, func(t *testing.T) brokertest.Broker { return external(t, a) })
}
