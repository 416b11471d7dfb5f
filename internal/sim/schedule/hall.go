// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"context"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// hall is an office and its people while a run lasts.
type hall struct {
	o      Options
	ctx    context.Context //nolint:containedctx // the run's: every deed of it happens within one call of Run
	source *demand.Source
	dice   dice
	err    error // the first thing that broke

	begin  time.Time // midnight of the first day; true time is counted from here
	now    time.Time // true time
	agenda agenda
	clock  clock

	disk   *disk
	writer Writer
	view   *queue.View // of the newest acknowledged commit
	down   bool        // the daemon is dead
	life   uint64      // of the daemon, from 1
	died   mishap      // how it died
	doom   mishap      // how it will die in the next commit

	checker   *queuetest.Checker
	checked   queue.Seq // newest record that was acknowledged and checked
	figures   *Figures
	digest    digest
	sometimes Sometimes

	closing  time.Time // of today
	citizens []citizen
	owner    map[queue.TicketID]int // citizen of a ticket
	clerks   []clerk
	at       map[queue.CounterID]int // clerk of a counter
	answers  map[queue.RequestID]answer
	requests int // ids given out

	noPaper bool
	papers  map[queue.TicketID]int // unmarked ones that really came out
	emitted map[queue.TicketID]int // newest attempt that the printer is through with
}

// after plans a deed.
func (h *hall) after(wait time.Duration, d deed) {
	d.at = h.now.Sub(h.begin) + wait
	h.agenda.add(d)
}

// on plans a deed for an instant, now if it has passed.
func (h *hall) on(at time.Time, d deed) { h.after(max(0, at.Sub(h.now)), d) }

// fail keeps the first thing that broke.
func (h *hall) fail(err error) {
	if h.err == nil {
		h.err = err
	}
}

func (h *hall) sometime(r Rarity, happened bool) {
	if happened {
		h.sometimes[r]++
	}
}

func (h *hall) do(d deed) {
	switch d.kind {
	case citizenComes:
		h.comes(d)
	case citizenCancels:
		h.ask(queue.RoleCitizen, "phone", queue.Cancel{Ticket: queue.TicketID(d.turn)})
	case citizenReturns:
		h.returns(d)
	case citizenReprint:
		h.ask(queue.RoleCounter, "help-desk", queue.Reprint{Ticket: queue.TicketID(d.turn), Printer: printer})
	case clerkLooks:
		if d.turn == h.clerks[d.who].turn {
			h.look(d.who)
		}
	case printerAnswers:
		h.printed(d)
	case mailArrives:
		h.receive(d.mail)
	case dayOpens:
		h.opens()
	case dayCloses:
		h.closes()
	case dayClosesEarly:
		h.closesEarly()
	case clerksLeave:
		for i := range h.clerks {
			h.clerks[i].left = true
			h.plan(i, 0)
		}
	case hourStrikes:
		if !h.down {
			if err := h.checker.Compare(h.view); err != nil {
				h.fail(err)
			}
		}
	default:
		h.fault(d)
	}
}

// planDay puts on the agenda what a day brings by itself.
func (h *hall) planDay(day demand.Day) {
	h.citizens, h.clerks = h.citizens[:0], h.clerks[:0]
	h.owner, h.at = map[queue.TicketID]int{}, map[queue.CounterID]int{}
	h.answers = map[queue.RequestID]answer{}
	h.papers, h.emitted = map[queue.TicketID]int{}, map[queue.TicketID]int{}
	for i, a := range day.Arrivals {
		h.citizens = append(h.citizens, citizen{Arrival: a})
		h.on(a.At, deed{kind: citizenComes, who: i})
	}
	opening := day.Shifts[0].From
	h.closing = day.Shifts[0].To
	for i, s := range day.Shifts {
		h.clerks = append(h.clerks, clerk{shift: s, comes: s.From.Add(-h.dice.between(0, 5*time.Minute))})
		h.at[s.Counter] = i
	}
	h.on(opening.Add(-15*time.Minute), deed{kind: dayOpens})
	h.on(h.closing.Add(5*time.Minute), deed{kind: dayCloses})
	for at := opening; at.Before(h.closing.Add(2 * time.Hour)); at = at.Add(time.Hour) {
		h.on(at, deed{kind: hourStrikes})
	}
	h.planFaults(opening)
}

// opens tries to open the day until the clock is believed.
func (h *hall) opens() {
	wall := h.now.Add(h.clock.wall)
	result, ok := h.ask(queue.RoleSystem, "office", queue.OpenDay{Clock: wall, Built: h.begin.AddDate(-1, 0, 0)})
	if ok && result.Err == nil || ok && refused(result.Err) == queue.RefusedDayOpen {
		return
	}
	if h.now.Before(h.closing) {
		h.after(2*time.Minute, deed{kind: dayOpens})
	}
}

// closes ends the day when everybody has gone, or late in the evening anyway.
func (h *hall) closes() {
	if _, open := h.view.Day(); !open {
		return
	}
	late := h.now.After(h.closing.Add(3 * time.Hour))
	busy := false
	for t := range h.view.Open() {
		busy = busy || t.Status != queue.Parked && !h.abandoned()
	}
	if busy && !late {
		h.after(10*time.Minute, deed{kind: dayCloses})
		return
	}
	if result, ok := h.ask(queue.RoleSystem, "office", queue.CloseDay{Force: late}); !ok || result.Err != nil {
		h.after(5*time.Minute, deed{kind: dayCloses})
	}
}

// abandoned reports whether the clerks have left the hall with people in it.
func (h *hall) abandoned() bool {
	for i := range h.clerks {
		if !h.clerks[i].left {
			return false
		}
	}
	return true
}

// closesEarly closes the day by mistake and opens it again.
func (h *hall) closesEarly() {
	if _, open := h.view.Day(); !open {
		return
	}
	result, ok := h.ask(queue.RoleManager, "manager", queue.CloseDay{Force: h.dice.chance(.5)})
	h.sometime(DayCloseRefused, ok && refused(result.Err) == queue.RefusedCounterBusy)
	if ok && result.Err == nil {
		h.after(h.dice.between(time.Minute, 10*time.Minute), deed{kind: dayOpens})
	}
}
