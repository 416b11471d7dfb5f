// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
)

// A printer that does not name its jobs although its profile says so may still be believed that it
// came to the question behind one; the outcome says that it is less sure.
func TestOutcomeBearsTheLevelThatWasReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("epson-tm-t20iii")
		f.nameless = true
		p, _ := start(t, f, nil)
		untilReady(t, p)
		got := p.Print(t.Context(), slipJob("0001", "A001"))
		if got.Result != device.ResultPrinted || got.Level != device.LevelOrdered {
			t.Errorf("%s, level %s, %v; want printed, B", got.Result, got.Level, got.Fault)
		}
	})
}

// timed is a printer that tells its status and nothing else.
func timed(t *testing.T) escpos.Profile {
	t.Helper()
	profile, err := escpos.Lookup("generic")
	if err != nil {
		t.Fatal(err)
	}
	profile.Ordered, profile.Confirmation, profile.Confirm = nil, escpos.ConfirmationTimed, device.LevelTimed
	return profile
}

func TestTimedSlips(t *testing.T) {
	for name, tt := range map[string]struct {
		trouble func(f *farEnd)
		result  device.Result
		level   device.Level
	}{
		"well":     {nil, device.ResultPrinted, device.LevelTimed},
		"no paper": {func(f *farEnd) { f.noPaper = true }, device.ResultUnknown, device.LevelNone},
		"silence":  {func(f *farEnd) { f.silent = true }, device.ResultUnknown, device.LevelNone},
	} {
		synctest.Test(t, func(t *testing.T) {
			f, profile := newFarEnd("generic"), timed(t)
			p := thermal.New(thermal.Options{Open: f.open, Profile: profile, Baud: 19200, Log: slog.New(slog.DiscardHandler)})
			go p.Run(t.Context())
			untilReady(t, p)
			if tt.trouble != nil {
				f.turn(func() { f.arm = func() { tt.trouble(f) } })
			}
			before := time.Now()
			got := p.Print(t.Context(), slipJob("0001", "A001"))
			if got.Result != tt.result || got.Level != tt.level {
				t.Errorf("%s: %s, level %s, %v", name, got.Result, got.Level, got.Fault)
			}
			if took := time.Since(before); took < profile.Paces(40, 19200) {
				t.Errorf("%s: after %s", name, took)
			}
		})
	}
}

// The port goes behind the last byte and comes back: what the printer has kept proves the slip.
func TestPortThatIsLostBehindTheLastByte(t *testing.T) {
	for model, want := range map[string]device.Level{
		"epson-tm-t20iii": device.LevelConfirmed, // it has held the name back
		"custom-vkp80iii": device.LevelOrdered,   // it counts cuts
		"star-line":       device.LevelConfirmed, // it counts jobs
		"generic":         device.LevelNone,
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFarEnd(model)
			f.prints = 800 * time.Millisecond
			p, _ := start(t, f, nil)
			untilReady(t, p)
			time.AfterFunc(500*time.Millisecond, func() { f.plug(false) })
			time.AfterFunc(4*time.Second, func() { f.plug(true) })
			before := time.Now()
			got := p.Print(t.Context(), slipJob("0001", "A001"))
			if want == device.LevelNone {
				if got.Result != device.ResultUnknown || got.Fault == nil || time.Since(before) > 2*time.Second {
					t.Errorf("%s: %s, %v after %s; want unknown at once", model, got.Result, got.Fault, time.Since(before))
				}
			} else if got.Result != device.ResultPrinted || got.Level != want {
				t.Errorf("%s: %s, level %s, %v; want printed, %s", model, got.Result, got.Level, got.Fault, want)
			}
			<-time.After(10 * time.Second)
			if got := p.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultPrinted {
				t.Errorf("%s: the next slip %s, %v", model, got.Result, got.Fault)
			}
			if sheets := f.cut(); want != device.LevelNone && len(sheets) != 2 {
				t.Errorf("%s: %q", model, sheets)
			}
		})
	}
}

// A printer that was off while its port was away has made the cut, or ended the job, that was still on
// its way: it counts one more, and is not believed.
func TestCountersOfAPrinterThatWasOff(t *testing.T) {
	for _, model := range []string{"custom-vkp80iii", "star-line"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFarEnd(model)
			f.prints = 800 * time.Millisecond
			p, _ := start(t, f, nil)
			untilReady(t, p)
			time.AfterFunc(500*time.Millisecond, func() { f.plug(false) })
			time.AfterFunc(4*time.Second, func() {
				f.turn(func() { f.powerUps, f.ends = f.powerUps+1, 1 })
				f.plug(true)
			})
			if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultUnknown {
				t.Errorf("%s: %s, level %s", model, got.Result, got.Level)
			}
			if got := p.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultPrinted {
				t.Errorf("%s: the next slip %s, %v", model, got.Result, got.Fault)
			}
		})
	}
}

// A port that does not come back does not hold the caller for long.
func TestProofIsNotWaitedForForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("epson-tm-t20iii")
		f.prints = 800 * time.Millisecond
		p, _ := start(t, f, nil)
		untilReady(t, p)
		time.AfterFunc(500*time.Millisecond, func() { f.plug(false) })
		before := time.Now()
		got := p.Print(t.Context(), slipJob("0001", "A001"))
		if took := time.Since(before); got.Result != device.ResultUnknown || took > 11*time.Second {
			t.Errorf("%s after %s", got.Result, took)
		}
	})
}

