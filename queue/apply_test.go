// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// anyFact draws an event that may make no sense at all.
func anyFact(t *rapid.T) queue.Event {
	ticket := rapid.SampledFrom([]queue.TicketID{3, 4, 5, 6, 0, -1, math.MaxInt64}).Draw(t, "ticket")
	counter := rapid.SampledFrom([]queue.CounterID{"c1", "c2", "c9", ""}).Draw(t, "counter")
	at := queuetest.Monday().Add(time.Duration(rapid.Int64().Draw(t, "at")))
	service := rapid.SampledFrom([]queue.ServiceID{"papers", "cards", "beer", ""}).Draw(t, "service")
	class := rapid.SampledFrom([]queue.ClassID{"normal", "slow", "vip"}).Draw(t, "class")
	span := queue.Millis(rapid.Int64().Draw(t, "span"))
	small := rapid.SampledFrom([]int{1, 2, 20, 0, -1, -64, math.MinInt, math.MaxInt}).Draw(t, "number")
	text := rapid.SampledFrom([]string{"", "p1", "served", "no_show", "\xff"}).Draw(t, "text")
	return rapid.SampledFrom([]queue.Event{
		queue.TicketIssued{
			Ticket: ticket, Series: queue.SeriesID(rapid.SampledFrom([]string{"a", "b", "z"}).Draw(t, "series")),
			Ordinal: small, Service: service, Class: class, Due: at, Slot: at, Printer: text,
		},
		queue.TicketCalled{Ticket: ticket, Counter: counter, Wait: span},
		queue.TicketRecalled{Ticket: ticket, Counter: counter, Call: small},
		queue.ServiceStarted{Ticket: ticket, Counter: counter, Walk: span},
		queue.TicketReturned{Ticket: ticket, Counter: counter},
		queue.TicketParked{Ticket: ticket, Counter: counter, Reason: text},
		queue.TicketTransferred{Ticket: ticket, Counter: counter, Service: service, To: counter, Due: at},
		queue.TicketReclassified{Ticket: ticket, Class: class},
		queue.TicketClosed{Ticket: ticket, Counter: counter, End: queue.End(text)},
		queue.SlipRequested{Ticket: ticket, Attempt: small, Printer: text},
		queue.SlipPrinted{Ticket: ticket, Attempt: small},
		queue.SlipSent{Ticket: ticket, Attempt: small},
		queue.SlipFailed{Ticket: ticket, Attempt: small},
		queue.SlipUnknown{Ticket: ticket, Attempt: small},
		queue.CounterOpened{Counter: counter},
		queue.CounterPaused{Counter: counter, Until: at},
		queue.CounterClosed{Counter: counter},
		queue.ClockStepped{By: span},
		queue.DayOpened{Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": small}, Issued: map[queue.ServiceID]int{service: small}},
		queue.DayClosed{Date: "x"},
	}).Draw(t, "fact")
}

// TestApplyIsTotal applies facts that make no sense, in front of and behind the first
// settings and day. Nothing may panic: not then, and not in what is asked or
// decided afterwards.
func TestApplyIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s queue.State
		at := queuetest.Monday()
		record := queue.Record{At: at}
		apply := func(e queue.Event) {
			record.Seq, record.Event = record.Seq+1, e
			s.Apply(record)
		}
		if rapid.Bool().Draw(t, "settings") {
			apply(queue.SettingsChanged{Settings: queuetest.Office(queue.PresetTargets)})
			apply(queue.DayOpened{Date: "2026-11-23"})
		}
		for range rapid.IntRange(1, 12).Draw(t, "facts") {
			apply(anyFact(t))
		}
		apply(queue.SettingsChanged{Settings: queuetest.Office(queue.PresetAppointments)})
		apply(anyFact(t))
		v := s.View()
		if v.Seq() != record.Seq || !v.At().Equal(at) {
			t.Errorf("the state is at %d, %v; want %d, %v", v.Seq(), v.At(), record.Seq, at)
		}
		for c := range v.Counters() {
			v.Next(c.ID, at)
		}
		d := dice{t}
		for range 20 {
			if c := queuetest.Command(d, v, at); c != nil {
				_, _ = s.Decide(at, manager(), c)
			}
		}
	})
}
