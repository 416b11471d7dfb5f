// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

func report(result queue.SlipResult) queue.ReportSlip {
	return queue.ReportSlip{Ticket: first, Attempt: 1, Result: result, Level: "status", Fault: "unplugged"}
}

func slipDecisions() []decision {
	printing := []any{queue.IssueTicket{Service: "papers", Printer: "hall"}}
	with := func(steps ...any) []any { return append(printing[:1:1], steps...) }
	policy := func(p queue.UnknownSlip) func(*queue.Settings) {
		return func(s *queue.Settings) { s.Slips.OnUnknown = p }
	}
	failed := report(queue.SlipResultFailed)
	unknown := queue.SlipUnknown{Ticket: first, Attempt: 1, Fault: "unplugged"}
	refusedStatus := &queue.Refusal{Code: queue.RefusedStatus, Subject: "A001"}
	request := func(attempt int, printer string, marked bool) []queue.Event {
		return []queue.Event{queue.SlipRequested{Ticket: first, Attempt: attempt, Printer: printer, Copy: marked}}
	}
	return []decision{
		{
			name: "printed", given: printing, when: report(queue.SlipResultPrinted),
			then: []queue.Event{queue.SlipPrinted{Ticket: first, Attempt: 1, Level: "status"}},
		},
		{
			name: "sent", given: printing, when: report(queue.SlipResultSent),
			then: []queue.Event{queue.SlipSent{Ticket: first, Attempt: 1}},
		},
		{
			name: "failed", given: printing, when: failed,
			then: []queue.Event{queue.SlipFailed{Ticket: first, Attempt: 1, Fault: "unplugged"}},
		},
		{
			name: "printed when the ticket has ended", given: with(queue.Cancel{Ticket: first}), when: report(queue.SlipResultPrinted),
			then: []queue.Event{queue.SlipPrinted{Ticket: first, Attempt: 1, Level: "status"}},
		},
		{
			name: "unknown, keep", settings: policy(queue.UnknownKeep), given: printing,
			when: report(queue.SlipResultUnknown), then: []queue.Event{unknown},
		},
		{
			name: "unknown, void", settings: policy(queue.UnknownVoid), given: printing,
			when: report(queue.SlipResultUnknown),
			then: []queue.Event{unknown, queue.TicketClosed{Ticket: first, End: queue.EndVoid, Reason: "slip unknown"}},
		},
		{
			name: "unknown, void, but called by now", settings: policy(queue.UnknownVoid),
			given: with(queue.OpenCounter{Counter: "c1"}, queue.CallNext{Counter: "c1"}),
			when:  report(queue.SlipResultUnknown), then: []queue.Event{unknown},
		},
		{
			name: "unknown, copy", given: with(time.Minute), when: report(queue.SlipResultUnknown),
			then: append([]queue.Event{unknown}, request(2, "hall", true)...),
		},
		{
			name: "unknown, copy, but the citizen has gone", given: with(time.Minute + time.Millisecond),
			when: report(queue.SlipResultUnknown), then: []queue.Event{unknown},
		},
		{
			name: "unknown, copy, but it was one", given: with(report(queue.SlipResultUnknown)),
			when: queue.ReportSlip{Ticket: first, Attempt: 2, Result: queue.SlipResultUnknown, Fault: "unplugged"},
			then: []queue.Event{queue.SlipUnknown{Ticket: first, Attempt: 2, Fault: "unplugged"}},
		},
		{name: "a result twice", given: with(failed), when: failed, refused: refusedStatus},
		{name: "no paper asked for", given: []any{queue.IssueTicket{Service: "papers"}}, when: report(queue.SlipResultSent), refused: refusedStatus},
		{name: "a result of another paper", given: printing, when: queue.ReportSlip{Ticket: first, Result: queue.SlipResultSent}, refused: refusedStatus},
		{name: "a result that is none", given: printing, when: report(queue.SlipResultPending), refused: invalid("result")},
		{name: "a result for nobody", given: printing, when: queue.ReportSlip{Ticket: 99}, refused: &queue.Refusal{Code: queue.RefusedUnknownTicket}},
		{
			name: "a long level", given: printing, refused: invalid("level"),
			when: queue.ReportSlip{Ticket: first, Attempt: 1, Result: queue.SlipResultPrinted, Level: strings.Repeat("x", 201)},
		},
		{
			name: "a fault that is no text", given: printing, refused: invalid("fault"),
			when: queue.ReportSlip{Ticket: first, Attempt: 1, Result: queue.SlipResultFailed, Fault: "\x1d\xff"},
		},

		{name: "reprint what never came out", given: with(failed), when: queue.Reprint{Ticket: first, Printer: "desk"}, then: request(2, "desk", false)},
		{
			name: "reprint what may be out there", given: with(report(queue.SlipResultSent)),
			when: queue.Reprint{Ticket: first, Printer: "desk"}, then: request(2, "desk", true),
		},
		{
			name: "reprint after a copy that failed",
			given: with(report(queue.SlipResultPrinted), queue.Reprint{Ticket: first, Printer: "hall"},
				queue.ReportSlip{Ticket: first, Attempt: 2, Result: queue.SlipResultFailed}),
			when: queue.Reprint{Ticket: first, Printer: "desk"}, then: request(3, "desk", true),
		},
		{
			name: "print what was issued without paper", given: []any{queue.IssueTicket{Service: "papers"}},
			when: queue.Reprint{Ticket: first, Printer: "desk"}, then: request(1, "desk", false),
		},
		{name: "reprint while printing", given: printing, when: queue.Reprint{Ticket: first, Printer: "desk"}, refused: refusedStatus},
		{name: "reprint an ended ticket", given: with(failed, queue.Cancel{Ticket: first}), when: queue.Reprint{Ticket: first, Printer: "desk"}, refused: refusedStatus},
		{name: "reprint nowhere", given: with(failed), when: queue.Reprint{Ticket: first}, refused: invalid("printer")},
		{name: "reprint on bytes", given: with(failed), when: queue.Reprint{Ticket: first, Printer: "hall\n\xff"}, refused: invalid("printer")},
		{name: "reprint for nobody", when: queue.Reprint{Ticket: 99, Printer: "desk"}, refused: &queue.Refusal{Code: queue.RefusedUnknownTicket}},
	}
}
