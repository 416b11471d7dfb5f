// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// settle puts settings in force. What the day has brought so far stays.
func (s *State) settle(settings Settings) {
	old, p := s.v, newPlan(settings)
	s.v.plan = p
	s.v.counters = make([]CounterStatus, len(settings.Counters))
	s.forgetSteps()
	for i, c := range settings.Counters {
		s.v.counters[i].ID = c.ID
		if was, ok := old.Counter(c.ID); ok {
			s.v.counters[i] = was
		}
	}
	s.v.series = make([]seriesStatus, len(settings.Series))
	for i, r := range settings.Series {
		s.v.series[i].next = r.First
		if old.plan == nil {
			continue
		}
		if j, ok := old.plan.series[r.ID]; ok {
			s.v.series[i] = old.series[j]
		}
	}
	s.v.issued = make([]int, len(settings.Services))
	for i, x := range settings.Services {
		if old.plan == nil {
			continue
		}
		if j, ok := old.plan.service[x.ID]; ok {
			s.v.issued[i] = old.issued[j]
		}
	}
	for was := range old.tickets.all() {
		t := *was
		t.service, t.class = p.service[t.Service], p.class[t.Class]
		s.put(&t)
	}
}

// openDay begins anew: nothing of the past counts but the settings and what the
// event says of a day that goes on.
func (s *State) openDay(at time.Time, seq Seq, e DayOpened) {
	s.v.date, s.v.isOpen = e.Date, true
	s.v.tickets, s.v.open = roll{}, roll{}
	settings := &s.v.plan.settings
	s.v.counters = make([]CounterStatus, len(settings.Counters))
	s.forgetSteps()
	for i, c := range settings.Counters {
		s.v.counters[i] = CounterStatus{ID: c.ID, Since: at, Seen: seq}
	}
	s.v.series = make([]seriesStatus, len(settings.Series))
	for i, r := range settings.Series {
		s.v.series[i].next = r.First
		if next, ok := e.Next[r.ID]; ok {
			s.v.series[i].next = next
		}
	}
	s.v.skipped = NumbersSkipped{}
	if e.Skipped {
		s.v.skipped = NumbersSkipped{Date: e.Date, Next: e.Next}
	}
	s.v.issued = make([]int, len(settings.Services))
	for i, x := range settings.Services {
		s.v.issued[i] = e.Issued[x.ID]
	}
}

// stepClock moves every running wait by d: the citizens did not wait longer because
// somebody set the clock, which now shows at.
func (s *State) stepClock(at time.Time, d time.Duration) {
	s.forgetSteps()
	move := func(t *time.Time) {
		switch before := at.Add(-d); {
		case t.IsZero():
		case !t.After(before):
			*t = t.Add(d)
		case t.Before(at): // an appointment's time that the clock has jumped over
			*t = at
		}
	}
	for was := range s.v.open.all() {
		t := *was
		move(&t.Due)
		move(&t.Since)
		move(&t.CalledAt)
		move(&t.LastCall)
		move(&t.Started)
		s.put(&t)
	}
	for was := range s.v.tickets.all() {
		if was.End == EndNoShow {
			t := *was
			move(&t.Closed) // the time to come back does not run out by it
			s.put(&t)
		}
	}
}
