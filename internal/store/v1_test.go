// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// TestV1 opens a journal of the first released format. The file and what it means
// are never changed: an office keeps its journal for as long as it keeps the board.
func TestV1(t *testing.T) {
	dir := t.TempDir()
	script, err := os.ReadFile("../../testdata/journals/v1.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, "avanti.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), string(script)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := open(t, store.Options{Dir: dir})
	if d := cmp.Diff(v1Records(), all(t, s)); d != "" {
		t.Errorf("records (-want +got):\n%s", d)
	}
	if d := cmp.Diff(v1Models(), modelsOf(t, s), cmpopts.IgnoreUnexported(store.DayRow{})); d != "" {
		t.Errorf("read models (-want +got):\n%s", d)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	sameModels(t, s)
	if _, err := s.Append(t.Context(), 21, []queue.Entry{late()}); err != nil {
		t.Error(err)
	}
}

func v1Time(second int) time.Time {
	return time.Date(2026, 11, 23, 7, 0, second, 7_000_000, time.UTC)
}

// v1Records is every kind of event with every field that it had then.
func v1Records() []queue.Record {
	due := time.Date(2026, 11, 23, 7, 15, 0, 0, time.UTC)
	events := []queue.Event{
		queue.DayOpened{Date: "2026-11-23", Next: map[queue.SeriesID]int{"a": 7}, Issued: map[queue.ServiceID]int{"papers": 6}},
		queue.TicketIssued{
			Ticket: 2, Number: "A007", Series: "a", Ordinal: 7, Service: "papers", Class: "normal",
			Channel: queue.ChannelKiosk, Language: "ro", Due: due, Slot: due, Printer: "hall",
		},
		queue.SlipFailed{Ticket: 2, Attempt: 1, Fault: "paper-out"},
		queue.SlipRequested{Ticket: 2, Attempt: 2, Printer: "desk", Copy: true},
		queue.SlipUnknown{Ticket: 2, Attempt: 2, Fault: "unplugged"},
		queue.SlipSent{Ticket: 2, Attempt: 2},
		queue.SlipPrinted{Ticket: 2, Attempt: 2, Level: "status"},
		queue.TicketReclassified{Ticket: 2, Class: "priority"},
		queue.CounterOpened{Counter: "c2"},
		queue.TicketCalled{Ticket: 2, Counter: "c2", Wait: 60_000, Reason: "wheelchair"},
		queue.TicketRecalled{Ticket: 2, Counter: "c2", Call: 2},
		queue.TicketReturned{Ticket: 2, Counter: "c2"},
		queue.ClockStepped{By: 5_000},
		queue.ServiceStarted{Ticket: 2, Counter: "c2", Walk: 20_000},
		queue.TicketParked{Ticket: 2, Counter: "c2", Reason: "form", Service: 90_000},
		queue.TicketTransferred{Ticket: 2, Counter: "c2", Service: "taxes", To: "c1", Due: due, Spent: 30_000},
		queue.TicketClosed{Ticket: 2, Counter: "c2", End: queue.EndServed, Outcome: "done", Reason: "none", Service: 120_000},
		queue.CounterPaused{Counter: "c2", Reason: "coffee", Until: due.Add(time.Hour)},
		queue.CounterClosed{Counter: "c2"},
		queue.SettingsChanged{Settings: v1Settings()},
		queue.DayClosed{Date: "2026-11-23"},
	}
	records := make([]queue.Record, len(events))
	for i, e := range events {
		by := queue.Actor{Role: queue.RoleCounter, ID: "c2", Request: "0190b2f4-8f1c-7d3e"}
		records[i] = queue.Record{Seq: queue.Seq(i + 1), At: v1Time(i), By: by, Event: e}
	}
	records[0].By = queue.Actor{Role: queue.RoleSystem}
	return records
}

func v1Settings() queue.Settings {
	hours := queue.Calendar{
		Exceptions: []queue.Exception{{Date: "2026-12-24", Spans: []queue.Span{{From: 480, To: 720}}}, {Date: "2026-12-25"}},
		StopBefore: 900_000,
	}
	hours.Week[time.Monday] = []queue.Span{{From: 495, To: 1020}}
	return queue.Settings{
		Office: "test", Name: queue.Texts{"it": "Ufficio", "en": "Office"}, Zone: "Europe/Rome", Languages: []string{"it", "ro"}, Hours: hours,
		Groups: []queue.Group{{ID: "desk", Name: queue.Texts{"it": "Sportello"}}},
		Services: []queue.Service{{
			ID: "papers", Group: "desk", Series: "a", Name: queue.Texts{"it": "Certificati \x00\"'", "ro": "Adeverințe"},
			Target: 600_000, Quota: 40, Hours: &hours,
		}},
		Series:   []queue.Series{{ID: "a", Prefix: "A", Width: 3, First: 1, Last: 999}},
		Classes:  []queue.Class{{ID: "priority", Name: queue.Texts{"es": "Prioridad"}, Target: 300_000, Credit: 600_000, Cap: 5_400_000}},
		Counters: []queue.Counter{{ID: "c1", Label: "1", Preferred: []queue.ServiceID{"papers"}, Overflow: []queue.ServiceID{"taxes"}}},
		Rule: queue.Rule{
			Preset: queue.PresetAppointments, Target: 1_200_000, Cap: 2_700_000, Tolerance: 300_000, LateAfter: 900_000,
		},
		NoShow:       queue.NoShow{Calls: 2, After: 30_000, ReturnWithin: 900_000},
		Slips:        queue.SlipPolicy{OnUnknown: queue.UnknownCopy, CopyFor: 60_000},
		FinishOnNext: true, Outcomes: []string{"done"},
	}
}

// v1Models is what those records mean.
func v1Models() models {
	due := time.Date(2026, 11, 23, 7, 15, 0, 0, time.UTC)
	return models{
		Days: []store.DayRow{{Date: "2026-11-23", Opened: v1Time(0), Closed: v1Time(20)}},
		Tickets: []store.TicketRow{{
			ID: 2, Number: "A007", Series: "a", Ordinal: 7, Service: "papers", Last: "taxes", Class: "priority", Channel: queue.ChannelKiosk, Language: "ro",
			Issued: v1Time(1), Due: due, Slot: due, Calls: 2, FirstCalled: v1Time(9), Answered: true, Wait: 60_000, Counter: "c2",
			Started: v1Time(13), Walk: 20_000, Served: 240_000, Closed: v1Time(16), End: queue.EndServed, Outcome: "done", Reason: "none",
			Slip: store.SlipRow{Printer: "desk", Attempt: 2, Copy: true, Result: queue.SlipResultPrinted, Level: "status"},
		}},
		Intervals: []store.IntervalRow{
			{ID: 9, Counter: "c2", State: queue.CounterIsOpen, Began: v1Time(8), Ended: v1Time(17)},
			{ID: 18, Counter: "c2", State: queue.CounterIsPaused, Reason: "coffee", Began: v1Time(17), Ended: v1Time(18)},
		},
	}
}
