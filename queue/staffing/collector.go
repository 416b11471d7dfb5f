// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// kept is how many days are remembered: eight weeks of six.
const kept = 48

// Collector keeps the newest days of an office, from the journal, which it follows from
// any record on. It is not safe for concurrent use.
type Collector struct {
	firm  queue.Firm
	state queue.State
	past  Past
	day   *Day
	of    map[queue.TicketID]int    // the visit of a ticket
	since map[queue.CounterID]span  // present
	free  map[queue.CounterID]event // when it could call, and whether somebody waited
	gaps  []time.Duration
}

type span struct{ from time.Duration }

type event struct {
	at     time.Time
	hungry bool
}

// gapsKept is how many turnovers are remembered; longer ones than gapMost are no turnovers.
const (
	gapsKept = 1000
	gapMost  = 5 * time.Minute
)

// Past returns what was lived so far, without the day that goes on. It is not to be
// changed, and does not change.
func (c *Collector) Past() Past {
	p := c.past
	p.Days = slices.Clone(p.Days)
	sum := time.Duration(0)
	for _, g := range c.gaps {
		sum += g
	}
	p.Turnover = sum / time.Duration(max(1, len(c.gaps)))
	return p
}

// Apply takes in a record. What can still be undone counts a little later.
func (c *Collector) Apply(r queue.Record) {
	for _, firm := range c.firm.Next(r) {
		c.apply(firm)
	}
}

func (c *Collector) apply(r queue.Record) {
	before := c.state.View()
	c.state.Apply(r)
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		c.settle(c.state.View().Settings())
	case queue.DayOpened:
		c.open(e.Date)
	case queue.DayClosed:
		c.close(r.At)
	default:
		if c.day != nil {
			c.live(before, r)
		}
	}
}

// settle takes in settings. If they have other counters or services, the past is
// another office's.
func (c *Collector) settle(s *queue.Settings) {
	if old := c.past.Settings; old == nil || !alike(old, s) {
		c.past, c.day, c.gaps = Past{}, nil, nil
	}
	c.past.Settings = s
}

func alike(a, b *queue.Settings) bool {
	return slices.EqualFunc(a.Services, b.Services, func(x, y queue.Service) bool { return x.ID == y.ID }) &&
		slices.EqualFunc(a.Classes, b.Classes, func(x, y queue.Class) bool { return x.ID == y.ID }) &&
		slices.EqualFunc(a.Counters, b.Counters, func(x, y queue.Counter) bool { return x.ID == y.ID })
}

func (c *Collector) open(date queue.Date) {
	c.day = nil
	midnight, err := date.Midnight(c.state.View().Zone())
	openings := c.past.Settings.Hours.On(midnight)
	if n := len(c.past.Days); err != nil || len(openings) == 0 || n > 0 && c.past.Days[n-1].Date == date {
		return // no day like others
	}
	c.day = &Day{
		Date: date, Open: clock(openings[0].From), Close: clock(openings[len(openings)-1].To),
		Presence: make([][]Span, len(c.past.Settings.Counters)),
	}
	c.of, c.since, c.free = map[queue.TicketID]int{}, map[queue.CounterID]span{}, map[queue.CounterID]event{}
}

func clock(local time.Time) time.Duration {
	h, m, s := local.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(local.Nanosecond())
}

func (c *Collector) now(at time.Time) time.Duration { return clock(at.In(c.state.View().Zone())) }

func (c *Collector) close(at time.Time) {
	if c.day == nil {
		return
	}
	for id := range c.since {
		c.left(id, at)
	}
	slices.SortStableFunc(c.day.Visits, func(a, b Visit) int { return int(a.At - b.At) })
	c.past.Days = append(c.past.Days, *c.day)
	c.past.Days = c.past.Days[max(0, len(c.past.Days)-kept):]
	c.day = nil
}

// left ends a counter's presence.
func (c *Collector) left(id queue.CounterID, at time.Time) {
	began, ok := c.since[id]
	if !ok {
		return
	}
	delete(c.since, id)
	i := slices.IndexFunc(c.past.Settings.Counters, func(x queue.Counter) bool { return x.ID == id })
	if now := c.now(at); now > began.from {
		c.day.Presence[i] = append(c.day.Presence[i], Span{began.from, now})
	}
}

func (c *Collector) live(before *queue.View, r queue.Record) {
	switch e := r.Event.(type) {
	case queue.ClockStepped: // what was measured until now does not fit what follows
		c.day = nil
	case queue.CounterOpened:
		c.since[e.Counter] = span{c.now(r.At)}
	case queue.CounterPaused:
		delete(c.free, e.Counter)
		c.left(e.Counter, r.At)
	case queue.CounterClosed:
		delete(c.free, e.Counter)
		c.left(e.Counter, r.At)
	case queue.TicketIssued:
		v := Visit{At: c.now(r.At), Long: -1, Wait: -1}
		v.Service, v.Class = c.places(e.Service, e.Class)
		if !e.Slot.IsZero() {
			v.Slot = c.now(e.Slot)
		}
		c.visit(e.Ticket, v)
	case queue.TicketCalled:
		c.called(e, r.At)
	case queue.TicketTransferred:
		t := before.Ticket(e.Ticket)
		c.ended(before, e.Ticket, r.At)
		v := Visit{At: c.now(r.At), Long: -1, Wait: -1}
		v.Service, v.Class = c.places(e.Service, t.Class)
		c.visit(e.Ticket, v)
	case queue.TicketParked:
		c.ended(before, e.Ticket, r.At)
	case queue.TicketReturned:
		c.ended(before, e.Ticket, r.At)
	case queue.TicketClosed:
		c.ended(before, e.Ticket, r.At)
	default:
	}
}

func (c *Collector) places(service queue.ServiceID, class queue.ClassID) (s, k int) {
	s = slices.IndexFunc(c.past.Settings.Services, func(x queue.Service) bool { return x.ID == service })
	k = slices.IndexFunc(c.past.Settings.Classes, func(x queue.Class) bool { return x.ID == class })
	return max(0, s), max(0, k)
}

func (c *Collector) visit(id queue.TicketID, v Visit) {
	c.of[id] = len(c.day.Visits)
	c.day.Visits = append(c.day.Visits, v)
}

func (c *Collector) called(e queue.TicketCalled, at time.Time) {
	if i, ok := c.of[e.Ticket]; ok && c.day.Visits[i].Wait < 0 {
		c.day.Visits[i].Wait = max(0, c.now(at)-c.day.Visits[i].At)
	}
	if f, ok := c.free[e.Counter]; ok {
		if gap := at.Sub(f.at); f.hungry && gap <= gapMost {
			c.gaps = append(c.gaps, gap)
			c.gaps = c.gaps[max(0, len(c.gaps)-gapsKept):]
		}
		delete(c.free, e.Counter)
	}
}

// ended adds a ticket's time at a counter to its visit.
func (c *Collector) ended(before *queue.View, id queue.TicketID, at time.Time) {
	t := before.Ticket(id)
	i, ok := c.of[id]
	if t == nil || !ok || !t.AtCounter() {
		return
	}
	v := &c.day.Visits[i]
	v.Long = max(0, v.Long) + at.Sub(t.CalledAt)
	after := c.state.View()
	if status, _ := after.Counter(t.Counter); status.State == queue.CounterIsOpen {
		c.free[t.Counter] = event{at, after.Next(t.Counter, at) != nil}
	}
}
