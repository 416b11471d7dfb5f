// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// services are those of every scenario, each in a group of its own, in the order of
// the figures of the model.
func services() []queue.GroupID {
	return []queue.GroupID{
		"certificates", "identity", "residence", "civil-status", "electoral", "taxes", "school", "social", "parking", "registry",
	}
}

// identity is the place of the identity cards among the services.
const identity = 1

// office returns the settings of an office with these counters, each a list of places
// in services.
func office(counters [][]int) queue.Settings {
	s := queue.Settings{
		Office: "bench", Zone: "Europe/Rome", Languages: []string{"it"},
		Series:  []queue.Series{{ID: "a", Prefix: "A", Width: 4, First: 1, Last: 9999}},
		Classes: []queue.Class{{ID: "normal"}, {ID: "priority"}},
		Rule:    queue.Rule{Preset: queue.PresetFIFO, Target: queue.MillisOf(30 * time.Minute), Cap: queue.MillisOf(24 * time.Hour)},
		NoShow:  queue.NoShow{Calls: 1},
		Slips:   queue.SlipPolicy{OnUnknown: queue.UnknownKeep},
	}
	for _, id := range services() {
		s.Groups = append(s.Groups, queue.Group{ID: id})
		s.Services = append(s.Services, queue.Service{ID: queue.ServiceID(id), Group: id, Series: "a"})
	}
	for i, serves := range counters {
		c := queue.Counter{ID: queue.CounterID(fmt.Sprintf("c%d", i+1)), Label: fmt.Sprint(i + 1)}
		for _, place := range serves {
			c.Preferred = append(c.Preferred, queue.ServiceID(services()[place]))
		}
		s.Counters = append(s.Counters, c)
	}
	for day, end := range []int{0, 17 * 60, 17 * 60, 13*60 + 30, 17 * 60, 13*60 + 30, 12*60 + 15} {
		if end > 0 {
			s.Hours.Week[day] = []queue.Span{{From: 8*60 + 15, To: end}}
		}
	}
	return s
}

// piacenza are twelve counters for everything but identity cards and two for those.
func piacenza() (counters [][]int) {
	for range 12 {
		counters = append(counters, []int{0, 2, 3, 4, 5, 6, 7, 8, 9})
	}
	return append(counters, []int{identity}, []int{identity})
}
