// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

// clerk is somebody who works today. What to do next is read from the office's view
// each time the clerk looks: whatever has happened, work goes on from there.
type clerk struct {
	shift  demand.Shift
	comes  time.Time
	breaks int  // taken or missed
	left   bool // has gone home

	turn  uint64 // of the newest plan to look
	idle  bool   // nobody waits
	since time.Time
	ready time.Time // turnover until then
	task  task
}

// plan lets a clerk look after a while, and not before.
func (h *hall) plan(i int, wait time.Duration) {
	k := &h.clerks[i]
	k.turn++
	k.idle = false
	h.after(wait, deed{kind: clerkLooks, who: i, turn: k.turn})
}

func (h *hall) planOn(i int, at time.Time) { h.plan(i, max(0, at.Sub(h.now))) }

// wake lets the clerk who has been idle longest among those who may serve a ticket
// see it.
func (h *hall) wake(id queue.TicketID) {
	t := h.view.Ticket(id)
	if t == nil {
		return
	}
	best := -1
	for i := range h.clerks {
		k := &h.clerks[i]
		if k.idle && (best < 0 || k.since.Before(h.clerks[best].since)) && h.view.Serves(k.shift.Counter, t) {
			best = i
		}
	}
	if best >= 0 {
		h.plan(best, h.dice.between(time.Second, 4*time.Second))
	}
}

// wakeAll lets everybody who is idle look again.
func (h *hall) wakeAll() {
	for i := range h.clerks {
		if h.clerks[i].idle {
			h.plan(i, h.dice.between(time.Second, 4*time.Second))
		}
	}
}

// look lets a clerk do the next thing.
func (h *hall) look(i int) {
	k := &h.clerks[i]
	status, known := h.view.Counter(k.shift.Counter)
	_, open := h.view.Day()
	switch {
	case !known || !open: // somebody opens the day or sets up the counter, and all look
	case h.down:
		h.plan(i, h.dice.between(5*time.Second, 20*time.Second))
	case status.Ticket != 0:
		h.serve(i, status)
	case h.now.Before(k.comes):
		h.planOn(i, k.comes)
	case k.left || !h.now.Before(k.shift.To) && h.next(i) == nil:
		if status.State != queue.CounterIsClosed {
			h.press(i, queue.CloseCounter{Counter: status.ID, Seen: h.seen(status)})
		} else if !k.left {
			k.idle, k.since = true, h.now // whoever comes back from a form is still served
		}
	default:
		h.work(i, status)
	}
}

// work lets a clerk without a citizen open, take a break or call.
func (h *hall) work(i int, status queue.CounterStatus) {
	k := &h.clerks[i]
	for k.breaks < len(k.shift.Breaks) && !h.now.Before(k.shift.Breaks[k.breaks].To) {
		k.breaks++
	}
	away := k.breaks < len(k.shift.Breaks) && !h.now.Before(k.shift.Breaks[k.breaks].From)
	switch {
	case status.State == queue.CounterIsClosed, status.State == queue.CounterIsPaused && !away:
		h.press(i, queue.OpenCounter{Counter: status.ID, Seen: h.seen(status)})
	case away && status.State == queue.CounterIsPaused:
		h.planOn(i, k.shift.Breaks[k.breaks].To)
	case away:
		b := k.shift.Breaks[k.breaks]
		pause := queue.PauseCounter{Counter: status.ID, Reason: b.Reason, Seen: h.seen(status)}
		if at, _ := h.clock.read(h.now); at.Before(b.To) && h.view.At().Before(b.To) {
			pause.Until = b.To
		}
		h.press(i, pause)
	case h.now.Before(k.ready):
		h.planOn(i, k.ready)
	default:
		h.call(i, status)
	}
}

// next returns whom the rule names for a clerk now.
func (h *hall) next(i int) *queue.Ticket {
	at, _ := h.clock.read(h.now)
	return h.view.Next(h.clerks[i].shift.Counter, latest(at, h.view.At()))
}

func (h *hall) call(i int, status queue.CounterStatus) {
	k := &h.clerks[i]
	if h.next(i) == nil {
		h.rest(i)
		return
	}
	if h.dice.chance(h.o.Habits.OutOfOrder) {
		t := h.pickTicket(func(t *queue.Ticket) bool { return h.view.Serves(k.shift.Counter, t) })
		if t != nil {
			h.press(i, queue.CallTicket{Counter: status.ID, Ticket: t.ID, Reason: "asked by the manager", Seen: h.seen(status)})
			return
		}
	}
	h.press(i, queue.CallNext{Counter: status.ID, Seen: h.seen(status)})
}

// rest lets a clerk wait for citizens, until the next break or the end of the shift.
func (h *hall) rest(i int) {
	k := &h.clerks[i]
	until := k.shift.To
	if k.breaks < len(k.shift.Breaks) {
		until = k.shift.Breaks[k.breaks].From
	}
	h.planOn(i, until)
	k.idle, k.since = true, h.now
}

// seen returns the revision that a clerk's command carries: what the page shows, or
// in a rough world something older.
func (h *hall) seen(status queue.CounterStatus) queue.Revision {
	if h.dice.chance(h.o.Faults.Stale) {
		return status.Seen - queue.Revision(1+h.dice.IntN(5))
	}
	return status.Seen
}

// press gives a clerk's command and lets the clerk look at what came of it.
func (h *hall) press(i int, c queue.Command) bool {
	counter := h.clerks[i].shift.Counter
	result, ok := h.ask(queue.RoleCounter, string(counter), c)
	if ok && result.Err == nil {
		h.plan(i, 0)
		return true
	}
	h.plan(i, h.dice.between(3*time.Second, 10*time.Second))
	return false
}

// pickTicket draws one of the tickets that fit, nil if there is none.
func (h *hall) pickTicket(fits func(*queue.Ticket) bool) *queue.Ticket {
	var some []*queue.Ticket
	for t := range h.view.Waiting() {
		if fits(t) {
			some = append(some, t)
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some[h.dice.IntN(len(some))]
}
