// SPDX-License-Identifier: EUPL-1.2

package devicetest_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/devicetest"
)

func TestFakePassesTheSuite(t *testing.T) {
	devicetest.TestPrinter(t, func(*testing.T) devicetest.Bench {
		p := devicetest.NewPrinter(time.Second)
		knob := func(code device.FaultCode) func(bool) {
			return func(well bool) {
				if well {
					p.SetFault(nil)
				} else {
					p.SetFault(&device.Fault{Code: code})
				}
			}
		}
		arm := func(code device.FaultCode) func() {
			return func() { p.FailMidSlip(&device.Fault{Code: code}) }
		}
		cover, jam := knob(device.FaultCoverOpen), knob(device.FaultCutter)
		return devicetest.Bench{
			Printer: p, Level: device.LevelConfirmed, Sheets: p.Sheets,
			Paper:   knob(device.FaultPaperEnd),
			Cover:   func(open bool) { cover(!open) },
			Answers: knob(device.FaultNotAnswering),
			Plug:    knob(device.FaultLine),
			Jam:     func(jammed bool) { jam(!jammed) },

			PaperEnds:   arm(device.FaultPaperEnd),
			FallsSilent: arm(device.FaultNotAnswering),
			CableFalls:  arm(device.FaultLine),
		}
	})
}

func TestScriptedOutcomes(t *testing.T) {
	p := devicetest.NewPrinter(0)
	p.Script(
		device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone, Fault: &device.Fault{Code: device.FaultJam}},
		device.Outcome{Result: device.ResultSent, Level: device.LevelNone},
	)
	want := []device.Result{device.ResultUnknown, device.ResultSent, device.ResultPrinted}
	for i, result := range want {
		got := p.Print(t.Context(), device.Job{ID: "0001", Slip: device.Slip{Number: string(rune('A' + i))}})
		if got.Result != result {
			t.Errorf("slip %d: %s, want %s", i, got.Result, result)
		}
	}
	if jobs, sheets := p.Jobs(), p.Sheets(); len(jobs) != 3 || len(sheets) != 2 || jobs[0].Slip.Number != "A" {
		t.Errorf("%d jobs, sheets %q", len(jobs), sheets)
	}
}

func TestNearEndDoesNotStop(t *testing.T) {
	p := devicetest.NewPrinter(0)
	p.SetFault(&device.Fault{Code: device.FaultPaperNearEnd})
	if err := p.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	got := p.Print(t.Context(), device.Job{ID: "0001", Slip: device.Slip{Number: "A1"}})
	if got.Result != device.ResultPrinted || got.Fault == nil || got.Fault.Code != device.FaultPaperNearEnd {
		t.Errorf("%s, %v", got.Result, got.Fault)
	}
}
