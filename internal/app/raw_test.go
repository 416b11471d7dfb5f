// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/sim/wire"
	"github.com/avanti-queue/avanti/queue"
)

// raw is a device of which the test says every packet.
type raw struct {
	brokertest.Client
	w       *wired
	id      string
	boot    uint32
	seq     uint32
	packet  uint16
	backlog []*packets.PublishPacket // messages that came before what was waited for
}

// raw connects a device, which listens to its replies and what is given.
func (w *wired) raw(id string, boot uint32, leaves ...fwproto.Leaf) *raw {
	w.t.Helper()
	return w.rawOver(nil, id, boot, leaves...)
}

// rawOver is raw of a device with a network of its own.
func (w *wired) rawOver(n *wire.Network, id string, boot uint32, leaves ...fwproto.Leaf) *raw {
	w.t.Helper()
	c, err := through(n, w.dialDevice)(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	d := &raw{Client: brokertest.Client{Conn: c, T: w.t}, w: w, id: id, boot: boot}
	hello := brokertest.Connect(id)
	hello.Password = []byte(secret(id))
	will, err := fwproto.Encode(fwproto.State{Status: fwproto.Lost, Boot: boot, Session: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	hello.Keepalive = broker.MaxKeepAlive
	d.Send(brokertest.WithWill(hello, smallTopics.DeviceState(id), will))
	if code := d.Connack(); code != 0 {
		w.t.Fatalf("%s is refused: %d", id, code)
	}
	topics := map[fwproto.Leaf]string{
		fwproto.LeafReply: smallTopics.DeviceReply(id), fwproto.LeafSet: smallTopics.DeviceSet(id), fwproto.LeafHeartbeat: smallTopics.Heartbeat(),
	}
	subscribe := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
	subscribe.MessageID = 1
	for _, leaf := range append(leaves, fwproto.LeafReply) {
		subscribe.Topics, subscribe.Qoss = append(subscribe.Topics, topics[leaf]), append(subscribe.Qoss, 1)
	}
	d.Send(subscribe)
	for {
		p := d.Next()
		if _, ok := p.(*packets.SubackPacket); ok {
			return d
		}
		if m, ok := p.(*packets.PublishPacket); ok {
			d.backlog = append(d.backlog, m)
		}
	}
}

// publish sends a message of QoS 1.
func (d *raw) publish(topic string, payload []byte, retained bool) {
	d.T.Helper()
	d.packet++
	m := brokertest.Publish(topic, payload, 1, retained)
	m.MessageID = d.packet
	d.Send(m)
}

// message returns the next message on a topic. It skips and acknowledges all others.
func (d *raw) message(topic string) []byte {
	d.T.Helper()
	return d.packetOn(topic).Payload
}

// next is a press that calls, of what the counter is now.
func (d *raw) next(counter queue.CounterID) fwproto.Press {
	d.seq++
	status, _ := d.w.view().Counter(counter)
	return d.w.tap.stamp(fwproto.Press{Boot: d.boot, Seq: d.seq, Rev: uint64(status.Seen), Key: fwproto.KeyNext})
}

// send sends a press with the newest heartbeat, without waiting for anything.
func (d *raw) send(p fwproto.Press) {
	d.T.Helper()
	d.sendAs(d.w.tap.stamp(p))
}

// sendAs sends a press as it is.
func (d *raw) sendAs(p fwproto.Press) {
	d.T.Helper()
	payload, err := fwproto.Encode(p)
	if err != nil {
		d.T.Fatal(err)
	}
	d.w.note(d.id, p.Boot, p.Seq, time.Now().Add(-time.Duration(p.AgeMS)*time.Millisecond))
	d.publish(smallTopics.DeviceEvent(d.id), payload, false)
}

// reply waits for the next one.
func (d *raw) reply() fwproto.Reply {
	d.T.Helper()
	r, err := fwproto.Decode[fwproto.Reply](d.message(smallTopics.DeviceReply(d.id)))
	if err != nil {
		d.T.Fatal(err)
	}
	d.w.answered(d.id, r)
	return r
}

func (d *raw) press(p fwproto.Press) fwproto.Reply {
	d.T.Helper()
	d.send(p)
	return d.reply()
}

// packetOn returns the next message on one of the topics.
func (d *raw) packetOn(topics ...string) *packets.PublishPacket {
	d.T.Helper()
	for {
		if len(d.backlog) == 0 {
			switch p := d.Next().(type) {
			case nil:
				d.T.Fatalf("%s: the broker hangs up", d.id)
			case *packets.PublishPacket:
				d.backlog = append(d.backlog, p)
			}
			continue
		}
		m := d.backlog[0]
		d.backlog = d.backlog[1:]
		if m.Qos == 1 {
			d.Acknowledge(m)
		}
		if slices.Contains(topics, m.TopicName) {
			return m
		}
	}
}

// wantHungUp reads until the broker hangs up.
func (d *raw) wantHungUp() {
	d.T.Helper()
	for begin := time.Now(); time.Since(begin) < 20*time.Second; {
		if d.Next() == nil {
			return
		}
	}
	d.T.Errorf("%s is still connected", d.id)
}

// connackFor connects a device with this will and returns the broker's answer.
func connackFor(t *testing.T, c net.Conn, id string, will []byte) byte {
	t.Helper()
	client := brokertest.Client{Conn: c, T: t}
	hello := brokertest.Connect(id)
	hello.Password = []byte(secret(id))
	client.Send(brokertest.WithWill(hello, smallTopics.DeviceState(id), will))
	return client.Connack()
}
