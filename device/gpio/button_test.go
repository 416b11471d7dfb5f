// SPDX-License-Identifier: EUPL-1.2

package gpio_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	periph "periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/gpio"
)

const (
	up   = periph.High // a key to ground
	down = periph.Low
)

// told is what a running button has told.
type told struct {
	mu     sync.Mutex
	events []device.ButtonEvent
}

// run runs a button in this bubble until the test ends.
func run(t *testing.T, o gpio.ButtonOptions) *told {
	t.Helper()
	got := &told{}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- gpio.NewButton(o).Run(ctx, func(e device.ButtonEvent) {
			got.mu.Lock()
			defer got.mu.Unlock()
			got.events = append(got.events, e)
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return got
}

// expect compares what was told so far, and forgets it.
func (g *told) expect(t *testing.T, want ...device.ButtonEventKind) []device.ButtonEvent {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	var got []device.ButtonEventKind
	for _, e := range g.events {
		got = append(got, e.Kind)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("told (-want +got):\n%s", d)
	}
	events := g.events
	g.events = nil
	return events
}

func after(d time.Duration) { <-time.After(d) }

func TestPressIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		got := run(t, gpio.ButtonOptions{Open: p.open, Pull: gpio.PullUp})
		after(time.Second)
		got.expect(t, device.ButtonWell)
		p.change(func() {
			if p.pull != periph.PullUp {
				t.Errorf("pull %v", p.pull)
			}
		})
		closed := time.Now()
		p.set(down)
		after(15 * time.Millisecond)
		e := got.expect(t, device.ButtonPressed)
		if e[0].Seq != 1 || e[0].At.Before(closed) || e[0].At.Sub(closed) > 3*time.Millisecond {
			t.Errorf("press %d at %v after the contact closed", e[0].Seq, e[0].At.Sub(closed))
		}
		p.set(up)
		after(time.Second)
		got.expect(t)
	})
}

func TestBouncesAreOnePress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		got := run(t, gpio.ButtonOptions{Open: p.open})
		after(time.Second)
		for range 5 { // presses
			for range 30 { // more than the kernel keeps
				p.set(down)
				after(100 * time.Microsecond)
				p.set(up)
				after(50 * time.Microsecond)
			}
			p.set(down)
			after(120 * time.Millisecond)
			p.set(up)
			after(200 * time.Millisecond)
		}
		got.expect(t, device.ButtonWell, device.ButtonPressed, device.ButtonPressed, device.ButtonPressed,
			device.ButtonPressed, device.ButtonPressed)
	})
}

func TestPressWithoutAnyEdge(t *testing.T) {
	tests := map[string]func(*pin){
		"lost":               func(p *pin) { p.deaf = true },
		"line without edges": func(p *pin) { p.noEdges = true },
	}
	for name, set := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPin(up)
				set(p)
				got := run(t, gpio.ButtonOptions{Open: p.open})
				after(time.Second)
				p.set(down)
				after(50 * time.Millisecond)
				p.set(up)
				after(time.Second)
				got.expect(t, device.ButtonWell, device.ButtonPressed)
			})
		})
	}
}

func TestActiveHigh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(down)
		got := run(t, gpio.ButtonOptions{Open: p.open, ActiveHigh: true, Pull: gpio.PullDown})
		after(time.Second)
		p.set(up)
		after(time.Second)
		got.expect(t, device.ButtonWell, device.ButtonPressed)
	})
}

func TestLongPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		got := run(t, gpio.ButtonOptions{Open: p.open, Long: 1500 * time.Millisecond})
		after(time.Second)
		p.set(down)
		after(1400 * time.Millisecond)
		got.expect(t, device.ButtonWell) // it may yet become a long one
		p.set(up)
		after(time.Second)
		got.expect(t, device.ButtonPressed)

		began := time.Now()
		p.set(down)
		after(1550 * time.Millisecond)
		e := got.expect(t, device.ButtonHeld)
		if e[0].Seq != 2 || e[0].At.Sub(began) > 10*time.Millisecond {
			t.Errorf("press %d, at %v", e[0].Seq, e[0].At.Sub(began))
		}
		after(5 * time.Second)
		p.set(up)
		after(time.Second)
		got.expect(t)
	})
}

// A key that is down when the board starts calls nobody, however it goes on.
func TestKeyThatIsDownAtTheStart(t *testing.T) {
	for _, long := range []time.Duration{0, time.Second} {
		synctest.Test(t, func(t *testing.T) {
			p := newPin(down)
			got := run(t, gpio.ButtonOptions{Open: p.open, Long: long, Stuck: 20 * time.Second})
			after(10 * time.Second)
			got.expect(t)
			after(11 * time.Second)
			got.expect(t, device.ButtonStuck)
			p.set(up)
			after(time.Second)
			got.expect(t, device.ButtonWell)
			p.set(down)
			after(100 * time.Millisecond)
			p.set(up)
			after(100 * time.Millisecond)
			got.expect(t, device.ButtonPressed)
		})
	}
}

