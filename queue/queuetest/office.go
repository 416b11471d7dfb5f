// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const minute = queue.Millis(60_000)

// Office returns the settings of a small office with everything in it that rules
// can tell apart: three services in two series (one of them short enough to wrap),
// three classes, three counters with preferred and overflow services. It is open
// from Monday to Saturday, 08:00 to 18:00 in Rome.
func Office(preset queue.Preset) queue.Settings {
	s := queue.Settings{
		Office: "test", Name: queue.Texts{"it": "Ufficio di prova", "en": "Test office"}, Zone: "Europe/Rome",
		Languages: []string{"it", "ro", "es", "en"},
		Groups:    []queue.Group{{ID: "desk", Name: queue.Texts{"it": "Sportello"}}},
		Services: []queue.Service{
			{ID: "papers", Group: "desk", Series: "a", Name: queue.Texts{"it": "Certificati"}},
			{ID: "taxes", Group: "desk", Series: "a", Name: queue.Texts{"it": "Tributi"}, Target: 10 * minute},
			{ID: "cards", Group: "desk", Series: "b", Name: queue.Texts{"it": "Carta"}, Quota: 400},
		},
		Series: []queue.Series{{ID: "a", Prefix: "A", Width: 3, First: 1, Last: 999}, {ID: "b", Prefix: "B", Width: 2, First: 1, Last: 20}},
		Classes: []queue.Class{
			{ID: "normal"},
			{ID: "priority", Target: 5 * minute, Credit: 10 * minute},
			{ID: "slow", Cap: 90 * minute},
		},
		Counters: []queue.Counter{
			{ID: "c1", Label: "1", Preferred: []queue.ServiceID{"papers", "taxes"}},
			{ID: "c2", Label: "2", Preferred: []queue.ServiceID{"papers", "taxes", "cards"}},
			{ID: "c3", Label: "3", Preferred: []queue.ServiceID{"cards"}, Overflow: []queue.ServiceID{"papers"}},
		},
		Rule:     queue.Rule{Preset: preset, Target: 20 * minute, Cap: 45 * minute, Tolerance: 5 * minute, LateAfter: 15 * minute},
		NoShow:   queue.NoShow{Calls: 2, After: minute / 2, ReturnWithin: 15 * minute},
		Slips:    queue.SlipPolicy{OnUnknown: queue.UnknownCopy, CopyFor: minute},
		Outcomes: []string{"done", "must-return"}, LetPass: 2,
	}
	for day := time.Monday; day <= time.Saturday; day++ {
		s.Hours.Week[day] = []queue.Span{{From: 8 * 60, To: 18 * 60}}
	}
	return s
}

// Monday is eight o'clock of a working day in the office of [Office].
func Monday() time.Time { return time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC) }

// Counters returns settings with n more counters of the kind of c2, for crowds.
func Counters(s queue.Settings, n int) queue.Settings {
	for i := range n {
		s.Counters = append(s.Counters, queue.Counter{
			ID: queue.CounterID(fmt.Sprintf("x%d", i)), Label: fmt.Sprintf("X%d", i),
			Preferred: []queue.ServiceID{"papers", "taxes", "cards"},
		})
	}
	return s
}
