// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"math"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func minutes(n int) queue.Millis { return queue.MillisOf(time.Duration(n) * time.Minute) }

// clock returns an instant of the office's Monday by its clock.
func clock(hour, minute int) time.Time {
	return queuetest.Monday().Add(time.Duration(hour-8)*time.Hour + time.Duration(minute)*time.Minute)
}

func dayDecisions() []decision {
	morning := queuetest.Monday()
	refusedBusy := &queue.Refusal{Code: queue.RefusedCounterBusy, Subject: "c1"}
	return []decision{
		{
			name: "open again goes on with numbers and quotas",
			given: []any{
				queue.IssueTicket{Service: "papers"},
				queue.IssueTicket{Service: "cards"},
				queue.IssueTicket{Service: "cards"},
				queue.CloseDay{},
			},
			when: queue.OpenDay{Clock: morning},
			then: []queue.Event{queue.DayOpened{
				Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 2, "b": 3},
				Issued: map[queue.ServiceID]int{"papers": 1, "cards": 2},
			}},
		},
		{
			name:  "the next day begins anew",
			given: []any{queue.IssueTicket{Service: "papers"}, queue.CloseDay{}, 24 * time.Hour},
			when:  queue.OpenDay{Clock: morning.Add(24 * time.Hour), Built: morning},
			then:  []queue.Event{queue.DayOpened{Date: "2026-11-24"}},
		},
		{
			name:  "the date is the office's, not Greenwich's",
			given: []any{queue.CloseDay{}, 15*time.Hour + 30*time.Minute}, // 23:30, in London 22:30
			when:  queue.OpenDay{Clock: clock(23, 30)},
			then: []queue.Event{queue.DayOpened{
				Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 1, "b": 1}, Issued: map[queue.ServiceID]int{},
			}},
		},
		{
			name:  "after midnight it is tomorrow",
			given: []any{queue.CloseDay{}, 16 * time.Hour}, // 00:00, in London 23:00
			when:  queue.OpenDay{Clock: clock(24, 0)},
			then:  []queue.Event{queue.DayOpened{Date: "2026-11-24"}},
		},
		{
			name:    "open twice",
			when:    queue.OpenDay{Clock: morning},
			refused: &queue.Refusal{Code: queue.RefusedDayOpen, Subject: "2026-11-23"},
		},
		{
			name:    "a clock before the program was built",
			given:   []any{queue.CloseDay{}, 24 * time.Hour},
			when:    queue.OpenDay{Clock: morning.Add(24 * time.Hour), Built: morning.Add(25 * time.Hour)},
			refused: &queue.Refusal{Code: queue.RefusedClock, Subject: "2026-11-24T07:00:00Z"},
		},
		{
			name:    "a clock before the newest record",
			given:   []any{queue.CloseDay{}},
			when:    queue.OpenDay{Clock: morning.Add(-time.Minute - time.Millisecond)},
			refused: &queue.Refusal{Code: queue.RefusedClock, Subject: "2026-11-23T06:58:59Z"},
		},
		{
			name: "a day before the newest one, by another zone",
			given: []any{
				queue.CloseDay{},
				17 * time.Hour,
				queue.OpenDay{Clock: clock(25, 0)},
				queue.CloseDay{},
				queue.ChangeSettings{Settings: office(func(s *queue.Settings) { s.Zone = "America/Los_Angeles" })},
			},
			when:    queue.OpenDay{Clock: clock(25, 0)},
			refused: &queue.Refusal{Code: queue.RefusedClock, Subject: "2026-11-23"},
		},
		{
			name:  "a clock that is a little late is believed",
			given: []any{queue.CloseDay{}},
			when:  queue.OpenDay{Clock: morning.Add(-time.Minute)},
			then: []queue.Event{queue.DayOpened{
				Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 1, "b": 1}, Issued: map[queue.ServiceID]int{},
			}},
		},
		{
			name:    "a clock that was never set",
			given:   []any{queue.CloseDay{}},
			when:    queue.OpenDay{},
			refused: &queue.Refusal{Code: queue.RefusedClock, Subject: "0001-01-01T00:00:00Z"},
		},
		{
			name: "close sends those who wait home",
			given: []any{
				queue.IssueTicket{Service: "papers"},
				queue.IssueTicket{Service: "papers"},
				queue.OpenCounter{Counter: "c1"},
				queue.CallNext{Counter: "c1"},
				queue.Park{Counter: "c1"},
			},
			when: queue.CloseDay{},
			then: []queue.Event{
				queue.TicketClosed{Ticket: first, End: queue.EndExpired},
				queue.TicketClosed{Ticket: second, End: queue.EndExpired},
				queue.DayClosed{Date: "2026-11-23"},
			},
		},
		{
			name:    "close with a citizen at a counter",
			given:   []any{queue.IssueTicket{Service: "papers"}, queue.OpenCounter{Counter: "c1"}, queue.CallNext{Counter: "c1"}},
			when:    queue.CloseDay{},
			refused: refusedBusy,
		},
		{
			name:  "close by force",
			given: []any{queue.IssueTicket{Service: "papers"}, queue.OpenCounter{Counter: "c1"}, queue.CallNext{Counter: "c1"}},
			when:  queue.CloseDay{Force: true},
			then: []queue.Event{
				queue.TicketClosed{Ticket: first, Counter: "c1", End: queue.EndExpired},
				queue.DayClosed{Date: "2026-11-23"},
			},
		},
		{
			name:    "close twice",
			given:   []any{queue.CloseDay{}},
			when:    queue.CloseDay{},
			refused: &queue.Refusal{Code: queue.RefusedDayClosed},
		},
		{
			name:    "after hours the refusal says when it opens again",
			given:   []any{queue.CloseDay{}, 10 * time.Hour},
			when:    queue.IssueTicket{Service: "papers"},
			refused: &queue.Refusal{Code: queue.RefusedDayClosed, Until: clock(24+8, 0)},
		},
		{
			name: "the clock was set forward",
			when: queue.StepClock{By: 5000},
			then: []queue.Event{queue.ClockStepped{By: 5000}},
		},
		{
			name:    "the clock cannot step back",
			when:    queue.StepClock{By: -1},
			refused: &queue.Refusal{Code: queue.RefusedInvalid, Subject: "by"},
		},
		{
			name:    "the clock cannot step further than a span can say",
			when:    queue.StepClock{By: math.MaxInt64},
			refused: &queue.Refusal{Code: queue.RefusedInvalid, Subject: "by"},
		},
	}
}
