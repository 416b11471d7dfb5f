// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"maps"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// aside are those who do not wait and may come back: tickets that were parked, and those
// who were not there when they were called. They come back to their old place in time, so
// before most of those who wait.
type aside struct {
	parked, absent comeback
	left           map[queue.TicketID]time.Time // who has not come back yet, and since when
}

// comeback is how often and how soon.
type comeback struct {
	share rate
	after *ring
}

func newAside() aside {
	return aside{
		parked: comeback{after: newRing(samplesKept)}, absent: comeback{after: newRing(samplesKept)},
		left: map[queue.TicketID]time.Time{},
	}
}

// of returns what is known of those like a ticket.
func (a *aside) of(t *queue.Ticket) *comeback {
	if t.Status == queue.Parked {
		return &a.parked
	}
	return &a.absent
}

func (a *aside) leave(id queue.TicketID, at time.Time) { a.left[id] = at }

// back learns from somebody who comes back; t is the ticket before that.
func (a *aside) back(t *queue.Ticket, at time.Time) {
	since, ok := a.left[t.ID]
	if !ok {
		return
	}
	delete(a.left, t.ID)
	c := a.of(t)
	c.share.add(true)
	c.after.add(at.Sub(since).Milliseconds())
}

// lost learns from a parked ticket that ends without having come back.
func (a *aside) lost(t *queue.Ticket) {
	if _, ok := a.left[t.ID]; ok {
		delete(a.left, t.ID)
		a.of(t).share.add(false)
	}
}

// fold ends a day: who has not come back until then does not.
func (a *aside) fold(v *queue.View) {
	for _, id := range slices.Sorted(maps.Keys(a.left)) {
		if t := v.Ticket(id); t != nil {
			a.lost(t)
		}
	}
	clear(a.left)
}

// returner is somebody who may come back in a run.
type returner struct {
	ticket  *queue.Ticket
	service int
	elapsed int64 // since they left
	share   float64
	after   sampler
	within  int64 // they may come back for so long
}

// returnersOf finds who may come back, in the order of their tickets.
func (f *Forecaster) returnersOf(v *queue.View, l *Learner) {
	f.away = f.away[:0]
	within := v.Settings().NoShow.ReturnWithin.Duration().Milliseconds()
	for _, id := range slices.Sorted(maps.Keys(l.aside.left)) {
		t := v.Ticket(id)
		if t == nil {
			continue
		}
		r := returner{ticket: t, service: f.visits.place[t.Service], elapsed: max(0, f.at-l.aside.left[id].UnixMilli()), within: never}
		mean := float64(15 * minute)
		if t.Status != queue.Parked {
			if t.End != queue.EndNoShow || t.Returned || r.elapsed >= within {
				continue
			}
			r.within, mean = within, float64(within)/3
		}
		c := l.aside.of(t)
		prior := .1
		if t.Status == queue.Parked {
			prior = .5
		}
		r.share, r.after = c.share.value(prior, 10), newSampler(mean, .8, c.after)
		f.away = append(f.away, r)
	}
	f.returns = slices.Grow(f.returns[:0], len(f.away))[:len(f.away)]
}

// startReturns draws who comes back in a run, and when. The longer somebody has been away
// the less likely it is.
func (f *Forecaster) startReturns() {
	d := &f.dice
	for i := range f.away {
		r := &f.away[i]
		f.returns[i] = never
		if !d.chance(r.share) {
			continue
		}
		// Who would have been back by now is not one of those who come.
		if after := r.after.draw(d); after > r.elapsed && after <= r.within {
			f.returns[i] = f.at + after - r.elapsed
		}
	}
}

// nextReturn returns who comes back next and when.
func (f *Forecaster) nextReturn() (i int, at int64) {
	at = never
	for j, x := range f.returns {
		if x < at {
			i, at = j, x
		}
	}
	return i, at
}

// comeBack lets somebody who was away wait again.
func (f *Forecaster) comeBack(i int) {
	at := f.returns[i]
	f.returns[i] = never
	f.line.Return(f.away[i].ticket)
	f.service = append(f.service, f.away[i].service)
	f.wake(f.away[i].service, at)
}
