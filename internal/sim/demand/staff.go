// SPDX-License-Identifier: EUPL-1.2

package demand

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Shift is a clerk's day at a counter.
type Shift struct {
	Counter  queue.CounterID
	From, To time.Time // To is the end of opening; whoever still waits is served
	Breaks   []Break   // in the order of their times
}

// Break is a time away from the counter. It begins when the citizen who is there
// has gone, and ends when planned.
type Break struct {
	From, To time.Time
	Reason   string // "coffee", "lunch" or "back office"
}

// form finds the teams: counters that prefer the same services.
func (s *Source) form(counters []queue.Counter) {
	var first []queue.Counter
	for _, c := range counters {
		mine := slices.Sorted(slices.Values(c.Preferred))
		t := slices.IndexFunc(first, func(o queue.Counter) bool {
			return slices.Equal(mine, slices.Sorted(slices.Values(o.Preferred)))
		})
		if t < 0 {
			t = len(first)
			first = append(first, c)
		}
		s.counters, s.team = append(s.counters, c.ID), append(s.team, t)
	}
	s.teams = len(first)
}

// clerk is one who works today. Times are minutes of the local clock.
type clerk struct {
	counter int
	breaks  []pause
}

type pause struct {
	from, to int
	reason   string
}

func (s *Source) shifts(d dice, midnight time.Time, openings []queue.Opening) []Shift {
	open, end := openings[0].From, openings[len(openings)-1].To
	from, to := clock(open.Hour(), open.Minute()), clock(end.Hour(), end.Minute())
	if to <= from {
		to = clock(24, 0)
	}
	var working []clerk
	for t := range s.teams {
		working = append(working, s.teamDay(d, t, midnight.Weekday(), from, to)...)
	}
	slices.SortFunc(working, func(a, b clerk) int { return a.counter - b.counter })
	out := make([]Shift, 0, len(working))
	for _, c := range working {
		shift := Shift{Counter: s.counters[c.counter], From: open, To: end}
		slices.SortFunc(c.breaks, func(a, b pause) int { return a.from - b.from })
		for _, b := range c.breaks {
			shift.Breaks = append(shift.Breaks, Break{From: onClock(midnight, b.from), To: onClock(midnight, b.to), Reason: b.reason})
		}
		out = append(out, shift)
	}
	return out
}

// teamDay draws who of a team works and when they are away.
func (s *Source) teamDay(d dice, team int, day time.Weekday, from, to int) []clerk {
	var all []int
	for i, t := range s.team {
		if t == team {
			all = append(all, i)
		}
	}
	d.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	staff := &s.model.Staff
	planned := max(1, int(float64(len(all))*staff.Present[day]+.5))
	var working []clerk
	for i, counter := range all[:planned] {
		last := i == planned-1
		if absent := d.chance(staff.Absent); !absent || last && len(working) == 0 {
			working = append(working, clerk{counter: counter})
		}
	}
	for i := range working {
		c := &working[i]
		if lunch := int(staff.Lunch / time.Minute); lunch > 0 && to-from >= int(staff.LunchAfter/time.Minute) {
			start := staff.LunchFrom + i%staff.LunchShifts*lunch
			c.breaks = append(c.breaks, pause{start, start + lunch, "lunch"})
		}
	}
	for i := range working {
		if staff.Coffee > 0 {
			leave(d, working, i, max(from, staff.CoffeeFrom), min(to, staff.CoffeeTo), staff.Coffee, "coffee")
		}
	}
	for i := range working {
		if staff.Block > 0 && d.chance(staff.BackOffice) {
			leave(d, working, i, from, to-int(staff.Block/time.Minute), staff.Block, "back office")
		}
	}
	return working
}

// leave gives a clerk a break that begins between two minutes, unless none is found
// that leaves a colleague at work.
func leave(d dice, team []clerk, i, first, last int, length time.Duration, reason string) {
	const tries = 30
	for range tries {
		if last <= first {
			return
		}
		start := first + d.IntN(last-first)
		p := pause{start, start + int(length/time.Minute), reason}
		if !overlaps(team[i], p) && covered(team, i, p) {
			team[i].breaks = append(team[i].breaks, p)
			return
		}
	}
}

func overlaps(c clerk, p pause) bool {
	return slices.ContainsFunc(c.breaks, func(o pause) bool { return o.from < p.to && p.from < o.to })
}

// covered reports whether, while one of a team is away, another one is there. Who
// works alone is always free to go.
func covered(team []clerk, away int, p pause) bool {
	if len(team) == 1 {
		return true
	}
	for minute := p.from; minute < p.to; minute++ {
		there := false
		for i, c := range team {
			there = there || i != away && !overlaps(c, pause{from: minute, to: minute + 1})
		}
		if !there {
			return false
		}
	}
	return true
}