func TestStuckKeyIsAFaultAndOnePress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		got := run(t, gpio.ButtonOptions{Open: p.open})
		after(time.Second)
		p.set(down)
		after(3 * time.Minute)
		got.expect(t, device.ButtonWell, device.ButtonPressed, device.ButtonStuck)
		p.set(up)
		after(time.Second)
		got.expect(t, device.ButtonWell)
	})
}

// A contact that comes to rest for a moment, opens once more, and closes for good.
func TestLateBounceIsNoSecondPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		got := run(t, gpio.ButtonOptions{Open: p.open})
		after(time.Second)
		p.set(down)
		after(15 * time.Millisecond)
		p.set(up)
		after(10 * time.Millisecond)
		p.set(down)
		after(200 * time.Millisecond)
		p.set(up)
		after(time.Second)
		got.expect(t, device.ButtonWell, device.ButtonPressed)
	})
}

func TestSwarmOfEdgesCostsLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		run(t, gpio.ButtonOptions{Open: p.open})
		after(time.Second)
		p.change(func() { p.reads = 0 })
		for i := range 2000 {
			p.set(i%2 == 0)
			after(100 * time.Microsecond)
		}
		p.change(func() {
			if p.reads > 250 {
				t.Errorf("%d reads in 200 ms", p.reads)
			}
		})
	})
}

// A contact that never comes to rest is a fault and presses nothing.
func TestNoise(t *testing.T) {
	for _, first := range []periph.Level{up, down} {
		synctest.Test(t, func(t *testing.T) {
			p := newPin(up)
			got := run(t, gpio.ButtonOptions{Open: p.open, Stuck: 6 * time.Second})
			after(time.Second)
			p.set(first)
			after(time.Second)
			if first == up {
				got.expect(t, device.ButtonWell)
			} else {
				got.expect(t, device.ButtonWell, device.ButtonPressed)
			}
			for i := range 2500 {
				p.set(i%2 == 0)
				after(3 * time.Millisecond)
			}
			got.expect(t, device.ButtonNoisy)
			p.set(down) // whatever that means: it has to be let go first
			after(time.Second)
			if first == up {
				got.expect(t, device.ButtonWell)
				p.set(up)
				after(time.Second)
				got.expect(t)
			} else {
				got.expect(t, device.ButtonStuck)
				p.set(up)
				after(time.Second)
				got.expect(t, device.ButtonWell)
			}
			p.set(down)
			after(time.Second)
			got.expect(t, device.ButtonPressed)
		})
	}
}

// A line that goes away reads as low, which is how a pressed key reads.
func TestLostLineIsNoPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		opened := 0
		got := run(t, gpio.ButtonOptions{Open: func() (periph.PinIO, error) {
			if opened++; opened == 2 {
				return nil, errors.New("no chip")
			}
			return p, nil
		}})
		after(time.Second + 5*time.Millisecond)
		p.change(func() { p.gone = true })
		after(time.Second)
		e := got.expect(t, device.ButtonWell, device.ButtonLost)
		if e[1].Detail != "GPIO line GPIO17: no such device" {
			t.Errorf("detail %q", e[1].Detail)
		}
		after(14 * time.Second) // the third one finds it still gone
		got.expect(t, device.ButtonLost, device.ButtonLost)
		p.change(func() {
			p.gone, p.level = false, down // somebody leans on it
		})
		after(20 * time.Second)
		got.expect(t)
		p.set(up)
		after(time.Second)
		p.set(down)
		after(time.Second)
		if e := got.expect(t, device.ButtonWell, device.ButtonPressed); e[1].Seq != 1 {
			t.Errorf("press %d", e[1].Seq)
		}
		p.change(func() {
			if p.closed != 2 {
				t.Errorf("the line was given back %d times", p.closed)
			}
		})
	})
}

// Where low is the level at rest, nothing but a question finds out.
func TestLostLineThatReadsAsReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(down)
		got := run(t, gpio.ButtonOptions{Open: p.open, ActiveHigh: true})
		after(time.Second)
		p.change(func() { p.gone = true })
		after(1100 * time.Millisecond)
		got.expect(t, device.ButtonWell, device.ButtonLost)
	})
}

// Numbers of presses go on after a loss: they are what a press is known by.
func TestPressesKeepCounting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPin(up)
		got := run(t, gpio.ButtonOptions{Open: p.open})
		for want := uint32(1); want <= 3; want++ {
			after(time.Second)
			p.set(down)
			after(time.Second)
			p.set(up)
			after(time.Second)
			if e := got.expect(t, device.ButtonWell, device.ButtonPressed); e[1].Seq != want {
				t.Errorf("press %d, want %d", e[1].Seq, want)
			}
			p.change(func() { p.gone = true })
			after(2 * time.Second)
			p.change(func() { p.gone = false })
			got.expect(t, device.ButtonLost)
			after(5 * time.Second)
		}
	})
}
