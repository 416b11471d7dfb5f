// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// task is a clerk's citizen and how it is going to go. Its times are true times.
type task struct {
	ticket   queue.TicketID
	calledAt time.Time // the view's: a new call of the same ticket is a new task
	comes    bool      // the citizen is in the hall
	asked    time.Time // for the last time
	starts   time.Time // zero when the clerk does not confirm it
	ends     time.Time
	ending   ending
}

type ending uint8

const (
	finish ending = iota
	finishByNext
	park
	transfer
	putBack
)

// recallAfter is when a clerk calls once more.
const recallAfter = 30 * time.Second

func (h *hall) newTask(t *queue.Ticket) task {
	k := task{ticket: t.ID, calledAt: t.CalledAt, asked: h.now}
	i, known := h.owner[t.ID]
	if !known || h.citizens[i].NoShow {
		return k
	}
	c := &h.citizens[i]
	visit := c.Visit
	if c.steps > 0 {
		visit = max(visit/2, c.Walk)
	}
	c.steps++
	k.comes, k.ends = true, h.now.Add(visit)
	if !h.dice.chance(h.o.Habits.SkipStart) {
		k.starts = h.now.Add(c.Walk)
	}
	habits := &h.o.Habits
	switch {
	case h.dice.chance(habits.Park):
		k.ending = park
	case h.dice.chance(habits.Transfer):
		k.ending = transfer
	case h.dice.chance(habits.Return):
		k.ending = putBack
	case h.dice.chance(habits.NextEnds):
		k.ending = finishByNext
	}
	return k
}

// serve lets a clerk go on with the citizen who has been called.
func (h *hall) serve(i int, status queue.CounterStatus) {
	k := &h.clerks[i]
	t := h.view.Ticket(status.Ticket)
	if k.task.ticket != t.ID || !k.task.calledAt.Equal(t.CalledAt) && t.Status == queue.Called {
		k.task = h.newTask(t)
	}
	switch work := &k.task; {
	case !work.comes && t.Status == queue.Called:
		h.miss(i, status, t)
	case !work.starts.IsZero() && t.Status == queue.Called && h.now.Before(work.starts):
		h.planOn(i, work.starts)
	case !work.starts.IsZero() && t.Status == queue.Called && h.now.Before(work.ends):
		h.press(i, queue.Start{Counter: status.ID, Seen: h.seen(status)})
	case h.now.Before(work.ends):
		h.planOn(i, work.ends)
	default:
		h.end(i, status, t)
	}
}

// miss lets a clerk call a citizen who does not come again, and give up.
func (h *hall) miss(i int, status queue.CounterStatus, t *queue.Ticket) {
	k := &h.clerks[i]
	policy := h.view.Settings().NoShow
	if t.Calls < policy.Calls {
		if due := k.task.asked.Add(recallAfter); h.now.Before(due) {
			h.planOn(i, due)
		} else if h.press(i, queue.Recall{Counter: status.ID, Seen: h.seen(status)}) {
			k.task.asked = h.now
		}
		return
	}
	if due := k.task.asked.Add(policy.After.Duration()); h.now.Before(due) {
		h.planOn(i, due)
		return
	}
	h.press(i, queue.GiveUp{Counter: status.ID, Seen: h.seen(status)})
}

// end lets a clerk end a service in the way that was drawn for it.
func (h *hall) end(i int, status queue.CounterStatus, t *queue.Ticket) {
	k := &h.clerks[i]
	seen := h.seen(status)
	ready := h.now.Add(h.o.Model.Turnover)
	switch k.task.ending {
	case finish:
	case finishByNext:
		if h.view.Settings().FinishOnNext && h.mayCallOn(i) {
			if at := k.task.ends.Add(h.o.Model.Turnover); h.now.Before(at) {
				h.planOn(i, at)
				return
			}
			h.sometime(FinishedByNext, h.press(i, queue.CallNext{Counter: status.ID, Seen: seen}))
			return
		}
	case park:
		if h.press(i, queue.Park{Counter: status.ID, Reason: "form", Seen: seen}) {
			k.ready = ready
		}
		return
	case transfer:
		if to, ok := h.elsewhere(t); ok {
			to.Counter, to.Seen = status.ID, seen
			if h.press(i, to) {
				k.ready = ready
			}
			return
		}
	case putBack:
		if h.press(i, queue.Return{Counter: status.ID, Seen: seen}) {
			k.ready = ready
		}
		return
	}
	c := queue.Finish{Counter: status.ID, Seen: seen}
	if outcomes := h.view.Settings().Outcomes; len(outcomes) > 0 && h.dice.chance(h.o.Habits.Outcome) {
		c.Outcome = pickOf(h.dice, outcomes)
	}
	if h.press(i, c) {
		k.ready = ready
	}
}

// mayCallOn reports whether a clerk goes on without a break after this citizen.
func (h *hall) mayCallOn(i int) bool {
	k := &h.clerks[i]
	soon := h.now.Add(h.o.Model.Turnover)
	due := k.breaks < len(k.shift.Breaks) && !soon.Before(k.shift.Breaks[k.breaks].From)
	return !due && !k.left && soon.Before(k.shift.To)
}

// elsewhere draws where a citizen is sent on to: another service that is served now,
// or a certain counter that is open.
func (h *hall) elsewhere(t *queue.Ticket) (to queue.Transfer, ok bool) {
	var open []queue.Counter
	for _, c := range h.view.Settings().Counters {
		if s, _ := h.view.Counter(c.ID); s.State == queue.CounterIsOpen && c.ID != t.Counter {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return to, false
	}
	c := pickOf(h.dice, open)
	to.KeepPlace = h.dice.chance(.6)
	if h.dice.chance(.3) {
		to.To = c.ID
		return to, true
	}
	to.Service = pickOf(h.dice, c.Preferred)
	return to, to.Service != t.Service
}
