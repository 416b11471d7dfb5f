// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"strings"
	"testing"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

func TestTopics(t *testing.T) {
	topics := fwproto.Topics{Office: "piacenza"}
	for _, tc := range []struct {
		topic, device string
		leaf          fwproto.Leaf
	}{
		{topics.Host(), "", fwproto.LeafHost},
		{topics.Heartbeat(), "", fwproto.LeafHeartbeat},
		{topics.DeviceState("box-3"), "box-3", fwproto.LeafState},
		{topics.DeviceEvent("box-3"), "box-3", fwproto.LeafEvent},
		{topics.DeviceReply("box-3"), "box-3", fwproto.LeafReply},
		{topics.DeviceSet("box-3"), "box-3", fwproto.LeafSet},
		{topics.DeviceShown("box-3"), "box-3", fwproto.LeafShown},
		{topics.DeviceCommand("box-3"), "box-3", fwproto.LeafCommand},
		{topics.DeviceResult("box-3"), "box-3", fwproto.LeafResult},
		{topics.DeviceTelemetry("box-3"), "box-3", fwproto.LeafTelemetry},
	} {
		device, leaf, ok := topics.Parse(tc.topic)
		if !ok || device != tc.device || leaf != tc.leaf {
			t.Errorf("Parse(%q) = %q, %q, %t", tc.topic, device, leaf, ok)
		}
	}
	if got, want := topics.DeviceEvent("box-3"), "avanti/1/piacenza/d/box-3/ev"; got != want {
		t.Errorf("DeviceEvent = %q, want %q", got, want)
	}
	for _, topic := range []string{
		"", "avanti/1/piacenza", "avanti/1/piacenza/", "avanti/2/piacenza/hb", "avanti/1/bobbio/hb",
		"avanti/1/piacenza/d/box-3", "avanti/1/piacenza/d/box-3/", "avanti/1/piacenza/d/box-3/command",
		"avanti/1/piacenza/d/+/ev", "avanti/1/piacenza/d/#", "avanti/1/piacenza/d//ev",
		"avanti/1/piacenza/d/Box/ev", "avanti/1/piacenza/d/box/ev/x", "avanti/1/piacenza/hb/x",
		"avanti/1/piacenza/state", "avanti/1/piacenza/d/host", "$SYS/broker/version",
	} {
		if device, leaf, ok := topics.Parse(topic); ok {
			t.Errorf("Parse(%q) = %q, %q", topic, device, leaf)
		}
	}
}

func TestValidID(t *testing.T) {
	for id, want := range map[string]bool{
		"a": true, "box-3": true, "0": true, strings.Repeat("x", 32): true,
		"": false, strings.Repeat("x", 33): false, "Box": false, "a/b": false, "+": false, "#": false,
		"a b": false, "ä": false, "a\x00": false, "_host": false,
	} {
		if got := fwproto.ValidID(id); got != want {
			t.Errorf("ValidID(%q) = %t", id, got)
		}
	}
}

// FuzzTopics: whatever Parse accepts is exactly a topic that Topics would make.
func FuzzTopics(f *testing.F) {
	f.Add("avanti/1/piacenza/d/box-3/ev")
	f.Add("avanti/1/piacenza/d/+/ev")
	f.Add("avanti/1/piacenza/hb")
	topics := fwproto.Topics{Office: "piacenza"}
	f.Fuzz(func(t *testing.T, topic string) {
		device, leaf, ok := topics.Parse(topic)
		if !ok {
			return
		}
		want := topics.Root() + string(leaf)
		if device != "" {
			want = topics.Root() + "d/" + device + "/" + string(leaf)
		}
		if topic != want {
			t.Errorf("Parse(%q) = %q, %q", topic, device, leaf)
		}
	})
}
