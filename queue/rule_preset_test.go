// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// crowd brings the same people into an office of each preset: A001 for papers at
// 8:00, A002 for taxes (target 10 minutes) at 8:04, A003 for papers with priority
// (target 5, credit 10) at 8:08, A004 for papers with an appointment at 8:15 (due at
// 8:10), B01 for cards at 8:11.
func crowd(t *testing.T, preset queue.Preset) *hall {
	h := newHall(t, queuetest.Office(preset))
	h.do(queue.OpenCounter{Counter: "c1"}, queue.OpenCounter{Counter: "c2"}, queue.OpenCounter{Counter: "c3"})
	for _, visit := range []struct {
		minute int
		ticket queue.IssueTicket
	}{
		{0, queue.IssueTicket{Service: "papers"}},
		{4, queue.IssueTicket{Service: "taxes"}},
		{8, queue.IssueTicket{Service: "papers", Class: "priority"}},
		{10, queue.IssueTicket{Service: "papers", Channel: queue.ChannelAppointment, Slot: clock(8, 15)}},
		{11, queue.IssueTicket{Service: "cards"}},
	} {
		h.at = clock(8, visit.minute)
		h.do(visit.ticket)
	}
	return h
}

func TestPresets(t *testing.T) {
	for _, test := range []struct {
		preset   queue.Preset
		counter  queue.CounterID
		at       time.Time
		expected []string
	}{
		{queue.PresetFIFO, "c2", clock(8, 12), []string{"A001", "A002", "A003", "A004", "B01"}},
		{queue.PresetFIFO, "c2", clock(9, 12), []string{"A001", "A002", "A003", "A004", "B01"}},
		{queue.PresetFIFO, "c3", clock(8, 12), []string{"A001", "A003", "A004", "B01"}},

		{queue.PresetTargets, "c2", clock(8, 12), []string{"A003", "A002", "A001", "A004", "B01"}},
		{queue.PresetTargets, "c2", clock(8, 47), []string{"A001", "A003", "A002", "A004", "B01"}}, // A001 is past its cap
		{queue.PresetTargets, "c2", clock(9, 12), []string{"A001", "A002", "A003", "A004", "B01"}}, // all are

		{queue.PresetPriorityCapped, "c2", clock(8, 12), []string{"A003", "A001", "A002", "A004", "B01"}},
		{queue.PresetPriorityCapped, "c2", clock(8, 50), []string{"A001", "A002", "A003", "A004", "B01"}},

		{queue.PresetAppointments, "c2", clock(8, 12), []string{"A004", "A003", "A002", "A001", "B01"}},
		{queue.PresetAppointments, "c2", clock(8, 50), []string{"A001", "A002", "A004", "A003", "B01"}},

		{queue.PresetOwnClass, "c3", clock(8, 12), []string{"B01", "A003", "A001", "A004"}},
		{queue.PresetOwnClass, "c3", clock(8, 50), []string{"A001", "B01", "A003", "A004"}},
		{queue.PresetOwnClass, "c1", clock(8, 12), []string{"A003", "A002", "A001", "A004"}},
	} {
		t.Run(string(test.preset)+" "+test.at.Format("15:04")+" "+string(test.counter), func(t *testing.T) {
			h := crowd(t, test.preset)
			h.at = test.at
			if diff := cmp.Diff(test.expected, h.serve(test.counter)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAppointments are those who come early, in time and late.
func TestAppointments(t *testing.T) {
	appointment := func(slot time.Time) queue.IssueTicket {
		return queue.IssueTicket{Service: "papers", Channel: queue.ChannelAppointment, Slot: slot}
	}
	h := newHall(t, queuetest.Office(queue.PresetAppointments))
	h.do(queue.OpenCounter{Counter: "c1"})
	h.at = clock(9, 0)
	h.do(appointment(clock(9, 20)), appointment(clock(9, 10)), queue.IssueTicket{Service: "papers"}, appointment(clock(8, 44)), appointment(clock(8, 45)))
	// A005 is in time, A003 walked in, A004 is 16 minutes late and counts as if it had; A001 and
	// A002 are early and called when nobody else is there.
	want := []string{"A005", "A003", "A004", "A002", "A001"}
	if diff := cmp.Diff(want, h.serve("c1")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	for ticket := range h.view().Tickets() {
		if wait := ticket.CalledAt.Sub(ticket.Since); wait > 0 {
			t.Errorf("%s waited %v", ticket.Number, wait)
		}
	}
}

// TestNoShowComesBackWithoutCredit: at the old place in time, but with no head start.
func TestNoShowComesBackWithoutCredit(t *testing.T) {
	for _, test := range []struct {
		preset queue.Preset
		ticket queue.IssueTicket
	}{
		{queue.PresetTargets, queue.IssueTicket{Service: "papers", Class: "priority"}},
		{queue.PresetPriorityCapped, queue.IssueTicket{Service: "papers", Class: "priority"}},
		{queue.PresetAppointments, queue.IssueTicket{Service: "papers", Slot: clock(8, 1)}},
	} {
		t.Run(string(test.preset), func(t *testing.T) {
			settings := queuetest.Office(test.preset)
			settings.NoShow.Calls, settings.NoShow.After = 1, 0
			settings.Classes[1].Target = 0
			h := newHall(t, settings)
			h.do(queue.OpenCounter{Counter: "c1"}, queue.IssueTicket{Service: "papers"})
			h.wait(time.Minute)
			late := h.issue(test.ticket)
			if number := h.next("c1"); number != late.Number {
				t.Fatalf("%s is called, want %s by its head start", number, late.Number)
			}
			h.do(queue.GiveUp{Counter: "c1"}, queue.Unpark{Ticket: late.ID})
			h.wait(time.Minute)
			h.do(queue.IssueTicket{Service: "papers"})
			if diff := cmp.Diff([]string{"A001", "A002", "A003"}, h.serve("c1")); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTransferGoesLastOrKeepsItsPlace compares both ways of sending on.
func TestTransferGoesLastOrKeepsItsPlace(t *testing.T) {
	for keep, want := range map[bool][]string{true: {"A001", "A002"}, false: {"A002", "A001"}} {
		h := newHall(t, queuetest.Office(queue.PresetFIFO))
		h.do(queue.OpenCounter{Counter: "c1"}, queue.OpenCounter{Counter: "c2"}, queue.IssueTicket{Service: "papers"})
		h.wait(time.Minute)
		h.do(queue.IssueTicket{Service: "taxes"})
		h.wait(time.Minute)
		h.next("c1")
		h.do(queue.Transfer{Counter: "c1", Service: "taxes", KeepPlace: keep})
		if diff := cmp.Diff(want, h.serve("c2")); diff != "" {
			t.Errorf("keep %v (-want +got):\n%s", keep, diff)
		}
	}
}
