// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"slices"
	"time"
)

// plan is settings made ready for use: looked up by id, the rule's numbers worked
// out. It never changes.
type plan struct {
	settings Settings
	zone     *time.Location
	service  map[ServiceID]int
	class    map[ClassID]int
	counter  map[CounterID]int
	series   map[SeriesID]int

	skills  [][]skill  // by counter, service
	weights [][]weight // by class, service
	like    []int      // by service: the first one for which every counter has the same skill
}

// skill is how a counter may serve a service. The zero value is: not at all.
type skill int

const (
	preferred skill = iota + 1
	overflow
)

// weight is what the calling rule uses for one class and service.
type weight struct{ target, credit, cap Millis }

// strict is a head start that no wait of one day makes up for.
const strict = 2 * day

func newPlan(s Settings) *plan {
	p := &plan{
		settings: s,
		zone:     time.UTC,
		service:  map[ServiceID]int{},
		class:    map[ClassID]int{},
		counter:  map[CounterID]int{},
		series:   map[SeriesID]int{},
	}
	if zone, err := time.LoadLocation(s.Zone); err == nil {
		p.zone = zone
	}
	for i, x := range s.Services {
		p.service[x.ID] = i
	}
	for i, x := range s.Series {
		p.series[x.ID] = i
	}
	for i, c := range s.Classes {
		p.class[c.ID] = i
		weights := make([]weight, len(s.Services))
		for j, x := range s.Services {
			weights[j] = s.weigh(c, x)
		}
		p.weights = append(p.weights, weights)
	}
	for i, c := range s.Counters {
		p.counter[c.ID] = i
		p.skills = append(p.skills, p.skillsOf(c))
	}
	for i := range s.Services {
		p.like = append(p.like, p.first(i))
	}
	return p
}

// first returns the first service for which every counter has the same skill as for s.
func (p *plan) first(s int) int {
	for i := range s {
		if !slices.ContainsFunc(p.skills, func(x []skill) bool { return x[i] != x[s] }) {
			return i
		}
	}
	return s
}

func (p *plan) skillsOf(c Counter) []skill {
	second := preferred
	if p.settings.Rule.Preset == PresetOwnClass {
		second = overflow
	}
	skills := make([]skill, len(p.settings.Services))
	for _, id := range c.Overflow {
		skills[p.service[id]] = second
	}
	for _, id := range c.Preferred {
		skills[p.service[id]] = preferred
	}
	return skills
}

// weigh says what the preset makes of the figures of a class and a service.
func (s *Settings) weigh(c Class, x Service) weight {
	w := weight{target: s.Rule.Target, credit: c.Credit, cap: s.Rule.Cap}
	if c.Cap > 0 {
		w.cap = c.Cap
	}
	switch s.Rule.Preset {
	case PresetFIFO:
		w.credit, w.cap = 0, s.Rule.Cap
	case PresetPriorityCapped:
		if c.Credit > 0 {
			w.credit += strict
		}
	case PresetTargets, PresetOwnClass, PresetAppointments:
		if x.Target > 0 {
			w.target = x.Target
		}
		if c.Target > 0 {
			w.target = c.Target
		}
	}
	return w
}
