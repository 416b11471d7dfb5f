// SPDX-License-Identifier: EUPL-1.2

// Package box is the box at a counter, with keys and a lamp, as its firmware
// would be: the far end of the MQTT wire, built from the specification in
// firmware-protocol alone.
package box

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

const (
	repeatEvery = time.Second
	ageLimit    = 5 * time.Second
	tellFor     = 2 * time.Second
)

// ErrNoReply is returned by [Box.Press] when the daemon did not answer within
// five seconds. The press is over: nothing of it is sent later.
var ErrNoReply = errors.New("no reply to the press within five seconds")

// Options says which device it is and where it connects.
type Options struct {
	// ID is the device id and user name, Password its password, Office the
	// office it stands in.
	ID, Password, Office string
	// Dial opens a connection to the broker; it must return when its context
	// ends.
	Dial func(context.Context) (net.Conn, error)
	// Boot is the id of this start; 0: a random one.
	Boot uint32
	// Log takes warnings; nil: none.
	Log *slog.Logger
}

// Box is a simulated box. Make it with [New]; its methods may be called from
// any goroutine.
type Box struct {
	topic string
	face  *panel.Panel
	out   chan func() mqttlink.Message

	mu      sync.Mutex
	seq     uint32
	pending map[uint32]chan fwproto.Reply
	outcome fwproto.Status
	ended   time.Time // when the press ended that it is of
}

// New makes a box that does nothing until [Box.Run].
func New(o Options) *Box {
	topics := fwproto.Topics{Office: o.Office}
	b := &Box{
		topic:   topics.DeviceEvent(o.ID),
		out:     make(chan func() mqttlink.Message),
		pending: map[uint32]chan fwproto.Reply{},
	}
	b.face = panel.New(panel.Options{
		ID: o.ID, Password: o.Password, Office: o.Office, Dial: o.Dial, Boot: o.Boot, Log: o.Log,
		Kind:     fwproto.KindBox,
		Receive:  map[string]func([]byte){topics.DeviceReply(o.ID): b.reply},
		Outgoing: b.out,
	})
	return b
}

// Boot is the id of this start.
func (b *Box) Boot() uint32 { return b.face.Boot() }

// Run works until ctx ends, connecting again when the connection is lost. The
// error is always nil.
func (b *Box) Run(ctx context.Context) error { return b.face.Run(ctx) }

// Lamp is what the clerk sees: pending while a press waits for its reply, else
// what the daemon wants, and off when the box has lost the daemon.
func (b *Box) Lamp() fwproto.Lamp {
	b.mu.Lock()
	waiting := len(b.pending) > 0
	b.mu.Unlock()
	set, blank := b.face.Set()
	switch {
	case waiting:
		return fwproto.LampPending
	case blank != fwproto.NotBlank:
		return fwproto.LampOff
	}
	return set.Lamp
}

// Hurry tells whether the lamp goes on and off fast: somebody waits too long.
func (b *Box) Hurry() bool {
	set, blank := b.face.Set()
	return blank == fwproto.NotBlank && set.Late > 0 && b.Lamp() != fwproto.LampPending
}

// Waiting is how many wait, as the clerk sees it; 0 when the box has lost the
// daemon.
func (b *Box) Waiting() int {
	set, blank := b.face.Set()
	if blank != fwproto.NotBlank {
		return 0
	}
	return int(set.Waiting)
}

// Sounds is how often the box has sounded for somebody who came.
func (b *Box) Sounds() int { return b.face.Sounds() }

// Outcome is how the last press ended, for the two seconds in which the box shows
// it; 0 before and after. One without a reply is stale by then.
func (b *Box) Outcome() fwproto.Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.ended) >= tellFor {
		return 0
	}
	return b.outcome
}

func (b *Box) tell(outcome fwproto.Status) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.outcome, b.ended = outcome, time.Now()
}

// Set is the newest content that was received, and why the lamp does not show
// it.
func (b *Box) Set() (fwproto.Set, fwproto.Blank) { return b.face.Set() }

// Press presses a key and waits for the reply. The same press is sent again
// every second, with the revision that the clerk saw when pressing, until it is
// answered with anything but busy. The error is [ErrNoReply] after five
// seconds, or that of ctx; the reply then has only the identity of the press.
// The key must not be 0.
func (b *Box) Press(ctx context.Context, key fwproto.Key) (fwproto.Reply, error) {
	seen, _ := b.face.Set()
	replies, seq := b.begin()
	defer b.end(seq)
	pressed := time.Now()
	compose := func() mqttlink.Message {
		epoch, beat, since := b.face.Beat()
		return panel.Encode(b.topic, fwproto.Press{
			Boot: b.Boot(), Seq: seq, AgeMS: uint32(time.Since(pressed).Milliseconds()), Rev: seen.Rev, Key: key,
			Epoch: epoch, Beat: beat, SinceMS: since,
		})
	}
	over := time.NewTimer(ageLimit)
	defer over.Stop()
	again := time.NewTicker(repeatEvery)
	defer again.Stop()
	var out chan<- func() mqttlink.Message
	heard := b.face.Heard() // without a heartbeat to name it would be stale (SPEC 5.1.8)
	for {
		select {
		case <-heard:
			out, heard = b.out, nil
		case out <- compose:
			out = nil // sent; wait
		case <-again.C:
			if heard == nil && time.Since(pressed) < ageLimit {
				out = b.out
			}
		case r := <-replies:
			if r.Status != fwproto.Busy {
				b.tell(r.Status)
				return r, nil
			}
		case <-over.C:
			b.tell(fwproto.Stale)
			return fwproto.Reply{Boot: b.Boot(), Seq: seq}, ErrNoReply
		case <-ctx.Done():
			return fwproto.Reply{Boot: b.Boot(), Seq: seq}, ctx.Err()
		}
	}
}

func (b *Box) begin() (<-chan fwproto.Reply, uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	replies := make(chan fwproto.Reply, 1)
	b.pending[b.seq] = replies
	return replies, b.seq
}

func (b *Box) end(seq uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.pending, seq)
}

// reply takes what arrives for this box; replies to earlier starts or to
// presses that are over are ignored.
func (b *Box) reply(payload []byte) {
	r, err := fwproto.Decode[fwproto.Reply](payload)
	if err != nil || r.Boot != b.Boot() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.pending[r.Seq] <- r: // a nil channel when nothing is pending
	default: // one is waiting already
	}
}
