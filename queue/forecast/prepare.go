// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// prepare takes in the present. What it builds serves all runs.
func (f *Forecaster) prepare(v *queue.View, at time.Time, l *Learner, r Roster, openings []queue.Opening) {
	f.dice.seed(f.options.Seed, uint64(v.Seq()))
	f.at = at.UnixMilli()
	f.horizon = f.at + farthest
	f.closing = never
	if len(openings) > 0 {
		f.closing = openings[len(openings)-1].To.UnixMilli()
	}
	f.base.Set(v.Line())
	f.waiting = f.base.Len()
	f.overtaken = f.base.Overtaken(at)
	f.service = f.service[:0]
	f.visits.prepare(v, l)
	for t := range v.Waiting() {
		f.service = append(f.service, f.visits.place[t.Service])
	}
	f.guestsOf(v, at)
	if n := f.guests * f.options.Runs; cap(f.calls) < n {
		f.calls = make([]int64, n, n+n/2)
	} else {
		f.calls = f.calls[:n]
	}
	f.turnover = newSampler(float64(30*second), .8, l.turnover)
	f.pauses = newSampler(float64(25*minute), .8, l.pauses)
	f.late = newSampler(float64(5*minute), 1, l.late)
	f.punctual = l.late
	f.counters = f.counters[:0]
	i := 0
	for status := range v.Counters() {
		f.counters = append(f.counters, f.counter(v, status, l, r.of(status.ID), openings))
		i++
	}
	f.hopes(v)
	f.next = slices.Grow(f.next[:0], i)[:i]
	f.idle = slices.Grow(f.idle[:0], i)[:i]
	f.offs = slices.Grow(f.offs[:0], i)[:i]
	f.today = slices.Grow(f.today[:0], i)[:i]
	clear(f.today)
	f.come.prepare(v, at, l, openings)
	f.returnersOf(v, l)
}

// guestsOf lets one of each kind join who takes nobody's time: when their turn comes
// they go, and the counter calls the next at once.
func (f *Forecaster) guestsOf(v *queue.View, at time.Time) {
	if f.settings != v.Settings() {
		f.settings = v.Settings()
		f.kinds = f.base.Kinds()
		f.kindOf = f.kindOf[:0]
		for c, kinds := range f.kinds {
			for s, n := range kinds {
				if n == len(f.kindOf) {
					f.kindOf = append(f.kindOf, kind{c, s})
				}
			}
		}
	}
	for _, k := range f.kindOf {
		f.base.Join(k.service, k.class, at, time.Time{})
		f.service = append(f.service, k.service)
	}
	f.guests = len(f.service)
}

// hopes finds out for whom there is a counter.
func (f *Forecaster) hopes(v *queue.View) {
	f.hope = f.hope[:0]
	may := func(serves func(i int, id queue.CounterID) bool) {
		hope := false
		for i, c := range v.Settings().Counters {
			hope = hope || f.counters[i].now != gone && serves(i, c.ID)
		}
		f.hope = append(f.hope, hope)
	}
	for t := range v.Waiting() {
		may(func(_ int, id queue.CounterID) bool { return v.Serves(id, t) })
	}
	for _, k := range f.kindOf {
		may(func(i int, _ queue.CounterID) bool { return f.base.Serves(i, k.service) })
	}
}

// visits are what citizens need at a counter, by the places of the services.
type visits struct {
	place    map[queue.ServiceID]int
	services []sampler
	absent   []float64 // share of those called who are not there
	vain     []sampler
	walks    sampler
	confirms bool // clerks say when a citizen has come
}

// prepare reads what the learner knows of the services of a view.
func (x *visits) prepare(v *queue.View, l *Learner) {
	settings := v.Settings()
	x.place = make(map[queue.ServiceID]int, len(settings.Services))
	x.services, x.absent, x.vain = x.services[:0], x.absent[:0], x.vain[:0]
	office := l.office.absent.value(.05, 20)
	inVain := float64(max(settings.NoShow.After*queue.Millis(settings.NoShow.Calls), queue.Millis(45*second)))
	for i, s := range settings.Services {
		x.place[s.ID] = i
		group := l.groups[s.Group]
		if group == nil {
			group = newHabits()
		}
		mean := l.priors.Service
		if own, ok := l.priors.Services[s.ID]; ok && own > 0 {
			mean = own
		}
		x.services = append(x.services, newSampler(float64(mean.Milliseconds()), .8, l.services[s.ID], group.services, l.office.services))
		x.absent = append(x.absent, group.absent.value(office, 20))
		x.vain = append(x.vain, newSampler(inVain, .3, group.vain, l.office.vain))
	}
	x.walks = newSampler(float64(30*second), .8, l.walks)
	x.confirms = l.confirms.value(0, 1) > .5
}

// draw returns how long somebody keeps a counter who is called now.
func (x *visits) draw(d *dice, service int) int64 {
	if d.chance(x.absent[service]) {
		return x.vain[service].draw(d)
	}
	return x.services[service].draw(d)
}

// rest returns how long somebody still keeps a counter.
func (x *visits) rest(d *dice, service int, elapsed int64, called bool) int64 {
	if !called || !x.confirms {
		return x.services[service].rest(d, elapsed)
	}
	// Nobody has come so far: the longer that lasts, the likelier nobody will.
	for range tries {
		absent := d.chance(x.absent[service])
		span := &x.services[service]
		if absent {
			span = &x.vain[service]
		}
		if there := absent || x.walks.draw(d) > elapsed; there {
			if s := span.draw(d); s > elapsed {
				return s - elapsed
			}
		}
	}
	return x.vain[service].draw(d)
}
