// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// office returns the settings of the tables with a change.
func office(change func(*queue.Settings)) queue.Settings {
	s := queuetest.Office(queue.PresetFIFO)
	change(&s)
	return s
}

func settingsDecisions() []decision {
	withoutC3 := office(func(s *queue.Settings) { s.Counters = s.Counters[:2] })
	withoutTaxes := office(func(s *queue.Settings) {
		s.Services = []queue.Service{s.Services[0], s.Services[2]}
		s.Counters[0].Preferred = []queue.ServiceID{"papers"}
		s.Counters[1].Preferred = []queue.ServiceID{"papers", "cards"}
	})
	withoutSlow := office(func(s *queue.Settings) { s.Classes = s.Classes[:2] })
	withoutB := office(func(s *queue.Settings) { s.Series, s.Services[2].Series = s.Series[:1], "a" })
	swapped := office(func(s *queue.Settings) { s.Series[0].Prefix, s.Series[1].Prefix = "B", "A" })
	fewerNumbers := office(func(s *queue.Settings) { s.Series[0].First = 2 })
	changed := func(s queue.Settings) []queue.Event { return []queue.Event{queue.SettingsChanged{Settings: s}} }
	refused := func(subject string) *queue.Refusal {
		return &queue.Refusal{Code: queue.RefusedSettings, Subject: subject}
	}
	return []decision{
		{name: "a counter less", when: queue.ChangeSettings{Settings: withoutC3}, then: changed(withoutC3)},
		{
			name:    "a counter less that is open",
			given:   []any{queue.OpenCounter{Counter: "c3"}},
			when:    queue.ChangeSettings{Settings: withoutC3},
			refused: refused("counters: c3 is open"),
		},
		{
			name: "a counter less to which a ticket was sent",
			given: []any{
				queue.IssueTicket{Service: "papers"},
				queue.OpenCounter{Counter: "c1"},
				queue.CallNext{Counter: "c1"},
				queue.Transfer{Counter: "c1", To: "c3"},
			},
			when:    queue.ChangeSettings{Settings: withoutC3},
			refused: refused("counters: c3 has the ticket A001"),
		},
		{
			name: "a service less", given: []any{queue.IssueTicket{Service: "papers"}},
			when: queue.ChangeSettings{Settings: withoutTaxes}, then: changed(withoutTaxes),
		},
		{
			name: "a service less that has tickets", given: []any{queue.IssueTicket{Service: "taxes"}},
			when: queue.ChangeSettings{Settings: withoutTaxes}, refused: refused("services: taxes has the ticket A001"),
		},
		{
			name: "a class less that has tickets", given: []any{queue.IssueTicket{Service: "papers", Class: "slow"}},
			when: queue.ChangeSettings{Settings: withoutSlow}, refused: refused("classes: slow has the ticket A001"),
		},
		{
			name: "a series less that has tickets", given: []any{queue.IssueTicket{Service: "cards"}},
			when: queue.ChangeSettings{Settings: withoutB}, refused: refused("series: b has the ticket B01"),
		},
		{
			name: "a number less that is alive", given: []any{queue.IssueTicket{Service: "papers"}},
			when:    queue.ChangeSettings{Settings: fewerNumbers},
			refused: refused("series: a has the ticket A001"),
		},
		{
			name: "a series less that gave a number today", given: []any{queue.IssueTicket{Service: "cards"}, queue.Cancel{Ticket: first}},
			when: queue.ChangeSettings{Settings: withoutB}, refused: refused("series: b has given numbers today"),
		},
		{
			name:  "a series less that gave a number on a day that can be opened again",
			given: []any{queue.IssueTicket{Service: "cards"}, queue.CloseDay{}},
			when:  queue.ChangeSettings{Settings: withoutB}, refused: refused("series: b has given numbers today"),
		},
		{
			name: "a series less that gave a number yesterday", given: []any{queue.IssueTicket{Service: "cards"}, queue.CloseDay{}, 24 * time.Hour},
			when: queue.ChangeSettings{Settings: withoutB}, then: changed(withoutB),
		},
		{
			name: "a prefix that moves to another series", given: []any{queue.IssueTicket{Service: "cards"}, queue.Cancel{Ticket: first}},
			when: queue.ChangeSettings{Settings: swapped}, refused: refused("series: b has given numbers today"),
		},
		{
			name:    "another office",
			when:    queue.ChangeSettings{Settings: office(func(s *queue.Settings) { s.Office = "elsewhere" })},
			refused: refused("office: this journal belongs to test"),
		},
		{
			name:    "faults",
			when:    queue.ChangeSettings{Settings: office(func(s *queue.Settings) { s.Languages = nil })},
			refused: refused("languages: want at least one language tag, the office's own first"),
		},
		{
			name: "while the day is closed", given: []any{queue.CloseDay{}},
			when: queue.ChangeSettings{Settings: withoutTaxes}, then: changed(withoutTaxes),
		},
	}
}

