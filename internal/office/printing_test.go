// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/devicetest"
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
			texts := words(j.Slip)
			if j.Slip.Number != number(i+1) || texts[0] != "Ufficio di prova" || j.Slip.Copy != "" ||
				!slices.Contains(texts, fmt.Sprint("Persone prima di Lei: ", i)) || !slices.Contains(texts, "Attesa prevista: 10-15 min") {
				t.Errorf("slip %+v", j.Slip)
			}
			if strings.ContainsAny(fmt.Sprint(texts), "şţ") {
				t.Errorf("%q has a cedilla: want the comma below", texts)
			}
			advice = append(advice, texts[len(texts)-1])
		}
		slices.Sort(advice)
		if len(slices.Compact(advice)) != 4 {
			t.Errorf("advice %q: want four languages", advice)
		}
	})
}

// words are the texts of a slip, top to bottom.
func words(s device.Slip) []string {
	var out []string
	for _, p := range s.Parts {
		if p.Kind == device.PartText {
			out = append(out, p.Text)
		}
	}
	return out
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
		if d.office.PrinterReady("p1") == nil || !d.warned("printer_paper_end", "p1") {
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
		if d.warned("printer_paper_end", "p1") {
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

// witness is a printer that gives evidence before each slip and remembers what came of it.
type witness struct {
	*devicetest.Printer
	knows map[string]string // the evidence of the jobs that it can prove, by id
	asked []string
}

func (w *witness) Print(ctx context.Context, j device.Job) device.Outcome {
	evidence := "cuts 41 before " + j.ID
	if err := j.Begin(evidence); err != nil {
		return device.Outcome{Result: device.ResultFailed, Fault: &device.Fault{Code: device.FaultBusy, Detail: err.Error()}}
	}
	w.knows[j.ID], j.Begin = evidence, nil
	return w.Printer.Print(ctx, j)
}

func (w *witness) Testify(_ context.Context, id, evidence string) device.Outcome {
	w.asked = append(w.asked, id)
	if evidence != "" && w.knows[id] == evidence {
		return device.Outcome{Result: device.ResultPrinted, Level: device.LevelOrdered}
	}
	return device.Outcome{Result: device.ResultUnknown}
}

// TestLateEvidence: the program ends in the middle of a slip, and the printer proves at the next
// start that it came out. What it cannot prove stays unknown.
func TestLateEvidence(t *testing.T) {
	for _, proves := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			d := openDesk(t, &queuetest.Memory{}, morning(0)...)
			d.stop()
			w := &witness{Printer: d.printer, knows: map[string]string{}}
			d.first = w
			d.conduct()
			id := d.issue("it")
			pass(time.Second)
			d.stop()
			if s := d.slip(id); s.Result != queue.SlipResultPending {
				t.Fatalf("slip %+v, want one without an outcome", s)
			}
			if !proves {
				clear(w.knows)
			}
			d.conduct()
			defer d.stop()
			pass(20 * time.Second)
			if len(w.asked) != 1 {
				t.Errorf("asked for %q, want one job", w.asked)
			}
			if s := d.slip(id); s.Result != queue.SlipResultPrinted || s.Copy == proves {
				t.Errorf("proved %v: slip %+v", proves, s)
			}
		})
	}
}

// TestNothingBeginsUnrecorded: a slip whose evidence cannot be kept is not begun.
func TestNothingBeginsUnrecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		d.stop()
		d.first = &witness{Printer: d.printer, knows: map[string]string{}}
		d.keeps = full{}
		d.conduct()
		defer d.stop()
		id := d.issue("it")
		pass(time.Minute)
		if s := d.slip(id); s.Result != queue.SlipResultFailed || len(d.printer.Jobs()) > 0 {
			t.Errorf("slip %+v with %d jobs", s, len(d.printer.Jobs()))
		}
	})
}

// full is a memory that can keep nothing more.
type full struct{}

func (full) DeviceState(context.Context, string) ([]byte, error) { return nil, nil }

func (full) SetDeviceState(context.Context, string, []byte) error { return errors.New("no room") }

// TestGoneWhileThePrinterWasOpen: nothing is printed for a ticket that was called off meanwhile.
func TestGoneWhileThePrinterWasOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.printer.SetFault(&device.Fault{Code: device.FaultCoverOpen})
		id := d.issue("it")
		pass(5 * time.Second)
		d.do(queue.Cancel{Ticket: id})
		d.printer.SetFault(nil)
		pass(time.Minute)
		if s := d.slip(id); s.Result != queue.SlipResultFailed || len(d.printer.Jobs()) > 0 {
			t.Errorf("slip %+v with %d jobs", s, len(d.printer.Jobs()))
		}
	})
}
