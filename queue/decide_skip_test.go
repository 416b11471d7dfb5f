// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
)

func skipTo(a int) queue.SkipNumbers { return queue.SkipNumbers{Next: map[queue.SeriesID]int{"a": a}} }

func skipDecisions() []decision {
	tomorrow := 24 * time.Hour
	invalid := func(subject string) *queue.Refusal {
		return &queue.Refusal{Code: queue.RefusedInvalid, Subject: subject}
	}
	skipped := []queue.Event{queue.NumbersSkipped{Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 201}}}
	issued := func(id queue.TicketID, number string, ordinal int) []queue.Event {
		return []queue.Event{queue.TicketIssued{
			Ticket: id, Number: number, Series: "a", Ordinal: ordinal, Service: "papers", Class: "normal", Channel: queue.ChannelAPI, Language: "it", Due: clock(8, 0),
		}}
	}
	return []decision{
		{name: "numbers on an open day", given: []any{queue.IssueTicket{Service: "papers"}}, when: skipTo(201), then: skipped},
		{
			name:  "the next ticket has the number",
			given: []any{queue.IssueTicket{Service: "papers"}, skipTo(201)},
			when:  queue.IssueTicket{Service: "papers"},
			then:  issued(second+1, "A201", 201),
		},
		{
			name:  "other series go on",
			given: []any{skipTo(201), queue.IssueTicket{Service: "cards"}},
			when:  queue.SkipNumbers{Next: map[queue.SeriesID]int{"b": 2}},
			then:  []queue.Event{queue.NumbersSkipped{Date: "2026-11-23", Next: map[queue.SeriesID]int{"b": 2}}},
		},
		{
			name:  "before the day is opened",
			given: []any{queue.IssueTicket{Service: "papers"}, queue.CloseDay{}, tomorrow, skipTo(201)},
			when:  queue.OpenDay{Clock: clock(32, 0)},
			then:  []queue.Event{queue.DayOpened{Date: "2026-11-24", Next: map[queue.SeriesID]int{"a": 201}, Skipped: true}},
		},
		{
			name:  "while yesterday is still open",
			given: []any{queue.IssueTicket{Service: "papers"}, tomorrow, skipTo(201), queue.CloseDay{}},
			when:  queue.OpenDay{Clock: clock(32, 0)},
			then:  []queue.Event{queue.DayOpened{Date: "2026-11-24", Next: map[queue.SeriesID]int{"a": 201}, Skipped: true}},
		},
		{
			name:  "the day after begins anew",
			given: []any{skipTo(201), queue.CloseDay{}, tomorrow},
			when:  queue.OpenDay{Clock: clock(32, 0)},
			then:  []queue.Event{queue.DayOpened{Date: "2026-11-24"}},
		},
		{
			name:  "a day that is opened again goes on behind the gap",
			given: []any{skipTo(201), queue.IssueTicket{Service: "papers"}, queue.CloseDay{}},
			when:  queue.OpenDay{Clock: clock(8, 0)},
			then: []queue.Event{queue.DayOpened{
				Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 202, "b": 1}, Issued: map[queue.ServiceID]int{"papers": 1},
			}},
		},
		{
			name:  "on a closed day that is opened again",
			given: []any{queue.IssueTicket{Service: "papers"}, queue.CloseDay{}, skipTo(201)},
			when:  queue.OpenDay{Clock: clock(8, 0)},
			then: []queue.Event{queue.DayOpened{
				Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 201, "b": 1}, Issued: map[queue.ServiceID]int{"papers": 1}, Skipped: true,
			}},
		},
		{name: "back", given: []any{skipTo(201), queue.IssueTicket{Service: "papers"}}, when: skipTo(201), refused: invalid("next.a")},
		{name: "back before the day is opened", given: []any{queue.CloseDay{}, tomorrow, skipTo(201)}, when: skipTo(200), refused: invalid("next.a")},
		{name: "beyond the last", when: skipTo(1000), refused: invalid("next.a")},
		{name: "of no series", when: queue.SkipNumbers{Next: map[queue.SeriesID]int{"a": 201, "z": 3}}, refused: invalid("next")},
		{name: "nothing", when: queue.SkipNumbers{}, refused: invalid("next")},
	}
}

func TestSkippedNumbersAreTold(t *testing.T) {
	d := decision{given: []any{queue.IssueTicket{Service: "papers"}, queue.CloseDay{}, 24 * time.Hour}}
	h := d.hall(t)
	at := clock(32, 0)
	if diff := cmp.Diff(map[queue.SeriesID]int{"a": 1, "b": 1}, h.view().NextNumbers(at)); diff != "" {
		t.Errorf("a day that is yet to come (-want +got):\n%s", diff)
	}
	if date, _ := h.view().Skipped(); date != "" {
		t.Errorf("skipped on %s", date)
	}
	h.do(skipTo(201))
	want := map[queue.SeriesID]int{"a": 201}
	for _, step := range []string{"skipped", "opened"} {
		date, next := h.view().Skipped()
		if diff := cmp.Diff(want, next); date != "2026-11-24" || diff != "" {
			t.Errorf("%s: on %s (-want +got):\n%s", step, date, diff)
		}
		if n := h.view().NextNumbers(at); n["a"] != 201 || n["b"] != 1 {
			t.Errorf("%s: next %v", step, n)
		}
		if step == "skipped" {
			h.do(queue.OpenDay{Clock: at})
		}
	}
	h.do(queue.IssueTicket{Service: "papers"})
	h.do(queue.CloseDay{})
	h.do(queue.OpenDay{Clock: at})
	if date, next := h.view().Skipped(); date != "" {
		t.Errorf("closed and opened again: skipped on %s to %v", date, next)
	}
	if n := h.view().NextNumbers(at); n["a"] != 202 {
		t.Errorf("closed and opened again: next %v", n)
	}
}
