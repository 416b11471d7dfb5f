// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func codes() []device.FaultCode {
	return []device.FaultCode{
		device.FaultPaperEnd, device.FaultPaperNearEnd, device.FaultCoverOpen, device.FaultCutter, device.FaultHeadHot,
		device.FaultJam, device.FaultHardware, device.FaultOffline, device.FaultNotAnswering, device.FaultBusy,
		device.FaultUncleared, device.FaultLine, device.FaultRefused, device.FaultPresented, device.FaultStranger,
	}
}

func (d *desk) state(printer string) office.PrinterState {
	for _, s := range d.office.PrinterStates() {
		if s.ID == printer {
			return s
		}
	}
	d.t.Fatalf("no printer %s", printer)
	return office.PrinterState{}
}

// gauge returns the value of a series, as /metrics writes it; "" if there is none.
func (d *desk) gauge(series string) string {
	d.t.Helper()
	families, err := d.metrics.Gather()
	if err != nil {
		d.t.Fatal(err)
	}
	var names []string
	for _, f := range families {
		names = append(names, f.GetName())
	}
	text, err := testutil.CollectAndFormat(d.metrics, expfmt.TypeTextPlain, names...)
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), series+" "); ok {
			return value
		}
	}
	return ""
}

// TestEveryFaultIsAWarning: one of its own, with the printer as its subject; near end stops nothing.
func TestEveryFaultIsAWarning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		names := map[string]bool{}
		for _, code := range codes() {
			d.office.PrinterFaults("p1", []device.Fault{{Code: code}})
			list := d.health.List()
			if len(list) != 1 || list[0].Subject != "p1" || names[list[0].Name] || !strings.HasPrefix(list[0].Name, "printer_") {
				t.Fatalf("%s: warnings %+v, want one of its own", code, list)
			}
			names[list[0].Name] = true
			stops := code != device.FaultPaperNearEnd
			if ready := d.office.PrinterReady("p1") == nil; ready == stops {
				t.Errorf("%s: ready %v", code, ready)
			}
			if s := d.state("p1"); s.Ready == stops || len(s.Needs) != 1 || s.Needs[0] != list[0].Name {
				t.Errorf("%s: state %+v", code, s)
			}
			if got := d.gauge(`avanti_printer_fault{fault="` + string(code) + `",printer="p1"}`); got != "1" {
				t.Errorf("%s: gauge %q", code, got)
			}
			if s := d.state("p2"); !s.Ready || s.Needs != nil {
				t.Errorf("%s of p1: state of p2 %+v", code, s)
			}
		}
		d.office.PrinterFaults("p1", nil)
		for _, code := range codes() {
			if got := d.gauge(`avanti_printer_fault{fault="` + string(code) + `",printer="p1"}`); got != "0" {
				t.Errorf("%s afterwards: gauge %q", code, got)
			}
		}
		if list := d.health.List(); len(list) != 0 || d.office.PrinterReady("p1") != nil {
			t.Errorf("warnings %+v when the printer is well", list)
		}
		d.office.PrinterFaults("nobody", []device.Fault{{Code: device.FaultJam}})
	})
}

// TestFaultsOfAKind are one warning, which tells all that was seen.
func TestFaultsOfAKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.office.PrinterFaults("p1", []device.Fault{
			{Code: device.FaultHardware, Detail: "supply voltage"}, {Code: device.FaultJam}, {Code: device.FaultHardware, Detail: "overflow"},
		})
		if s := d.state("p1"); len(s.Needs) != 2 || s.Needs[0] != "printer_hardware" || s.Needs[1] != "printer_jam" {
			t.Errorf("needs %q", s.Needs)
		}
		for _, w := range d.health.List() {
			if w.Name == "printer_hardware" && w.Cause != "supply voltage; overflow" {
				t.Errorf("cause %q", w.Cause)
			}
		}
	})
}

// TestNewestWordCounts: the gate tells of one fault, the driver of all of them.
func TestNewestWordCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultPaperNearEnd}, {Code: device.FaultCoverOpen}})
		pass(6 * time.Second) // the gate finds it closed
		if !d.warned("printer_near_end", "p1") || d.warned("printer_cover", "p1") || d.office.PrinterReady("p1") != nil {
			t.Errorf("warnings %+v, want the end that is near and no cover", d.health.List())
		}
		d.printer.SetFault(&device.Fault{Code: device.FaultJam})
		pass(6 * time.Second)
		if !d.warned("printer_near_end", "p1") || !d.warned("printer_jam", "p1") {
			t.Errorf("warnings %+v, want the jam too", d.health.List())
		}
		d.printer.SetFault(nil)
		d.printer.Script(device.Outcome{Result: device.ResultPrinted, Level: device.LevelOrdered, Fault: &device.Fault{Code: device.FaultPaperNearEnd}})
		d.issue("it")
		pass(6 * time.Second)
		if s := d.state("p1"); !s.Ready || len(s.Needs) != 1 || s.Needs[0] != "printer_near_end" {
			t.Errorf("state %+v, want the end that is near alone", s)
		}
	})
}

func TestSlipsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		d.printer.Script(
			device.Outcome{Result: device.ResultPrinted, Level: device.LevelConfirmed}, device.Outcome{Result: device.ResultSent},
			device.Outcome{Result: device.ResultUnknown, Fault: &device.Fault{Code: device.FaultLine}},
		)
		for range 3 {
			d.issue("it")
		}
		pass(time.Minute)
		for series, want := range map[string]string{
			`avanti_slips_total{level="A",printer="p1",result="printed"}`: "2", // the copy of the third
			`avanti_slips_total{level="0",printer="p1",result="sent"}`:    "1",
			`avanti_slips_total{level="0",printer="p1",result="unknown"}`: "1",
			`avanti_printer_paper_meters_left{printer="p1"}`:              "23.54",
			`avanti_printer_paper_meters_left{printer="p2"}`:              "",
		} {
			if got := d.gauge(series); got != want {
				t.Errorf("%s is %q, want %q", series, got, want)
			}
		}
	})
}

// TestWhatWasHeardIsRecorded: a detail that quotes the line must not cost the outcome its place
// in the journal.
func TestWhatWasHeardIsRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		defer d.stop()
		noise := "heard \x1b@\x00\xff " + strings.Repeat("é", 300)
		d.printer.Script(device.Outcome{Result: device.ResultUnknown, Fault: &device.Fault{Code: device.FaultStranger, Detail: noise}})
		id := d.issue("it")
		pass(10 * time.Second)
		if s := d.slip(id); !s.MayExist {
			t.Fatalf("slip %+v: the outcome is not in the journal", s)
		}
		for r, err := range d.journal.Records(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := r.Event.(queue.SlipUnknown); ok {
				if !strings.HasPrefix(e.Fault, "stranger: heard ") || !utf8.ValidString(e.Fault) || strings.ContainsFunc(e.Fault, unicode.IsControl) {
					t.Errorf("fault %q", e.Fault)
				}
				return
			}
		}
		t.Error("no unknown slip")
	})
}

// print makes slips of 120 mm, one after the other.
func (d *desk) print(slips int) {
	for range slips {
		d.issue("it")
	}
	pass(time.Duration(slips) * 3 * time.Second)
}

// TestMetresOfARoll: 24 m as configured, until a roll that was put in while we watched has shown
// that it has 14.4. Near the end somebody is told; a restart forgets nothing.
func TestMetresOfARoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		left := func(want int) {
			t.Helper()
			if s := d.state("p1"); s.Left != want || !s.Known {
				t.Errorf("%d mm left (%v), want %d", s.Left, s.Known, want)
			}
		}
		for range 8 {
			d.print(20)
		}
		left(4800)
		if !d.warned("printer_roll_low", "p1") || d.office.PrinterReady("p1") != nil {
			t.Errorf("warnings %+v, want that the roll is low, and a printer that is ready", d.health.List())
		}
		d.stop()
		d.conduct()
		left(4800)

		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultPaperEnd}})
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultCoverOpen}, {Code: device.FaultPaperEnd}})
		d.stop()
		d.conduct() // in the middle of the change
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultCoverOpen}})
		d.office.PrinterFaults("p1", nil)
		left(24_000)
		if d.warned("printer_roll_low", "p1") {
			t.Error("the new roll is low")
		}

		for range 6 {
			d.print(20)
		}
		left(9600)
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultPaperEnd}})
		d.office.PrinterFaults("p1", nil)
		left(14_400)

		// A look under the cover is no new roll, even if the printer misses its paper meanwhile.
		d.print(10)
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultCoverOpen}})
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultCoverOpen}, {Code: device.FaultPaperEnd}})
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultPaperEnd}})
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultLine}})
		d.office.PrinterFaults("p1", nil)
		left(13_200)

		// A roll that is changed before its end is one, but shows no length.
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultPaperNearEnd}})
		d.office.PrinterFaults("p1", []device.Fault{{Code: device.FaultPaperNearEnd}, {Code: device.FaultCoverOpen}})
		d.office.PrinterFaults("p1", nil)
		left(14_400)
		d.stop()
		if s := d.state("p2"); s.Known {
			t.Errorf("state %+v of a printer of whose roll nothing is known", s)
		}
	})
}

// TestKeptStateIsHostile: what cannot be read is told and does not stop the printer.
func TestKeptStateIsHostile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(0)...)
		d.stop()
		d.memory.states["p1"] = `{"used_mm":"much"`
		d.conduct()
		defer d.stop()
		if s := d.state("p1"); s.Left != 24_000 {
			t.Errorf("state %+v", s)
		}
		id := d.issue("it")
		pass(5 * time.Second)
		if s := d.slip(id); s.Result != queue.SlipResultPrinted {
			t.Errorf("slip %+v", s)
		}
	})
}
