// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// Piece is a box or panel as it comes from its maker: it belongs to no office.
type Piece struct {
	// Maker is the maker's name of the piece, Code the code on its label.
	Maker, Code string
	Kind        fwproto.Kind
	Firmware    string
	Hardware    string
	// Dial opens a connection to the broker; it must return when its context ends.
	Dial func(context.Context) (net.Conn, error)
	// Show is told the number that the piece shows; nil: it has no display.
	Show func(number string)
	Log  *slog.Logger // nil: nothing is logged
}

// Pair waits until an office takes the piece in (SPEC 13) and returns what it was given.
// The error is that of ctx.
func (p Piece) Pair(ctx context.Context) (fwproto.Grant, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	heard := make(chan []byte, 4)
	var granted fwproto.Grant
	user := fwproto.PairingUser(p.Maker)
	_ = mqttlink.Session{
		Dial: p.Dial, ClientID: user, Username: user, Password: p.Code,
		Filters: map[string]byte{fwproto.PairingDown(p.Maker): 1},
		OnMessage: func(m mqttlink.Message) {
			select {
			case heard <- m.Payload:
			default: // nobody sends that many
			}
		},
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			grant, err := p.ask(ctx, heard, publish)
			if err == nil {
				granted = grant
				stop()
			}
			return err
		},
		Log: p.Log,
	}.Run(ctx) // its error is always nil
	if granted.Device == "" {
		return granted, ctx.Err()
	}
	return granted, nil
}

var errCutOff = errors.New("the host has ended the pairing")

// ask goes through the pairing on one connection.
func (p Piece) ask(ctx context.Context, heard <-chan []byte, publish mqttlink.Publish) (grant fwproto.Grant, err error) {
	for len(heard) > 0 {
		<-heard // of an earlier connection
	}
	random := make([]byte, fwproto.NonceSize)
	rand.Read(random) // never fails, by its contract
	nonce := fwproto.Bytes(random)
	hello := fwproto.Hello{Commitment: fwproto.Commit(p.Maker, nonce), Kind: p.Kind, Firmware: p.Firmware, Hardware: p.Hardware}
	if err := publish(Encode(fwproto.PairingUp(p.Maker), hello)); err != nil {
		return grant, err
	}
	challenge, err := next[fwproto.Challenge](ctx, heard)
	if err != nil {
		return grant, err
	}
	if err := publish(Encode(fwproto.PairingUp(p.Maker), fwproto.Reveal{Nonce: nonce})); err != nil {
		return grant, err
	}
	if p.Show != nil {
		p.Show(fwproto.PairingNumber(p.Maker, nonce, challenge.Nonce, challenge.Authority))
	}
	grant, err = next[fwproto.Grant](ctx, heard)
	if err == nil && grant.Authority != challenge.Authority {
		return fwproto.Grant{}, errors.New("the authority of the grant is not that of the challenge")
	}
	return grant, err
}

func next[M fwproto.Message](ctx context.Context, heard <-chan []byte) (m M, err error) {
	select {
	case <-ctx.Done():
		return m, errCutOff
	case payload := <-heard:
		if m, err = fwproto.Decode[M](payload); err != nil {
			return m, fmt.Errorf("pairing: %w", err)
		}
		return m, nil
	}
}