// TestBeforeTheFirstSettings is an office of which nothing is known yet.
func TestBeforeTheFirstSettings(t *testing.T) {
	var s queue.State
	v := s.View()
	for _, c := range []queue.Command{queue.OpenDay{Clock: queuetest.Monday()}, queue.CallNext{}, queue.IssueTicket{}, nil} {
		_, err := s.Decide(queuetest.Monday(), manager(), c)
		if r, ok := errors.AsType[*queue.Refusal](err); !ok || r.Code != queue.RefusedSettings {
			t.Errorf("%T: %v, want a refusal for want of settings", c, err)
		}
	}
	if err := v.Issuing("papers", queuetest.Monday()); err == nil {
		t.Error("an office without settings gives tickets")
	}
	if date, open := v.Day(); date != "" || open || v.Settings() != nil || v.Zone() != time.UTC {
		t.Errorf("an office without settings has a day, settings or a zone")
	}
	if _, ok := v.Counter("c1"); ok {
		t.Error("an office without settings has a counter")
	}
	if v.Next("c1", queuetest.Monday()) != nil || v.Serves("c1", &queue.Ticket{}) {
		t.Error("an office without settings calls")
	}
}

// TestNoShowOutlivesItsService takes a service, a class and a number away from a
// ticket that has ended but could still come back: it must not come back as
// something else.
func TestNoShowOutlivesItsService(t *testing.T) {
	for name, change := range map[string]func(*queue.Settings){
		"service": func(s *queue.Settings) {
			s.Services = s.Services[:2]
			s.Counters = s.Counters[:2]
			s.Counters[1].Preferred = s.Counters[1].Preferred[:2]
		},
		"class":  func(s *queue.Settings) { s.Classes = s.Classes[:2] },
		"number": func(s *queue.Settings) { s.Series[1].First = 2 },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, office(func(s *queue.Settings) { s.NoShow.Calls, s.NoShow.After = 1, 0 }))
			ticket := h.issue(queue.IssueTicket{Service: "cards", Class: "slow"})
			h.do(queue.OpenCounter{Counter: "c2"}, queue.CallNext{Counter: "c2"}, queue.GiveUp{Counter: "c2"})
			h.do(queue.ChangeSettings{Settings: office(change)})
			if r := h.refusal(queue.Unpark{Ticket: ticket.ID}); r.Code != queue.RefusedStatus {
				t.Errorf("%v, want a refusal for the ticket's status", r)
			}
			if number := h.issue(queue.IssueTicket{Service: "papers"}).Number; number != "A001" {
				t.Errorf("the first number of series a is %s", number)
			}
		})
	}
}

// TestSettingsKeepTheDay changes everything that may change and looks at what must not.
func TestSettingsKeepTheDay(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.do(queue.OpenCounter{Counter: "c2"}, queue.IssueTicket{Service: "papers"}, queue.IssueTicket{Service: "cards"})
	h.next("c2")
	before, _ := h.view().Counter("c2")
	h.do(queue.ChangeSettings{Settings: office(func(s *queue.Settings) { // in another order, with one in front
		s.Services = []queue.Service{
			{ID: "new", Group: "desk", Series: "c"}, s.Services[2], s.Services[1], s.Services[0],
		}
		s.Services[1].Quota = 2
		s.Series = []queue.Series{{ID: "c", Prefix: "C", Width: 1, First: 1, Last: 9}, s.Series[1], s.Series[0]}
		s.Classes = []queue.Class{s.Classes[1], s.Classes[0], s.Classes[2]}
		s.Counters = []queue.Counter{{ID: "c0", Label: "0", Preferred: []queue.ServiceID{"new"}}, s.Counters[2], s.Counters[1], s.Counters[0]}
	})})
	if after, _ := h.view().Counter("c2"); after != before {
		t.Errorf("counter c2 was %+v and is %+v", before, after)
	}
	h.do(queue.Finish{Counter: "c2"}, queue.OpenCounter{Counter: "c3"}, queue.OpenCounter{Counter: "c0"})
	if number := h.next("c0"); number != "" {
		t.Errorf("c0 serves the new service and calls %s", number)
	}
	if number := h.next("c3"); number != "B01" {
		t.Errorf("c3 calls %q, want B01", number)
	}
	for _, want := range []string{"A002", "A003"} {
		if ticket := h.issue(queue.IssueTicket{Service: "papers"}); ticket.Number != want || ticket.Class != "priority" {
			t.Errorf("issued %s of class %s, want %s of the class that is now first", ticket.Number, ticket.Class, want)
		}
	}
	if number := h.issue(queue.IssueTicket{Service: "cards"}).Number; number != "B02" {
		t.Errorf("issued %s, want B02", number)
	}
	if r := h.refusal(queue.IssueTicket{Service: "cards"}); r.Code != queue.RefusedQuota {
		t.Errorf("%v, want the quota of 2, one of them before the change", r)
	}
}

// TestSettingsAreCopied changes the lists that a command came with: those in force
// must not change with them.
func TestSettingsAreCopied(t *testing.T) {
	mine := queuetest.Office(queue.PresetFIFO)
	h := newHall(t, mine)
	mine.Services[0].Quota, mine.Name["it"], mine.Hours.Week[1][0].From = 1, "Altro", 600
	if diff := cmp.Diff(queuetest.Office(queue.PresetFIFO), *h.view().Settings(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("settings in force (-given +now):\n%s", diff)
	}
}
