// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"bytes"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"github.com/prometheus/client_golang/prometheus/testutil"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/brokertest"
)

// bytesOf writes packets one behind the other.
func bytesOf(all ...packets.ControlPacket) []byte {
	var b bytes.Buffer
	for _, p := range all {
		_ = p.Write(&b) // a buffer takes everything
	}
	return b.Bytes()
}

// FuzzGuard: whatever a device sends, as a stranger or after a good CONNECT, the
// library does not panic, the others do not notice, and the daemon hears nothing but
// well-formed messages of that device.
func FuzzGuard(f *testing.F) {
	ev, state := topics.DeviceEvent("box-1"), topics.DeviceState("box-1")
	will := brokertest.WithWill(brokertest.Connect("box-1"), state, brokertest.State(fwproto.Lost, 1))
	subscribe := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
	subscribe.MessageID, subscribe.Topics, subscribe.Qoss = 1, []string{topics.DeviceSet("box-1"), "#"}, []byte{1, 2}
	unsubscribe := packets.NewControlPacket(packets.Unsubscribe).(*packets.UnsubscribePacket)
	unsubscribe.MessageID, unsubscribe.Topics = 2, []string{topics.DeviceSet("box-1")}
	press := brokertest.Press(1)
	f.Add(false, bytesOf(will, subscribe, brokertest.Publish(ev, press, 1, false)))
	f.Add(false, []byte("\x10\x0f\x00\x04MQTT\x05\x02\x00\x0a\x00\x00\x02id"))
	f.Add(true, bytesOf(subscribe, unsubscribe, subscribe))
	f.Add(true, bytesOf(brokertest.Publish(ev, press, 2, false), brokertest.Publish(ev, press, 1, true), brokertest.Publish(state, nil, 1, true)))
	f.Add(true, bytesOf(brokertest.Publish(topics.DeviceEvent("box-2"), press, 1, false)))
	f.Add(true, bytesOf(packets.NewControlPacket(packets.Pubrel), packets.NewControlPacket(packets.Puback), packets.NewControlPacket(packets.Disconnect)))
	f.Add(true, []byte("\x82\x02\x00\x01"))
	f.Add(true, []byte("\x30\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, connected bool, sent []byte) {
		synctest.Test(t, func(t *testing.T) {
			h, stop := start(t)
			defer stop()
			daemon, other := h.daemon(), h.device(brokertest.Connect("box-2"))
			bad := h.raw(false)
			if connected {
				bad.Send(brokertest.Connect("box-1"))
				if code := bad.Connack(); code != packets.Accepted {
					t.Fatalf("CONNACK %d", code)
				}
			}
			go func() { _, _ = io.Copy(io.Discard, bad) }()
			_, _ = bad.Write(sent) // it may be cut off before the end
			synctest.Wait()
			_ = bad.Close()
			pass(6 * time.Second) // a stranger's deadline
			other.WantAlive()
			if n := testutil.ToFloat64(h.Panics()); n > 0 {
				t.Errorf("the library panicked")
			}
			checkHeard(t, daemon)
		})
	})
}

// checkHeard reads what the daemon has heard, up to the answer to a ping.
func checkHeard(t *testing.T, daemon brokertest.Client) {
	t.Helper()
	daemon.Send(packets.NewControlPacket(packets.Pingreq))
	for {
		switch p := daemon.Next().(type) {
		case *packets.PingrespPacket:
			return
		case *packets.PublishPacket:
			device, leaf, ok := topics.Parse(p.TopicName)
			if err := fwproto.Check(leaf, p.Payload); !ok || device != "box-1" || err != nil {
				t.Errorf("the daemon hears %q on %q: %v", p.Payload, p.TopicName, err)
			}
			if p.Qos == 1 {
				daemon.Acknowledge(p)
			}
		default:
			t.Fatalf("the daemon gets %v", p)
		}
	}
}
