// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const (
	// quiet is how long a counter may have been free while somebody waited whom it might
	// have called, until it is taken for one where nobody is.
	quiet = 5 * time.Minute
	// novice is how many a counter must have called until what it does not serve counts.
	novice = 20
)

// Replay lives recorded days in their order and judges what the methods say at each issue,
// with what was known by then: no figure, no counter, no service is used before it has
// appeared. A file does not say when counters are open, nor what they may serve: both are
// guessed from who was called. The first fifth of the days, or o.Days if that is not 0,
// is for learning alone.
func Replay(r *Recorded, zone *time.Location, o Options) (Result, error) {
	if len(r.Tickets) == 0 {
		return Result{}, errors.New("no ticket")
	}
	days := map[queue.Date]bool{}
	for _, v := range r.Tickets {
		days[queue.DateOf(v.Issued.In(zone))] = true
	}
	train := o.Days
	if train == 0 {
		train = len(days) / 5
	}
	o.Methods = []string{SIM}
	p := &player{zone: zone, judge: newJudge(Scenario{ID: "file", What: "recorded tickets"}, o), skills: map[queue.CounterID]*skill{}}
	p.settings = office(nil)
	p.settings.Groups, p.settings.Services, p.settings.Classes = nil, nil, nil
	p.settings.Zone = zone.String()
	for day := range p.settings.Hours.Week {
		p.settings.Hours.Week[day] = []queue.Span{{From: 0, To: 24 * 60}}
	}
	for lived, rest := 0, r.Tickets; len(rest) > 0; lived++ {
		date := queue.DateOf(rest[0].Issued.In(zone))
		n := slices.IndexFunc(rest, func(v Visit) bool { return queue.DateOf(v.Issued.In(zone)) != date })
		if n < 0 {
			n = len(rest)
		}
		p.judge.counts = lived >= train
		p.day(date, rest[:n])
		rest = rest[n:]
	}
	return p.judge.done(), nil
}

// player turns what was recorded into records of an office.
type player struct {
	zone     *time.Location
	judge    *judge
	settings queue.Settings
	changed  bool // what is known of the office is not in force yet
	skills   map[queue.CounterID]*skill
	at       time.Time
	seq      queue.Seq
	free     map[queue.CounterID]time.Time // open counters without anybody
}

// skill is what a counter has called.
type skill struct {
	calls    int
	services map[queue.ServiceID]bool
}

// step is something that happened to a visit.
type step struct {
	at    time.Time
	kind  int // of those at the same instant the ends come first, then the tickets
	visit int
}

const (
	ends = iota
	comes
	calls
)

func (p *player) day(date queue.Date, visits []Visit) {
	var steps []step
	for i, v := range visits {
		steps = append(steps, step{v.Issued, comes, i})
		if !v.Called.IsZero() {
			steps = append(steps, step{v.Called, calls, i})
		}
		if !v.Ended.IsZero() {
			steps = append(steps, step{v.Ended, ends, i})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.kind - b.kind
	})
	p.free = map[queue.CounterID]time.Time{}
	p.at = later(p.at, steps[0].at)
	p.inForce()
	p.apply(queue.DayOpened{Date: date})
	ids := make([]queue.TicketID, len(visits))
	for _, s := range steps {
		p.at = later(p.at, s.at)
		v := &visits[s.visit]
		p.vanish(queue.CounterID(v.Counter), s.kind)
		switch s.kind {
		case comes:
			ids[s.visit] = p.issue(v)
		case calls:
			p.call(v, ids[s.visit])
		default:
			p.end(v, ids[s.visit])
		}
	}
	p.apply(queue.DayClosed{Date: date})
}

func (p *player) apply(e queue.Event) {
	p.seq++
	p.judge.see(queue.Record{Seq: p.seq, At: p.at, Event: e}, plan{})
}

// inForce makes the office have what has appeared.
func (p *player) inForce() {
	if !p.changed {
		return
	}
	p.changed = false
	s := p.settings
	s.Services, s.Classes, s.Groups = slices.Clone(s.Services), slices.Clone(s.Classes), slices.Clone(s.Groups)
	s.Counters = nil
	for _, c := range p.settings.Counters {
		c.Preferred = nil
		for _, x := range s.Services {
			if k := p.skills[c.ID]; k.calls < novice || k.services[x.ID] {
				c.Preferred = append(c.Preferred, x.ID)
			}
		}
		s.Counters = append(s.Counters, c)
	}
	p.apply(queue.SettingsChanged{Settings: s})
}

// issue gives the number; what it is for and of what class is known from then on.
func (p *player) issue(v *Visit) queue.TicketID {
	service, class := queue.ServiceID(v.Service), queue.ClassID(v.Class)
	if !slices.ContainsFunc(p.settings.Services, func(x queue.Service) bool { return x.ID == service }) {
		p.settings.Groups = append(p.settings.Groups, queue.Group{ID: queue.GroupID(v.Service)})
		p.settings.Services = append(p.settings.Services, queue.Service{ID: service, Group: queue.GroupID(v.Service), Series: "a"})
		p.changed = true
	}
	if !slices.ContainsFunc(p.settings.Classes, func(x queue.Class) bool { return x.ID == class }) {
		p.settings.Classes = append(p.settings.Classes, queue.Class{ID: class})
		p.changed = true
	}
	p.inForce()
	id := queue.TicketID(p.seq + 1)
	p.apply(queue.TicketIssued{Ticket: id, Number: fmt.Sprint(v.Line), Series: "a", Service: service, Class: class, Due: p.at})
	return id
}

// call makes a counter call, and shows that somebody is there and what they serve.
func (p *player) call(v *Visit, id queue.TicketID) {
	c := queue.CounterID(v.Counter)
	k := p.skills[c]
	if k == nil {
		k = &skill{services: map[queue.ServiceID]bool{}}
		p.skills[c] = k
		p.settings.Counters = append(p.settings.Counters, queue.Counter{ID: c, Label: v.Counter})
		p.changed = true
	}
	k.calls++
	if s := queue.ServiceID(v.Service); !k.services[s] {
		k.services[s] = true
		p.changed = true
	}
	p.changed = p.changed || k.calls == novice
	p.inForce()
	if status, _ := p.judge.view.Counter(c); status.State != queue.CounterIsOpen {
		p.apply(queue.CounterOpened{Counter: c})
	}
	delete(p.free, c)
	p.apply(queue.TicketCalled{Ticket: id, Counter: c, Wait: queue.MillisOf(p.at.Sub(v.Issued))})
}

func (p *player) end(v *Visit, id queue.TicketID) {
	e := queue.TicketClosed{Ticket: id, End: v.Outcome}
	if !v.Called.IsZero() {
		e.Counter = queue.CounterID(v.Counter)
		p.free[e.Counter] = p.at
	}
	p.apply(e)
}

// vanish pauses counters that do not call although they could, but for the one that does now.
func (p *player) vanish(now queue.CounterID, kind int) {
	for _, c := range p.settings.Counters {
		since, ok := p.free[c.ID]
		if !ok || kind == calls && c.ID == now || p.at.Sub(since) < quiet || p.judge.view.Next(c.ID, p.at) == nil {
			continue
		}
		delete(p.free, c.ID)
		p.apply(queue.CounterPaused{Counter: c.ID, Reason: "away"})
	}
}
