// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"context"
	"net"
	"sync"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// deafBroker acknowledges everything and delivers nothing: a broker whose links
// are alive and useless.
type deafBroker struct {
	suback byte // the answer to every filter

	mu    sync.Mutex
	count int
	tasks sync.WaitGroup
}

func newDeafBroker() *deafBroker { return &deafBroker{} }

func (d *deafBroker) dial(context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	d.tasks.Go(func() {
		defer server.Close()
		for {
			p, err := packets.ReadPacket(server)
			if err != nil {
				return
			}
			if answer := d.answer(p); answer != nil {
				if err := answer.Write(server); err != nil {
					return
				}
			}
		}
	})
	return client, nil
}

func (d *deafBroker) answer(p packets.ControlPacket) packets.ControlPacket {
	switch p := p.(type) {
	case *packets.ConnectPacket:
		return packets.NewControlPacket(packets.Connack)
	case *packets.SubscribePacket:
		ack := packets.NewControlPacket(packets.Suback).(*packets.SubackPacket)
		ack.MessageID = p.MessageID
		for range p.Topics {
			ack.ReturnCodes = append(ack.ReturnCodes, d.suback)
		}
		return ack
	case *packets.PublishPacket:
		if p.Qos == 0 {
			return nil
		}
		ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
		ack.MessageID = p.MessageID
		return ack
	case *packets.PingreqPacket:
		return packets.NewControlPacket(packets.Pingresp)
	}
	return nil
}

func (d *deafBroker) connections() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count
}

func (d *deafBroker) wait() { d.tasks.Wait() }
