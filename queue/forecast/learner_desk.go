// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

func (l *Learner) desk(id queue.CounterID) *desk {
	d, ok := l.desks[id]
	if !ok {
		d = &desk{today: newAttendance(), past: map[hours][]workday{}}
		l.desks[id] = d
	}
	return d
}

// freed notes that a counter may call again. A ticket in nobody's hands frees none.
func (l *Learner) freed(id queue.CounterID, at time.Time) {
	v := l.state.View()
	if c, ok := v.Counter(id); !ok || c.State != queue.CounterIsOpen {
		return
	}
	d := l.desk(id)
	d.free, d.hungry, d.served = at, v.Next(id, at) != nil, true
}

// opened notes that a clerk is there. What passes until the first call is no turnover.
func (l *Learner) opened(before *queue.View, id queue.CounterID, at time.Time) {
	l.back(before, id, at)
	d := l.desk(id)
	d.free, d.hungry, d.served = at, false, false
	d.today.come(clock(at.In(before.Zone())))
}

// left notes that a clerk goes.
func (l *Learner) left(id queue.CounterID, at time.Time) {
	d := l.desk(id)
	d.free = time.Time{}
	d.today.leave(clock(at.In(l.state.View().Zone())))
}

// back learns from a pause that ends, in whatever way.
func (l *Learner) back(before *queue.View, id queue.CounterID, at time.Time) {
	c, ok := before.Counter(id)
	if !ok || c.State != queue.CounterIsPaused {
		return
	}
	if c.Until.IsZero() {
		l.pauses.add(at.Sub(c.Since).Milliseconds())
	} else {
		l.late.add(at.Sub(c.Until).Milliseconds())
	}
}

// openDay closes the books of the day before, unless it goes on.
func (l *Learner) openDay(before *queue.View, date queue.Date) {
	if l.date != "" && l.date != date {
		l.fold(before)
	}
	l.date = date
	clear(l.promises)
	for _, d := range l.desks {
		d.free = time.Time{}
	}
}

func (l *Learner) fold(v *queue.View) {
	l.aside.fold(v)
	midnight, err := l.date.Midnight(v.Zone())
	openings := v.Settings().Hours.On(midnight)
	h, ok := hoursOf(openings)
	if err == nil && ok {
		l.arrivals.fold(midnight.Weekday())
	}
	l.arrivals.today = [halfHours]int{}
	for c := range v.Counters() {
		d := l.desk(c.ID)
		if err == nil && ok {
			past := append(d.past[h], d.today.close(int64(h.to)*minute))
			d.past[h] = past[max(0, len(past)-workdaysKept):]
		}
		d.today = newAttendance()
	}
}

// step moves what lasts when somebody set the clock.
func (l *Learner) step(by time.Duration) {
	for _, d := range l.desks {
		if !d.free.IsZero() {
			d.free = d.free.Add(by)
		}
	}
	for id, at := range l.aside.left {
		l.aside.left[id] = at.Add(by)
	}
	for id, p := range l.promises {
		p.at = p.at.Add(by)
		l.promises[id] = p
	}
}
