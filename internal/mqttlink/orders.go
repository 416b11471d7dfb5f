// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"fmt"
	"log/slog"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// maxOrders is how many orders wait for the sender.
const maxOrders = 64

// order is a message that is sent once, or not at all.
type order struct {
	topic   string
	payload []byte
}

// Offer offers firmware to a device. It reports whether the offer was taken on: it is
// not while the link is down, and then, as for what is lost on the way, only a later
// offer helps.
func (l *Link) Offer(device string, o fwproto.Offer) bool {
	return l.order(l.topics.DeviceCommand(device), o)
}

// Pair says something to a device that belongs to no office, as [Link.Offer] does.
func (l *Link) Pair(maker string, m fwproto.Message) bool {
	return l.order(fwproto.PairingDown(maker), m)
}

func (l *Link) order(topic string, m fwproto.Message) bool {
	payload, err := fwproto.Encode(m)
	if err != nil {
		l.log.Error("a message cannot be sent and is left out", slog.String("topic", topic), slog.Any("error", err))
		return false
	}
	if !l.up.Load() {
		return false
	}
	select {
	case l.orders <- order{topic, payload}:
		l.rouse()
		return true
	default:
		return false
	}
}

// ordered publishes the orders that wait.
func (s *sender) ordered() error {
	for {
		select {
		case o := <-s.orders:
			if err := s.publish(Message{Topic: o.topic, Payload: o.payload, QoS: 1}); err != nil {
				return fmt.Errorf("publish an order: %w", err)
			}
		default:
			return nil
		}
	}
}

// forgetOrders drops orders of the last connection.
func (l *Link) forgetOrders() {
	for {
		select {
		case <-l.orders:
		default:
			return
		}
	}
}

// traced is publish, seen by whoever watches the link.
func (l *Link) traced(publish Publish) Publish {
	if l.opts.OnPassing == nil {
		return publish
	}
	return func(m Message) error {
		l.opts.OnPassing(m, true)
		return publish(m)
	}
}
