// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// fromBroker is what a device hears: CONNACK, SUBACK, then messages.
func fromBroker(messages ...[]byte) []byte {
	b := unhexed("20020000" + "9005" + "0002010100")
	for _, m := range messages {
		b = append(b, m...)
	}
	return b
}

// published is a PUBLISH packet of QoS 1.
func published(topic string, payload []byte) []byte {
	body := append([]byte{0, byte(len(topic))}, topic...)
	body = append(append(body, 0, 7), payload...)
	return append([]byte{0x32, byte(len(body))%128 | 0x80, byte(len(body) / 128)}, body...)
}

func unhexed(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// TestDeviceHears: the reference device understands its broker.
func TestDeviceHears(t *testing.T) {
	topics := fwproto.Topics{Office: "piacenza"}
	set := unhexed("a50003010902182a03191388048264413031376133") // set-1
	beat := unhexed("a3000701090202")                            // heartbeat-3
	ours := published(topics.DeviceSet("box-3"), set)
	pulse := published(topics.Heartbeat(), beat)
	reply := published(topics.DeviceReply("box-3"), unhexed("a40002010102010301")) // to the pending press: ok
	c := startChecker(t)
	for _, tc := range []struct {
		name, want string
		bytes      []byte
	}{
		{"a set and a heartbeat", "open; shows A017 at 3; lamp pending; waiting 0; revision 42", fromBroker(ours, pulse)},
		{"a reply", "open; shows A017 at 3; lamp off; waiting 0; revision 42", fromBroker(ours, pulse, reply)},
		{"a set alone", "open; shows no connection: no heartbeat; lamp pending; waiting 0; revision 42", fromBroker(ours)},
		{
			"the set of another", "open; shows no connection: no set; lamp pending; waiting 0; revision 0",
			fromBroker(published(topics.DeviceSet("box-33"), set), pulse),
		},
		{
			"a heartbeat that is none", "open; shows no connection: no heartbeat; lamp pending; waiting 0; revision 42",
			fromBroker(ours, published(topics.Heartbeat(), append(beat, 0))),
		},
		{"a refusal", "closed; shows no connection: no set; lamp pending; waiting 0; revision 0", unhexed("20020004")},
		{"a refused subscription", "closed; shows no connection: no set; lamp pending; waiting 0; revision 0", unhexed("20020000" + "90050002018000")},
		{"a packet of 256 MB", "closed; shows no connection: no set; lamp pending; waiting 0; revision 0", unhexed("20020000" + "30ffffff7f")},
	} {
		if got := c.ask(t, "device "+dash(tc.bytes))[0]; got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// TestDeviceHearsNoise: no bytes from a broker make the reference device read or write
// where it must not; the sanitizers would end it.
func TestDeviceHearsNoise(t *testing.T) {
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, 2))
	topics := fwproto.Topics{Office: "piacenza"}
	names := []string{topics.DeviceSet("box-3"), topics.DeviceReply("box-3"), topics.Heartbeat(), "x"}
	var payloads [][]byte
	for _, v := range vectors[vector](t, "*.json") {
		if b := unhex(t, v.Hex); len(b) <= fwproto.MaxPayload(fwproto.TypeSet) {
			payloads = append(payloads, b)
		}
	}
	var questions []string
	for range 2500 {
		b := fromBroker()
		for range r.IntN(6) {
			b = append(b, published(names[r.IntN(len(names))], payloads[r.IntN(len(payloads))])...)
		}
		if r.IntN(4) > 0 {
			b = damaged(r, b)
		}
		questions = append(questions, "device "+dash(b))
	}
	ends := map[string]int{}
	for _, a := range startChecker(t).ask(t, questions...) {
		end, _, _ := strings.Cut(a, ";")
		ends[end]++
	}
	if ends["open"] < 500 || ends["closed"] < 200 {
		t.Errorf("of these connections %v: the noise is too loud or too tame", ends)
	}
}
