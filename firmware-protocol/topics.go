// SPDX-License-Identifier: EUPL-1.2

package fwproto

import "strings"

// Leaf is the meaning of a topic: its last part.
type Leaf string

// The leaves (SPEC 2.2). Host and heartbeat stand under the office, those of pairing
// under no office, all others under a device.
const (
	LeafHost      Leaf = "host"
	LeafHeartbeat Leaf = "hb"
	LeafState     Leaf = "state"
	LeafEvent     Leaf = "ev"
	LeafReply     Leaf = "re"
	LeafSet       Leaf = "set"
	LeafShown     Leaf = "shown"
	LeafCommand   Leaf = "cmd"
	LeafResult    Leaf = "res"
	LeafTelemetry Leaf = "tele"
	LeafUp        Leaf = "up"   // of pairing, see ParsePairing
	LeafDown      Leaf = "down" // as well
)

// Topics names the topics of one office (SPEC 2.1). Office must be a
// [ValidID]; the zero value is not usable.
type Topics struct{ Office string }

// Root is the part that all topics of the office begin with, with its slash.
func (t Topics) Root() string { return "avanti/1/" + t.Office + "/" }

// Host is where the daemon says that it is there.
func (t Topics) Host() string { return t.Root() + string(LeafHost) }

// Heartbeat is where the daemon's pulse goes.
func (t Topics) Heartbeat() string { return t.Root() + string(LeafHeartbeat) }

// DeviceState is where a device says that it is there.
func (t Topics) DeviceState(id string) string { return t.device(id, LeafState) }

// DeviceEvent is where a device sends its presses.
func (t Topics) DeviceEvent(id string) string { return t.device(id, LeafEvent) }

// DeviceReply is where the daemon answers the presses of a device.
func (t Topics) DeviceReply(id string) string { return t.device(id, LeafReply) }

// DeviceSet is where the daemon says what a device is to show.
func (t Topics) DeviceSet(id string) string { return t.device(id, LeafSet) }

// DeviceShown is where a device says what it shows.
func (t Topics) DeviceShown(id string) string { return t.device(id, LeafShown) }

// DeviceCommand is where the daemon offers firmware to a device.
func (t Topics) DeviceCommand(id string) string { return t.device(id, LeafCommand) }

// DeviceResult is where a device says what became of an offer.
func (t Topics) DeviceResult(id string) string { return t.device(id, LeafResult) }

// DeviceTelemetry is where a device says how it is.
func (t Topics) DeviceTelemetry(id string) string { return t.device(id, LeafTelemetry) }

// Every is the filter for one leaf of all devices.
func (t Topics) Every(leaf Leaf) string { return t.device("+", leaf) }

// Parse takes a topic of this office apart; the device is empty for the
// office's own leaves. It is false for everything that SPEC 2.2 does not list.
func (t Topics) Parse(topic string) (device string, leaf Leaf, ok bool) {
	rest, ok := strings.CutPrefix(topic, t.Root())
	if !ok {
		return "", "", false
	}
	switch leaf := Leaf(rest); leaf {
	case LeafHost, LeafHeartbeat:
		return "", leaf, true
	}
	rest, ok = strings.CutPrefix(rest, "d/")
	if !ok {
		return "", "", false
	}
	device, last, ok := strings.Cut(rest, "/")
	if !ok || !ValidID(device) {
		return "", "", false
	}
	switch leaf := Leaf(last); leaf {
	case LeafState, LeafEvent, LeafReply, LeafSet, LeafShown, LeafCommand, LeafResult, LeafTelemetry:
		return device, leaf, true
	}
	return "", "", false
}

// ValidID tells whether s may name an office or a device: 1 to 32 characters of
// a to z, 0 to 9 and "-" (SPEC 2.3).
func ValidID(s string) bool {
	if len(s) < 1 || len(s) > 32 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

func (t Topics) device(id string, leaf Leaf) string {
	return t.Root() + "d/" + id + "/" + string(leaf)
}
