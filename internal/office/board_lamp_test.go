// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// A lamp that has more than one thing to say says the most urgent one.
func TestLampPatterns(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		desk desk
		box  fwproto.Set
		want device.LampPattern
	}{
		{desk{}, fwproto.Set{}, device.LampOff},
		{desk{}, fwproto.Set{Lamp: fwproto.LampOn, Waiting: 3}, device.LampOn},
		{desk{}, fwproto.Set{Lamp: fwproto.LampBlink, Waiting: 3}, device.LampSlow},
		{desk{}, fwproto.Set{Lamp: fwproto.LampBlink, Waiting: 3, Late: 1}, device.LampBrisk},
		{desk{}, fwproto.Set{Waiting: 3, Late: 1}, device.LampBrisk},
		{desk{rung: now.Add(-2999 * time.Millisecond)}, fwproto.Set{Lamp: fwproto.LampOn, Waiting: 1}, device.LampBrisk},
		{desk{rung: now.Add(-3 * time.Second)}, fwproto.Set{Lamp: fwproto.LampOn, Waiting: 1}, device.LampOn},
		{desk{rung: now}, fwproto.Set{Lamp: fwproto.LampBlink}, device.LampSlow}, // somebody was called meanwhile
		{desk{rung: now}, fwproto.Set{}, device.LampOff},
		{desk{pending: 1}, fwproto.Set{Lamp: fwproto.LampOn, Late: 1}, device.LampFast},
		{desk{refused: now.Add(-999 * time.Millisecond)}, fwproto.Set{Lamp: fwproto.LampOn}, device.LampFast},
		{desk{refused: now.Add(-time.Second)}, fwproto.Set{Lamp: fwproto.LampOn}, device.LampOn},
	} {
		test.desk.box = test.box
		if got := test.desk.pattern(now); got != test.want {
			t.Errorf("%+v at %+v: %q, want %q", test.box, test.desk, got, test.want)
		}
	}
}
