// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/devicetest"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
)

// history keeps what the printer told of its faults.
type history struct {
	mu    sync.Mutex
	codes []string
}

func (h *history) note(faults []device.Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var line strings.Builder
	for _, f := range faults {
		line.WriteString(string(f.Code) + " ")
	}
	h.codes = append(h.codes, line.String())
}

func (h *history) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.codes)
}

// start runs a driver for the far end until the test ends.
func start(t *testing.T, f *farEnd, h *history) (*thermal.Printer, escpos.Profile) {
	t.Helper()
	return startOn(t, f.model, h, f.open)
}

func startOn(t *testing.T, model string, h *history, open func(context.Context) (device.Port, error)) (*thermal.Printer, escpos.Profile) {
	t.Helper()
	profile, err := escpos.Lookup(model)
	if err != nil {
		t.Fatal(err)
	}
	o := thermal.Options{Open: open, Profile: profile, Baud: 19200, Log: slog.New(slog.DiscardHandler)}
	if h != nil {
		o.OnFault = h.note
	}
	p := thermal.New(o)
	var run sync.WaitGroup
	run.Go(func() {
		if err := p.Run(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(run.Wait) // t.Context has ended by then
	return p, profile
}

func TestThermalPassesTheSuite(t *testing.T) {
	for _, model := range escpos.Names() {
		t.Run(model, func(t *testing.T) {
			devicetest.TestPrinter(t, func(t *testing.T) devicetest.Bench {
				f := newFarEnd(model)
				f.prints = 700 * time.Millisecond
				p, profile := start(t, f, nil)
				return devicetest.Bench{
					Printer: p, Level: profile.Confirm, Sheets: f.cut,
					Paper:   func(loaded bool) { f.turn(func() { f.noPaper = !loaded }) },
					Cover:   func(open bool) { f.turn(func() { f.cover = open }) },
					Answers: func(answers bool) { f.turn(func() { f.silent = !answers }) },
					Plug:    f.plug,
					Jam:     f.jam,

					PaperEnds:   func() { f.turn(func() { f.arm = func() { f.noPaper = true } }) },
					FallsSilent: func() { f.turn(func() { f.arm = func() { f.silent = true } }) },
					CableFalls: func() {
						f.turn(func() {
							f.arm = func() {
								f.unplug = true
								f.conn.Close()
								f.conn = nil
							}
						})
					},
				}
			})
		})
	}
}

func slipJob(id, number string) device.Job {
	return device.Job{ID: id, Slip: device.Slip{Number: number, Parts: []device.Part{{Text: "Ufficio"}, {Text: "Anagrafe"}}}}
}

// untilReady waits for the driver's first clean look.
func untilReady(t *testing.T, p *thermal.Printer) {
	t.Helper()
	if err := p.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestFaultsAreToldAsTheyChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, h := newFarEnd("epson-tm-t20iii"), &history{}
		p, _ := start(t, f, h)
		untilReady(t, p)
		f.turn(func() { f.nearEnd = true })
		<-time.After(5 * time.Second)
		if err := p.Ready(t.Context()); err != nil {
			t.Errorf("a near end stops: %v", err)
		}
		f.turn(func() { f.noPaper = true })
		<-time.After(5 * time.Second)
		f.turn(func() { f.noPaper, f.nearEnd = false, false })
		<-time.After(5 * time.Second)
		f.turn(func() { f.silent = true })
		<-time.After(5 * time.Second)
		f.plug(false)
		<-time.After(5 * time.Second)
		f.turn(func() { f.silent, f.unplug = false, false })
		<-time.After(10 * time.Second)
		want := []string{"", "paper_near_end ", "paper_end ", "", "not_answering ", "line ", ""}
		if diff := cmp.Diff(want, h.all()); diff != "" {
			t.Error(diff)
		}
		if faults := p.Faults(); faults != nil {
			t.Errorf("faults %v", faults)
		}
	})
}

// An idle printer that tells of a fault by itself is heard at once.
func TestUnaskedStatusIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, h := newFarEnd("epson-tm-t20iii"), &history{}
		p, _ := start(t, f, h)
		untilReady(t, p)
		if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultPrinted {
			t.Fatal(got)
		}
		before := time.Now()
		f.turn(func() { f.cover = true })
		synctest.Wait()
		if faults := p.Faults(); len(faults) != 1 || faults[0].Code != device.FaultCoverOpen || !time.Now().Equal(before) {
			t.Errorf("%v after %s", faults, time.Since(before))
		}
	})
}

