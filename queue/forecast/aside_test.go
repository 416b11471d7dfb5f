// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestReturns: where those who were parked or missed their call use to come back, others
// wait for them, as they come back to their old place.
func TestReturns(t *testing.T) {
	away := map[string]func(h *hall){
		"parked": func(h *hall) {
			h.do(queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"}, queue.Park{Counter: "c2", Reason: "form"})
		},
		"absent": func(h *hall) {
			h.do(queue.CallNext{Counter: "c2"}, queue.GiveUp{Counter: "c2"})
		},
	}
	for name, leave := range away {
		t.Run(name, func(t *testing.T) {
			wait := func(back bool) time.Duration {
				s := queuetest.Office(queue.PresetFIFO)
				s.Counters = s.Counters[1:2]
				s.NoShow = queue.NoShow{Calls: 1, ReturnWithin: queue.MillisOf(15 * time.Minute)}
				s.Series[0].Last = 999
				h := newHall(t, s)
				h.do(queue.OpenCounter{Counter: "c2"})
				for range 20 {
					x := h.issue("papers", "")
					leave(h)
					h.wait(time.Minute)
					if back {
						h.do(queue.Unpark{Ticket: x.ID}, queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"})
						h.wait(10 * time.Minute)
						h.do(queue.Finish{Counter: "c2"})
					}
					h.issue("papers", "")
					h.serve("c2", 10*time.Minute, time.Minute)
				}
				for range 3 {
					h.issue("papers", "")
					leave(h)
				}
				h.issue("papers", "")
				h.do(queue.CallNext{Counter: "c2"})
				h.issue("papers", "")
				return h.forecast(forecast.New(forecast.Options{Runs: 1000})).Now("papers", "").P50
			}
			with, without := wait(true), wait(false)
			if with < without+8*time.Minute {
				t.Errorf("three come back within minutes as they all do: %v, where nobody does %v", with, without)
			}
		})
	}
}
