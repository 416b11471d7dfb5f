// SPDX-License-Identifier: EUPL-1.2

package metrics

import (
	"github.com/avanti-queue/avanti/queue"
)

// ledger knows of each ticket of the day what its next event alone does not tell.
type ledger struct {
	m       *Metrics
	groups  map[queue.ServiceID]queue.GroupID
	tickets map[queue.TicketID]*entry
}

type entry struct {
	group    queue.GroupID
	class    queue.ClassID
	wait     queue.Millis // of the newest call
	spent    queue.Millis // at counters in this step, before it was set aside
	answered bool         // its wait is counted
}

// newLedger begins with the tickets that a view has. A ticket that stands at a
// counter has been counted by the process before this one if it was answered; if
// not, its wait is read off the view.
func newLedger(m *Metrics, v *queue.View) *ledger {
	l := &ledger{m: m, tickets: map[queue.TicketID]*entry{}}
	l.settle(v.Settings())
	for t := range v.Tickets() {
		e := &entry{group: l.groups[t.Service], class: t.Class, answered: t.Status != queue.Waiting && t.Status != queue.Called}
		if t.Status == queue.Called {
			e.wait = max(0, queue.MillisOf(t.CalledAt.Sub(t.Since)))
		}
		l.tickets[t.ID] = e
	}
	return l
}

// settle takes in settings, and lets every series begin at zero: a rate over a
// series that appears with 1 misses the first event.
func (l *ledger) settle(s *queue.Settings) {
	l.groups = map[queue.ServiceID]queue.GroupID{}
	if s == nil {
		return
	}
	for _, x := range s.Services {
		l.groups[x.ID] = x.Group
	}
	for _, g := range s.Groups {
		group := string(g.ID)
		for _, c := range []queue.Channel{queue.ChannelKiosk, queue.ChannelCounter, queue.ChannelAPI, queue.ChannelAppointment} {
			l.m.issued.WithLabelValues(group, string(c))
		}
		for _, end := range []queue.End{
			queue.EndServed, queue.EndNoShow, queue.EndCancelled, queue.EndExpired, queue.EndVoid, transferred,
		} {
			l.m.closed.WithLabelValues(group, string(end))
		}
		l.m.service.WithLabelValues(group)
	}
}

// enter counts a record.
func (l *ledger) enter(r queue.Record) {
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		l.settle(&e.Settings)
	case queue.DayOpened:
		clear(l.tickets)
	case queue.TicketIssued:
		group := l.groups[e.Service]
		l.tickets[e.Ticket] = &entry{group: group, class: e.Class}
		l.m.issued.WithLabelValues(string(group), string(e.Channel)).Inc()
	case queue.TicketReclassified:
		l.with(e.Ticket, func(t *entry) { t.class = e.Class })
	case queue.TicketCalled:
		l.with(e.Ticket, func(t *entry) { t.wait = e.Wait })
	case queue.ServiceStarted:
		l.with(e.Ticket, l.answer)
	case queue.TicketParked:
		l.with(e.Ticket, func(t *entry) {
			l.answer(t) // who was set aside had come
			t.spent += e.Service
		})
	case queue.TicketTransferred:
		l.with(e.Ticket, func(t *entry) {
			l.answer(t)
			l.serve(t, e.Spent)
			l.m.closed.WithLabelValues(string(t.group), transferred).Inc()
			t.group = l.groups[e.Service]
		})
	case queue.StepUndone: // what was counted stays counted: counters do not run back
		l.with(e.Ticket, func(t *entry) { t.spent = max(0, t.spent-e.Spent) })
	case queue.TicketClosed:
		l.with(e.Ticket, func(t *entry) {
			if e.End == queue.EndServed {
				l.answer(t)
				l.serve(t, e.Service)
			}
			l.m.closed.WithLabelValues(string(t.group), string(e.End)).Inc()
		})
	}
}

func (l *ledger) with(id queue.TicketID, change func(*entry)) {
	if t := l.tickets[id]; t != nil {
		change(t)
	}
}

// answer counts the wait of a ticket when its first call turns out to be answered.
// The wait of one who never came is nobody's.
func (l *ledger) answer(t *entry) {
	if t.answered {
		return
	}
	t.answered = true
	l.m.wait.WithLabelValues(string(t.group), string(t.class)).Observe(t.wait.Duration().Seconds())
}

// serve counts the end of a step at the counters.
func (l *ledger) serve(t *entry, last queue.Millis) {
	l.m.service.WithLabelValues(string(t.group)).Observe((t.spent + last).Duration().Seconds())
	t.spent = 0
}
