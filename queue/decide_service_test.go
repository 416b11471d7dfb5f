// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func serviceDecisions() []decision {
	morning := queuetest.Monday()
	served := func(ms queue.Millis, outcome string) []queue.Event {
		return []queue.Event{queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndServed, Outcome: outcome, Service: ms}}
	}
	free := []any{queue.OpenCounter{Counter: "c1"}}
	return []decision{
		{
			name: "start", given: append(withCitizen(), time.Minute, queue.Recall{Counter: "c1"}, 20*time.Second),
			when: queue.Start{Counter: "c1"},
			then: []queue.Event{queue.ServiceStarted{Ticket: first, Counter: "c1", Walk: 20_000}},
		},
		{
			name: "start twice", given: append(withCitizen(), queue.Start{Counter: "c1"}),
			when: queue.Start{Counter: "c1"}, refused: &queue.Refusal{Code: queue.RefusedStatus, Subject: "A001"},
		},
		{
			name: "start with nobody", given: free,
			when: queue.Start{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterFree, "c1"),
		},

		{
			name: "finish", given: append(withCitizen(), 10*time.Second, queue.Start{Counter: "c1"}, time.Minute),
			when: queue.Finish{Counter: "c1", Outcome: "must-return"}, then: served(60_000, "must-return"),
		},
		{
			name: "finish without a start counts from the call", given: append(withCitizen(), time.Minute),
			when: queue.Finish{Counter: "c1"}, then: served(60_000, ""),
		},
		{
			name: "finish with an outcome that is none", given: withCitizen(),
			when: queue.Finish{Counter: "c1", Outcome: "?"}, refused: invalid("outcome"),
		},
		{
			name: "finish with nobody", given: free,
			when: queue.Finish{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterFree, "c1"),
		},

		{
			name: "give up", given: append(withCitizen(), queue.Recall{Counter: "c1"}, 30*time.Second),
			when: queue.GiveUp{Counter: "c1"},
			then: []queue.Event{queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndNoShow}},
		},
		{
			name: "give up after one call", given: append(withCitizen(), time.Hour),
			when: queue.GiveUp{Counter: "c1"}, refused: &queue.Refusal{Code: queue.RefusedTooEarly, Subject: "A001"},
		},
		{
			name: "give up a moment too early", given: append(withCitizen(), queue.Recall{Counter: "c1"}, 30*time.Second-time.Millisecond),
			when:    queue.GiveUp{Counter: "c1"},
			refused: &queue.Refusal{Code: queue.RefusedTooEarly, Subject: "A001", Until: morning.Add(30 * time.Second)},
		},
		{
			name:    "give up counts from the last call",
			given:   append(withCitizen(), queue.Recall{Counter: "c1"}, 20*time.Second, queue.Recall{Counter: "c1"}, 20*time.Second),
			when:    queue.GiveUp{Counter: "c1"},
			refused: &queue.Refusal{Code: queue.RefusedTooEarly, Subject: "A001", Until: morning.Add(50 * time.Second)},
		},
		{
			name: "give up one who is here", given: append(withCitizen(), queue.Recall{Counter: "c1"}, time.Hour, queue.Start{Counter: "c1"}),
			when: queue.GiveUp{Counter: "c1"}, refused: &queue.Refusal{Code: queue.RefusedStatus, Subject: "A001"},
		},

		{
			name: "return", given: append(withCitizen(), queue.Start{Counter: "c1"}),
			when: queue.Return{Counter: "c1"}, then: []queue.Event{queue.TicketReturned{Ticket: first, Counter: "c1"}},
		},
		{
			name: "return nobody", given: free,
			when: queue.Return{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterFree, "c1"),
		},

		{
			name: "park", given: append(withCitizen(), queue.Start{Counter: "c1"}, time.Minute),
			when: queue.Park{Counter: "c1", Reason: "form"},
			then: []queue.Event{queue.TicketParked{Ticket: first, Counter: "c1", Reason: "form", Service: 60_000}},
		},
		{
			name: "park nobody", given: free,
			when: queue.Park{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterFree, "c1"),
		},
		{
			name: "park for a long reason", given: withCitizen(),
			when: queue.Park{Counter: "c1", Reason: strings.Repeat("x", 201)}, refused: invalid("reason"),
		},
		{
			name: "park for a reason that is no text", given: withCitizen(),
			when: queue.Park{Counter: "c1", Reason: "\xff"}, refused: invalid("reason"),
		},

		{
			name: "transfer to a service, last", given: append(withCitizen(), queue.Start{Counter: "c1"}, time.Minute),
			when: queue.Transfer{Counter: "c1", Service: "cards"},
			then: []queue.Event{queue.TicketTransferred{
				Ticket: first, Counter: "c1", Service: "cards", Due: morning.Add(time.Minute), Spent: 60_000,
			}},
		},
		{
			name: "transfer to a counter, keeping the place", given: append(withCitizen(), time.Minute),
			when: queue.Transfer{Counter: "c1", To: "c3", KeepPlace: true},
			then: []queue.Event{queue.TicketTransferred{
				Ticket: first, Counter: "c1", Service: "papers", To: "c3", Due: morning, Spent: 60_000,
			}},
		},
		{
			name: "transfer to nowhere else", given: withCitizen(),
			when: queue.Transfer{Counter: "c1"}, refused: invalid("service"),
		},
		{
			name: "transfer to no such service", given: withCitizen(),
			when: queue.Transfer{Counter: "c1", Service: "beer"}, refused: refusedCounter(queue.RefusedUnknownService, "beer"),
		},
		{
			name: "transfer to no such counter", given: withCitizen(),
			when: queue.Transfer{Counter: "c1", To: "c9"}, refused: refusedCounter(queue.RefusedUnknownCounter, "c9"),
		},
		{
			name: "transfer of nobody", given: free,
			when: queue.Transfer{Counter: "c1", To: "c2"}, refused: refusedCounter(queue.RefusedCounterFree, "c1"),
		},
	}
}
