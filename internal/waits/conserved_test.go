// SPDX-License-Identifier: EUPL-1.2

package waits_test

import (
	"math"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/waits"
	"github.com/avanti-queue/avanti/queue"
)

// TestConservation: a rule that prefers a class takes from the others what it gives to it. As
// service times do not depend on the class, the mean wait over all is the same by every rule.
func TestConservation(t *testing.T) {
	mean := func(p queue.Preset, class queue.ClassID) float64 {
		sum, n := time.Duration(0), 0
		issued := map[queue.TicketID]time.Time{}
		err := waits.Live(waits.Scenarios()[4].Under(p), 303, 16, func(r queue.Record) {
			switch e := r.Event.(type) {
			case queue.TicketIssued:
				if class == "" || class == e.Class {
					issued[e.Ticket] = r.At
				}
			case queue.TicketCalled:
				if at, ok := issued[e.Ticket]; ok {
					sum, n = sum+r.At.Sub(at), n+1
				}
			default:
			}
		})
		if err != nil || n == 0 {
			t.Fatalf("%s: %d calls, %v", p, n, err)
		}
		return sum.Minutes() / float64(n)
	}
	first := mean(queue.PresetFIFO, "")
	for _, p := range []queue.Preset{queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetOwnClass} {
		if got := mean(p, ""); math.Abs(got/first-1) > .05 {
			t.Errorf("%s: a mean wait of %.2f minutes, first in, first out %.2f", p, got, first)
		}
	}
	if fast, slow := mean(queue.PresetTargets, "priority"), mean(queue.PresetTargets, "normal"); fast > slow/2 {
		t.Errorf("with priority %.2f minutes, without %.2f", fast, slow)
	}
}
