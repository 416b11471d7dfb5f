// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"maps"
	"slices"
	"strings"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// rights is what one client may do. What is not named is denied.
type rights struct {
	publish   map[string]topicRule // exact topics
	subscribe map[string]bool      // exact filters, no wildcards
	under     []string             // everything under these prefixes
}

// topicRule narrows what may be published on a topic.
type topicRule struct {
	leaf       fwproto.Leaf
	maxPayload int
	momentary  bool // never retained
}

func deviceRights(t fwproto.Topics, id string) rights {
	return rights{
		publish: map[string]topicRule{
			t.DeviceState(id):  {leaf: fwproto.LeafState, maxPayload: fwproto.MaxPayload(fwproto.TypeState)},
			t.DeviceShown(id):  {leaf: fwproto.LeafShown, maxPayload: fwproto.MaxPayload(fwproto.TypeShown)},
			t.DeviceEvent(id):  {leaf: fwproto.LeafEvent, maxPayload: fwproto.MaxPayload(fwproto.TypePress), momentary: true},
			t.DeviceResult(id): {leaf: fwproto.LeafResult, maxPayload: fwproto.MaxPayload(fwproto.TypeReport)},
			t.DeviceTelemetry(id): {
				leaf: fwproto.LeafTelemetry, maxPayload: fwproto.MaxPayload(fwproto.TypeTelemetry), momentary: true,
			},
		},
		subscribe: map[string]bool{
			t.DeviceSet(id): true, t.DeviceReply(id): true, t.DeviceCommand(id): true, t.Host(): true, t.Heartbeat(): true,
		},
	}
}

// Grants lists what one device of an office may publish and what it may subscribe to,
// each by its exact topic, in order. It is what the embedded broker enforces, for
// whoever teaches it to another one. Both must be a fwproto.ValidID.
func Grants(office, device string) (publish, subscribe []string) {
	r := deviceRights(fwproto.Topics{Office: office}, device)
	return slices.Sorted(maps.Keys(r.publish)), slices.Sorted(maps.Keys(r.subscribe))
}

func hostRights(t fwproto.Topics) rights {
	return rights{under: []string{t.Root(), fwproto.PairingRoot}}
}

func (r rights) mayPublish(topic string) bool {
	_, ok := r.publish[topic]
	return ok || r.everything(topic)
}

// maySubscribe is asked for filters, and for every topic that is delivered.
func (r rights) maySubscribe(filter string) bool {
	return r.subscribe[filter] || r.everything(filter)
}

func (r rights) everything(topic string) bool {
	return slices.ContainsFunc(r.under, func(root string) bool { return strings.HasPrefix(topic, root) })
}
