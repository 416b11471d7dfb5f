// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Dice are where random commands take their choices from: a property test's
// generator, a seeded source, or a fuzzer's bytes.
type Dice interface {
	// IntN returns a number from 0 to n-1; n is above 0.
	IntN(n int) int
}

// Command returns a random command that somebody could give in the situation of v
// at an instant. Most make sense; some come late, twice or from the wrong counter.
func Command(d Dice, v *queue.View, at time.Time) queue.Command {
	settings := v.Settings()
	if _, open := v.Day(); !open {
		if d.IntN(8) == 0 {
			return skip(d, v, at)
		}
		return queue.OpenDay{Clock: at}
	}
	counter := pick(d, settings.Counters).ID
	status, _ := v.Counter(counter)
	seen := status.Seen
	if d.IntN(20) == 0 {
		seen -= queue.Revision(d.IntN(5))
	}
	if c, ok := undo(d, v, at); ok {
		return c
	}
	ticket := anyTicket(d, v)
	switch d.IntN(43) {
	case 0:
		return queue.CloseDay{Force: d.IntN(3) == 0}
	case 1:
		return queue.PauseCounter{Counter: counter, Reason: "break", Until: at.Add(15 * time.Minute), Seen: seen}
	case 2:
		return queue.CloseCounter{Counter: counter, Seen: seen}
	case 3:
		return queue.Park{Counter: counter, Reason: "form", Seen: seen}
	case 4:
		return queue.Return{Counter: counter, Seen: seen}
	case 5:
		return queue.Transfer{
			Counter: counter, Service: pick(d, settings.Services).ID, KeepPlace: d.IntN(2) == 0, Seen: seen,
			To: []queue.CounterID{"", pick(d, settings.Counters).ID}[d.IntN(2)],
		}
	case 6:
		return queue.CallTicket{Counter: counter, Ticket: ticket, Reason: "asked by the manager", Seen: seen}
	case 7:
		return queue.Unpark{Ticket: ticket}
	case 8:
		return queue.Cancel{Ticket: ticket}
	case 9:
		return queue.ChangeClass{Ticket: ticket, Class: pick(d, settings.Classes).ID}
	case 42:
		if d.IntN(4) == 0 {
			return skip(d, v, at)
		}
	case 40, 41:
		return queue.LetPass{Ticket: ticket}
	case 10:
		return queue.Void{Ticket: ticket, Reason: "wrong service"}
	case 11:
		return queue.Reprint{Ticket: ticket, Printer: "p1"}
	case 12:
		return queue.StepClock{By: queue.Millis(d.IntN(3_600_000))}
	case 13, 14, 15:
		return slipReport(d, v, ticket)
	case 16, 17, 18:
		return queue.OpenCounter{Counter: counter, Seen: seen}
	case 19, 20, 21:
		return queue.Recall{Counter: counter, Seen: seen}
	case 22, 23:
		return queue.GiveUp{Counter: counter, Seen: seen}
	case 24, 25, 26:
		return queue.Start{Counter: counter, Seen: seen}
	case 27, 28, 29, 30:
		return queue.Finish{Counter: counter, Outcome: []string{"", "done", "?"}[d.IntN(3)], Seen: seen}
	case 31, 32, 33, 34:
		return queue.CallNext{Counter: counter, Seen: seen}
	}
	return issue(d, v, at)
}

// undo returns a command that takes back what has just been done, if there is something;
// now and then also where there is nothing.
func undo(d Dice, v *queue.View, at time.Time) (queue.Command, bool) {
	for c := range v.Counters() {
		if _, can := v.Undoable(c.ID, at); can && d.IntN(3) == 0 || d.IntN(100) == 0 {
			return queue.Undo{Counter: c.ID, Seen: c.Seen}, true
		}
	}
	return nil, false
}

// skip lets one series go on a little later, now and then earlier, which is refused.
func skip(d Dice, v *queue.View, at time.Time) queue.Command {
	series := pick(d, v.Settings().Series).ID
	return queue.SkipNumbers{Next: map[queue.SeriesID]int{series: v.NextNumbers(at)[series] + d.IntN(6) - 1}}
}

func pick[T any](d Dice, from []T) T { return from[d.IntN(len(from))] }

// anyTicket returns some ticket of the day, 0 or one that does not exist.
func anyTicket(d Dice, v *queue.View) queue.TicketID {
	var ids []queue.TicketID
	for t := range v.Tickets() {
		ids = append(ids, t.ID)
	}
	if len(ids) == 0 || d.IntN(30) == 0 {
		return queue.TicketID(d.IntN(100))
	}
	if n := len(ids); n > 12 && d.IntN(3) > 0 {
		ids = ids[n-12:]
	}
	return pick(d, ids)
}

func issue(d Dice, v *queue.View, at time.Time) queue.Command {
	settings := v.Settings()
	c := queue.IssueTicket{
		Service: pick(d, settings.Services).ID, Channel: queue.ChannelKiosk,
		Language: pick(d, settings.Languages), Printer: []string{"", "p1"}[d.IntN(2)],
	}
	if d.IntN(4) == 0 {
		c.Class = pick(d, settings.Classes).ID
	}
	if d.IntN(6) == 0 {
		c.Channel = queue.ChannelAppointment
		c.Slot = at.Add(time.Duration(d.IntN(60)-30) * time.Minute).Truncate(time.Minute)
	}
	return c
}

func slipReport(d Dice, v *queue.View, id queue.TicketID) queue.Command {
	c := queue.ReportSlip{
		Ticket: id, Level: "A", Fault: "paper_end",
		Result: pick(d, []queue.SlipResult{
			queue.SlipResultPrinted, queue.SlipResultSent, queue.SlipResultFailed, queue.SlipResultUnknown, queue.SlipResultPending,
		}),
	}
	if t := v.Ticket(id); t != nil {
		c.Attempt = t.Slip.Attempt
	}
	return c
}
