// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fxamacker/cbor/v2"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// TestCDDL holds the vectors against messages.cddl: what is valid matches the rule of
// its type and no other, what breaks a rule about values does not match.
func TestCDDL(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "messages.cddl"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := parseCDDL(string(text))
	if err != nil {
		t.Fatal(err)
	}
	// What CDDL can say; the others are rules about the encoding.
	refused := []fwproto.Class{fwproto.BadValue, fwproto.MissingKey, fwproto.UnknownType, fwproto.TooDeep, fwproto.BadKey}
	for _, v := range vectors[vector](t, "*.json") {
		var item any
		if err := cbor.Unmarshal(unhex(t, v.Hex), &item); err != nil {
			continue // no CBOR
		}
		matches := rules.match(v.Type, item)
		switch {
		case v.Result != "invalid" && !matches:
			t.Errorf("%s, %s: does not match %s", v.ID, v.Comment, v.Type)
		case v.Result != "invalid" && !rules.match("message", item):
			t.Errorf("%s, %s: is no message", v.ID, v.Comment)
		case slices.Contains(refused, v.Class) && matches:
			t.Errorf("%s, %s: matches %s", v.ID, v.Comment, v.Type)
		}
		for _, m := range messages() {
			if v.Result != "invalid" && m.name != v.Type && rules.match(m.name, item) {
				t.Errorf("%s, %s: matches %s, too", v.ID, v.Comment, m.name)
			}
		}
	}
}
