// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// withCitizen has the first ticket called to counter c1 and a second one waiting.
func withCitizen() []any {
	return []any{
		queue.IssueTicket{Service: "papers"},
		queue.IssueTicket{Service: "papers"},
		queue.OpenCounter{Counter: "c1"},
		queue.CallNext{Counter: "c1"},
	}
}

func refusedCounter(code queue.RefusalCode, id string) *queue.Refusal {
	return &queue.Refusal{Code: code, Subject: id}
}

func counterDecisions() []decision {
	return []decision{
		{name: "open", when: queue.OpenCounter{Counter: "c1"}, then: []queue.Event{queue.CounterOpened{Counter: "c1"}}},
		{
			name: "open ends a pause", given: []any{queue.OpenCounter{Counter: "c1"}, queue.PauseCounter{Counter: "c1"}},
			when: queue.OpenCounter{Counter: "c1"}, then: []queue.Event{queue.CounterOpened{Counter: "c1"}},
		},
		{
			name: "open twice", given: []any{queue.OpenCounter{Counter: "c1"}},
			when: queue.OpenCounter{Counter: "c1"}, refused: refusedCounter(queue.RefusedStatus, "c1"),
		},
		{
			name: "open a counter that is not there", when: queue.OpenCounter{Counter: "c9"},
			refused: refusedCounter(queue.RefusedUnknownCounter, "c9"),
		},
		{
			name: "open on old knowledge", when: queue.OpenCounter{Counter: "c1", Seen: stale},
			refused: refusedCounter(queue.RefusedConflict, "c1"),
		},
		{
			name: "open while the day is closed", given: []any{queue.CloseDay{}},
			when: queue.OpenCounter{Counter: "c1"}, refused: &queue.Refusal{Code: queue.RefusedDayClosed},
		},

		{
			name: "pause", given: []any{queue.OpenCounter{Counter: "c1"}},
			when: queue.PauseCounter{Counter: "c1", Reason: "caffè", Until: clock(8, 15).Add(1_900_000)},
			then: []queue.Event{queue.CounterPaused{Counter: "c1", Reason: "caffè", Until: clock(8, 15).Add(time.Millisecond)}},
		},
		{
			name: "pause again says why anew", given: []any{queue.OpenCounter{Counter: "c1"}, queue.PauseCounter{Counter: "c1"}},
			when: queue.PauseCounter{Counter: "c1", Reason: "lunch"},
			then: []queue.Event{queue.CounterPaused{Counter: "c1", Reason: "lunch"}},
		},
		{
			name: "pause a closed counter", when: queue.PauseCounter{Counter: "c1"},
			refused: refusedCounter(queue.RefusedCounterClosed, "c1"),
		},
		{
			name: "pause with a citizen", given: withCitizen(),
			when: queue.PauseCounter{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterBusy, "c1"),
		},
		{
			name: "pause on old knowledge", given: []any{queue.OpenCounter{Counter: "c1"}},
			when: queue.PauseCounter{Counter: "c1", Seen: stale}, refused: refusedCounter(queue.RefusedConflict, "c1"),
		},
		{
			name: "pause until a moment ago", given: []any{queue.OpenCounter{Counter: "c1"}},
			when:    queue.PauseCounter{Counter: "c1", Until: clock(8, 0).Add(-time.Millisecond)},
			refused: invalid("until"),
		},
		{
			name: "pause until a year that no journal can write", given: []any{queue.OpenCounter{Counter: "c1"}},
			when:    queue.PauseCounter{Counter: "c1", Until: time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200))},
			refused: invalid("until"),
		},
		{
			name: "pause for a long reason", given: []any{queue.OpenCounter{Counter: "c1"}},
			when:    queue.PauseCounter{Counter: "c1", Reason: strings.Repeat("x", 201)},
			refused: invalid("reason"),
		},
		{
			name: "pause for a reason that is no text", given: []any{queue.OpenCounter{Counter: "c1"}},
			when:    queue.PauseCounter{Counter: "c1", Reason: "caf\xe8"},
			refused: invalid("reason"),
		},

		{
			name: "close", given: []any{queue.OpenCounter{Counter: "c1"}},
			when: queue.CloseCounter{Counter: "c1"}, then: []queue.Event{queue.CounterClosed{Counter: "c1"}},
		},
		{
			name: "close a paused counter", given: []any{queue.OpenCounter{Counter: "c1"}, queue.PauseCounter{Counter: "c1"}},
			when: queue.CloseCounter{Counter: "c1"}, then: []queue.Event{queue.CounterClosed{Counter: "c1"}},
		},
		{name: "close twice", when: queue.CloseCounter{Counter: "c1"}, refused: refusedCounter(queue.RefusedStatus, "c1")},
		{
			name: "close with a citizen", given: withCitizen(),
			when: queue.CloseCounter{Counter: "c1"}, refused: refusedCounter(queue.RefusedCounterBusy, "c1"),
		},
		{
			name: "close on old knowledge", given: []any{queue.OpenCounter{Counter: "c1"}},
			when: queue.CloseCounter{Counter: "c1", Seen: stale}, refused: refusedCounter(queue.RefusedConflict, "c1"),
		},
	}
}
