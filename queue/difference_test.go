// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestDifference: two offices of which one record differs are told apart.
func TestDifference(t *testing.T) {
	settings := queuetest.Office(queue.PresetFIFO)
	ticket := queue.TicketIssued{
		Ticket: 3, Number: "B01", Series: "b", Ordinal: 1, Service: "cards", Class: "normal", Language: "it", Due: queuetest.Monday(),
	}
	change := func(f func(*queue.TicketIssued)) queue.Event {
		e := ticket
		f(&e)
		return e
	}
	opened := queue.DayOpened{Date: "2026-11-23"}
	for name, test := range map[string]struct {
		one, other []queue.Event
		want       string
	}{
		"a record more": {[]queue.Event{opened}, []queue.Event{opened, ticket}, "record"},
		"the day":       {[]queue.Event{opened}, []queue.Event{queue.DayOpened{Date: "2026-11-24"}}, "day"},
		"open":          {[]queue.Event{opened, ticket}, []queue.Event{opened, queue.DayClosed{Date: "2026-11-23"}}, "day"},
		"the settings": {
			[]queue.Event{opened, queue.SettingsChanged{Settings: settings}},
			[]queue.Event{opened, queue.SettingsChanged{Settings: office(func(s *queue.Settings) { s.NoShow.Calls++ })}},
			"settings",
		},
		"a counter":       {[]queue.Event{opened, queue.CounterOpened{Counter: "c1"}}, []queue.Event{opened, queue.CounterClosed{Counter: "c1"}}, "counters"},
		"a quota":         {[]queue.Event{opened}, []queue.Event{queue.DayOpened{Date: opened.Date, Issued: map[queue.ServiceID]int{"cards": 1}}}, "tickets by service"},
		"the next number": {[]queue.Event{opened}, []queue.Event{queue.DayOpened{Date: opened.Date, Next: map[queue.SeriesID]int{"b": 2}}}, "series b"},
		"a number":        {[]queue.Event{opened, ticket}, []queue.Event{opened, change(func(e *queue.TicketIssued) { e.Ordinal = 2 })}, "series b"},
		"a text":          {[]queue.Event{opened, ticket}, []queue.Event{opened, change(func(e *queue.TicketIssued) { e.Language = "ro" })}, "ticket"},
		"a time":          {[]queue.Event{opened, ticket}, []queue.Event{opened, change(func(e *queue.TicketIssued) { e.Due = e.Due.Add(time.Millisecond) })}, "ticket"},
		"a slip":          {[]queue.Event{opened, ticket}, []queue.Event{opened, change(func(e *queue.TicketIssued) { e.Printer = "hall" })}, "ticket"},
		"a series less": {
			[]queue.Event{opened, queue.SettingsChanged{Settings: settings}},
			[]queue.Event{opened, queue.SettingsChanged{Settings: cardsOf(queue.Series{Prefix: "B", Width: 1, First: 1, Last: 9})}},
			"settings",
		},
	} {
		view := func(events []queue.Event) *queue.View {
			var s queue.State
			s.Apply(queue.Record{Seq: 1, At: queuetest.Monday(), Event: queue.SettingsChanged{Settings: settings}})
			for i, e := range events {
				s.Apply(queue.Record{Seq: queue.Seq(2 + i), At: queuetest.Monday(), Event: e})
			}
			return s.View()
		}
		one, other := view(test.one), view(test.other)
		for _, d := range []string{one.Difference(other), other.Difference(one)} {
			if !strings.HasPrefix(d, test.want) {
				t.Errorf("%s: %q, want %s", name, d, test.want)
			}
		}
		if d := one.Difference(view(test.one)); d != "" {
			t.Errorf("%s: an office differs from itself: %s", name, d)
		}
	}
	var none, later queue.State
	later.Apply(queue.Record{At: queuetest.Monday()})
	if none.View().Difference(none.View()) != "" || none.View().Difference(later.View()) == "" {
		t.Error("offices without settings are not told apart by their time")
	}
}
