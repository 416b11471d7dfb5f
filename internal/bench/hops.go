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
		Dial: tcp(address), ClientID: id, Username: id, Password: password(),
		Filters: map[string]byte{topic: 1},
		Will: func(uint32) mqttlink.Message {
			lost, _ := fwproto.Encode(fwproto.State{Status: fwproto.Lost, Boot: 1, Session: 1}) // within all limits
			return mqttlink.Message{Topic: topics.DeviceState(id), Payload: lost, QoS: 1}
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

// The floor has names of its own, for the daemon that is measured may be at the same broker.
const (
	floorOffice = "floor"
	floorBox    = "floor-box"
)

// hops is the broker alone: device, broker, a host that answers at once, broker,
// device.
type hops struct {
	device *far
	topics fwproto.Topics
	stop   context.CancelFunc
	all    sync.WaitGroup
}

// openHops has them over the broker at an address; "": over the embedded one.
func openHops(ctx context.Context, external string) (*hops, error) {
	ctx, stop := context.WithCancel(ctx)
	h := &hops{device: &far{}, topics: fwproto.Topics{Office: floorOffice}, stop: stop}
	address, dial := external, tcp(external)
	if external == "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			stop()
			return nil, err
		}
		b, err := broker.New(broker.Options{Office: floorOffice, Listen: []net.Listener{l}, Credentials: credentials})
		if err != nil {
			stop()
			return nil, errors.Join(err, l.Close())
		}
		h.all.Go(func() { _ = b.Run(ctx) }) // ends with ctx
		address, dial = l.Addr().String(), func(context.Context) (net.Conn, error) { return b.HostPipe() }
	}
	host := answering(dial, h.topics)
	h.all.Go(func() { _ = host.Run(ctx) }) // its error is always nil
	device := h.device.session(floorBox, floorOffice, h.topics.DeviceSet(floorBox), address)
	h.all.Go(func() { _ = device.Run(ctx) }) // its error is always nil
	var err error
	if h.one() != nil { // the host may have come later than the device
		err = h.one()
	}
	return h, err
}

func tcp(address string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}
}

// answering is a host that sends back what it gets.
func answering(dial func(context.Context) (net.Conn, error), topics fwproto.Topics) mqttlink.Session {
	answers := make(chan []byte, 16)
	return mqttlink.Session{
		Dial: dial, ClientID: mqttlink.DefaultClientID,
		Filters: map[string]byte{topics.DeviceEvent(floorBox): 1},
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
					if err := publish(mqttlink.Message{Topic: topics.DeviceSet(floorBox), Payload: payload, QoS: 1, Retained: true}); err != nil {
						return err
					}
				}
			}
		},
	}
}

// one is one round trip of two hops.
func (h *hops) one() error {
	press, err := fwproto.Encode(fwproto.Press{Boot: 1 << 31, Seq: 1 << 31, Rev: 1 << 62, Key: fwproto.KeyNext})
	if err != nil {
		return err
	}
	h.device.send <- mqttlink.Message{Topic: h.topics.DeviceEvent(floorBox), Payload: press, QoS: 1}
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
