// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// touch takes a ticket on paper at a kiosk.
func (d *desk) touch(kiosk, printer string) queue.TicketID {
	d.t.Helper()
	r, err := d.engine.Do(d.t.Context(), queue.Actor{Role: queue.RoleKiosk, ID: kiosk}, queue.IssueTicket{Service: "papers", Printer: printer})
	if err != nil {
		d.t.Fatal(err)
	}
	return queue.TicketID(r[0].Seq)
}

// TestSpareTakesOver: the first printer fails before the first byte, and the same unmarked paper
// comes out of the one beside it, at once.
func TestSpareTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.printer.SetFault(&device.Fault{Code: device.FaultCoverOpen})
		id := d.touch("kiosk", "p1")
		pass(5 * time.Second)
		if s := d.slip(id); s.Result != queue.SlipResultPrinted || s.Printer != "p2" || s.Attempt != 2 || s.Copy {
			t.Errorf("slip %+v, want one from the spare", s)
		}
		if n := len(d.printer.Jobs()); n != 0 {
			t.Errorf("%d jobs at the printer that is open", n)
		}
	})
}

// TestSpareOfTheSpare: a kiosk that was given paper by its spare goes back to its first one.
func TestSpareOfTheSpare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.spare.SetFault(&device.Fault{Code: device.FaultPaperEnd})
		id := d.touch("kiosk", "p2")
		pass(5 * time.Second)
		if s := d.slip(id); s.Result != queue.SlipResultPrinted || s.Printer != "p1" {
			t.Errorf("slip %+v, want one from the first printer", s)
		}
	})
}

// TestNoSpare: what stands elsewhere is no spare, one that is down neither, and where the first
// paper may have come out nothing moves.
func TestNoSpare(t *testing.T) {
	for name, test := range map[string]struct {
		kiosk string
		fault func(d *desk)
		want  queue.SlipResult
	}{
		"another kiosk's": {"lonely", func(d *desk) { d.printer.SetFault(&device.Fault{Code: device.FaultCoverOpen}) }, queue.SlipResultFailed},
		"nobody's":        {"phone", func(d *desk) { d.printer.SetFault(&device.Fault{Code: device.FaultCoverOpen}) }, queue.SlipResultFailed},
		"both down": {"kiosk", func(d *desk) {
			d.printer.SetFault(&device.Fault{Code: device.FaultCoverOpen})
			d.spare.SetFault(&device.Fault{Code: device.FaultCoverOpen})
		}, queue.SlipResultFailed},
		"half a slip": {"kiosk", func(d *desk) { d.printer.FailMidSlip(&device.Fault{Code: device.FaultPaperEnd}) }, queue.SlipResultFailed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := openDesk(t, &queuetest.Memory{}, morning(0)...)
				defer d.stop()
				test.fault(d)
				pass(6 * time.Second) // in which it is noticed
				id := d.touch(test.kiosk, "p1")
				pass(5 * time.Minute)
				if s := d.slip(id); s.Result != test.want || s.Printer != "p1" {
					t.Errorf("slip %+v, want %s at p1", s, test.want)
				}
				if n := len(d.spare.Jobs()); n != 0 {
					t.Errorf("%d jobs at the spare", n)
				}
			})
		})
	}
}

// TestUnknownByRule: what nobody knows is settled by the office's rule. A copy waits until the
// printer is well, comes once, and is marked; a void number never gets a second paper.
func TestUnknownByRule(t *testing.T) {
	for rule, want := range map[queue.UnknownSlip]struct {
		copies int
		slip   queue.SlipResult
		alive  bool
	}{
		queue.UnknownKeep: {0, queue.SlipResultUnknown, true},
		queue.UnknownCopy: {1, queue.SlipResultUnknown, true},
		queue.UnknownVoid: {0, queue.SlipResultUnknown, false},
	} {
		t.Run(string(rule), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := settings()
				s.Slips.OnUnknown = rule
				given := morning(0)
				given[0] = queue.ChangeSettings{Settings: s}
				d := openDesk(t, &queuetest.Memory{}, given...)
				defer d.stop()
				lost := device.Outcome{Result: device.ResultUnknown, Fault: &device.Fault{Code: device.FaultNotAnswering}}
				d.printer.Script(lost, lost, lost)
				id := d.touch("kiosk", "p1")
				pass(5 * time.Second)
				d.printer.SetFault(&device.Fault{Code: device.FaultUncleared})
				pass(20 * time.Second)
				d.printer.SetFault(nil)
				pass(5 * time.Minute)
				copies := 0
				for _, j := range d.printer.Jobs() {
					if j.Slip.Copy != "" {
						copies++
					}
				}
				jobs := len(d.printer.Jobs())
				got := d.engine.View().Ticket(id)
				if copies != want.copies || jobs != 1+want.copies || got.Slip.Result != want.slip || got.Alive() != want.alive {
					t.Errorf("%d copies in %d jobs, ticket %+v", copies, jobs, got)
				}
			})
		})
	}
}
