// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// TestTransit: how long an event was on its way is known from the heartbeat that it names.
func TestTransit(t *testing.T) {
	inHall(t, func(h *hall) {
		l := h.link(mqttlink.Options{Epoch: 7})
		after(3500 * time.Millisecond) // four heartbeats, the last half a second ago
		for _, c := range []struct {
			epoch, count uint32
			since        time.Duration
			want         time.Duration
			ok           bool
		}{
			{7, 4, 0, 500 * time.Millisecond, true},
			{7, 4, 500 * time.Millisecond, 0, true},
			{7, 4, 499 * time.Millisecond, time.Millisecond, true},
			{7, 4, time.Hour, 0, true}, // not before it was sent
			{7, 3, 0, 1500 * time.Millisecond, true},
			{7, 1, 0, 3500 * time.Millisecond, true},
			{7, 1, 3 * time.Second, 500 * time.Millisecond, true},
			{7, 5, 0, 0, false}, // to come
			{6, 4, 0, 0, false},
			{8, 1, 0, 0, false},
		} {
			if got, ok := l.Transit(c.epoch, c.count, c.since); got != c.want || ok != c.ok {
				t.Errorf("epoch %d, heartbeat %d, %v after it: %v, %t, want %v, %t", c.epoch, c.count, c.since, got, ok, c.want, c.ok)
			}
		}
		after(time.Minute) // 64 heartbeats: the first ones are forgotten
		if got, ok := l.Transit(7, 1, 0); got < 63500*time.Millisecond || got > 64500*time.Millisecond || !ok {
			t.Errorf("of a minute ago: %v, %t", got, ok)
		}
		h.powerOff()
		h.powerOn()
		after(5 * time.Second)
		if _, ok := l.Transit(7, 60, 0); ok {
			t.Error("a heartbeat of the last connection counts")
		}
		if got, ok := l.Transit(8, 1, 0); got == 0 || !ok {
			t.Errorf("the first of this one: %v, %t", got, ok)
		}
	})
}

// TestTransitOfNone: a count that a busy daemon has left out is nobody's.
func TestTransitOfNone(t *testing.T) {
	inHall(t, func(h *hall) {
		stall := make(chan struct{})
		l := h.link(mqttlink.Options{Epoch: 7, OnPassing: func(m mqttlink.Message, sent bool) {
			if sent && m.Topic == topics.DeviceSet("panel-1") {
				<-stall
			}
		}})
		after(2500 * time.Millisecond)
		l.Set("panel-1", fwproto.Set{Rev: 1})
		after(5 * time.Second)
		close(stall)
		after(2 * time.Second)
		if got, ok := l.Transit(7, 3, 0); got != 7500*time.Millisecond || !ok {
			t.Errorf("before the pause: %v, %t", got, ok)
		}
		if _, ok := l.Transit(7, 5, 0); ok {
			t.Error("in the pause: it counts")
		}
	})
}
