// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

func password() string { return "the password of a bench device" }

func credentials(string) ([32]byte, bool) { return sha256.Sum256([]byte(password())), true }

// far is a device on loopback TCP that takes what arrives on one topic.
type far struct {
	send chan mqttlink.Message
	got  chan []byte
}

func (f *far) session(id, office, topic string, address string) mqttlink.Session {
	f.send, f.got = make(chan mqttlink.Message), make(chan []byte, 16)
	topics := fwproto.Topics{Office: office}
	return mqttlink.Session{
		Dial:     func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", address) },
		ClientID: id, Username: id, Password: password(),
		Filters: map[string]byte{topic: 1},
		Will: func(uint32) mqttlink.Message {
			return mqttlink.Message{Topic: topics.DeviceState(id), Payload: []byte{0xa0}, QoS: 1}
		},
		OnMessage: func(m mqttlink.Message) { f.got <- m.Payload },
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case m := <-f.send:
					if err := publish(m); err != nil {
						return err
					}
				}
			}
		},
	}
}

// hops is the broker alone: device, broker, a host that answers at once, broker,
// device.
type hops struct {
	device *far
	topics fwproto.Topics
	stop   context.CancelFunc
	all    sync.WaitGroup
}

func openHops(ctx context.Context) (*hops, error) {
	ctx, stop := context.WithCancel(ctx)
	h := &hops{device: &far{}, topics: fwproto.Topics{Office: "bench"}, stop: stop}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b, err := broker.New(broker.Options{Office: "bench", Listen: l, Credentials: credentials})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	h.all.Go(func() { _ = b.Run(ctx) }) // ends with ctx
	host := answering(b, h.topics)
	h.all.Go(func() { _ = host.Run(ctx) }) // its error is always nil
	device := h.device.session("box", "bench", h.topics.DeviceSet("box"), l.Addr().String())
	h.all.Go(func() { _ = device.Run(ctx) }) // its error is always nil
	if h.one() != nil {                      // the host may have come later than the device
		err = h.one()
	}
	return h, err
}

// answering is a host that sends back what it gets.
func answering(b *broker.Broker, topics fwproto.Topics) mqttlink.Session {
	answers := make(chan []byte, 16)
	return mqttlink.Session{
		Dial:     func(context.Context) (net.Conn, error) { return b.HostPipe() },
		ClientID: mqttlink.DefaultClientID,
		Filters:  map[string]byte{topics.DeviceEvent("box"): 1},
		Will: func(uint32) mqttlink.Message {
			return mqttlink.Message{Topic: topics.Host(), Payload: []byte{0xa0}, QoS: 1}
		},
		OnMessage: func(m mqttlink.Message) { answers <- m.Payload },
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case payload := <-answers:
					if err := publish(mqttlink.Message{Topic: topics.DeviceSet("box"), Payload: payload, QoS: 1, Retained: true}); err != nil {
						return err
					}
				}
			}
		},
	}
}

// one is one round trip of two hops.
func (h *hops) one() error {
	h.device.send <- mqttlink.Message{Topic: h.topics.DeviceEvent("box"), Payload: make([]byte, 27), QoS: 1}
	select {
	case <-h.device.got:
		return nil
	case <-time.After(3 * time.Second):
		return errors.New("the broker does not answer")
	}
}

func (h *hops) close() {
	h.stop()
	h.all.Wait()
}
