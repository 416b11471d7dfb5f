// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"strings"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// rights is what one client may do. What is not named is denied.
type rights struct {
	publish   map[string]topicRule // exact topics
	subscribe map[string]bool      // exact filters, no wildcards
	under     string               // everything under this prefix; empty: nothing
}

// topicRule narrows what may be published on a topic.
type topicRule struct {
	maxPayload int
	momentary  bool // never retained
}

func deviceRights(t fwproto.Topics, id string) rights {
	return rights{
		publish: map[string]topicRule{
			t.DeviceState(id): {maxPayload: fwproto.MaxPayload(fwproto.TypeState)},
			t.DeviceShown(id): {maxPayload: fwproto.MaxPayload(fwproto.TypeShown)},
			t.DeviceEvent(id): {maxPayload: fwproto.MaxPayload(fwproto.TypePress), momentary: true},
		},
		subscribe: map[string]bool{
			t.DeviceSet(id): true, t.DeviceReply(id): true, t.Host(): true, t.Heartbeat(): true,
		},
	}
}

func hostRights(t fwproto.Topics) rights { return rights{under: t.Root()} }

func (r rights) mayPublish(topic string) bool {
	_, ok := r.publish[topic]
	return ok || r.everything(topic)
}

// maySubscribe is asked for filters, and for every topic that is delivered.
func (r rights) maySubscribe(filter string) bool {
	return r.subscribe[filter] || r.everything(filter)
}

func (r rights) everything(topic string) bool {
	return r.under != "" && strings.HasPrefix(topic, r.under)
}
