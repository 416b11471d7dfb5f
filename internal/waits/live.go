// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"container/heap"
	"fmt"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

// hall lives the days of a world, with the real state of the office, and shows each
// record to whoever watches.
type hall struct {
	world *world
	state queue.State
	now   time.Time
	watch func(r queue.Record, p plan)

	plan     plan
	clerks   []clerk
	agenda   agenda
	citizens map[queue.TicketID]demand.Arrival
	err      error
}

// clerk is one who works today.
type clerk struct {
	shift  demand.Shift
	breaks int // taken
	idle   bool
	since  time.Time
	turn   int // of the newest plan
	asleep bool
}

// days lives so many days that are no Sundays. It tells before each how many were lived.
func (h *hall) days(n int, before func(lived int)) error {
	date := time.Date(2027, 1, 11, 12, 0, 0, 0, time.UTC) // a Monday
	for lived := 0; lived < n; date = date.AddDate(0, 0, 1) {
		if date.Weekday() == time.Sunday {
			continue
		}
		before(lived)
		if err := h.live(queue.DateOf(date)); err != nil {
			return err
		}
		lived++
	}
	return nil
}

// live lives the day of a date.
func (h *hall) live(date queue.Date) error {
	p, err := h.world.day(date)
	if err != nil || len(p.Shifts) == 0 {
		return err
	}
	slices.SortStableFunc(p.Arrivals, func(a, b demand.Arrival) int { return a.At.Compare(b.At) })
	h.plan, h.citizens, h.clerks, h.agenda = p, map[queue.TicketID]demand.Arrival{}, nil, agenda{}
	h.now = p.Shifts[0].To.Truncate(24 * time.Hour)
	for _, s := range p.Shifts {
		h.now = earliest(h.now, s.From)
	}
	h.now = h.now.Add(-time.Minute)
	if h.state.View().Settings() == nil {
		h.do(queue.ChangeSettings{Settings: h.world.settings})
	}
	h.do(queue.OpenDay{Clock: h.now})
	for i, s := range p.Shifts {
		h.clerks = append(h.clerks, clerk{shift: s, asleep: p.reserves[i]})
		h.look(i, s.From.Add(-30*time.Second))
	}
	for i, a := range p.Arrivals {
		h.agenda.add(deed{at: a.At, who: i, turn: arrives})
	}
	for h.agenda.Len() > 0 && h.err == nil {
		d := h.agenda.take()
		h.now = later(h.now, d.at)
		h.act(d)
	}
	h.do(queue.CloseDay{Force: true})
	if h.err != nil {
		return fmt.Errorf("%s %s, seed %d, %v: %w", h.world.ID, date, h.world.seed, h.now, h.err)
	}
	return nil
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// do gives a command that must be granted.
func (h *hall) do(c queue.Command) {
	if h.err != nil {
		return
	}
	h.now = h.now.UTC().Truncate(time.Millisecond)
	events, err := h.state.Decide(h.now, queue.Actor{Role: queue.RoleSystem}, c)
	if err != nil {
		h.err = fmt.Errorf("%T%+v: %w", c, c, err)
		return
	}
	for _, e := range events {
		r := queue.Record{Seq: h.state.View().Seq() + 1, At: h.now, Event: e}
		h.state.Apply(r)
		if issued, ok := e.(queue.TicketIssued); ok {
			h.citizens[issued.Ticket] = h.plan.Arrivals[0]
		}
		h.watch(r, h.plan)
	}
}

func (h *hall) act(d deed) {
	switch d.turn {
	case arrives:
		h.arrive()
	case h.clerks[d.who].turn:
		h.work(d.who)
	}
}

// arrive lets the next citizen take a ticket and wakes a clerk.
func (h *hall) arrive() {
	a := h.plan.Arrivals[0]
	h.do(queue.IssueTicket{Service: a.Service, Class: a.Class})
	h.plan.Arrivals = h.plan.Arrivals[1:]
	v := h.state.View()
	waiting := 0
	var t *queue.Ticket
	for t = range v.Waiting() {
		waiting++
	}
	best := -1
	for i := range h.clerks {
		k := &h.clerks[i]
		if k.asleep && waiting >= 12 {
			k.asleep = false
			h.look(i, h.now)
		}
		if t != nil && k.idle && (best < 0 || k.since.Before(h.clerks[best].since)) && v.Serves(k.shift.Counter, t) {
			best = i
		}
	}
	if best >= 0 {
		h.look(best, h.now)
	}
}

// look lets a clerk look what to do at an instant and not before.
func (h *hall) look(i int, at time.Time) {
	k := &h.clerks[i]
	k.turn++
	k.idle = false
	h.agenda.add(deed{at: at, who: i, turn: k.turn})
}

func (h *hall) work(i int) {
	k := &h.clerks[i]
	v := h.state.View()
	c, _ := v.Counter(k.shift.Counter)
	if k.asleep {
		return
	}
	if c.Ticket != 0 {
		h.serve(i, c)
		return
	}
	next := v.Next(c.ID, h.now)
	for k.breaks < len(k.shift.Breaks) && !h.now.Before(k.shift.Breaks[k.breaks].To) {
		k.breaks++
	}
	switch {
	case k.breaks < len(k.shift.Breaks) && !h.now.Before(k.shift.Breaks[k.breaks].From):
		b := k.shift.Breaks[k.breaks]
		if c.State == queue.CounterIsOpen {
			h.pause(c, b)
		}
		h.look(i, b.To)
	case !h.now.Before(k.shift.To) && next == nil:
		if c.State != queue.CounterIsClosed {
			h.do(queue.CloseCounter{Counter: c.ID, Seen: c.Seen})
		}
	case c.State != queue.CounterIsOpen:
		h.do(queue.OpenCounter{Counter: c.ID, Seen: c.Seen})
		h.look(i, h.now)
	case next == nil:
		h.rest(i)
	case h.plan.reserves[i] && h.waiting() <= 3:
		h.do(queue.CloseCounter{Counter: c.ID, Seen: c.Seen})
		k.asleep = true
	default:
		h.do(queue.CallNext{Counter: c.ID, Seen: c.Seen})
		h.called(i, next)
	}
}

func (h *hall) waiting() (n int) {
	for range h.state.View().Waiting() {
		n++
	}
	return n
}

// pause takes a break. Only of lunch is it known when it ends.
func (h *hall) pause(c queue.CounterStatus, b demand.Break) {
	p := queue.PauseCounter{Counter: c.ID, Reason: b.Reason, Seen: c.Seen}
	if b.Reason == "lunch" {
		for _, r := range h.plan.roster {
			for _, planned := range r.Breaks {
				if r.Counter == c.ID && planned.To.After(h.now) {
					p.Until = planned.To
				}
			}
		}
	}
	h.do(p)
}

// rest lets a clerk wait for somebody, until the next break or the end.
func (h *hall) rest(i int) {
	k := &h.clerks[i]
	until := k.shift.To
	if k.breaks < len(k.shift.Breaks) {
		until = k.shift.Breaks[k.breaks].From
	}
	h.look(i, until)
	k.idle, k.since = true, h.now
}

// called lets whoever was called come to the counter, or not.
func (h *hall) called(i int, t *queue.Ticket) {
	a := h.citizens[t.ID]
	if a.NoShow {
		h.look(i, h.now.Add(45*time.Second))
		return
	}
	h.look(i, h.now.Add(a.Walk))
}

// serve takes the next step with the citizen at the counter.
func (h *hall) serve(i int, c queue.CounterStatus) {
	t := h.state.View().Ticket(c.Ticket)
	a := h.citizens[t.ID]
	switch {
	case a.NoShow:
		h.do(queue.GiveUp{Counter: c.ID, Seen: c.Seen})
		h.look(i, h.now.Add(h.world.model.Turnover))
	case t.Status == queue.Called:
		h.do(queue.Start{Counter: c.ID, Seen: c.Seen})
		h.look(i, later(h.now, t.CalledAt.Add(h.visit(a, c.ID, t.CalledAt))))
	default:
		h.do(queue.Finish{Counter: c.ID, Seen: c.Seen})
		h.look(i, h.now.Add(h.world.model.Turnover))
	}
}

// visit is how long a citizen takes at a counter.
func (h *hall) visit(a demand.Arrival, c queue.CounterID, at time.Time) time.Duration {
	factor := h.world.speed[c]
	y, m, d := a.At.Date()
	if h.world.slowStart && at.Before(time.Date(y, m, d, 9, 0, 0, 0, a.At.Location())) {
		factor *= 1.25
	}
	return time.Duration(float64(a.Visit) * factor)
}

// arrives is the turn of a citizen's coming.
const arrives = -1

// deed is something that is going to happen.
type deed struct {
	at    time.Time
	order int
	who   int
	turn  int
}

// agenda is a heap of deeds by time.
type agenda struct {
	deeds []deed
	order int
}

func (a *agenda) Len() int { return len(a.deeds) }

func (a *agenda) Less(i, j int) bool {
	x, y := a.deeds[i], a.deeds[j]
	return x.at.Before(y.at) || x.at.Equal(y.at) && x.order < y.order
}

func (a *agenda) Swap(i, j int) { a.deeds[i], a.deeds[j] = a.deeds[j], a.deeds[i] }

// Push is for [heap].
func (a *agenda) Push(x any) {
	if d, ok := x.(deed); ok {
		a.deeds = append(a.deeds, d)
	}
}

// Pop is for [heap].
func (a *agenda) Pop() any {
	last := a.deeds[len(a.deeds)-1]
	a.deeds = a.deeds[:len(a.deeds)-1]
	return last
}

func (a *agenda) add(d deed) {
	a.order++
	d.order = a.order
	heap.Push(a, d)
}

func (a *agenda) take() deed {
	d, _ := heap.Pop(a).(deed)
	return d
}
