// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
)

func undoDecisions() []decision {
	undo := queue.Undo{Counter: "c1"}
	soon := func(more ...any) []any { return append(withCitizen(), more...) }
	late := refusedCounter(queue.RefusedTooLate, "c1")
	back := func(service queue.ServiceID, answered bool, spent, after queue.Millis) []queue.Event {
		return []queue.Event{queue.StepUndone{Ticket: first, Counter: "c1", Service: service, Answered: answered, Spent: spent, After: after}}
	}
	return []decision{
		{
			name: "a call", given: soon(5 * time.Second), when: undo,
			then: []queue.Event{queue.CallUndone{Ticket: first, Counter: "c1", After: 5000}},
		},
		{name: "a call a moment too late", given: soon(5*time.Second + time.Millisecond), when: undo, refused: late},
		{
			name:  "a call out of order",
			given: []any{queue.IssueTicket{Service: "papers"}, queue.OpenCounter{Counter: "c1"}, queue.CallTicket{Counter: "c1", Ticket: first, Reason: "asked"}},
			when:  undo, then: []queue.Event{queue.CallUndone{Ticket: first, Counter: "c1"}},
		},
		{name: "a finish", given: soon(time.Minute, queue.Finish{Counter: "c1"}, time.Second), when: undo, then: back("papers", false, 60_000, 1000)},
		{
			name:  "a finish of somebody who had come",
			given: soon(time.Minute, queue.Start{Counter: "c1"}, time.Minute, queue.Finish{Counter: "c1", Outcome: "done"}), when: undo,
			then: back("papers", true, 60_000, 0),
		},
		{
			name:  "a no-show",
			given: soon(queue.Recall{Counter: "c1"}, time.Minute, queue.GiveUp{Counter: "c1"}), when: undo,
			then: back("papers", false, 0, 0),
		},
		{name: "a park", given: soon(time.Minute, queue.Park{Counter: "c1"}), when: undo, then: back("papers", false, 60_000, 0)},
		{name: "a return", given: soon(time.Minute, queue.Return{Counter: "c1"}), when: undo, then: back("papers", false, 0, 0)},
		{
			name:  "a transfer",
			given: soon(time.Minute, queue.Transfer{Counter: "c1", Service: "taxes"}), when: undo,
			then: back("papers", false, 60_000, 0),
		},
		{
			name: "a next that has finished", settings: func(s *queue.Settings) { s.FinishOnNext = true },
			given: soon(time.Minute, queue.CallNext{Counter: "c1"}, time.Second), when: undo,
			then: append([]queue.Event{queue.CallUndone{Ticket: second, Counter: "c1", After: 1000}}, back("papers", false, 60_000, 1000)...),
		},
		{
			name: "nothing", given: []any{queue.OpenCounter{Counter: "c1"}}, when: undo, refused: late,
		},
		{name: "a start is not undone", given: soon(queue.Start{Counter: "c1"}), when: undo, refused: late},
		{name: "a recall is not undone", given: soon(queue.Recall{Counter: "c1"}), when: undo, refused: late},
		{name: "twice", given: soon(queue.Finish{Counter: "c1"}, undo), when: undo, refused: late},
		{
			name:  "a finish, and the counter has closed",
			given: soon(queue.Finish{Counter: "c1"}, queue.CloseCounter{Counter: "c1"}), when: undo, refused: late,
		},
		{
			name:  "a park, and the ticket is back in the queue",
			given: soon(queue.Park{Counter: "c1"}, queue.Unpark{Ticket: first}), when: undo, refused: late,
		},
		{
			name: "a transfer, and another counter has called it",
			given: soon(queue.Transfer{Counter: "c1", Service: "cards"}, queue.OpenCounter{Counter: "c3"},
				queue.CallTicket{Counter: "c3", Ticket: first, Reason: "asked"}),
			when: undo, refused: late,
		},
		{
			name:  "a return, and the class is another",
			given: soon(queue.Return{Counter: "c1"}, queue.ChangeClass{Ticket: first, Class: "priority"}), when: undo, refused: late,
		},
		{
			name: "a finish, and its paper came out meanwhile",
			given: []any{
				queue.IssueTicket{Service: "papers", Printer: "hall"},
				queue.OpenCounter{Counter: "c1"},
				queue.CallNext{Counter: "c1"},
				queue.Finish{Counter: "c1"},
				queue.ReportSlip{Ticket: first, Attempt: 1, Result: queue.SlipResultSent},
			},
			when: undo, then: back("papers", false, 0, 0),
		},
		{
			name: "a finish, and the number is somebody else's", settings: func(s *queue.Settings) { s.Series[0].Last = 2 },
			given: soon(queue.Finish{Counter: "c1"}, queue.IssueTicket{Service: "papers"}), when: undo, refused: late,
		},
		{name: "a void is meant", given: soon(queue.Void{Ticket: first, Reason: "child's play"}), when: undo, refused: late},
		{name: "a step before the clock was set", given: soon(queue.StepClock{By: 1000}), when: undo, refused: late},
		{
			name: "what the clerk did not see", given: withCitizen(), when: queue.Undo{Counter: "c1", Seen: stale},
			refused: refusedCounter(queue.RefusedConflict, "c1"),
		},
		{name: "at no counter", given: withCitizen(), when: queue.Undo{Counter: "c9"}, refused: refusedCounter(queue.RefusedUnknownCounter, "c9")},
	}
}

// TestUndoneIsAsBefore: after an undo everything but the places in the journal is what it was.
func TestUndoneIsAsBefore(t *testing.T) {
	for name, then := range map[string][]queue.Command{
		"call":     {queue.Finish{Counter: "c1"}, queue.CallNext{Counter: "c1"}},
		"park":     {queue.Park{Counter: "c1", Reason: "form"}},
		"transfer": {queue.Transfer{Counter: "c1", To: "c2"}},
		"finish":   {queue.Finish{Counter: "c1", Outcome: "done"}},
		"return":   {queue.Return{Counter: "c1"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := decision{given: withCitizen()}.hall(t)
			for _, c := range then[:len(then)-1] {
				h.do(c)
			}
			before := h.view()
			h.do(then[len(then)-1])
			if until, ok := h.view().Undoable("c1", h.view().At()); !ok || until.Sub(h.view().At()) != queue.UndoWithin {
				t.Fatalf("undoable until %v, %t", until, ok)
			}
			h.wait(time.Second)
			h.do(queue.Undo{Counter: "c1"})
			after := h.view()
			if _, ok := after.Undoable("c1", after.At()); ok {
				t.Error("an undo can be undone")
			}
			for _, id := range []queue.TicketID{first, second} {
				if d := cmp.Diff(before.Ticket(id), after.Ticket(id), cmp.AllowUnexported(queue.Ticket{})); d != "" {
					t.Errorf("ticket %d (-before +after):\n%s", id, d)
				}
			}
			a, _ := before.Counter("c1")
			b, _ := after.Counter("c1")
			b.Seen = a.Seen
			if a != b {
				t.Errorf("counter %+v, %+v", a, b)
			}
		})
	}
}
