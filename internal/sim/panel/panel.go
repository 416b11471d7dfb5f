// SPDX-License-Identifier: EUPL-1.2

// Package panel is a wired number display as its firmware would be: the far end
// of the MQTT wire, built from the specification in firmware-protocol alone.
//
// A panel is honest (SPEC 6): it shows what it was told only while it hears
// heartbeats of the same epoch, and says in shown what it really shows.
package panel

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// Options says which device it is and where it connects.
type Options struct {
	// ID is the device id and user name, Password its password, Office the
	// office it stands in.
	ID, Password, Office string
	// Dial opens a connection to the broker; it must return when its context
	// ends.
	Dial func(context.Context) (net.Conn, error)
	// Rows is how many rows it says it can show.
	Rows uint8
	// Kind is what it says it is; 0: a panel.
	Kind fwproto.Kind
	// Firmware and Hardware are what it says that it is; Firmware "": "sim".
	Firmware, Hardware string
	// Trial says that its firmware has not proved itself yet.
	Trial bool
	// Boot is the id of this start; 0: a random one.
	Boot uint32
	// Receive takes messages of further topics, for a device that is more than
	// a display. It must not block.
	Receive map[string]func(payload []byte)
	// Outgoing gives messages to publish while the device is connected; each is
	// made at the moment it is sent.
	Outgoing <-chan func() mqttlink.Message
	// Greeting gives messages that follow the birth at each connection; nil: none do.
	Greeting func() []mqttlink.Message
	// Log takes warnings; nil: none.
	Log *slog.Logger
}

// Panel is a simulated display. Make it with [New]; its methods may be called
// from any goroutine.
type Panel struct {
	opts   Options
	topics fwproto.Topics
	wake   chan struct{}
	alive  chan struct{} // closed at the first heartbeat

	mu     sync.Mutex
	screen fwproto.Screen
	pulses int  // heartbeats that it heard
	heard  bool // a set; it is newest
	newest fwproto.Set
	sounds int
}

// New makes a panel that does nothing until [Panel.Run].
func New(o Options) *Panel {
	if o.Kind == 0 {
		o.Kind = fwproto.KindPanel
	}
	for o.Boot == 0 {
		o.Boot = rand.Uint32()
	}
	return &Panel{opts: o, topics: fwproto.Topics{Office: o.Office}, wake: make(chan struct{}, 1), alive: make(chan struct{})}
}

// Boot is the id of this start.
func (p *Panel) Boot() uint32 { return p.opts.Boot }

// Run works until ctx ends, connecting again when the connection is lost. The
// error is always nil.
func (p *Panel) Run(ctx context.Context) error {
	filters := map[string]byte{p.topics.DeviceSet(p.opts.ID): 1, p.topics.Heartbeat(): 0}
	for topic := range p.opts.Receive {
		filters[topic] = 1
	}
	return mqttlink.Session{
		Dial:     p.opts.Dial,
		ClientID: p.opts.ID,
		Username: p.opts.ID,
		Password: p.opts.Password,
		Filters:  filters,
		Will: func(n uint32) mqttlink.Message {
			return keep(p.topics.DeviceState(p.opts.ID), fwproto.State{
				Status: fwproto.Lost, Boot: p.opts.Boot, Session: n, Kind: p.opts.Kind,
			})
		},
		OnMessage: p.receive,
		Serve:     p.serve,
		Log:       p.opts.Log,
	}.Run(ctx)
}

// Content is what people see now: the rows, and whether the panel vouches for
// them. A panel that does not know shows its mark for "no connection" and no
// rows; one that was told to be blank is honest and has no rows.
func (p *Panel) Content() (rows []fwproto.Row, honest bool) {
	switch set, blank := p.Set(); blank {
	case fwproto.NotBlank:
		return set.Rows, true
	case fwproto.BlankWanted:
		return nil, true
	}
	return nil, false
}

// Set is the newest content that was received, and why it is not shown.
func (p *Panel) Set() (fwproto.Set, fwproto.Blank) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.Show(time.Now())
}

// Heard is closed when the panel has heard its first heartbeat.
func (p *Panel) Heard() <-chan struct{} { return p.alive }

