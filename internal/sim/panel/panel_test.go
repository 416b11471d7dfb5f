// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"context"
	"crypto/sha256"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

const secret = "thirty-two random bytes, for sure"

// TestOverTheNetwork runs a panel over a real socket: it is born, shows what it
// is told, ignores what it does not understand, and dies by its will.
func TestOverTheNetwork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b, err := broker.New(broker.Options{
		Office: "piacenza", Listen: []net.Listener{listener},
		Credentials: func(id string) ([32]byte, bool) { return sha256.Sum256([]byte(secret)), id == "hall" },
	})
	if err != nil {
		t.Fatal(err)
	}
	shown, states := make(chan fwproto.Shown, 16), make(chan fwproto.State, 16)
	link := mqttlink.New(mqttlink.Options{
		Office: "piacenza", Heartbeat: 50 * time.Millisecond,
		Dial:    func(context.Context) (net.Conn, error) { return b.HostPipe() },
		OnShown: func(_ string, s fwproto.Shown) { shown <- s },
		OnState: func(_ string, s fwproto.State) { states <- s },
	})
	dialled := make(chan net.Conn, 16)
	p := panel.New(panel.Options{
		ID: "hall", Password: secret, Office: "piacenza", Rows: 6, Boot: 99,
		Dial: func(ctx context.Context) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
			if err == nil {
				dialled <- c
			}
			return c, err
		},
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 3)
	for _, run := range []func(context.Context) error{b.Run, link.Run, p.Run} {
		go func() { ended <- run(ctx) }()
	}
	defer func() {
		cancel()
		for range 3 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}()

	wantState := func(want fwproto.State) {
		t.Helper()
		if got := <-states; got != want {
			t.Errorf("state %+v, want %+v", got, want)
		}
	}
	wantState(fwproto.State{Status: fwproto.Online, Boot: 99, Session: 1, Kind: fwproto.KindPanel, Firmware: "sim", Rows: 6})
	rows := []fwproto.Row{{Number: "A017", Desk: "3"}, {Number: "B102", Desk: "12"}}
	set := fwproto.Set{Rev: 5, Rows: rows}
	link.Set("hall", set)
	until(shown, func(s fwproto.Shown) bool { return s.Rev == 5 && s.Blank == fwproto.NotBlank && s.CRC == set.CRC() })
	if got, honest := p.Content(); !honest || !cmp.Equal(got, rows) {
		t.Errorf("the panel shows %v, honest %t", got, honest)
	}
	if err := (<-dialled).(*net.TCPConn).CloseRead(); err != nil { // the cable
		t.Fatal(err)
	}
	wantState(fwproto.State{Status: fwproto.Lost, Boot: 99, Session: 1, Kind: fwproto.KindPanel})
	wantState(fwproto.State{Status: fwproto.Online, Boot: 99, Session: 2, Kind: fwproto.KindPanel, Firmware: "sim", Rows: 6})
	until(shown, func(s fwproto.Shown) bool { return s.Rev == 5 && s.Blank == fwproto.NotBlank })
}

func until[T any](c <-chan T, ok func(T) bool) {
	for !ok(<-c) {
	}
}
