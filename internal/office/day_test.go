// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestCalendarOpensAndCloses lets two days pass: open half an hour before the doors,
// closed when the last citizen has left, or in the night if nobody closed the counter.
func TestCalendarOpensAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, queue.ChangeSettings{Settings: settings()})
		defer d.stop()
		isOpen := func() bool { _, open := d.engine.View().Day(); return open }
		pass(time.Second)
		if !isOpen() {
			t.Fatal("eight o'clock, and the day is not open")
		}
		id := queue.TicketID(d.do(queue.IssueTicket{Service: "papers"})[0].Seq)
		pass(10*time.Hour + time.Minute) // 18:01
		if !isOpen() {
			t.Error("the day was closed with somebody in the hall")
		}
		d.do(queue.Cancel{Ticket: id})
		pass(2 * time.Second)
		if isOpen() {
			t.Error("the hall is empty after hours, and the day is open")
		}
		pass(13*time.Hour + 20*time.Minute) // 07:21
		if isOpen() {
			t.Error("open forty minutes before the doors")
		}
		pass(15 * time.Minute)
		if date, open := d.engine.View().Day(); !open || date != "2026-11-24" {
			t.Errorf("day %s, open %v", date, open)
		}
		d.do(queue.OpenCounter{Counter: "c1", Seen: d.seen()})
		pass(30 * time.Minute)
		d.do(queue.IssueTicket{Service: "papers"})
		d.do(queue.CallNext{Counter: "c1", Seen: d.seen()})
		pass(17 * time.Hour) // past midnight
		if isOpen() {
			t.Error("the night is over, and yesterday is open")
		}
	})
}
