// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// The methods. SIM is ours, oracle is ours with the true figures in place of learned
// ones; the others are formulas in use elsewhere, each as its vendors describe it.
const (
	SIM      = "SIM"
	NoRoster = "SIM no roster"
	Oracle   = "oracle"
	MA10     = "MA10"       // mean of the last ten who were called for the service
	MA30     = "MA30"       // mean of those called in the last half hour
	LESOwn   = "LES-own"    // the last one called for the service
	LESPool  = "LES-pool"   // the last one called
	HOLPool  = "HOL-pool"   // the longest that anybody waits so far who shares a counter
	QLNaive  = "QL-naive"   // own queue times mean service by counters
	QLPool   = "QL-pool"    // the work of all who share a counter, by counters
	QLPoolNS = "QL-pool-ns" // the same without those who will not come
	History  = "HIST"       // mean of the weekday, half hour and service
)

// baselines keep what the formulas need.
type baselines struct {
	service  map[queue.ServiceID]*seen
	calls    []start // newest last
	absent   mean
	turnover mean
	free     map[queue.CounterID]time.Time
	history  map[band]*mean
}

type seen struct {
	time mean // at the counter, milliseconds
	last []time.Duration
}

type start struct {
	at   time.Time
	wait time.Duration
}

type band struct {
	day     time.Weekday
	half    int
	service queue.ServiceID
}

// mean is a sum with its number.
type mean struct{ sum, n float64 }

func (m *mean) add(x float64) { m.sum, m.n = m.sum+x, m.n+1 }

// value returns the mean as if five samples of prior had been seen before.
func (m *mean) value(prior float64) float64 { return (m.sum + 5*prior) / (m.n + 5) }

func newBaselines() *baselines {
	return &baselines{service: map[queue.ServiceID]*seen{}, free: map[queue.CounterID]time.Time{}, history: map[band]*mean{}}
}

func (b *baselines) of(s queue.ServiceID) *seen {
	if b.service[s] == nil {
		b.service[s] = &seen{}
	}
	return b.service[s]
}

// learn follows the journal; v is the office before the record.
func (b *baselines) learn(v *queue.View, r queue.Record) {
	switch e := r.Event.(type) {
	case queue.DayOpened:
		clear(b.free)
		b.calls = nil
	case queue.TicketCalled:
		b.called(v, v.Ticket(e.Ticket), r.At)
		if free, ok := b.free[e.Counter]; ok && v.Ticket(e.Ticket).Issued.Before(free) {
			b.turnover.add(float64(r.At.Sub(free).Milliseconds()))
		}
	case queue.CounterPaused:
		delete(b.free, e.Counter)
	case queue.TicketClosed:
		t := v.Ticket(e.Ticket)
		if !t.AtCounter() {
			return
		}
		b.free[e.Counter] = r.At
		if e.End == queue.EndNoShow {
			b.absent.add(1)
		} else {
			b.absent.add(0)
			b.of(t.Service).time.add(float64(r.At.Sub(t.CalledAt).Milliseconds()))
		}
	default:
	}
}

func (b *baselines) called(v *queue.View, t *queue.Ticket, at time.Time) {
	wait := at.Sub(t.Issued)
	b.calls = append(b.calls, start{at, wait})
	s := b.of(t.Service)
	if s.last = append(s.last, wait); len(s.last) > 10 {
		s.last = s.last[1:]
	}
	key := bandOf(v, t)
	if b.history[key] == nil {
		b.history[key] = &mean{}
	}
	b.history[key].add(float64(wait.Milliseconds()))
}

func bandOf(v *queue.View, t *queue.Ticket) band {
	local := t.Issued.In(v.Zone())
	return band{local.Weekday(), 2*local.Hour() + local.Minute()/30, t.Service}
}

// idle reports whether somebody who comes now is called at once.
func idle(v *queue.View, t *queue.Ticket) bool {
	for c := range v.Counters() {
		if c.State == queue.CounterIsOpen && c.Ticket == 0 && v.Serves(c.ID, t) {
			if next := v.Next(c.ID, t.Issued); next != nil && next.ID == t.ID {
				return true
			}
		}
	}
	return false
}

// say returns what each formula says of a ticket that has just been issued.
func (b *baselines) say(v *queue.View, t *queue.Ticket, prior time.Duration) map[string]time.Duration {
	out := map[string]time.Duration{}
	if idle(v, t) {
		for _, m := range []string{MA10, MA30, LESOwn, LESPool, HOLPool, QLNaive, QLPool, QLPoolNS, History} {
			out[m] = 0
		}
		return out
	}
	own := b.of(t.Service)
	out[MA10] = average(own.last)
	if n := len(own.last); n > 0 {
		out[LESOwn] = own.last[n-1]
	}
	if n := len(b.calls); n > 0 {
		out[LESPool] = b.calls[n-1].wait
	}
	var recent []time.Duration
	for _, c := range b.calls {
		if t.Issued.Sub(c.at) <= 30*time.Minute {
			recent = append(recent, c.wait)
		}
	}
	out[MA30] = average(recent)
	if h := b.history[bandOf(v, t)]; h != nil {
		out[History] = time.Duration(h.sum/h.n) * time.Millisecond
	}
	b.queues(v, t, float64(prior.Milliseconds()), out)
	return out
}

// queues are the formulas that look at who waits.
func (b *baselines) queues(v *queue.View, t *queue.Ticket, prior float64, out map[string]time.Duration) {
	open, running, n := 0.0, 0.0, 0.0
	var mine []queue.CounterID
	for c := range v.Counters() {
		if !v.Serves(c.ID, t) {
			continue
		}
		mine = append(mine, c.ID)
		if c.State == queue.CounterIsOpen {
			open++
		}
		if u := v.Ticket(c.Ticket); u != nil {
			running, n = running+b.cycle(u.Service, prior), n+1
		}
	}
	open = max(1, open)
	absent := b.absent.value(.05)
	pool, poolNS, same := running/max(1, n), running/max(1, n), 0.0
	oldest := t.Issued
	for u := range v.Waiting() {
		if u.ID == t.ID || !shared(v, u, mine) {
			continue
		}
		oldest = earliest(oldest, u.Issued)
		pool += b.cycle(u.Service, prior)
		poolNS += (1-absent)*b.cycle(u.Service, prior) + absent*45_000
		if u.Service == t.Service {
			same++
		}
	}
	span := func(ms float64) time.Duration { return time.Duration(ms) * time.Millisecond }
	out[HOLPool] = t.Issued.Sub(oldest)
	out[QLPool] = span(pool / open)
	out[QLPoolNS] = span(poolNS / open)
	out[QLNaive] = span((same + 1) * b.cycle(t.Service, prior) / open)
}

// cycle is what a citizen costs a counter, milliseconds.
func (b *baselines) cycle(s queue.ServiceID, prior float64) float64 {
	return b.of(s).time.value(prior) + b.turnover.value(30_000)
}

func shared(v *queue.View, t *queue.Ticket, counters []queue.CounterID) bool {
	for _, c := range counters {
		if v.Serves(c, t) {
			return true
		}
	}
	return false
}

func average(waits []time.Duration) time.Duration {
	sum := time.Duration(0)
	for _, w := range waits {
		sum += w
	}
	return sum / time.Duration(max(1, len(waits)))
}
