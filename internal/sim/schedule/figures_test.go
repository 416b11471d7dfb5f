// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// story is a short day: three served, one of them after a no-show's call that nobody
// answered, one gone, one sent home.
func story() []queue.Record {
	at := queuetest.Monday() // eight o'clock in Rome
	var out []queue.Record
	tell := func(after time.Duration, events ...queue.Event) {
		at = at.Add(after)
		for _, e := range events {
			out = append(out, queue.Record{Seq: queue.Seq(len(out) + 1), At: at, Event: e})
		}
	}
	minutes := func(n int) queue.Millis { return queue.Millis(n * 60_000) }
	tell(0, queue.SettingsChanged{Settings: queuetest.Office(queue.PresetFIFO)}, queue.DayOpened{Date: "2026-11-23"})
	tell(10*time.Minute, queue.TicketIssued{Ticket: 3}, queue.SlipPrinted{Ticket: 3})
	tell(5*time.Minute, queue.TicketCalled{Ticket: 3, Wait: minutes(5)}, queue.ServiceStarted{Ticket: 3})
	tell(50*time.Minute, queue.TicketIssued{Ticket: 7}, queue.SlipFailed{Ticket: 7}, queue.SlipRequested{Ticket: 7})
	tell(0, queue.TicketIssued{Ticket: 10}, queue.SlipUnknown{Ticket: 10}, queue.SlipRequested{Ticket: 10, Copy: true}, queue.SlipSent{Ticket: 10})
	tell(5*time.Minute, queue.TicketClosed{Ticket: 3, End: queue.EndServed})
	tell(5*time.Minute, queue.TicketCalled{Ticket: 7, Wait: minutes(10)}, queue.TicketRecalled{Ticket: 7})
	tell(time.Minute, queue.TicketClosed{Ticket: 7, End: queue.EndNoShow}, queue.TicketReturned{Ticket: 7})
	tell(9*time.Minute, queue.TicketCalled{Ticket: 10, Wait: minutes(20)}, queue.TicketClosed{Ticket: 10, End: queue.EndServed})
	tell(10*time.Minute, queue.TicketCalled{Ticket: 7, Wait: minutes(30)}, queue.TicketTransferred{Ticket: 7})
	tell(time.Minute, queue.TicketCalled{Ticket: 7, Wait: minutes(1)}, queue.TicketClosed{Ticket: 7, End: queue.EndServed})
	tell(0, queue.TicketIssued{Ticket: 27}, queue.TicketClosed{Ticket: 27, End: queue.EndExpired}, queue.DayClosed{Date: "2026-11-23"})
	return out
}

func TestTable(t *testing.T) {
	f := schedule.NewFigures()
	for _, r := range story() {
		f.Record(r)
	}
	var got strings.Builder
	if err := f.Table(&got); err != nil {
		t.Fatal(err)
	}
	const want = `  issued  answered  mean wait min  P90 wait min
   08-09         1            5.0           5.0
   09-10         2           25.0          30.0
     all         3           18.3          30.0

days     1
tickets  4: 3 served, 1 no-shows, 0 cancelled, 0 void, 1 expired
calls    5, recalls 1
slips    1 printed, 1 sent, 1 failed, 1 unknown; 1 marked copies
`
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFiguresAdd(t *testing.T) {
	one, two := schedule.NewFigures(), schedule.NewFigures()
	for _, r := range story() {
		one.Record(r)
		two.Record(r)
	}
	one.Add(two)
	if one.Tickets != 8 || one.Days != 2 || one.Calls != 10 || one.Recalls != 2 || one.Copies != 2 || one.Ends[queue.EndServed] != 6 {
		t.Errorf("twice the story is %+v", one)
	}
	if got, want := one.Waits(9, 10), (schedule.Waits{N: 4, Mean: 25 * time.Minute, P90: 30 * time.Minute}); got != want {
		t.Errorf("waits %v, want %v", got, want)
	}
	if got := one.Waits(10, 24); got != (schedule.Waits{}) {
		t.Errorf("waits of nobody: %v", got)
	}
}
