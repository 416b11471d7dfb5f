// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// TestTransit: how long an event was on its way is known from the heartbeat that it names.
func TestTransit(t *testing.T) {
	inHall(t, func(h *hall) {
		l := h.link(mqttlink.Options{Epoch: 7})
		after(3500 * time.Millisecond) // four heartbeats, the last half a second ago
		for _, c := range []struct {
			epoch, count uint32
			want         time.Duration
			ok           bool
		}{
			{7, 4, 0, true},
			{7, 3, 500 * time.Millisecond, true},
			{7, 1, 2500 * time.Millisecond, true},
			{7, 5, 0, false}, // to come
			{6, 4, 0, false},
			{8, 1, 0, false},
		} {
			if got, ok := l.Transit(c.epoch, c.count); got != c.want || ok != c.ok {
				t.Errorf("epoch %d, heartbeat %d: %v, %t, want %v, %t", c.epoch, c.count, got, ok, c.want, c.ok)
			}
		}
		after(time.Minute)
		if got, ok := l.Transit(7, 1); got < 30*time.Second || !ok {
			t.Errorf("of a minute ago: %v, %t", got, ok)
		}
		h.powerOff()
		h.powerOn()
		after(5 * time.Second)
		if _, ok := l.Transit(7, 60); ok {
			t.Error("a heartbeat of the last connection counts")
		}
		if got, ok := l.Transit(8, 1); got == 0 || !ok {
			t.Errorf("the first of this one: %v, %t", got, ok)
		}
	})
}