// The program dies while the printer is at a slip. The next one asks what became of it.
func TestTestimony(t *testing.T) {
	for model, want := range map[string]device.Level{
		"epson-tm-t20iii": device.LevelConfirmed,
		"custom-vkp80iii": device.LevelOrdered,
		"star-line":       device.LevelConfirmed,
		"generic":         device.LevelNone,
	} {
		for _, out := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				f := newFarEnd(model)
				f.prints = 800 * time.Millisecond
				profile, err := escpos.Lookup(model)
				if err != nil {
					t.Fatal(err)
				}
				o := thermal.Options{Open: f.open, Profile: profile, Baud: 19200, Log: slog.New(slog.DiscardHandler)}
				ctx, die := context.WithCancel(t.Context())
				first := thermal.New(o)
				go first.Run(ctx)
				untilReady(t, first)
				evidence := "never begun"
				job := slipJob("0001", "A001")
				job.Begin = func(e string) error { evidence = e; return nil }
				if !out {
					f.turn(func() {
						f.arm = func() {
							f.buffer, f.unplug = nil, true
							f.conn.Close()
							f.conn = nil
						}
					})
				}
				time.AfterFunc(500*time.Millisecond, func() { f.plug(false); die() })
				if got := first.Print(t.Context(), job); got.Result != device.ResultUnknown {
					t.Errorf("%s: %s", model, got.Result)
				}
				if len(evidence) > 40 {
					t.Errorf("%s: evidence %q", model, evidence)
				}
				<-time.After(5 * time.Second)
				f.plug(true)

				o.Interrupted = true
				second := thermal.New(o)
				go second.Run(t.Context())
				limit, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				got := second.Testify(limit, "0001", evidence)
				proven := out && want != device.LevelNone
				if proven && (got.Result != device.ResultPrinted || got.Level != want) {
					t.Errorf("%s: %s, level %s, %v; want printed, %s (evidence %q)", model, got.Result, got.Level, got.Fault, want, evidence)
				}
				if !proven && got.Result != device.ResultUnknown {
					t.Errorf("%s: %s without proof (evidence %q)", model, got.Result, evidence)
				}
				untilReady(t, second)
				if got := second.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultPrinted {
					t.Errorf("%s: %s, %v", model, got.Result, got.Fault)
				}
				sheets := f.cut()
				if last := sheets[len(sheets)-1]; !strings.HasPrefix(last, "Ufficio") || !strings.HasSuffix(last, "A002") || strings.Contains(last, "A001") {
					t.Errorf("%s: %q", model, sheets)
				}
			})
		}
	}
}

// Testify does not wait for a printer that is away for longer than it may.
func TestTestimonyOfAnAbsentPrinter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("epson-tm-t20iii")
		f.unplug = true
		profile, _ := escpos.Lookup(f.model)
		p := thermal.New(thermal.Options{Open: f.open, Profile: profile, Log: slog.New(slog.DiscardHandler), Interrupted: true})
		go p.Run(t.Context())
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if got := p.Testify(ctx, "0001", "cuts 1 ended -1"); got.Result != device.ResultUnknown || got.Fault == nil {
			t.Errorf("%s, %v", got.Result, got.Fault)
		}
	})
}

func TestAttemptIsWrittenDownFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFarEnd("custom-vkp80iii")
		p, _ := start(t, f, nil)
		untilReady(t, p)
		job := slipJob("0001", "A001")
		job.Begin = func(string) error { return errors.New("disk full") }
		got := p.Print(t.Context(), job)
		if got.Result != device.ResultFailed || got.Fault == nil || !strings.Contains(got.Fault.Detail, "disk full") {
			t.Errorf("%s, %v", got.Result, got.Fault)
		}
		var sheets int
		job.Begin = func(string) error { sheets = len(f.cut()); return nil }
		if got := p.Print(t.Context(), job); got.Result != device.ResultPrinted || got.Length != 120 {
			t.Errorf("%s, %d mm, %v", got.Result, got.Length, got.Fault)
		}
		if sheets != 0 || len(f.cut()) != 1 {
			t.Errorf("%d papers before the attempt was written down, %d at last", sheets, len(f.cut()))
		}
	})
}

// A slip that nobody takes keeps the next one waiting for a while, and is told.
func TestSlipLeftInTheMouth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, h := newFarEnd("custom-vkp80iii"), &history{}
		f.presents = true
		p, _ := start(t, f, h)
		untilReady(t, p)
		if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultPrinted || got.Fault != nil {
			t.Errorf("%s, %v", got.Result, got.Fault)
		}
		time.AfterFunc(2*time.Second, func() { f.turn(func() { f.mouth = false }) })
		before := time.Now()
		if got := p.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultPrinted {
			t.Errorf("taken after 2 s: %s, %v", got.Result, got.Fault)
		}
		if took := time.Since(before); took < 2*time.Second {
			t.Errorf("the next slip came %s after the one before, which was still there", took)
		}
		fault, ok := errors.AsType[*device.Fault](p.Ready(t.Context()))
		if !ok || fault.Code != device.FaultPresented {
			t.Errorf("Ready: %v", fault)
		}
		if got := p.Print(t.Context(), slipJob("0003", "A003")); got.Result != device.ResultFailed || got.Fault.Code != device.FaultPresented {
			t.Errorf("never taken: %s, %v", got.Result, got.Fault)
		}
		f.turn(func() { f.mouth = false })
		<-time.After(5 * time.Second)
		untilReady(t, p)
		if got, want := strings.Join(h.all(), "|"), "|presented |"; got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	})
}
