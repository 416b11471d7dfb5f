// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

// TestPieceAsksAgain: a piece is taken in although it was there before the host, and although
// everything that either of them says is lost once.
func TestPieceAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := broker.New(broker.Options{
			Office:  "piacenza",
			Pairing: func(maker string, code []byte) bool { return maker == "esp-1" && string(code) == "7K2M-Q9XR" },
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		defer all.Wait()
		defer stop()
		all.Go(func() { _ = b.Run(ctx) })

		challenge := fwproto.Challenge{Nonce: "0123456789abcdef"}
		want := fwproto.Grant{Device: "panel-1", Office: "piacenza", Password: "0123456789abcdef0123456789abcdef"}
		var said []fwproto.Message // by the piece
		var link *mqttlink.Link
		link = mqttlink.New(mqttlink.Options{
			Office: "piacenza", Dial: func(context.Context) (net.Conn, error) { return b.HostPipe() },
			OnPairing: func(maker string, payload []byte) {
				m, err := fwproto.Read(payload)
				if err != nil {
					t.Error(err)
				}
				switch said = append(said, m); len(said) {
				case 2, 3: // the answer to the first reveal is an old one
					link.Pair(maker, challenge)
				case 5:
					link.Pair(maker, want)
				}
			},
		})
		numbers := make(chan string, 8)
		granted := make(chan fwproto.Grant)
		all.Go(func() {
			p := panel.Piece{
				Maker: "esp-1", Code: "7K2M-Q9XR", Kind: fwproto.KindPanel, Show: func(n string) { numbers <- n },
				Dial: func(context.Context) (net.Conn, error) { return b.Pipe() },
			}
			g, err := p.Pair(ctx)
			if err != nil {
				t.Error(err)
			}
			granted <- g
		})
		<-time.After(5 * time.Second) // nobody listens
		all.Go(func() { _ = link.Run(ctx) })
		if got := <-granted; got != want {
			t.Errorf("granted %+v", got)
		}
		if len(numbers) != 1 {
			t.Errorf("it has shown %d numbers", len(numbers))
		}
		hello, reveal := said[0], said[len(said)-1]
		if want := []fwproto.Message{hello, hello, reveal, reveal, reveal}; hello.Type() != fwproto.TypeHello ||
			reveal.Type() != fwproto.TypeReveal || !slices.Equal(said, want) {
			t.Errorf("it says %v", said)
		}
	})
}