// A slip that paper end interrupted does not come out by itself once it was declared unknown:
// the printer's buffer is emptied first.
func TestInterruptedSlipIsClearedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("epson-tm-t20iii")
		p, _ := start(t, f, nil)
		untilReady(t, p)
		f.turn(func() { f.arm = func() { f.noPaper = true } })
		before := time.Now()
		got := p.Print(t.Context(), slipJob("0001", "A001"))
		if got.Result != device.ResultUnknown || got.Fault.Code != device.FaultPaperEnd {
			t.Errorf("%s, %v; want unknown, paper_end", got.Result, got.Fault)
		}
		if took := time.Since(before); took > time.Second {
			t.Errorf("the fault was told by the printer, yet Print took %s", took)
		}
		f.turn(func() { f.noPaper = false })
		<-time.After(time.Minute)
		if sheets := f.cut(); len(sheets) != 0 {
			t.Errorf("%q came out", sheets)
		}
		for _, number := range []string{"A002", "A003"} {
			if got := p.Print(t.Context(), slipJob("0002", number)); got.Result != device.ResultPrinted {
				t.Error(got)
			}
		}
		sheets := f.cut()
		if len(sheets) != 3 || !strings.HasPrefix(sheets[1], "Ufficio\n") || !strings.HasPrefix(sheets[2], "Ufficio\n") {
			t.Errorf("%q: want what was begun, cut off, and two slips", sheets)
		}
	})
}

// A job that is named after the driver's patience, while it clears the printer, has come out.
func TestLateNameCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("epson-tm-t20iii")
		f.prints = 9 * time.Second // longer than the driver's patience
		p, profile := start(t, f, nil)
		untilReady(t, p)
		if patience := profile.Patience(100, 19200); patience > 8*time.Second {
			t.Fatalf("the driver waits %s: the case shows nothing", patience)
		}
		if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultUnknown {
			t.Errorf("after its patience: %s, want unknown", got.Result)
		}
		f.mu.Lock()
		f.prints = profile.Patience(100, 19200) + time.Second
		f.deaf = true // so that the driver is still waiting then
		f.mu.Unlock()
		<-time.After(time.Minute)
		untilReady(t, p)
		got := p.Print(t.Context(), slipJob("0002", "A002"))
		if got.Result != device.ResultPrinted || got.Level != device.LevelConfirmed {
			t.Errorf("named late: %s, level %s; want printed, A", got.Result, got.Level)
		}
	})
}

func TestSilentPrinterIsNeverSaidToHavePrinted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("silent")
		p, profile := start(t, f, nil)
		untilReady(t, p)
		before := time.Now()
		for range 3 {
			got := p.Print(t.Context(), slipJob("0001", "A001"))
			if got.Result != device.ResultSent || got.Level != device.LevelNone || got.Fault != nil || got.Length < 20 || got.Length > 60 {
				t.Errorf("%+v", got)
			}
		}
		size := len(profile.Encode(slipJob("0001", "A001")))
		if took, least := time.Since(before), 3*profile.Paces(size, 19200); took < least {
			t.Errorf("three slips went out within %s; the paper takes %s", took, least)
		}
	})
}

func TestHotHeadIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("epson-tm-t20iii")
		f.prints = 3 * time.Second
		p, _ := start(t, f, nil)
		untilReady(t, p)
		f.turn(func() { f.arm = func() { f.hot = true } })
		time.AfterFunc(2*time.Second, func() { f.turn(func() { f.hot = false }) })
		if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultPrinted {
			t.Errorf("%s, %v; want printed", got.Result, got.Fault)
		}
	})
}

// What an earlier run may have left on the paper does not come out on the first slip.
func TestInterruptedRunIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("generic")
		profile, err := escpos.Lookup(f.model)
		if err != nil {
			t.Fatal(err)
		}
		f.lines = []string{"Ufficio", "half a slip"}
		p := thermal.New(thermal.Options{Open: f.open, Profile: profile, Log: slog.New(slog.DiscardHandler), Interrupted: true})
		go p.Run(t.Context())
		untilReady(t, p)
		for _, number := range []string{"A001", "A002"} {
			if got := p.Print(t.Context(), slipJob("0001", number)); got.Result != device.ResultPrinted {
				t.Error(got)
			}
		}
		if sheets := f.cut(); len(sheets) != 3 || sheets[0] != "Ufficio\nhalf a slip" {
			t.Errorf("%q", sheets)
		}
	})
}

// After each opening the driver first makes sure that the printer holds nothing.
func TestNothingIsPrintedBeforeThePrinterIsCleared(t *testing.T) {
	for model, first := range map[string][]byte{
		"epson-tm-t20iii": {0x10, 0x14, 0x08},
		"generic":         {0, 0, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFarEnd(model)
			p, _ := start(t, f, nil)
			untilReady(t, p)
			if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultPrinted {
				t.Fatal(got)
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			clear, slip := bytes.Index(f.received, first), bytes.Index(f.received, []byte("Ufficio"))
			if clear < 0 || clear > slip {
				t.Errorf("%s: cleared at byte %d, the slip is at %d", model, clear, slip)
			}
		})
	}
}
