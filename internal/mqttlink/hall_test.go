// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

const office = "piacenza"

var topics = fwproto.Topics{Office: office}

// hall is a broker that can be taken away, and whatever is connected to it. Run
// in a bubble, the test fails if anything outlives the hall.
type hall struct {
	t     *testing.T
	ctx   context.Context
	tasks sync.WaitGroup

	mu     sync.Mutex
	broker *broker.Broker
	cut    func()
	dials  int

	hostile bool // refusals are part of the test
}

func inHall(t *testing.T, test func(*hall)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		h := &hall{t: t, ctx: ctx}
		h.powerOn()
		defer h.tasks.Wait()
		defer cancel()
		test(h)
	})
}

// powerOn starts a broker that remembers nothing of the one before.
func (h *hall) powerOn() {
	b, err := broker.New(broker.Options{
		Office: office,
		Credentials: func(id string) ([32]byte, bool) {
			return sha256.Sum256([]byte("secret of " + id)), true
		},
		OnRefused: func(device, reason string) {
			if !h.hostile {
				h.t.Errorf("the broker refused %s of %q", reason, device)
			}
		},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(h.ctx)
	ended := make(chan struct{})
	h.tasks.Go(func() {
		defer close(ended)
		if err := b.Run(ctx); err != nil {
			h.t.Error(err)
		}
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broker = b
	h.cut = func() { cancel(); <-ended }
}

// powerOff takes the broker away. Nobody may wait for the lock meanwhile: in a bubble that would
// hold up the time which the broker may need to end.
func (h *hall) powerOff() {
	h.mu.Lock()
	cut := h.cut
	h.broker = nil
	h.mu.Unlock()
	cut()
}

func (h *hall) dial(pipe func(*broker.Broker) (net.Conn, error)) func(context.Context) (net.Conn, error) {
	return func(context.Context) (net.Conn, error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.dials++
		if h.broker == nil {
			return nil, errors.New("no broker")
		}
		return pipe(h.broker)
	}
}

func (h *hall) hostDial() func(context.Context) (net.Conn, error) {
	return h.dial((*broker.Broker).HostPipe)
}

func (h *hall) deviceDial() func(context.Context) (net.Conn, error) {
	return h.dial((*broker.Broker).Pipe)
}

func (h *hall) run(task func(context.Context) error) {
	h.tasks.Go(func() {
		if err := task(h.ctx); err != nil {
			h.t.Error(err)
		}
	})
}

// link runs a link with the given options and the hall's office and wire.
func (h *hall) link(o mqttlink.Options) *mqttlink.Link {
	o.Office, o.Dial, o.Version = office, h.hostDial(), "1.0.0"
	l := mqttlink.New(o)
	h.run(l.Run)
	synctest.Wait()
	return l
}

func (h *hall) panel(id string) *panel.Panel {
	p := panel.New(panel.Options{ID: id, Office: office, Password: "secret of " + id, Dial: h.deviceDial(), Rows: 4})
	h.run(p.Run)
	synctest.Wait()
	return p
}

func (h *hall) box(id string) *box.Box {
	b := box.New(box.Options{ID: id, Office: office, Password: "secret of " + id, Dial: h.deviceDial()})
	h.run(b.Run)
	synctest.Wait()
	return b
}

// wiretap is a second daemon that hears everything and can say anything.
type wiretap struct {
	say chan mqttlink.Message

	mu    sync.Mutex
	heard []string
}

func (h *hall) wiretap() *wiretap {
	w := &wiretap{say: make(chan mqttlink.Message)}
	h.run(mqttlink.Session{
		Dial: h.hostDial(), ClientID: "_tap",
		Filters: map[string]byte{topics.Root() + "#": 1},
		OnMessage: func(m mqttlink.Message) {
			if m.Topic == topics.Root()+"probe" {
				return
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.heard = append(w.heard, describe(m))
		},
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			for {
				select {
				case m := <-w.say:
					if err := publish(m); err != nil {
						return err
					}
				case <-ctx.Done():
					return nil
				}
			}
		},
	}.Run)
	synctest.Wait()
	return w
}

// take gives what was heard since the last time, without heartbeats.
func (w *wiretap) take() []string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	heard := w.heard
	w.heard = nil
	return heard[:len(heard):len(heard)]
}

// describe tells a message in words: "set panel-1 epoch 1 rev 2".
func describe(m mqttlink.Message) string {
	device, leaf, _ := topics.Parse(m.Topic)
	mark := ""
	if m.Retained {
		mark = "retained "
	}
	what := func(v any, err error) string {
		if err != nil {
			return err.Error()
		}
		switch v := v.(type) {
		case fwproto.Host:
			return fmt.Sprintf("epoch %d online %t", v.Epoch, v.Online)
		case fwproto.Heartbeat:
			return fmt.Sprintf("epoch %d count %d", v.Epoch, v.Count)
		case fwproto.Set:
			return fmt.Sprintf("%s epoch %d rev %d", device, v.Epoch, v.Rev)
		case fwproto.Reply:
			return fmt.Sprintf("%s %v", device, v.Status)
		case fwproto.Shown:
			return fmt.Sprintf("%s rev %d blank %v", device, v.Rev, v.Blank)
		case fwproto.State:
			return fmt.Sprintf("%s %v session %d", device, v.Status, v.Session)
		case fwproto.Press:
			return fmt.Sprintf("%s seq %d %v age %d rev %d", device, v.Seq, v.Key, v.AgeMS, v.Rev)
		}
		return "?"
	}
	text := ""
	switch leaf {
	case fwproto.LeafHost:
		text = what(fwproto.Decode[fwproto.Host](m.Payload))
	case fwproto.LeafHeartbeat:
		text = what(fwproto.Decode[fwproto.Heartbeat](m.Payload))
	case fwproto.LeafSet:
		text = what(fwproto.Decode[fwproto.Set](m.Payload))
	case fwproto.LeafReply:
		text = what(fwproto.Decode[fwproto.Reply](m.Payload))
	case fwproto.LeafShown:
		text = what(fwproto.Decode[fwproto.Shown](m.Payload))
	case fwproto.LeafState:
		text = what(fwproto.Decode[fwproto.State](m.Payload))
	case fwproto.LeafEvent:
		text = what(fwproto.Decode[fwproto.Press](m.Payload))
	}
	return mark + string(leaf) + " " + text
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// after lets time pass, and what it brings happen.
func after(d time.Duration) {
	pass(d)
	synctest.Wait()
}

func row(number, desk string) []fwproto.Row {
	return []fwproto.Row{{Number: number, Desk: desk}}
}
