// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// askAgain is how long a piece waits for an answer before it says the same once more
// (SPEC 13.4).
const askAgain = 2 * time.Second

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
	said := Encode(fwproto.PairingUp(p.Maker), hello)
	if err := publish(said); err != nil {
		return grant, err
	}
	challenge, err := answered[fwproto.Challenge](ctx, heard, publish, said)
	if err != nil {
		return grant, err
	}
	said = Encode(fwproto.PairingUp(p.Maker), fwproto.Reveal{Nonce: nonce})
	if err := publish(said); err != nil {
		return grant, err
	}
	if p.Show != nil {
		p.Show(fwproto.PairingNumber(p.Maker, nonce, challenge.Nonce, challenge.Authority))
	}
	grant, err = answered[fwproto.Grant](ctx, heard, publish, said)
	if err == nil && grant.Authority != challenge.Authority {
		return fwproto.Grant{}, errors.New("the authority of the grant is not that of the challenge")
	}
	return grant, err
}

// answered returns the answer to a message, which it publishes again until that is there. A
// challenge that comes once more answers a hello that was said once more.
func answered[M fwproto.Message](ctx context.Context, heard <-chan []byte, publish mqttlink.Publish, said mqttlink.Message) (answer M, err error) {
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return answer, errCutOff
		case <-again.C:
			if err := publish(said); err != nil {
				return answer, err
			}
		case payload := <-heard:
			m, err := fwproto.Read(payload)
			if err != nil {
				return answer, fmt.Errorf("pairing: %w", err)
			}
			if answer, ok := m.(M); ok {
				return answer, nil
			}
			if m.Type() != fwproto.TypeChallenge {
				return answer, fmt.Errorf("pairing: the host says %s", m.Type())
			}
		}
	}
}
