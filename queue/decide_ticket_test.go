// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// noShow has the first ticket given up, half a minute after eight.
func noShow() []any {
	return append(withCitizen(), queue.Recall{Counter: "c1"}, 30*time.Second, queue.GiveUp{Counter: "c1"})
}

func ticketDecisions() []decision {
	parked := append(withCitizen(), queue.Park{Counter: "c1"})
	refusedStatus := &queue.Refusal{Code: queue.RefusedStatus, Subject: "A001"}
	unknown := &queue.Refusal{Code: queue.RefusedUnknownTicket}
	back := []queue.Event{queue.TicketReturned{Ticket: first}}
	return []decision{
		{name: "unpark", given: parked, when: queue.Unpark{Ticket: first}, then: back},
		{name: "unpark one who waits", given: withCitizen(), when: queue.Unpark{Ticket: second}, refused: &queue.Refusal{Code: queue.RefusedStatus, Subject: "A002"}},
		{name: "unpark nobody", when: queue.Unpark{Ticket: 99}, refused: unknown},
		{
			name: "unpark one of yesterday", given: []any{queue.IssueTicket{Service: "papers"}, queue.CloseDay{}, queue.OpenDay{Clock: clock(8, 0)}},
			when: queue.Unpark{Ticket: first}, refused: unknown,
		},
		{name: "a no-show comes back", given: append(noShow(), 15*time.Minute), when: queue.Unpark{Ticket: first}, then: back},
		{
			name: "a no-show comes back too late", given: append(noShow(), 15*time.Minute+time.Millisecond),
			when: queue.Unpark{Ticket: first}, refused: refusedStatus,
		},
		{
			name: "a no-show comes back twice",
			given: append(noShow(), queue.Unpark{Ticket: first}, queue.CallNext{Counter: "c1"}, queue.Recall{Counter: "c1"},
				30*time.Second, queue.GiveUp{Counter: "c1"}),
			when: queue.Unpark{Ticket: first}, refused: refusedStatus,
		},
		{
			name: "no-shows do not come back here", settings: func(s *queue.Settings) { s.NoShow.ReturnWithin = 0 },
			given: noShow(), when: queue.Unpark{Ticket: first}, refused: refusedStatus,
		},
		{
			name: "one who was served does not come back", given: append(withCitizen(), queue.Finish{Counter: "c1"}),
			when: queue.Unpark{Ticket: first}, refused: refusedStatus,
		},

		{
			name: "cancel", given: withCitizen(), when: queue.Cancel{Ticket: second},
			then: []queue.Event{queue.TicketClosed{Ticket: second, End: queue.EndCancelled}},
		},
		{
			name: "cancel a parked one", given: parked, when: queue.Cancel{Ticket: first},
			then: []queue.Event{queue.TicketClosed{Ticket: first, End: queue.EndCancelled}},
		},
		{name: "cancel one at a counter", given: withCitizen(), when: queue.Cancel{Ticket: first}, refused: refusedStatus},
		{name: "cancel nobody", when: queue.Cancel{Ticket: -1}, refused: unknown},

		{
			name: "change class", given: withCitizen(), when: queue.ChangeClass{Ticket: second, Class: "priority"},
			then: []queue.Event{queue.TicketReclassified{Ticket: second, Class: "priority"}},
		},
		{
			name: "change class to the same", given: withCitizen(), when: queue.ChangeClass{Ticket: second, Class: "normal"},
			refused: &queue.Refusal{Code: queue.RefusedStatus, Subject: "A002"},
		},
		{
			name: "change class to none", given: withCitizen(), when: queue.ChangeClass{Ticket: second},
			refused: &queue.Refusal{Code: queue.RefusedUnknownClass},
		},
		{
			name: "change class at a counter", given: withCitizen(), when: queue.ChangeClass{Ticket: first, Class: "slow"},
			refused: refusedStatus,
		},
		{name: "change class of nobody", when: queue.ChangeClass{Ticket: 2, Class: "slow"}, refused: unknown},

		{
			name: "void one who waits", given: withCitizen(), when: queue.Void{Ticket: second, Reason: "torn"},
			then: []queue.Event{queue.TicketClosed{Ticket: second, End: queue.EndVoid, Reason: "torn"}},
		},
		{
			name: "void one at a counter", given: append(withCitizen(), time.Minute), when: queue.Void{Ticket: first, Reason: "torn"},
			then: []queue.Event{queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndVoid, Reason: "torn", Service: 60_000}},
		},
		{name: "void for no reason", given: withCitizen(), when: queue.Void{Ticket: second}, refused: invalid("reason")},
		{
			name: "void for too many reasons", given: withCitizen(),
			when: queue.Void{Ticket: second, Reason: strings.Repeat("x", 201)}, refused: invalid("reason"),
		},
		{
			name: "void for a reason that is no text", given: withCitizen(),
			when: queue.Void{Ticket: second, Reason: "\xff"}, refused: invalid("reason"),
		},
		{
			name: "void twice", given: append(withCitizen(), queue.Void{Ticket: first, Reason: "torn"}),
			when: queue.Void{Ticket: first, Reason: "torn"}, refused: refusedStatus,
		},
		{name: "void nobody", when: queue.Void{Ticket: 99, Reason: "torn"}, refused: unknown},
	}
}
