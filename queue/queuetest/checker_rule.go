// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"errors"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

func skills(s *queue.Settings) map[queue.CounterID]map[queue.ServiceID]int {
	out := map[queue.CounterID]map[queue.ServiceID]int{}
	for _, c := range s.Counters {
		m := map[queue.ServiceID]int{}
		for _, id := range c.Overflow {
			m[id] = 2
		}
		for _, id := range c.Preferred {
			m[id] = 1
		}
		out[c.ID] = m
	}
	return out
}

func (c *Checker) service(id queue.ServiceID) queue.Service {
	for _, s := range c.settings.Services {
		if s.ID == id {
			return s
		}
	}
	return queue.Service{}
}

func (c *Checker) class(id queue.ClassID) queue.Class {
	for _, x := range c.settings.Classes {
		if x.ID == id {
			return x
		}
	}
	return queue.Class{}
}

func (c *Checker) may(t *ticket, counter queue.CounterID) bool {
	return t.to == counter || t.to == "" && c.serves[counter][t.Service] != 0
}

func (c *Checker) cap(t *ticket) time.Duration {
	if c.settings.Rule.Preset == queue.PresetFIFO {
		return c.settings.Rule.Cap.Duration()
	}
	if own := c.class(t.Class).Cap; own > 0 {
		return own.Duration()
	}
	return c.settings.Rule.Cap.Duration()
}

// figures returns head start and target by the words of the presets.
func (c *Checker) figures(t *ticket) (credit, target time.Duration) {
	class, service := c.class(t.Class), c.service(t.Service)
	credit, target = class.Credit.Duration(), c.settings.Rule.Target.Duration()
	if service.Target > 0 {
		target = service.Target.Duration()
	}
	if class.Target > 0 {
		target = class.Target.Duration()
	}
	const beatsAll = 48 * time.Hour
	switch c.settings.Rule.Preset {
	case queue.PresetFIFO:
		credit, target = 0, c.settings.Rule.Target.Duration()
	case queue.PresetPriorityCapped:
		target = c.settings.Rule.Target.Duration()
		if credit > 0 {
			credit += beatsAll
		}
	case queue.PresetAppointments:
		late := c.settings.Rule.LateAfter
		inTime := late == 0 || t.issuedAt().Sub(t.Slot) <= late.Duration()
		if !t.Slot.IsZero() && inTime {
			credit += beatsAll
		}
	case queue.PresetTargets, queue.PresetOwnClass:
	}
	if t.returned {
		credit = 0
	}
	return credit, target
}

// issuedAt is known by the checker through the due time: a late appointment is due
// when it comes.
func (t *ticket) issuedAt() time.Time { return t.Due }

// named returns the waiting ticket that the published rule names for a counter.
func (c *Checker) named(counter queue.CounterID, at time.Time) *ticket {
	var best *ticket
	for _, t := range c.waiting {
		if c.may(t, counter) && (best == nil || c.first(t, best, counter, at)) {
			best = t
		}
	}
	return best
}

// rank sorts what the rule keeps apart: past the cap, preferred, overflow, early.
func (c *Checker) rank(t *ticket, counter queue.CounterID, at time.Time) int {
	age := at.Sub(t.since)
	switch {
	case age < 0:
		return 3
	case age >= c.cap(t):
		return 0
	case c.settings.Rule.Preset == queue.PresetOwnClass && c.serves[counter][t.Service] == 2:
		return 2
	}
	return 1
}

func (c *Checker) first(a, b *ticket, counter queue.CounterID, at time.Time) bool {
	ra, rb := c.rank(a, counter, at), c.rank(b, counter, at)
	if ra != rb {
		return ra < rb
	}
	if ra == 1 || ra == 2 {
		creditA, targetA := c.figures(a)
		creditB, targetB := c.figures(b)
		x := (at.Sub(a.since) + creditA).Milliseconds() * targetB.Milliseconds()
		y := (at.Sub(b.since) + creditB).Milliseconds() * targetA.Milliseconds()
		if x != y {
			return x > y
		}
	}
	if !a.since.Equal(b.since) {
		return a.since.Before(b.since)
	}
	return a.Ticket < b.Ticket
}

// overtaken returns a ticket that the counter may serve, that is past its cap and
// older than the one called.
func (c *Checker) overtaken(called *ticket, counter queue.CounterID, at time.Time) *ticket {
	for _, t := range c.waiting {
		if t != called && c.may(t, counter) && t.since.Before(called.since) && at.Sub(t.since) >= c.cap(t) {
			return t
		}
	}
	return nil
}

// Refused checks a refusal of a command against I6: no counter that is free and may
// serve a waiting ticket is refused one.
func (c *Checker) Refused(at time.Time, command queue.Command, err error) error {
	next, ok := command.(queue.CallNext)
	refusal, isRefusal := errors.AsType[*queue.Refusal](err)
	if !ok || !isRefusal || refusal.Code != queue.RefusedNobody {
		return nil
	}
	if t := c.named(next.Counter, at); t != nil {
		return violated("I6", "counter %s is told that nobody waits, and %s does", next.Counter, t.Number)
	}
	return nil
}
