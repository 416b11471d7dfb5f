// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"fmt"
	"slices"
	"strings"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// hook answers the library's questions from what the guard decided.
type hook struct {
	mqtt.HookBase
	b *Broker
}

// ID implements mqtt.Hook.
func (h *hook) ID() string { return "guard" }

// Provides implements mqtt.Hook.
func (h *hook) Provides(method byte) bool {
	switch method {
	case mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSubscribe, mqtt.OnSubscribed, mqtt.OnPublish, mqtt.OnWill:
		return true
	}
	return false
}

// OnConnectAuthenticate implements mqtt.Hook.
func (h *hook) OnConnectAuthenticate(cl *mqtt.Client, _ packets.Packet) bool {
	c, ok := cl.Net.Conn.(*conn)
	return ok && c.id == cl.ID
}

// OnACLCheck implements mqtt.Hook. A device that publishes what it may not is
// cut off.
func (h *hook) OnACLCheck(cl *mqtt.Client, topic string, write bool) bool {
	c := cl.Net.Conn.(*conn)
	switch {
	case write && c.rights.mayPublish(topic), !write && c.rights.maySubscribe(topic):
		return true
	case write:
		h.b.refused(c.device(), reasonPublish, topic, nil)
		_ = c.Close()
	default:
		h.b.refused(c.device(), reasonSubscribe, topic, nil)
	}
	return false
}

// OnPublish implements mqtt.Hook. What is refused here is acknowledged and
// thrown away, so that the device does not send it for ever.
func (h *hook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	c := cl.Net.Conn.(*conn)
	rule, ok := c.rights.publish[pk.TopicName]
	switch {
	case !ok:
	case rule.momentary && pk.FixedHeader.Retain:
		h.b.refused(c.device(), reasonRetained, pk.TopicName, nil)
		return pk, packets.CodeSuccessIgnore
	case len(pk.Payload) > rule.maxPayload:
		h.b.refused(c.device(), reasonTooLong, pk.TopicName,
			fmt.Errorf("%d bytes, at most %d", len(pk.Payload), rule.maxPayload))
		return pk, packets.CodeSuccessIgnore
	default:
		if err := fwproto.Check(rule.leaf, pk.Payload); err != nil {
			h.b.refused(c.device(), reasonMalformed, pk.TopicName, err)
			return pk, packets.CodeSuccessIgnore
		}
	}
	return pk, nil
}

// OnSubscribe keeps the library from looking for retained messages behind a wildcard:
// its search reads what publishers are writing at the same time. [hook.OnSubscribed]
// sends them instead.
func (h *hook) OnSubscribe(_ *mqtt.Client, pk packets.Packet) packets.Packet {
	pk.Filters = slices.Clone(pk.Filters)
	for i := range pk.Filters {
		if strings.ContainsRune(pk.Filters[i].Filter, '+') {
			pk.Filters[i].RetainHandling = retainNone
		}
	}
	return pk
}

// retainNone asks for no retained messages (MQTT 5, 3.8.3.1); the library heeds it in
// every version.
const retainNone = 2

// OnSubscribed implements mqtt.Hook.
func (h *hook) OnSubscribed(cl *mqtt.Client, pk packets.Packet, codes []byte) {
	for i, s := range pk.Filters {
		if s.RetainHandling != retainNone || codes[i] >= packets.ErrUnspecifiedError.Code {
			continue
		}
		for topic, kept := range h.b.server.Topics.Retained.GetAll() {
			if !matches(s.Filter, topic) {
				continue
			}
			kept.FixedHeader = packets.FixedHeader{Type: packets.Publish, Retain: true}
			kept.ProtocolVersion, kept.PacketID = cl.Properties.ProtocolVersion, 0
			if err := cl.WritePacket(kept); err != nil {
				return // the connection is ending
			}
		}
	}
}

// matches reports whether a topic falls under a filter with + for single levels, the
// only wildcard that anybody here may use.
func matches(filter, topic string) bool {
	levels, parts := strings.Split(filter, "/"), strings.Split(topic, "/")
	if len(levels) != len(parts) {
		return false
	}
	for i, level := range levels {
		if level != "+" && level != parts[i] {
			return false
		}
	}
	return true
}

// OnWill implements mqtt.Hook. A client whose successor is here already is not
// lost, and when the broker stops nobody is.
func (h *hook) OnWill(cl *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	if c := cl.Net.Conn.(*conn); c.replaced.Load() || h.b.stopping() {
		return mqtt.Will{}, nil // nothing is published without a topic
	}
	return will, nil
}

// device is the id for reports; the daemon has none.
func (c *conn) device() string {
	if c.host {
		return ""
	}
	return c.id
}

func (b *Broker) stopping() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}
