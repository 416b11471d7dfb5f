// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"testing"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

func TestCheck(t *testing.T) {
	encode := func(m fwproto.Message) []byte {
		b, err := fwproto.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	press := encode(fwproto.Press{Boot: 1, Seq: 2, Key: fwproto.KeyNext})
	state := encode(fwproto.State{Status: fwproto.Online, Boot: 1, Session: 1})
	later := append([]byte(nil), press...)
	later[2] = 23 // a type that is still to come
	for name, tc := range map[string]struct {
		leaf    fwproto.Leaf
		payload []byte
		class   fwproto.Class
	}{
		"a press":                       {fwproto.LeafEvent, press, ""},
		"an event of the future":        {fwproto.LeafEvent, later, ""},
		"an event without its identity": {fwproto.LeafEvent, []byte{0xa1, 0, 23}, fwproto.MissingKey},
		"a state that is an event":      {fwproto.LeafEvent, encode(fwproto.Shown{}), fwproto.MissingKey},
		"a cut press":                   {fwproto.LeafEvent, press[:len(press)-1], fwproto.Truncated},
		"nothing":                       {fwproto.LeafEvent, nil, fwproto.Truncated},
		"a state":                       {fwproto.LeafState, state, ""},
		"no state":                      {fwproto.LeafState, press, fwproto.UnknownType},
		"a shown":                       {fwproto.LeafShown, encode(fwproto.Shown{Rev: 3}), ""},
		"a report":                      {fwproto.LeafResult, encode(fwproto.Report{Offer: 1, Result: fwproto.Loading, Release: 1}), ""},
		"a content by a device":         {fwproto.LeafSet, encode(fwproto.Set{Epoch: 1, TTLms: 1}), fwproto.UnknownType},
	} {
		t.Run(name, func(t *testing.T) {
			err := fwproto.Check(tc.leaf, tc.payload)
			var class fwproto.Class
			if e, ok := err.(*fwproto.Error); ok { //nolint:errorlint // it is one or nothing
				class = e.Class
			}
			if class != tc.class {
				t.Errorf("Check: %v, want class %q", err, tc.class)
			}
		})
	}
}