// Beat is the newest heartbeat that the panel has heard, and how many milliseconds ago;
// zeros: none.
func (p *Panel) Beat() (epoch, count, since uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.Beat(time.Now())
}

func (p *Panel) receive(m mqttlink.Message) {
	if take, ok := p.opts.Receive[m.Topic]; ok {
		take(m.Payload)
		return
	}
	if p.hear(m) {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
}

// hear feeds the screen and tells whether it may show something else now.
func (p *Panel) hear(m mqttlink.Message) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if m.Topic == p.topics.Heartbeat() {
		hb, err := fwproto.Decode[fwproto.Heartbeat](m.Payload)
		if err != nil {
			return false // not understood is not heard
		}
		_, before := p.screen.Show(now)
		p.screen.Hear(hb, now)
		if p.pulses++; p.pulses == 1 {
			close(p.alive)
		}
		_, after := p.screen.Show(now)
		return before != after
	}
	set, err := fwproto.Decode[fwproto.Set](m.Payload)
	if err != nil {
		return false
	}
	p.screen.Want(set)
	if p.heard && set.Epoch == p.newest.Epoch && set.Ring != 0 && set.Ring != p.newest.Ring {
		p.sounds++ // SPEC 5.3.2
	}
	p.heard, p.newest = true, set
	return true
}

// Sounds is how often the device has sounded.
func (p *Panel) Sounds() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sounds
}

// Flashes tells which of the rows that people see flash.
func (p *Panel) Flashes() []bool {
	set, blank := p.Set()
	if blank != fwproto.NotBlank {
		return nil
	}
	out := make([]bool, len(set.Rows))
	for i := range out {
		out[i] = set.Flash>>i&1 == 1
	}
	return out
}

// serve says that the device is there, then what it shows whenever that
// changes.
func (p *Panel) serve(ctx context.Context, session uint32, publish mqttlink.Publish) error {
	state := fwproto.State{
		Status: fwproto.Online, Boot: p.opts.Boot, Session: session, Kind: p.opts.Kind,
		Firmware: cmp.Or(p.opts.Firmware, "sim"), Hardware: p.opts.Hardware, Rows: p.opts.Rows,
	}
	if p.opts.Trial {
		state.Status = fwproto.Updating
	}
	if err := publish(keep(p.topics.DeviceState(p.opts.ID), state)); err != nil {
		return err
	}
	if p.opts.Greeting != nil {
		for _, m := range p.opts.Greeting() {
			if err := publish(m); err != nil {
				return err
			}
		}
	}
	expiry := time.NewTimer(0)
	defer expiry.Stop()
	var last fwproto.Shown
	for first := true; ; first = false {
		shown, left := p.shown()
		if first || shown != last {
			if err := publish(keep(p.topics.DeviceShown(p.opts.ID), shown)); err != nil {
				return err
			}
			last = shown
		}
		if left > 0 {
			expiry.Reset(left)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		case <-expiry.C: // heartbeats may have moved it; the loop looks again
		case compose := <-p.opts.Outgoing:
			if err := publish(compose()); err != nil {
				return err
			}
		}
	}
}

// shown is what to report, and how long it holds unless a heartbeat comes; 0:
// until something arrives.
func (p *Panel) shown() (fwproto.Shown, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	set, blank := p.screen.Show(now)
	shown := fwproto.Shown{Epoch: set.Epoch, Rev: set.Rev, Blank: blank}
	switch blank {
	case fwproto.NotBlank:
		shown.CRC = set.CRC()
		return shown, p.screen.Expires().Sub(now)
	case fwproto.BlankWanted, fwproto.BlankOldEpoch:
		return shown, p.screen.Expires().Sub(now)
	}
	return shown, 0
}

// keep is a message for the broker to keep.
func keep(topic string, m fwproto.Message) mqttlink.Message {
	kept := Encode(topic, m)
	kept.Retained = true
	return kept
}

// Encode makes the message that a device sends. It panics if m breaks a limit:
// the firmware itself has filled it in.
func Encode(topic string, m fwproto.Message) mqttlink.Message {
	payload, err := fwproto.Encode(m)
	if err != nil {
		panic(err)
	}
	return mqttlink.Message{Topic: topic, Payload: payload, QoS: 1}
}
