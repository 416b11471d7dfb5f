// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"encoding/hex"
	"strings"
	"testing"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

func TestPairingTopics(t *testing.T) {
	for topic, want := range map[string]fwproto.Leaf{
		"avanti/1/_pair/esp-1/up": fwproto.LeafUp, "avanti/1/_pair/esp-1/down": fwproto.LeafDown,
		"avanti/1/_pair/esp-1/set": "", "avanti/1/_pair//up": "", "avanti/1/_pair/up": "", "avanti/1/_pair/+/up": "",
		"avanti/1/_pair/esp-1/up/x": "", "avanti/2/_pair/esp-1/up": "", "avanti/1/pair/esp-1/up": "", "": "",
	} {
		maker, leaf, ok := fwproto.ParsePairing(topic)
		if leaf != want || ok != (want != "") || ok != (maker == "esp-1") {
			t.Errorf("%s is of %q and %q", topic, maker, leaf)
		}
		if _, _, ok := (fwproto.Topics{Office: "pair"}).Parse(topic); ok {
			t.Errorf("%s is an office's", topic)
		}
	}
	if got := fwproto.PairingUp("esp-1") + " " + fwproto.PairingDown("esp-1"); got != "avanti/1/_pair/esp-1/up avanti/1/_pair/esp-1/down" {
		t.Error(got)
	}
	for user, want := range map[string]string{
		"_pair-esp-1": "esp-1", "_pair-": "", "_host": "", "esp-1": "", "_pair-ESP": "", "_pair-" + strings.Repeat("x", 33): "",
	} {
		if maker, ok := fwproto.PairingMaker(user); ok != (want != "") || ok && (maker != want || fwproto.PairingUser(maker) != user) {
			t.Errorf("%s is the user of %q", user, maker)
		}
		if fwproto.ValidID(user) != (user == "esp-1") {
			t.Errorf("ValidID(%q)", user)
		}
	}
}

// TestPairingNumber: whoever changes anything gets another number, but for one time in
// ten thousand. The first one stands here for those who write firmware.
func TestPairingNumber(t *testing.T) {
	device, host, authority := fwproto.Bytes("0123456789abcdef"), fwproto.Bytes("fedcba9876543210"), fwproto.Bytes(strings.Repeat("a", 32))
	first := fwproto.PairingNumber("esp-1", device, host, authority)
	if first != "9157" {
		t.Errorf("number %s", first)
	}
	for _, other := range []string{
		fwproto.PairingNumber("esp-2", device, host, authority), fwproto.PairingNumber("esp-1", host, device, authority),
		fwproto.PairingNumber("esp-1", device, host, ""), fwproto.PairingNumber("esp-1", device, host, authority[1:]),
	} {
		if other == first || len(other) != 4 {
			t.Errorf("number %s", other)
		}
	}
	if got := fwproto.Commit("esp-1", device).String(); got != "6f98e3276e2a8f686a70bb13faace5acd996c1d19b81fe5ba008a88511ec227e" {
		t.Errorf("commitment %s", got)
	}
	if fwproto.Commit("esp-1", device) == fwproto.Commit("esp-2", device) || fwproto.Commit("esp-1", device) == fwproto.Commit("esp-1", host) {
		t.Error("a commitment to everything")
	}
}

// TestRead: every message that can be encoded can be looked at.
func TestRead(t *testing.T) {
	for _, v := range vectors(t) {
		b, err := hex.DecodeString(v.Hex)
		if err != nil {
			t.Fatal(err)
		}
		m, err := fwproto.Read(b)
		if (err == nil) != (v.Result != "invalid") {
			// An invalid one may be valid as another type, not as its own.
			if m != nil && m.Type().String() != v.Type {
				continue
			}
			t.Errorf("%s: %v, %v", v.ID, m, err)
			continue
		}
		if err == nil && m.Type().String() != v.Type {
			t.Errorf("%s is read as %s", v.ID, m.Type())
		}
	}
}
