// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Collector writes down days from the journal, which it follows from any [queue.DayOpened]
// on, with the settings in force before it. It is not safe for concurrent use.
type Collector struct {
	firm  queue.Firm
	state queue.State
	teams map[queue.CounterID]TeamID
	day   *Day
	until time.Time // to which counter time is written down
	steps map[queue.TicketID]*step
}

// step is what is known of a ticket that may still change.
type step struct {
	issued time.Time // of the ticket
	first  place     // where the ticket was issued
	place            // where the step began

	called     time.Time // newest call
	class      queue.ClassID
	wait       queue.Millis
	answered   bool
	started    bool
	service    queue.Millis // so far
	overtakers int
}

// place is a cell by its key.
type place struct {
	group queue.GroupID
	band  Band
}

// Apply takes in a record. When it ends a day, that day is returned, else nil.
func (c *Collector) Apply(r queue.Record) (ended *Day) {
	for _, firm := range c.firm.Next(r) {
		if d := c.apply(firm); d != nil {
			ended = d
		}
	}
	return ended
}

func (c *Collector) apply(r queue.Record) *Day {
	before := c.state.View()
	c.state.Apply(r)
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		c.write(before, r.At)
		c.teams = Teams(&e.Settings)
	case queue.DayOpened:
		ended := c.day
		c.day, c.until, c.steps = &Day{Date: e.Date}, r.At, map[queue.TicketID]*step{}
		return ended
	case queue.DayClosed:
		if c.day == nil {
			return nil
		}
		c.write(before, r.At)
		ended := c.day
		c.day = nil
		return ended
	case queue.ClockStepped:
		if c.day != nil {
			c.write(before, r.At.Add(-e.By.Duration())) // the rest is nobody's
			c.until = r.At
			c.stepClock(e.By.Duration())
		}
	default:
		if c.day != nil {
			c.write(before, r.At)
			c.ticket(before, r)
		}
	}
	return nil
}

// Today returns the day that goes on, up to the newest record; nil when none does.
func (c *Collector) Today() *Day {
	if c.day == nil {
		return nil
	}
	now := Collector{state: c.state, teams: c.teams, day: c.day.Clone(), until: c.until, steps: map[queue.TicketID]*step{}}
	for id, s := range c.steps {
		known := *s
		now.steps[id] = &known
	}
	for _, r := range c.firm.Held() { // unless somebody undoes it
		now.apply(r)
	}
	return now.day
}

func (c *Collector) ticket(before *queue.View, r queue.Record) {
	switch e := r.Event.(type) {
	case queue.TicketIssued:
		p := c.place(before, e.Service, r.At)
		c.steps[e.Ticket] = &step{issued: r.At, first: p, place: p}
		c.cell(p).Issued++
	case queue.TicketCalled:
		c.called(before, e, r.At)
	case queue.ServiceStarted:
		if s := c.steps[e.Ticket]; s != nil {
			c.answer(s)
			if !s.started {
				c.cell(s.place).Walks.Add(e.Walk.Duration())
				c.start(before, s, r.At)
			}
		}
	case queue.TicketReturned:
		c.returned(before, e)
	case queue.TicketParked:
		if s := c.steps[e.Ticket]; s != nil {
			c.served(before, s, e.Service)
		}
	case queue.TicketTransferred:
		if s := c.steps[e.Ticket]; s != nil {
			c.served(before, s, e.Spent)
			c.end(s)
			*s = step{issued: s.issued, first: s.first, place: c.place(before, e.Service, r.At)}
			c.cell(s.place).Transferred++
		}
	case queue.TicketClosed:
		if s := c.steps[e.Ticket]; s != nil {
			c.closed(before, s, e, r.At)
		}
	default: // counters, classes and paper
	}
}

func (c *Collector) place(v *queue.View, id queue.ServiceID, at time.Time) place {
	s, _ := v.Service(id)
	return place{s.Group, bandOf(at.In(v.Zone()))}
}

func (c *Collector) cell(p place) *Cell { return c.day.cell(p.group, p.band) }

// called notes the wait and whom the call overtakes.
func (c *Collector) called(before *queue.View, e queue.TicketCalled, at time.Time) {
	s, t := c.steps[e.Ticket], before.Ticket(e.Ticket)
	if s == nil || t == nil {
		return
	}
	s.called, s.class, s.wait = at, t.Class, e.Wait
	c.day.Calls++
	if e.Reason != "" {
		c.outOfOrder(e.Reason)
	}
	for u := range before.Waiting() {
		if u.ID != t.ID && u.Due.Before(t.Due) && before.Serves(e.Counter, u) {
			if o := c.steps[u.ID]; o != nil {
				o.overtakers++
			}
		}
	}
}

// reasons is how many different ones are kept; they are free text.
const reasons = 20

func (c *Collector) outOfOrder(reason string) {
	if c.day.OutOfOrder == nil {
		c.day.OutOfOrder = map[string]int{}
	}
	if _, ok := c.day.OutOfOrder[reason]; !ok && len(c.day.OutOfOrder) >= reasons {
		reason = ""
	}
	c.day.OutOfOrder[reason]++
}

// answer notes that somebody came to the newest call.
func (c *Collector) answer(s *step) {
	if s.answered {
		return
	}
	s.answered = true
	cell, class := c.cell(s.place), c.day.class(s.class)
	cell.Waits.Add(s.wait.Duration())
	class.Waits.Add(s.wait.Duration())
	if s.overtakers > 0 {
		cell.Overtaken++
		cell.Overtakers += s.overtakers
		class.Overtaken++
		class.Overtakers += s.overtakers
	}
}

func (c *Collector) start(v *queue.View, s *step, at time.Time) {
	s.started = true
	c.day.cell(s.group, bandOf(at.In(v.Zone()))).Started++
}

// served adds time at a counter to a step.
func (c *Collector) served(v *queue.View, s *step, long queue.Millis) {
	c.answer(s)
	if !s.started {
		c.start(v, s, s.called)
	}
	s.service += long
}

// end ends a step that was served.
func (c *Collector) end(s *step) { c.cell(s.place).Services.Add(s.service.Duration()) }

func (c *Collector) closed(v *queue.View, s *step, e queue.TicketClosed, at time.Time) {
	cell := c.cell(s.place)
	switch e.End {
	case queue.EndServed:
		c.served(v, s, e.Service)
		c.end(s)
		c.cell(s.place).Served++
		c.cell(s.first).Visits.Add(at.Sub(s.issued))
	case queue.EndNoShow:
		cell.NoShow++
		if !s.answered {
			cell.Lost.Add(s.wait.Duration())
		}
	case queue.EndCancelled:
		cell.Cancelled++
	case queue.EndExpired:
		cell.Expired++
	case queue.EndVoid:
		cell.Void++
	}
}

// returned takes back that somebody did not come who has come after all.
func (c *Collector) returned(before *queue.View, e queue.TicketReturned) {
	s, t := c.steps[e.Ticket], before.Ticket(e.Ticket)
	if s == nil || t == nil || t.End != queue.EndNoShow {
		return
	}
	cell := c.cell(s.place)
	cell.NoShow--
	if !s.answered {
		cell.Lost.remove(s.wait.Duration())
	}
}

// stepClock moves what lasts: nobody stayed longer because somebody set the clock.
func (c *Collector) stepClock(by time.Duration) {
	for _, s := range c.steps {
		s.issued = s.issued.Add(by)
	}
}
