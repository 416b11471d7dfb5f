// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// issued is the first ticket of the tables, asked for in the shortest way, with a change.
func issued(change func(*queue.TicketIssued)) []queue.Event {
	e := queue.TicketIssued{
		Ticket: first, Number: "A001", Series: "a", Ordinal: 1, Service: "papers", Class: "normal",
		Channel: queue.ChannelAPI, Language: "it", Due: queuetest.Monday(),
	}
	change(&e)
	return []queue.Event{e}
}

func invalid(field string) *queue.Refusal {
	return &queue.Refusal{Code: queue.RefusedInvalid, Subject: field}
}

func issueDecisions() []decision {
	rome, _ := time.LoadLocation("Europe/Rome")
	slot := func(at time.Time) queue.IssueTicket {
		return queue.IssueTicket{Service: "papers", Channel: queue.ChannelAppointment, Slot: at}
	}
	onlyAfternoons := func(s *queue.Settings) {
		s.Services[0].Hours = &queue.Calendar{StopBefore: minutes(30)}
		s.Services[0].Hours.Week[time.Tuesday] = []queue.Span{{From: 14 * 60, To: 16 * 60}}
	}
	quota := func(s *queue.Settings) { s.Services[0].Quota = 1 }
	return []decision{
		{name: "nothing said", when: queue.IssueTicket{Service: "papers"}, then: issued(func(*queue.TicketIssued) {})},
		{
			name: "everything said",
			when: queue.IssueTicket{
				Service: "papers", Class: "priority", Channel: queue.ChannelKiosk, Language: "ro", Printer: "hall-1",
			},
			then: issued(func(e *queue.TicketIssued) {
				e.Class, e.Channel, e.Language, e.Printer = "priority", queue.ChannelKiosk, "ro", "hall-1"
			}),
		},
		{
			name:  "series shared and apart",
			given: []any{queue.IssueTicket{Service: "papers"}, queue.IssueTicket{Service: "cards"}},
			when:  queue.IssueTicket{Service: "taxes"},
			then: issued(func(e *queue.TicketIssued) {
				e.Ticket, e.Service, e.Number, e.Ordinal = 5, "taxes", "A002", 2
			}),
		},
		{
			name: "an early appointment counts from its tolerance before the slot",
			when: slot(clock(9, 0)),
			then: issued(func(e *queue.TicketIssued) {
				e.Channel, e.Slot, e.Due = queue.ChannelAppointment, clock(9, 0), clock(8, 55)
			}),
		},
		{
			name: "an appointment within its tolerance counts from check-in",
			when: slot(clock(8, 5)),
			then: issued(func(e *queue.TicketIssued) {
				e.Channel, e.Slot = queue.ChannelAppointment, clock(8, 5)
			}),
		},
		{
			name: "a slot by another clock and too exact is written as the journal writes",
			when: slot(clock(9, 0).Add(1_234_567).In(rome)),
			then: issued(func(e *queue.TicketIssued) {
				e.Channel, e.Slot, e.Due = queue.ChannelAppointment, clock(9, 0).Add(time.Millisecond), clock(8, 55).Add(time.Millisecond)
			}),
		},
		{name: "a slot of tomorrow", when: slot(clock(24, 0)), refused: invalid("slot")},
		{
			name: "no such service", when: queue.IssueTicket{Service: "beer"},
			refused: &queue.Refusal{Code: queue.RefusedUnknownService, Subject: "beer"},
		},
		{
			name: "no such class", when: queue.IssueTicket{Service: "papers", Class: "vip"},
			refused: &queue.Refusal{Code: queue.RefusedUnknownClass, Subject: "vip"},
		},
		{name: "no such channel", when: queue.IssueTicket{Service: "papers", Channel: "fax"}, refused: invalid("channel")},
		{name: "no such language", when: queue.IssueTicket{Service: "papers", Language: "de"}, refused: invalid("language")},
		{name: "a printer with a blank", when: queue.IssueTicket{Service: "papers", Printer: "hall 1"}, refused: invalid("printer")},
		{name: "a printer in bytes", when: queue.IssueTicket{Service: "papers", Printer: "\xff"}, refused: invalid("printer")},
		{
			name: "a printer without end", when: queue.IssueTicket{Service: "papers", Printer: strings.Repeat("p", 33)},
			refused: invalid("printer"),
		},
		{
			name: "after hours", given: []any{10 * time.Hour},
			when:    queue.IssueTicket{Service: "papers"},
			refused: &queue.Refusal{Code: queue.RefusedHours, Subject: "papers", Until: clock(32, 0)},
		},
		{
			name: "hours of the service's own", settings: onlyAfternoons,
			when:    queue.IssueTicket{Service: "papers"},
			refused: &queue.Refusal{Code: queue.RefusedHours, Subject: "papers", Until: clock(24+14, 0)},
		},
		{
			name: "never again", settings: func(s *queue.Settings) { s.Services[0].Hours = &queue.Calendar{} },
			when:    queue.IssueTicket{Service: "papers"},
			refused: &queue.Refusal{Code: queue.RefusedHours, Subject: "papers"},
		},
		{
			name: "quota", settings: quota, given: []any{queue.IssueTicket{Service: "papers"}},
			when:    queue.IssueTicket{Service: "papers"},
			refused: &queue.Refusal{Code: queue.RefusedQuota, Subject: "papers", Until: clock(32, 0)},
		},
		{
			name: "every number alive", settings: func(s *queue.Settings) { s.Series[1].Last = 2 },
			given:   []any{queue.IssueTicket{Service: "cards"}, queue.IssueTicket{Service: "cards"}},
			when:    queue.IssueTicket{Service: "cards"},
			refused: &queue.Refusal{Code: queue.RefusedExhausted, Subject: "b"},
		},
	}
}
