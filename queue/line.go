// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"slices"
	"time"
)

// Line is a queue that is only imagined, called by the office's own rule: a forecast
// lets it run ahead. Who waits has a key, from 0 on in the order of joining; counters,
// services and classes are places in the settings. It is not safe for concurrent use.
type Line struct {
	plan   *plan
	lanes  []lane
	joined int
	left   int
	newest TicketID
}

// lane is those to whom the rule gives the same figures at every counter: it calls them
// in the order of due and id, so that only the first one needs a look.
type lane struct {
	weight
	service int      // one of those that are alike
	to      int      // the only counter that may call, -1: any that serves it
	people  []person // in the order of their turns
	gone    int      // of them
}

type person struct {
	due int64
	id  TicketID
	key int
}

func (p person) before(o person) bool { return p.due < o.due || p.due == o.due && p.id < o.id }

// Line returns an imagined queue of the tickets that wait, with the keys of
// [View.Waiting]'s order; nil before the first settings.
func (v *View) Line() *Line {
	if v.plan == nil {
		return nil
	}
	l := &Line{plan: v.plan}
	for t := range v.Waiting() {
		l.add(t)
	}
	return l
}

func (l *Line) add(t *Ticket) (key int) {
	s := l.plan.standing(t)
	to := -1
	if t.To != "" {
		to = l.plan.counter[t.To]
	}
	x := l.lane(s.weight, l.plan.like[t.service], to)
	p := person{due: s.due, id: s.id, key: l.joined}
	i := len(x.people)
	for i > x.gone && p.before(x.people[i-1]) {
		i--
	}
	x.people = slices.Insert(x.people, i, p)
	l.joined++
	l.left++
	l.newest = max(l.newest, p.id)
	return p.key
}

// lane returns the one of those figures.
func (l *Line) lane(w weight, service, to int) *lane {
	for i := range l.lanes {
		if x := &l.lanes[i]; x.weight == w && x.service == service && x.to == to {
			return x
		}
	}
	l.grow(len(l.lanes) + 1)
	x := &l.lanes[len(l.lanes)-1]
	*x = lane{weight: w, service: service, to: to, people: x.people[:0]}
	return x
}

// grow makes the line have n lanes and keeps what memory it has had.
func (l *Line) grow(n int) {
	if n > cap(l.lanes) {
		lanes := make([]lane, n, 2*n)
		copy(lanes, l.lanes[:cap(l.lanes)])
		l.lanes = lanes
	}
	l.lanes = l.lanes[:n]
}

// Set makes l a copy of o and keeps l's memory.
func (l *Line) Set(o *Line) {
	l.plan, l.joined, l.left, l.newest = o.plan, o.joined, o.left, o.newest
	l.grow(len(o.lanes))
	for i, x := range o.lanes {
		x.people = append(l.lanes[i].people[:0], x.people...)
		l.lanes[i] = x
	}
}

// Len returns how many wait.
func (l *Line) Len() int { return l.left }

// Join lets somebody take a ticket at an instant and returns their key. Slot is that
// of an appointment, zero for a walk-in.
func (l *Line) Join(service, class int, at, slot time.Time) (key int) {
	return l.add(&Ticket{ID: l.newest + 1, Issued: at, Due: l.plan.due(at, slot), Slot: slot, service: service, class: class})
}

// Return lets a ticket join that was set aside, or not there when it was called, as it
// would if it came back now, and returns its key.
func (l *Line) Return(t *Ticket) (key int) {
	back := *t
	back.Status, back.Returned = Waiting, t.Returned || t.Status == Ended
	return l.add(&back)
}

// Call takes out whom the rule names for a counter at an instant and returns their
// key, ok false if the counter may serve none of those that wait.
func (l *Line) Call(counter int, at time.Time) (key int, ok bool) {
	skills := l.plan.skills[counter]
	now := at.UnixMilli()
	var best place
	var named *lane
	for i := range l.lanes {
		x := &l.lanes[i]
		k := skills[x.service]
		if x.to >= 0 {
			if x.to != counter {
				continue
			}
			k = max(k, preferred)
		}
		if k == 0 || x.gone == len(x.people) {
			continue
		}
		first := standing{weight: x.weight, due: x.people[x.gone].due, id: x.people[x.gone].id}
		if pl := first.place(k, now); named == nil || pl.before(&best) {
			best, named = pl, x
		}
	}
	if named == nil {
		return 0, false
	}
	named.gone++
	l.left--
	return named.people[named.gone-1].key, true
}

// Serves reports whether a counter may call tickets of a service.
func (l *Line) Serves(counter, service int) bool { return l.plan.skills[counter][service] != 0 }

// Kinds returns a number for each class and service: walk-ins with the same number
// are the same to the rule, at every counter. The numbers have no gaps and begin at 0.
func (l *Line) Kinds() [][]int {
	type figures struct {
		weight
		service int
	}
	var seen []figures
	kinds := make([][]int, len(l.plan.weights))
	for c, weights := range l.plan.weights {
		kinds[c] = make([]int, len(weights))
		for s, w := range weights {
			f := figures{w, l.plan.like[s]}
			if !slices.Contains(seen, f) {
				seen = append(seen, f)
			}
			kinds[c][s] = slices.Index(seen, f)
		}
	}
	return kinds
}

// Overtaken reports whether somebody may come after an instant and be called before
// somebody who waits for the same counter.
func (l *Line) Overtaken(at time.Time) bool {
	p := l.plan
	now := at.UnixMilli()
	if p.settings.Rule.Preset == PresetAppointments {
		return true
	}
	for _, x := range l.lanes {
		if n := len(x.people); n > x.gone && x.people[n-1].due > now { // comes early for an appointment
			return true
		}
	}
	for _, skills := range p.skills {
		if slices.Contains(skills, preferred) && slices.Contains(skills, overflow) {
			return true
		}
	}
	first := p.weights[0][0]
	for _, weights := range p.weights {
		if slices.ContainsFunc(weights, func(w weight) bool { return w != first }) {
			return true
		}
	}
	return false
}
