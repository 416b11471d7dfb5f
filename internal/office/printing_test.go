// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// issue takes a ticket on paper and returns it.
func (d *desk) issue(language string) queue.TicketID {
	d.t.Helper()
	r := d.do(queue.IssueTicket{Service: "papers", Language: language, Channel: queue.ChannelKiosk, Printer: "p1"})
	return queue.TicketID(r[0].Seq)
}

func (d *desk) slip(id queue.TicketID) queue.Slip { return d.engine.View().Ticket(id).Slip }

func TestSlipBecomesAFact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		if err := d.office.PrinterReady("p1"); err != nil {
			t.Fatal(err)
		}
		id := d.issue("it")
		pass(10 * time.Second)
		if s := d.slip(id); s.Result != queue.SlipResultPrinted || s.Attempt != 1 {
			t.Errorf("slip %+v", s)
		}
		if d.office.PrinterReady("nobody") == nil {
			t.Error("a printer that does not exist is ready")
		}
	})
}

// TestSlipsInFourLanguages looks at what stands on paper; Romanian has its own letters.
func TestSlipsInFourLanguages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		for _, language := range []string{"it", "ro", "es", "en"} {
			d.issue(language)
		}
		pass(30 * time.Second)
		var advice []string
		for i, j := range d.printer.Jobs() {
			s := j.Slip
			if s.Number != number(i+1) || s.Ahead != i || s.Office != "Ufficio di prova" || s.AheadText == "" || s.Advice == "" || s.Copy != "" {
				t.Errorf("slip %+v", s)
			}
			if strings.ContainsAny(s.AheadText+s.Advice, "şţ") {
				t.Errorf("%q has a cedilla: want the comma below", s.Advice)
			}
			advice = append(advice, s.Advice)
		}
		slices.Sort(advice)
		if len(slices.Compact(advice)) != 4 {
			t.Errorf("advice %q: want four languages", advice)
		}
	})
}

// TestSlipUnderWayAtStart: nobody knows whether it came out, and it is not sent again
// unmarked.
func TestSlipUnderWayAtStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		given := append(morning(0), queue.IssueTicket{Service: "papers", Printer: "p1"})
		d := openDesk(t, &queuetest.Memory{}, given...)
		defer d.stop()
		pass(10 * time.Second)
		s := d.slip(4)
		if !s.MayExist || !s.Copy || s.Attempt != 2 || s.Result != queue.SlipResultPrinted {
			t.Errorf("slip %+v, want a marked copy", s)
		}
		jobs := d.printer.Jobs()
		if len(jobs) != 1 || jobs[0].Slip.Copy != "DUPLICATO" {
			t.Errorf("jobs %+v", jobs)
		}
	})
}

// TestNoBacklog: what could not be printed while the citizens stood there is not
// printed in the evening.
func TestNoBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.printer.SetFault(&device.Fault{Code: device.FaultPaperEnd})
		var ids []queue.TicketID
		for range 5 {
			ids = append(ids, d.issue("it"))
		}
		pass(10 * time.Second)
		if d.office.PrinterReady("p1") == nil || !d.warned("printer", "p1") {
			t.Error("the printer has no paper, and nobody is told")
		}
		pass(10 * time.Minute)
		d.printer.SetFault(nil)
		pass(10 * time.Minute)
		if n := len(d.printer.Sheets()); n != 0 {
			t.Errorf("%d slips for citizens who have gone", n)
		}
		for _, id := range ids {
			if s := d.slip(id); s.Result != queue.SlipResultFailed {
				t.Errorf("slip %+v", s)
			}
		}
		if d.warned("printer", "p1") {
			t.Error("the warning stands when the printer is well")
		}
		id := d.issue("it")
		pass(10 * time.Second)
		if s := d.slip(id); s.Result != queue.SlipResultPrinted {
			t.Errorf("slip %+v when the printer is well again", s)
		}
	})
}

// TestFailedIsTriedAgain: no byte had reached the printer, so the same unmarked paper
// may be tried anew while the citizen waits; not for ever.
func TestFailedIsTriedAgain(t *testing.T) {
	for failures, want := range map[int]queue.SlipResult{1: queue.SlipResultPrinted, 9: queue.SlipResultFailed} {
		t.Run(fmt.Sprint(failures), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := openDesk(t, &queuetest.Memory{}, morning(0)...)
				defer d.stop()
				for range failures {
					d.printer.Script(device.Outcome{Result: device.ResultFailed, Fault: &device.Fault{Code: device.FaultLine}})
				}
				id := d.issue("it")
				pass(2 * time.Minute)
				if s := d.slip(id); s.Result != want || s.Copy || s.Attempt > 3 {
					t.Errorf("slip %+v, want %s", s, want)
				}
			})
		})
	}
}
