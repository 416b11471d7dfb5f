// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

func finishOnNext(s *queue.Settings) { s.FinishOnNext = true }

func callDecisions() []decision {
	waiting := []any{queue.IssueTicket{Service: "papers"}, queue.IssueTicket{Service: "papers"}, queue.OpenCounter{Counter: "c1"}}
	after := func(d time.Duration, given []any) []any { return append(given[:len(given):len(given)], d) }
	return []decision{
		{
			name: "next", given: after(90*time.Second, waiting),
			when: queue.CallNext{Counter: "c1"},
			then: []queue.Event{queue.TicketCalled{Ticket: first, Counter: "c1", Wait: 90_000}},
		},
		{
			name:  "the wait goes on after a call that nobody answered",
			given: append(withCitizen(), time.Minute, queue.Return{Counter: "c1"}, time.Minute),
			when:  queue.CallNext{Counter: "c1"},
			then:  []queue.Event{queue.TicketCalled{Ticket: first, Counter: "c1", Wait: 120_000}},
		},
		{
			name:  "the wait begins anew after one that was answered",
			given: append(withCitizen(), queue.Start{Counter: "c1"}, time.Minute, queue.Return{Counter: "c1"}, time.Minute),
			when:  queue.CallNext{Counter: "c1"},
			then:  []queue.Event{queue.TicketCalled{Ticket: first, Counter: "c1", Wait: 60_000}},
		},
		{
			name:  "the wait goes on for a no-show that comes back",
			given: append(noShow(), time.Minute, queue.Unpark{Ticket: first}, time.Minute),
			when:  queue.CallNext{Counter: "c1"},
			then:  []queue.Event{queue.TicketCalled{Ticket: first, Counter: "c1", Wait: 150_000}},
		},
		{
			name: "next with nobody", given: []any{queue.OpenCounter{Counter: "c1"}, queue.IssueTicket{Service: "cards"}},
			when: queue.CallNext{Counter: "c1"}, refused: refusedCounter(queue.RefusedNobody, "c1"),
		},
		{
			name: "next at a closed counter", when: queue.CallNext{Counter: "c1"},
			refused: refusedCounter(queue.RefusedCounterClosed, "c1"),
		},
		{
			name: "next at a paused counter", given: append(waiting[:3:3], queue.PauseCounter{Counter: "c1"}),
			when: queue.CallNext{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterClosed, "c1"),
		},
		{
			name: "next with a citizen", given: withCitizen(),
			when: queue.CallNext{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterBusy, "c1"),
		},
		{
			name: "next finishes the citizen", settings: finishOnNext,
			given: append(withCitizen(), 20*time.Second, queue.Start{Counter: "c1"}, time.Minute),
			when:  queue.CallNext{Counter: "c1"},
			then: []queue.Event{
				queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndServed, Service: 60_000},
				queue.TicketCalled{Ticket: second, Counter: "c1", Wait: 80_000},
			},
		},
		{
			name: "next finishes the last citizen", settings: finishOnNext,
			given: append(withCitizen(), queue.Cancel{Ticket: second}),
			when:  queue.CallNext{Counter: "c1"},
			then:  []queue.Event{queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndServed}},
		},
		{
			name: "next on old knowledge", given: waiting,
			when: queue.CallNext{Counter: "c1", Seen: stale}, refused: refusedCounter(queue.RefusedConflict, "c1"),
		},
		{
			name: "next at no counter", when: queue.CallNext{Counter: ""},
			refused: refusedCounter(queue.RefusedUnknownCounter, ""),
		},

		{
			name: "a certain one", given: waiting,
			when: queue.CallTicket{Counter: "c1", Ticket: second, Reason: "wheelchair"},
			then: []queue.Event{queue.TicketCalled{Ticket: second, Counter: "c1", Reason: "wheelchair"}},
		},
		{
			name: "a certain one after the citizen", settings: finishOnNext, given: withCitizen(),
			when: queue.CallTicket{Counter: "c1", Ticket: second, Reason: "wheelchair"},
			then: []queue.Event{
				queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndServed},
				queue.TicketCalled{Ticket: second, Counter: "c1", Reason: "wheelchair"},
			},
		},
		{
			name: "a certain one for no reason", given: waiting,
			when: queue.CallTicket{Counter: "c1", Ticket: second}, refused: invalid("reason"),
		},
		{
			name: "a certain one for too many reasons", given: waiting,
			when:    queue.CallTicket{Counter: "c1", Ticket: second, Reason: strings.Repeat("x", 201)},
			refused: invalid("reason"),
		},
		{
			name: "a certain one for a reason that is no text", given: waiting,
			when:    queue.CallTicket{Counter: "c1", Ticket: second, Reason: "\xff"},
			refused: invalid("reason"),
		},
		{
			name: "one that was never issued", given: waiting,
			when:    queue.CallTicket{Counter: "c1", Ticket: 99, Reason: "x"},
			refused: &queue.Refusal{Code: queue.RefusedUnknownTicket},
		},
		{
			name: "one that is at another counter", given: append(withCitizen(), queue.OpenCounter{Counter: "c2"}),
			when:    queue.CallTicket{Counter: "c2", Ticket: first, Reason: "x"},
			refused: &queue.Refusal{Code: queue.RefusedStatus, Subject: "A001"},
		},
		{
			name: "one that the counter may not serve", given: []any{queue.IssueTicket{Service: "cards"}, queue.OpenCounter{Counter: "c1"}},
			when:    queue.CallTicket{Counter: "c1", Ticket: first, Reason: "x"},
			refused: &queue.Refusal{Code: queue.RefusedNotServed, Subject: "B01"},
		},
		{
			name: "one that was sent to another counter", given: append(withCitizen(), queue.Transfer{Counter: "c1", To: "c2"}),
			when:    queue.CallTicket{Counter: "c1", Ticket: first, Reason: "x"},
			refused: &queue.Refusal{Code: queue.RefusedNotServed, Subject: "A001"},
		},
		{
			name:  "one that was sent here, whatever it is for",
			given: append(withCitizen(), queue.Transfer{Counter: "c1", Service: "cards", To: "c1"}),
			when:  queue.CallTicket{Counter: "c1", Ticket: first, Reason: "x"},
			then:  []queue.Event{queue.TicketCalled{Ticket: first, Counter: "c1", Reason: "x"}},
		},

		{
			name: "recall", given: withCitizen(),
			when: queue.Recall{Counter: "c1"},
			then: []queue.Event{queue.TicketRecalled{Ticket: first, Counter: "c1", Call: 2}},
		},
		{
			name: "recall counts", given: append(withCitizen(), queue.Recall{Counter: "c1"}),
			when: queue.Recall{Counter: "c1"},
			then: []queue.Event{queue.TicketRecalled{Ticket: first, Counter: "c1", Call: 3}},
		},
		{
			name:  "recall counts anew after a return",
			given: append(withCitizen(), queue.Recall{Counter: "c1"}, queue.Return{Counter: "c1"}, queue.CallNext{Counter: "c1"}),
			when:  queue.Recall{Counter: "c1"},
			then:  []queue.Event{queue.TicketRecalled{Ticket: first, Counter: "c1", Call: 2}},
		},
		{
			name: "recall of nobody", given: waiting,
			when: queue.Recall{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterFree, "c1"),
		},
		{
			name: "recall of one who is here", given: append(withCitizen(), queue.Start{Counter: "c1"}),
			when: queue.Recall{Counter: "c1"}, refused: &queue.Refusal{Code: queue.RefusedStatus, Subject: "A001"},
		},
		{
			name: "recall on old knowledge", given: withCitizen(),
			when: queue.Recall{Counter: "c1", Seen: stale}, refused: refusedCounter(queue.RefusedConflict, "c1"),
		},
	}
}
