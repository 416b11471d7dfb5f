// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// longSlip is more than a metre of paper and several kilobytes.
func longSlip() device.Job {
	job := device.Job{ID: "0001", Slip: device.Slip{Number: "A001"}}
	for range 40 {
		job.Slip.Parts = append(job.Slip.Parts, device.Part{Text: strings.Repeat("Carta d'identità ", 5), Size: device.SizeLarge})
	}
	return job
}

// A slip several times as long as the printer's buffer, on a fast line that nothing holds back, comes
// out whole where the driver is told that there is no flow control; where it is not, some do not, and
// then it does not say so.
func TestNothingIsLostWithoutFlowControl(t *testing.T) {
	spoilt := 0
	for _, name := range escpos.Names() {
		for _, flow := range []string{"none", ""} {
			synctest.Test(t, func(t *testing.T) {
				profile, model := lookup(t, name)
				profile.Buffer, profile.Slack = 1024, 128
				b := newPaperBench(t, profile, paper.Options{
					Model: model, Baud: 115200, Buffer: 1024, Flow: paper.NoFlow, MMPerSecond: float64(profile.Speed), TakeAfter: time.Second,
				})
				b.drive(t, thermal.Options{Open: b.open, Baud: 115200, Flow: flow})
				if err := b.driver.Ready(t.Context()); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				before := b.sim.Counters().Lost
				got := b.driver.Print(t.Context(), longSlip())
				lost := b.sim.Counters().Lost - before
				sheets := b.all()
				switch {
				case flow == "" && lost > 0:
					spoilt++
					if got.Result == device.ResultPrinted {
						t.Errorf("%s: printed, and %d bytes were lost", name, lost)
					}
				case flow == "" && name == "silent":
				case lost > 0 || got.Result != device.ResultPrinted && got.Result != device.ResultSent:
					t.Errorf("%s: %d bytes lost; %s, level %s, %v", name, lost, got.Result, got.Level, got.Fault)
				case len(sheets) != 1 || !strings.HasSuffix(sheets[0], "A001"):
					t.Errorf("%s: %q", name, sheets)
				}
			})
		}
	}
	if spoilt < 4 {
		t.Errorf("the buffers of %d printers have overflown: the case shows nothing", spoilt)
	}
}
