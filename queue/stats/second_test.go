// SPDX-License-Identifier: EUPL-1.2

package stats_test

import (
	"slices"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// sum adds up the cells of days that are picked.
func sum(days []*stats.Day, pick func(*stats.Day, *stats.Cell) bool) stats.Summary {
	var of stats.Sum
	for _, d := range days {
		of.AddDay(d)
		for i := range d.Cells {
			if pick(d, &d.Cells[i]) {
				of.Add(&d.Cells[i])
			}
		}
	}
	return *of.Summary()
}

func every(*stats.Day, *stats.Cell) bool { return true }

// fairness is how a class fared.
type fairness struct{ answered, overtaken, overtakers int }

// second reads a journal anew: all events of a ticket together, one ticket after another.
func second(records []queue.Record) (stats.Summary, map[queue.ClassID]fairness) {
	var s stats.Summary
	tickets := map[queue.TicketID][]queue.Record{}
	var order []queue.TicketID
	take := func(id queue.TicketID, r queue.Record) {
		if tickets[id] == nil {
			order = append(order, id)
		}
		tickets[id] = append(tickets[id], r)
	}
	var steps []queue.Record
	for _, r := range records {
		switch e := r.Event.(type) {
		case queue.TicketIssued:
			take(e.Ticket, r)
		case queue.TicketCalled:
			take(e.Ticket, r)
			s.OutOfOrder.Of++
			if e.Reason != "" {
				s.OutOfOrder.N++
			}
		case queue.ServiceStarted:
			take(e.Ticket, r)
		case queue.TicketReturned:
			take(e.Ticket, r)
		case queue.TicketParked:
			take(e.Ticket, r)
		case queue.TicketTransferred:
			take(e.Ticket, r)
		case queue.TicketClosed:
			take(e.Ticket, r)
		case queue.ClockStepped:
			steps = append(steps, r)
		default:
		}
	}
	for _, id := range order {
		life(&s, tickets[id], steps)
	}
	classes := overtaking(&s, records)
	s.Overtaken.Of = s.Waits.N()
	return s, classes
}

// life adds one ticket.
func life(s *stats.Summary, events []queue.Record, clock []queue.Record) {
	issued := events[0]
	s.Issued++
	for len(events) > 0 { // each round is a step
		n := len(events)
		for i, r := range events {
			if _, ok := r.Event.(queue.TicketTransferred); ok {
				n = i + 1
				break
			}
		}
		oneStep(s, events[:n], issued, clock)
		events = events[n:]
	}
}

func oneStep(s *stats.Summary, events []queue.Record, issued queue.Record, clock []queue.Record) {
	var wait, service queue.Millis
	answered, started := false, false
	answer := func() {
		if !answered {
			s.Waits.Add(wait.Duration())
		}
		answered = true
	}
	begin := func() {
		if !started {
			s.Started++
		}
		started = true
	}
	end := queue.End("")
	for _, r := range events {
		switch e := r.Event.(type) {
		case queue.TicketCalled:
			wait = e.Wait
		case queue.ServiceStarted:
			answer()
			if !started {
				s.Walks.Add(e.Walk.Duration())
			}
			begin()
		case queue.TicketParked:
			answer()
			begin()
			service += e.Service
		case queue.TicketTransferred:
			answer()
			begin()
			s.Services.Add((service + e.Spent).Duration())
			s.Transferred++
		case queue.TicketReturned:
			end = ""
		case queue.TicketClosed:
			end = e.End
			if end == queue.EndServed {
				answer()
				begin()
				s.Services.Add((service + e.Service).Duration())
				stay := r.At.Sub(issued.At)
				for _, c := range clock {
					if step, ok := c.Event.(queue.ClockStepped); ok && issued.Seq < c.Seq && c.Seq < r.Seq {
						stay -= step.By.Duration()
					}
				}
				s.Visits.Add(stay)
			}
		default:
		}
	}
	switch end {
	case queue.EndServed:
		s.Served++
	case queue.EndNoShow:
		s.NoShow++
		if !answered {
			s.Lost.Add(wait.Duration())
		}
	case queue.EndCancelled:
		s.Cancelled++
	case queue.EndExpired:
		s.Expired++
	case queue.EndVoid:
		s.Void++
	}
}

// overtaking counts, for each step that was answered, the calls of younger ones before.
func overtaking(s *stats.Summary, records []queue.Record) map[queue.ClassID]fairness {
	var state queue.State
	count, answered := map[queue.TicketID]int{}, map[queue.TicketID]bool{}
	class, fair := map[queue.TicketID]queue.ClassID{}, map[queue.ClassID]fairness{}
	answer := func(id queue.TicketID) {
		if answered[id] {
			return
		}
		answered[id] = true
		f := fair[class[id]]
		f.answered++
		if count[id] > 0 {
			s.Overtaken.N++
			s.Overtakers += count[id]
			f.overtaken++
			f.overtakers += count[id]
		}
		fair[class[id]] = f
	}
	for _, r := range records {
		v := state.View()
		switch e := r.Event.(type) {
		case queue.TicketCalled:
			class[e.Ticket] = v.Ticket(e.Ticket).Class
			for x := range v.Waiting() {
				if x.ID != e.Ticket && x.Due.Before(v.Ticket(e.Ticket).Due) && v.Serves(e.Counter, x) {
					count[x.ID]++
				}
			}
		case queue.ServiceStarted:
			answer(e.Ticket)
		case queue.TicketParked:
			answer(e.Ticket)
		case queue.TicketTransferred:
			answer(e.Ticket)
			delete(answered, e.Ticket)
			delete(count, e.Ticket)
		case queue.TicketClosed:
			if e.End == queue.EndServed {
				answer(e.Ticket)
			}
		default:
		}
		state.Apply(r)
	}
	return fair
}

// firm leaves out what was undone: a call, or a step that left a counter, with the undoing.
func firm(records []queue.Record) (out []queue.Record) {
	about := func(e queue.Event) (call bool, t queue.TicketID, c queue.CounterID) {
		switch e := e.(type) {
		case queue.TicketCalled:
			return true, e.Ticket, e.Counter
		case queue.TicketReturned:
			return false, e.Ticket, e.Counter
		case queue.TicketParked:
			return false, e.Ticket, e.Counter
		case queue.TicketTransferred:
			return false, e.Ticket, e.Counter
		case queue.TicketClosed:
			return false, e.Ticket, e.Counter
		default:
			return false, 0, ""
		}
	}
	without := func(call bool, t queue.TicketID, c queue.CounterID) {
		for i, r := range slices.Backward(out) {
			if x, y, z := about(r.Event); x == call && y == t && z == c {
				out = slices.Delete(out, i, i+1)
				return
			}
		}
	}
	for _, r := range records {
		switch e := r.Event.(type) {
		case queue.CallUndone:
			without(true, e.Ticket, e.Counter)
		case queue.StepUndone:
			without(false, e.Ticket, e.Counter)
		default:
			out = append(out, r)
		}
	}
	return out
}
