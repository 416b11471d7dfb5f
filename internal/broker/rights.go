// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"slices"
	"strings"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// rights is what one client may do. What is not named is denied.
type rights struct {
	own   func(topic string) (fwproto.Leaf, bool)   // what a topic is to the client; false: nothing
	says  func(leaf fwproto.Leaf) (topicRule, bool) // what it may publish
	hears func(leaf fwproto.Leaf) bool              // what it may subscribe to, without wildcards
	under []string                                  // it may do everything under these prefixes
}

// topicRule narrows what may be published on a topic.
type topicRule struct {
	leaf       fwproto.Leaf
	maxPayload int
	momentary  bool // never retained
}

func deviceRights(t fwproto.Topics, id string) rights {
	own := func(topic string) (fwproto.Leaf, bool) {
		device, leaf, ok := t.Parse(topic)
		return leaf, ok && (device == "" || device == id)
	}
	return rights{own: own, says: deviceSays, hears: deviceHears}
}

// deviceSays is what a device may publish of what is its own.
func deviceSays(leaf fwproto.Leaf) (topicRule, bool) {
	switch leaf {
	case fwproto.LeafState:
		return topicRule{leaf: leaf, maxPayload: fwproto.MaxPayload(fwproto.TypeState)}, true
	case fwproto.LeafShown:
		return topicRule{leaf: leaf, maxPayload: fwproto.MaxPayload(fwproto.TypeShown)}, true
	case fwproto.LeafEvent:
		return topicRule{leaf: leaf, maxPayload: fwproto.MaxPayload(fwproto.TypePress), momentary: true}, true
	case fwproto.LeafResult:
		return topicRule{leaf: leaf, maxPayload: fwproto.MaxPayload(fwproto.TypeReport)}, true
	case fwproto.LeafTelemetry:
		return topicRule{leaf: leaf, maxPayload: fwproto.MaxPayload(fwproto.TypeTelemetry), momentary: true}, true
	}
	return topicRule{}, false
}

func deviceHears(leaf fwproto.Leaf) bool {
	switch leaf {
	case fwproto.LeafSet, fwproto.LeafReply, fwproto.LeafCommand, fwproto.LeafHost, fwproto.LeafHeartbeat:
		return true
	}
	return false
}

// Grants lists what one device of an office may publish and what it may subscribe to,
// each by its exact topic, in order. It is what the embedded broker enforces, for
// whoever teaches it to another one. Both must be a fwproto.ValidID.
func Grants(office, device string) (publish, subscribe []string) {
	t := fwproto.Topics{Office: office}
	r := deviceRights(t, device)
	for _, topic := range []string{
		t.Host(), t.Heartbeat(), t.DeviceState(device), t.DeviceEvent(device), t.DeviceReply(device), t.DeviceSet(device),
		t.DeviceShown(device), t.DeviceCommand(device), t.DeviceResult(device), t.DeviceTelemetry(device),
	} {
		if r.mayPublish(topic) {
			publish = append(publish, topic)
		}
		if r.maySubscribe(topic) {
			subscribe = append(subscribe, topic)
		}
	}
	slices.Sort(publish)
	slices.Sort(subscribe)
	return publish, subscribe
}

func hostRights(t fwproto.Topics) rights {
	return rights{under: []string{t.Root(), fwproto.PairingRoot}}
}

// rule is what narrows a topic that the client may publish on; false: nothing does, or it may
// not.
func (r rights) rule(topic string) (topicRule, bool) {
	if r.own == nil {
		return topicRule{}, false
	}
	leaf, ok := r.own(topic)
	if !ok {
		return topicRule{}, false
	}
	return r.says(leaf)
}

func (r rights) mayPublish(topic string) bool {
	_, ok := r.rule(topic)
	return ok || r.everything(topic)
}

// maySubscribe is asked for filters, and for every topic that is delivered.
func (r rights) maySubscribe(filter string) bool {
	if r.own != nil {
		leaf, ok := r.own(filter)
		return ok && r.hears(leaf)
	}
	return r.everything(filter)
}

func (r rights) everything(topic string) bool {
	return slices.ContainsFunc(r.under, func(root string) bool { return strings.HasPrefix(topic, root) })
}
