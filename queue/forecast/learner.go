// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Priors are what is believed before anything was seen.
type Priors struct {
	// Services are mean service times. A service that is not named has Service.
	Services map[queue.ServiceID]time.Duration
	Service  time.Duration // 0: eight minutes
}

// Learner keeps what an office is like. It follows the journal from any record on and
// knows nothing that is not in it, apart from promises: who reads the same records
// again gets the same. Eight weeks are all that it remembers. It is not safe for
// concurrent use.
type Learner struct {
	priors Priors
	state  queue.State
	date   queue.Date

	services map[queue.ServiceID]*ring
	groups   map[queue.GroupID]*habits
	office   *habits
	turnover *ring // from one citizen's end to the next call while somebody waited
	walks    *ring // from the first call to the start
	confirms rate  // services whose start a clerk confirmed
	pauses   *ring // without an expected end
	late     *ring // after the expected end of a pause; below zero: before it

	arrivals arrivals
	aside    aside
	desks    map[queue.CounterID]*desk

	promises    map[queue.TicketID]promise
	calibration calibration
}

// habits are what a group of services, or the whole office, is like.
type habits struct {
	services *ring // from the first call to the end
	absent   rate  // called and not there
	vain     *ring // from the first call to the giving up
}

func newHabits() *habits { return &habits{services: newRing(samplesKept), vain: newRing(samplesKept)} }

// samplesKept is the length of a service's memory: it must follow a new procedure
// within weeks, and know a tail of one in a hundred.
const samplesKept = 600

// desk is a counter's present and past.
type desk struct {
	free   time.Time // since when it could have called; zero while it has a citizen
	hungry bool      // somebody waited for it at that moment
	served bool      // a citizen had gone then, else a clerk had come

	today attendance
	past  map[hours][]workday // newest last
}

type promise struct {
	at   time.Time
	wait Wait
}

// NewLearner returns a learner that has seen nothing.
func NewLearner(p Priors) *Learner {
	if p.Service <= 0 {
		p.Service = 8 * time.Minute
	}
	return &Learner{
		priors:   p,
		services: map[queue.ServiceID]*ring{}, groups: map[queue.GroupID]*habits{}, office: newHabits(),
		turnover: newRing(samplesKept), walks: newRing(samplesKept), pauses: newRing(samplesKept), late: &ring{size: samplesKept, least: -hour}, aside: newAside(),
		desks: map[queue.CounterID]*desk{}, promises: map[queue.TicketID]promise{}, calibration: newCalibration(),
	}
}

// Promise notes what somebody was told at an instant, to be judged when the call
// comes. A newer promise to the same ticket is not noted: the first one counts; then, and
// when nothing was known, first is false.
func (l *Learner) Promise(id queue.TicketID, at time.Time, w Wait) (first bool) {
	if _, ok := l.promises[id]; ok || !w.Known() {
		return false
	}
	l.promises[id] = promise{at, w}
	return true
}

// Apply learns from a record. If a promise came due with it, ok is true.
func (l *Learner) Apply(r queue.Record) (due Outcome, ok bool) {
	before := l.state.View()
	l.state.Apply(r)
	if before.Settings() == nil {
		return Outcome{}, false
	}
	switch e := r.Event.(type) {
	case queue.DayOpened:
		l.openDay(before, e.Date)
	case queue.ClockStepped:
		l.step(e.By.Duration())
	case queue.CounterOpened:
		l.opened(before, e.Counter, r.At)
	case queue.CounterPaused:
		l.left(e.Counter, r.At)
	case queue.CounterClosed:
		l.back(before, e.Counter, r.At)
		l.left(e.Counter, r.At)
	case queue.TicketIssued:
		l.arrivals.come(r.At.In(before.Zone()), mark{e.Service, e.Class, e.Slot.Sub(r.At), !e.Slot.IsZero()})
	case queue.TicketCalled:
		return l.called(before, e, r.At)
	case queue.ServiceStarted:
		l.walks.add(since(before.Ticket(e.Ticket), r.At))
	case queue.TicketTransferred:
		l.served(before, e.Ticket, r.At)
		l.freed(e.Counter, r.At)
	case queue.TicketParked:
		l.served(before, e.Ticket, r.At)
		l.freed(e.Counter, r.At)
		l.aside.leave(e.Ticket, r.At)
	case queue.TicketReturned:
		if t := before.Ticket(e.Ticket); t != nil {
			l.aside.back(t, r.At)
		}
		l.freed(e.Counter, r.At)
	case queue.StepUndone: // the citizen had not gone; what was learned of it is one sample of many
		l.desk(e.Counter).free = time.Time{}
		delete(l.aside.left, e.Ticket)
	case queue.TicketClosed:
		l.closed(before, e, r.At)
	default: // settings, and paper
	}
	return Outcome{}, false
}

// since returns the milliseconds from a ticket's first call, -1 if it has none.
func since(t *queue.Ticket, at time.Time) int64 {
	if t == nil || t.CalledAt.IsZero() {
		return -1
	}
	return at.Sub(t.CalledAt).Milliseconds()
}

func (l *Learner) closed(before *queue.View, e queue.TicketClosed, at time.Time) {
	delete(l.promises, e.Ticket)
	t := before.Ticket(e.Ticket)
	switch {
	case t == nil:
		return
	case !t.AtCounter():
		l.aside.lost(t)
		return
	case e.End == queue.EndServed:
		l.served(before, e.Ticket, at)
	case e.End == queue.EndNoShow:
		for _, h := range l.habits(before, t.Service) {
			h.absent.add(true)
			h.vain.add(since(t, at))
		}
		if !t.Returned {
			l.aside.leave(t.ID, at)
		}
	}
	l.freed(t.Counter, at)
}

// served learns from a citizen who leaves a counter.
func (l *Learner) served(before *queue.View, id queue.TicketID, at time.Time) {
	t := before.Ticket(id)
	if t == nil || !t.AtCounter() {
		return
	}
	own, ok := l.services[t.Service]
	if !ok {
		own = newRing(samplesKept)
		l.services[t.Service] = own
	}
	own.add(since(t, at))
	for _, h := range l.habits(before, t.Service) {
		h.absent.add(false)
		h.services.add(since(t, at))
	}
	l.confirms.add(!t.Started.IsZero())
}

// habits returns those of a service's group and of the office.
func (l *Learner) habits(v *queue.View, id queue.ServiceID) [2]*habits {
	s, _ := v.Service(id)
	g, ok := l.groups[s.Group]
	if !ok {
		g = newHabits()
		l.groups[s.Group] = g
	}
	return [2]*habits{g, l.office}
}

func (l *Learner) called(before *queue.View, e queue.TicketCalled, at time.Time) (due Outcome, ok bool) {
	if d := l.desk(e.Counter); !d.free.IsZero() {
		if d.hungry {
			l.turnover.add(at.Sub(d.free).Milliseconds())
		}
		d.free = time.Time{}
	}
	p, ok := l.promises[e.Ticket]
	if !ok {
		return Outcome{}, false
	}
	delete(l.promises, e.Ticket)
	due = Outcome{Ticket: e.Ticket, At: p.at, Promise: p.wait, Actual: max(0, at.Sub(p.at))}
	if t := before.Ticket(e.Ticket); t != nil {
		due.Service = t.Service
	}
	l.calibration.judge(p.wait, due.Actual)
	return due, true
}
