// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"net"
	"sync"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/queue"
)

// tap is a second daemon that hears everything.
type tap struct {
	mu     sync.Mutex
	heard  []message
	newest fwproto.Heartbeat // that it has heard, and when
	beatAt time.Time
	said   chan mqttlink.Message // to say something itself
}

type message struct {
	mqttlink.Message
	at time.Time
}

func newTap() *tap { return &tap{said: make(chan mqttlink.Message)} }

var smallTopics = fwproto.Topics{Office: "small"}

func (p *tap) run(ctx context.Context, dial func(context.Context) (net.Conn, error)) {
	_ = mqttlink.Session{
		Dial: dial, ClientID: "_tap", Filters: map[string]byte{smallTopics.Root() + "#": 1},
		OnMessage: func(m mqttlink.Message) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.heard = append(p.heard, message{m, time.Now()})
			if hb, err := fwproto.Decode[fwproto.Heartbeat](m.Payload); err == nil && m.Topic == smallTopics.Heartbeat() {
				p.newest, p.beatAt = hb, time.Now()
			}
		},
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			for {
				select {
				case m := <-p.said:
					if err := publish(m); err != nil {
						return err
					}
				case <-ctx.Done():
					return nil
				}
			}
		},
	}.Run(ctx)
}

// on returns what was heard of a device on a leaf.
func (p *tap) on(device string, leaf fwproto.Leaf) (out []message) {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.heard {
		if d, l, ok := smallTopics.Parse(m.Topic); ok && d == device && l == leaf {
			out = append(out, m)
		}
	}
	return out
}

// stamp lets a press name the newest heartbeat, as a box does at each sending.
func (p *tap) stamp(press fwproto.Press) fwproto.Press {
	p.mu.Lock()
	defer p.mu.Unlock()
	press.Epoch, press.Beat, press.SinceMS = p.newest.Epoch, p.newest.Count, uint32(time.Since(p.beatAt).Milliseconds())
	return press
}

// accepted returns the numbers of all replies of ok, by their press.
func (p *tap) accepted() map[queue.RequestID]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[queue.RequestID]string{}
	for _, m := range p.heard {
		device, leaf, ok := smallTopics.Parse(m.Topic)
		if !ok || leaf != fwproto.LeafReply {
			continue
		}
		if r, err := fwproto.Decode[fwproto.Reply](m.Payload); err == nil && r.Status == fwproto.OK {
			out[request(device, r.Boot, r.Seq)] = r.Number
		}
	}
	return out
}

func mqttMessage(topic string, payload []byte) mqttlink.Message {
	return mqttlink.Message{Topic: topic, Payload: payload, QoS: 1}
}
