// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"bytes"
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
	case mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSubscribe, mqtt.OnPacketProcessed, mqtt.OnPublish, mqtt.OnWill:
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
	rule, ok := c.rights.rule(pk.TopicName)
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
// its search reads what publishers are writing at the same time. [hook.OnPacketProcessed]
// sends them instead.
func (h *hook) OnSubscribe(_ *mqtt.Client, pk packets.Packet) packets.Packet {
	pk.Filters = slices.Clone(pk.Filters)
	for i := range pk.Filters {
		if wild(pk.Filters[i].Filter) {
			pk.Filters[i].RetainHandling = retainNone
		}
	}
	return pk
}

// retainNone asks for no retained messages (MQTT 5, 3.8.3.1); the library heeds it in
// every version.
const retainNone = 2

// OnPacketProcessed implements mqtt.Hook. A subscription has been acknowledged when it comes
// here.
func (h *hook) OnPacketProcessed(cl *mqtt.Client, pk packets.Packet, err error) {
	if pk.FixedHeader.Type != packets.Subscribe || err != nil {
		return
	}
	for _, s := range pk.Filters {
		if _, granted := cl.State.Subscriptions.Get(s.Filter); granted && wild(s.Filter) {
			h.sendRetained(cl, s.Filter)
		}
	}
}

// sendRetained sends everything that is retained under a filter. What a publisher replaces
// meanwhile may have overtaken it, so it is looked at once more.
func (h *hook) sendRetained(cl *mqtt.Client, filter string) {
	retained := h.b.server.Topics.Retained
	for topic, kept := range retained.GetAll() {
		if !matches(filter, topic) {
			continue
		}
		for {
			if err := cl.WritePacket(copyOf(kept)); err != nil {
				return // the connection is ending
			}
			newest, ok := retained.Get(topic)
			if !ok || bytes.Equal(newest.Payload, kept.Payload) {
				break
			}
			kept = newest
		}
	}
}

// copyOf is a retained message as a new subscriber gets it.
func copyOf(kept packets.Packet) packets.Packet {
	kept.FixedHeader = packets.FixedHeader{Type: packets.Publish, Retain: true}
	kept.PacketID = 0
	return kept
}

func wild(filter string) bool { return strings.ContainsAny(filter, "+#") }

// matches reports whether a topic falls under a filter (MQTT 3.1.1, 4.7.1). No filter that
// anybody here may use begins with a wildcard.
func matches(filter, topic string) bool {
	for {
		level, filterLeft, moreFilter := strings.Cut(filter, "/")
		part, topicLeft, moreTopic := strings.Cut(topic, "/")
		switch {
		case level == "#":
			return true
		case level != "+" && level != part:
			return false
		case !moreTopic:
			return !moreFilter || filterLeft == "#" // a/# is a, too
		case !moreFilter:
			return false
		}
		filter, topic = filterLeft, topicLeft
	}
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
