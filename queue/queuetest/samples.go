// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Samples returns one event of each kind with every field set, as a morning could
// bring them about; they make the ticket with the id 2, the second record.
func Samples() []queue.Event {
	due := time.Date(2026, 11, 23, 7, 15, 0, 0, time.UTC)
	const id, counter = queue.TicketID(2), queue.CounterID("c2")
	return []queue.Event{
		queue.DayOpened{Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 7}, Issued: map[queue.ServiceID]int{"papers": 6}, Skipped: true},
		queue.TicketIssued{
			Ticket: id, Number: "A007", Series: "a", Ordinal: 7, Service: "papers", Class: "normal",
			Channel: queue.ChannelKiosk, Language: "ro", Due: due, Slot: due, Printer: "hall",
		},
		queue.SlipFailed{Ticket: id, Attempt: 1, Fault: "paper-out"},
		queue.SlipRequested{Ticket: id, Attempt: 2, Printer: "desk", Copy: true},
		queue.SlipUnknown{Ticket: id, Attempt: 2, Fault: "unplugged"},
		queue.SlipSent{Ticket: id, Attempt: 2},
		queue.SlipPrinted{Ticket: id, Attempt: 2, Level: "status"},
		queue.TicketReclassified{Ticket: id, Class: "priority"},
		queue.TicketPassed{Ticket: id, By: 3},
		queue.CounterOpened{Counter: counter},
		queue.TicketCalled{Ticket: id, Counter: counter, Wait: 60_000, Reason: "wheelchair"},
		queue.TicketRecalled{Ticket: id, Counter: counter, Call: 2},
		queue.TicketReturned{Ticket: id, Counter: counter},
		queue.ClockStepped{By: 5_000},
		queue.NumbersSkipped{Date: "2026-11-24", Next: map[queue.SeriesID]int{"a": 11}},
		queue.ServiceStarted{Ticket: id, Counter: counter, Walk: 20_000},
		queue.TicketParked{Ticket: id, Counter: counter, Reason: "form", Service: 90_000},
		queue.TicketTransferred{Ticket: id, Counter: counter, Service: "taxes", To: "c1", Due: due, Spent: 30_000},
		queue.TicketClosed{Ticket: id, Counter: counter, End: queue.EndServed, Outcome: "done", Reason: "none", Service: 120_000},
		queue.StepUndone{Ticket: id, Counter: counter, Service: "papers", Answered: true, Spent: 120_000, After: 3_000},
		queue.CallUndone{Ticket: id, Counter: counter, After: 2_000},
		queue.CounterPaused{Counter: counter, Reason: "coffee", Until: due.Add(time.Hour)},
		queue.CounterClosed{Counter: counter},
		queue.SettingsChanged{Settings: sampleSettings()},
		queue.DayClosed{Date: "2026-11-23"},
	}
}

// sampleSettings is an office in which no field is left out.
func sampleSettings() queue.Settings {
	s := Office(queue.PresetTargets)
	hours := queue.Calendar{
		Exceptions: []queue.Exception{{Date: "2026-12-24", Spans: []queue.Span{{From: 480, To: 720}}}},
		StopBefore: 15 * minute,
	}
	for day := range hours.Week {
		hours.Week[day] = []queue.Span{{From: 1, To: 720}, {From: 840, To: 1080}}
	}
	s.Hours = hours
	s.FinishOnNext = true
	s.Services = []queue.Service{{
		ID: "papers", Group: "desk", Series: "a", Name: queue.Texts{"it": "Certificati \x00\"'", "ro": "Adeverințe"},
		Target: minute, Quota: 40, Hours: &hours,
	}}
	s.Series = s.Series[:1]
	s.Classes = []queue.Class{{ID: "priority", Name: queue.Texts{"es": "Prioridad"}, Target: minute, Credit: minute, Cap: minute}}
	s.Counters = []queue.Counter{{ID: "c1", Label: "1", Preferred: []queue.ServiceID{"papers"}, Overflow: []queue.ServiceID{"papers"}}}
	return s
}
