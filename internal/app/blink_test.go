// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

var blinkStep = flag.Int("blink.step", 24, "bytes between two points of TestBlinkOfThePower")

// blinkTail is how many bytes from the end of a slip the step of TestBlinkOfThePower is small: the
// number, the cut and the question behind it are among them. The rest has blinkHead points each time.
const (
	blinkTail = 96
	blinkHead = 1
)

// TestBlinkOfThePower has the printer alone lose its power in the middle of a slip, for a moment or for
// seconds, while the rest of the slip waits in the host or in an adapter, or is lost on the line. A
// slip that is called printed is there, and is like one that nothing has disturbed.
func TestBlinkOfThePower(t *testing.T) {
	flows := []struct {
		name string
		flow paper.Flow
	}{{"rtscts", paper.Hold}, {"none", paper.NoFlow}, {"xonxoff", paper.XonXoff}}
	offs := []time.Duration{300 * time.Millisecond, time.Second, 4 * time.Second, 10 * time.Second}
	for _, name := range escpos.Names() {
		profile, model := lookup(t, name)
		if profile.Confirm == device.LevelNone {
			continue // it never says anything
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			struck, unsure := 0, 0
			for i, f := range flows {
				for j, off := range offs {
					b := blink{
						profile: profile, flow: f.name, off: off, adapter: (i+j)%2 == 1,
						options: paper.Options{Model: model, Baud: []int{9600, 38400}[(i+j/2)%2], Flow: f.flow, TakeAfter: time.Second},
					}
					whole, size := b.undisturbed(t)
					for _, at := range blinkPoints(size, i*len(offs)+j) {
						struck++
						if b.run(t, at, whole) != device.ResultPrinted {
							unsure++
						}
					}
				}
			}
			t.Logf("%d times struck, %d slips are not called printed", struck, unsure)
			if unsure < struck/2 {
				t.Error("most slips are called printed: the case shows nothing")
			}
		})
	}
}

// TestUndisturbedSlipsAreBelieved prints on lines of every speed, on printers that are as fast as their
// profile says and on such that are not much more than half as fast, and with a head that is hot for a while where the
// printer tells so by itself: each slip is called printed, as surely as the profile can.
func TestUndisturbedSlipsAreBelieved(t *testing.T) {
	for _, name := range escpos.Names() {
		profile, model := lookup(t, name)
		if profile.Confirm == device.LevelNone {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for i, baud := range []int{9600, 19200, 115200} {
				for j, pace := range []float64{1, .6} {
					b := blink{profile: profile, flow: "rtscts", adapter: (i+j)%2 == 0, options: paper.Options{
						Model: model, Baud: baud, MMPerSecond: pace * float64(profile.Speed), TakeAfter: time.Second,
					}}
					synctest.Test(t, func(t *testing.T) {
						p := b.start(t)
						for n := range 4 {
							number := fmt.Sprintf("A%03d", n)
							if n > 1 && profile.Status == escpos.StatusEpson {
								p.sim.At(paper.Moved(100*n), func() {
									p.sim.HeadHot(true)
									go func() { <-time.After(3 * time.Second); p.sim.HeadHot(false) }()
								})
							}
							got := p.driver.Print(t.Context(), b.slip(fmt.Sprintf("%04d", n), number))
							if got.Result != device.ResultPrinted || got.Level != profile.Confirm {
								t.Errorf("%d baud, %v of the speed, slip %d: %s, level %s, %v", baud, pace, n, got.Result, got.Level, got.Fault)
							}
							<-time.After(5 * time.Second)
						}
						if sheets := p.all(); len(sheets) != 4 {
							t.Errorf("%d baud, %v of the speed: %q", baud, pace, sheets)
						}
					})
				}
			}
		})
	}
}

// blinkPoints are the bytes of a slip at which the power fails; the way moves them.
func blinkPoints(size, way int) []int {
	first := max(1, size-blinkTail)
	var at []int
	for i := range blinkHead {
		at = append(at, 1+(i*first+7*way)/blinkHead%first)
	}
	for i := first + 5*way%*blinkStep; i <= size; i += *blinkStep {
		at = append(at, i)
	}
	return at
}

// blink is a slip on its way to a printer whose power fails.
type blink struct {
	profile escpos.Profile
	options paper.Options
	flow    string
	adapter bool
	off     time.Duration
}

func (b blink) start(t *testing.T) *paperBench {
	p := newPaperBench(t, b.profile, b.options)
	w := &cable{kind: cableTTY}
	if b.adapter {
		w.kind = cableAdapter
	}
	p.drive(t, thermal.Options{Baud: b.options.Baud, Flow: b.flow, Open: w.from(p.open)})
	for p.driver.Ready(t.Context()) != nil {
		<-time.After(time.Second)
	}
	return p
}

func (b blink) slip(id, number string) device.Job {
	return device.Job{ID: id, Slip: device.Slip{Number: number, Parts: []device.Part{
		{Text: "Ufficio", Bold: true},
		{Text: "Carta d'identità", Size: device.SizeTall},
		{Kind: device.PartQR, Text: "https://coda.example.it/t/7Q2M"},
	}}}
}

// undisturbed prints a slip that nothing happens to. It returns its paper and how many bytes it takes,
// with the questions.
func (b blink) undisturbed(t *testing.T) (sheet string, bytes int) {
	synctest.Test(t, func(t *testing.T) {
		p := b.start(t)
		before := p.sim.Counters().Bytes
		got := p.driver.Print(t.Context(), b.slip("0001", "A001"))
		bytes = int(p.sim.Counters().Bytes - before)
		if got.Result != device.ResultPrinted || got.Level != b.profile.Confirm || len(p.all()) != 1 {
			t.Fatalf("%d baud, %s, nothing happens: %s, level %s, %v; %q", b.options.Baud, b.flow, got.Result, got.Level, got.Fault, p.all())
		}
		sheet = p.all()[0]
	})
	return sheet, bytes
}

// run has the power fail at a byte.
func (b blink) run(t *testing.T, at int, whole string) (result device.Result) {
	synctest.Test(t, func(t *testing.T) {
		p := b.start(t)
		p.sim.At(paper.Received(at), func() {
			p.sim.PowerOff()
			go func() { <-time.After(b.off); p.sim.PowerOn() }()
		})
		got := p.driver.Print(t.Context(), b.slip("0001", "A001"))
		p.sim.At(paper.Cut(), nil)
		<-time.After(b.off + 20*time.Second)
		papers, same := 0, 0
		for _, s := range p.papers() {
			if slices.Contains(s.Numbers, "A001") {
				papers++
			}
			if s.Text == whole {
				same++
			}
		}
		said := got.Result == device.ResultPrinted
		if papers > 1 || said && (papers != 1 || same != 1 && !b.slow()) || got.Result == device.ResultFailed && papers > 0 {
			t.Errorf("%d baud, %s, adapter %t, off for %v at byte %d: %s %s %v, %d papers: %q",
				b.options.Baud, b.flow, b.adapter, b.off, at, got.Result, got.Level, got.Fault, papers, p.all())
		}
		result = got.Result
	})
	return result
}

// slow reports whether the slip has a picture that takes longer on the line than a printer to start:
// Nippon's go in one piece. The power may fail in it and be back before its end; then it is damaged,
// but the number comes behind it.
func (b blink) slow() bool { return b.profile.Image == escpos.ImageNippon && b.options.Baud == 9600 }
