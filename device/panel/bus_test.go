// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/panel"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/internal/sim/rs485"
)

// cabinet is a running line with simulated panels at its far end.
type cabinet struct {
	bus  *rs485.Bus
	line *panel.Line
	stop func()

	mu    sync.Mutex
	state []device.PanelShown
	rows  map[uint64]string // what each revision shows
	false []string          // confirmations that were not true
}

// connect runs panels of a protocol on a line until the test ends. Dial connects the host's end.
func connect(t *testing.T, bus *rs485.Bus, protocol string, addresses []int, dial func(context.Context) (device.Port, error)) *cabinet {
	t.Helper()
	p, ok := panel.Builtin(protocol)
	if !ok {
		t.Fatal(protocol)
	}
	c := &cabinet{bus: bus, state: make([]device.PanelShown, len(addresses)), rows: map[uint64]string{}}
	o := panel.Options{Hold: time.Hour, OnShown: c.shown, Open: func(ctx context.Context) (panel.Wire, error) {
		port, err := dial(ctx)
		if err != nil {
			return nil, err
		}
		return panel.NewSerial(port, p, addresses)
	}}
	for range addresses {
		o.Panels = append(o.Panels, panel.Face{Glyphs: p.Glyphs, Places: max(p.Least, min(p.Most, 4)), DropPrefix: true})
	}
	line, err := panel.New(o)
	if err != nil {
		t.Fatal(err)
	}
	c.line = line
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- line.Run(ctx) }()
	c.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(c.stop)
	return c
}

func (c *cabinet) shown(i int, s device.PanelShown) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state[i] = s
	if text := c.bus.Text(i); s.State == device.PanelConfirmed && text != c.rows[s.Rev] {
		c.false = append(c.false, fmt.Sprintf("panel %d, revision %d: %q instead of %q", i, s.Rev, text, c.rows[s.Rev]))
	}
}

func (c *cabinet) show(i int, number string, rev uint64) {
	c.mu.Lock()
	c.rows[rev] = strings.TrimLeft(number, "ABC")
	c.mu.Unlock()
	c.line.Panel(i).Show(device.PanelContent{Number: number, Rev: rev})
}

func (c *cabinet) states() []device.PanelShown {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.state)
}

func (c *cabinet) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.false) > 0 {
		t.Errorf("confirmed, but not shown: %q", c.false)
	}
	if v := c.bus.Violations(); len(v) > 0 {
		t.Errorf("frames that no panel understands: %q", v)
	}
}

// pipe is a line in a bubble. Dial gives the host's end; the panels' is served anew each time.
func pipe(t *testing.T, bus *rs485.Bus) func(context.Context) (device.Port, error) {
	var served sync.WaitGroup
	t.Cleanup(served.Wait)
	return func(context.Context) (device.Port, error) {
		host, far := net.Pipe()
		served.Go(func() {
			if err := bus.Serve(context.Background(), far); err != nil {
				t.Error(err)
			}
		})
		return host, nil
	}
}

// kinds are the protocols with some addresses.
func kinds() map[string][]int {
	return map[string][]int{
		"edi": {1, 7, 99}, "board": {1, 5, 255}, "callshop": {0}, "callshop-concentrator": {1, 3, 99}, "modbus": {1, 16, 247},
	}
}

func newBus(t *testing.T, protocol string, addresses []int, change func(*rs485.Options)) *rs485.Bus {
	t.Helper()
	o := rs485.Options{Protocol: protocol, Panels: addresses, Places: 4, Turn: 5 * time.Millisecond, Seed: 1}
	if change != nil {
		change(&o)
	}
	bus, err := rs485.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return bus
}

func TestPanelsOnTheirLines(t *testing.T) {
	for protocol, addresses := range kinds() {
		for _, echo := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, echo %t", protocol, echo), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					bus := newBus(t, protocol, addresses, func(o *rs485.Options) { o.Echo = echo })
					c := connect(t, bus, protocol, addresses, pipe(t, bus))
					after(2 * time.Second)
					for n := range 30 {
						i, number := n%len(addresses), fmt.Sprintf("A%d", 101+n)
						c.show(i, number, uint64(n+1))
						after(300 * time.Millisecond)
						if got := bus.Text(i); got != number[1:] {
							t.Fatalf("panel %d shows %q, want %q", i, got, number[1:])
						}
						want := device.PanelConfirmed
						if p, _ := panel.Builtin(protocol); p.Answer == "" {
							want = device.PanelUnverified
						}
						if s := c.states()[i]; s.State != want || s.Rev != uint64(n+1) {
							t.Fatalf("panel %d: %+v", i, s)
						}
					}
					c.stop()
					for i := range addresses {
						dark := ""
						if protocol == "board" {
							dark = "0" // it cannot be dark
						}
						if got := bus.Text(i); got != dark {
							t.Errorf("panel %d shows %q after the end", i, got)
						}
					}
					c.check(t)
				})
			})
		}
	}
}

// A line on which every fiftieth byte suffers. Panels with a checksum never show a number that was
// not called, no panel is said to show what it does not, and all is well a moment after the noise.
func TestNoisyLine(t *testing.T) {
	for protocol, addresses := range kinds() {
		for seed := range uint64(3) {
			t.Run(fmt.Sprint(protocol, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					bus := newBus(t, protocol, addresses, func(o *rs485.Options) { o.Seed = seed })
					c := connect(t, bus, protocol, addresses, pipe(t, bus))
					bus.SetNoise(rs485.Noise{Flip: 0.01, Drop: 0.005, Extra: 0.005})
					called := map[string]bool{"": true}
					rev := uint64(0)
					for n := range 60 {
						rev++
						number := fmt.Sprintf("A%d", 101+n)
						called[number[1:]] = true
						c.show(n%len(addresses), number, rev)
						after(time.Second)
					}
					bus.SetNoise(rs485.Noise{})
					after(7 * time.Second)
					for i := range addresses {
						if got, want := bus.Text(i), fmt.Sprint(161-len(addresses)+i); got != want {
							t.Errorf("panel %d shows %q, want %q", i, got, want)
						}
						for _, text := range bus.Seen(i) {
							if protocol == "modbus" && !called[text] {
								t.Errorf("panel %d showed %q", i, text)
							}
						}
					}
					c.stop()
					if protocol == "modbus" {
						c.check(t)
					}
				})
			})
		}
	}
}

func TestTwoPanelsOnOneAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := newBus(t, "modbus", []int{1, 1, 2}, nil)
		c := connect(t, bus, "modbus", []int{1, 2}, pipe(t, bus))
		c.show(0, "A112", 1)
		after(2 * time.Second)
		if s := c.states(); s[0].State != device.PanelSilent || !strings.Contains(s[0].Detail, "two panels with one address") || s[1].State != device.PanelExpired {
			t.Errorf("%+v", s)
		}
	})
}

func TestPanelThatIsSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		addresses := []int{1, 2}
		bus := newBus(t, "modbus", addresses, nil)
		c := connect(t, bus, "modbus", addresses, pipe(t, bus))
		c.show(0, "A112", 1)
		c.show(1, "A113", 2)
		after(time.Second)
		bus.Power(0, false)
		after(time.Minute)
		if s := c.states(); s[0].State != device.PanelSilent || s[1].State != device.PanelConfirmed {
			t.Errorf("%+v", s)
		}
		c.show(0, "A114", 3)
		bus.Power(0, true)
		after(6 * time.Second)
		if got := bus.Text(0); got != "114" || c.states()[0].State != device.PanelConfirmed {
			t.Errorf("%q, %+v", got, c.states()[0])
		}
		c.stop()
		c.check(t)
	})
}

func TestPanelThatCannotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := newBus(t, "callshop", []int{0}, nil)
		bus.Mute(0, true)
		c := connect(t, bus, "callshop", []int{0}, pipe(t, bus))
		c.show(0, "A112", 1)
		after(3 * time.Second)
		if s := c.states()[0]; bus.Text(0) != "112" || s.State != device.PanelSilent || !strings.Contains(s.Detail, "nothing came back") {
			t.Errorf("%q, %+v", bus.Text(0), s)
		}
	})
}

func TestAdapterComesAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := newBus(t, "edi", []int{1}, nil)
		dial := pipe(t, bus)
		var mu sync.Mutex
		var port device.Port
		there := true
		c := connect(t, bus, "edi", []int{1}, func(ctx context.Context) (device.Port, error) {
			mu.Lock()
			defer mu.Unlock()
			if !there {
				return nil, errors.New("no such file")
			}
			var err error
			port, err = dial(ctx)
			return port, err
		})
		c.show(0, "A112", 1)
		after(time.Second)
		mu.Lock()
		there = false
		port.Close()
		mu.Unlock()
		after(5 * time.Second)
		if s := c.states()[0]; s.State != device.PanelLost {
			t.Errorf("%+v", s)
		}
		bus.Power(0, false)
		bus.Power(0, true)
		c.show(0, "A113", 2)
		mu.Lock()
		there = true
		mu.Unlock()
		after(3 * time.Second)
		if s := c.states()[0]; s.State != device.PanelUnverified || s.Rev != 2 || bus.Text(0) != "113" {
			t.Errorf("%+v, %q", s, bus.Text(0))
		}
	})
}

// The same over the system's own terminal.
func TestPanelsOnATerminal(t *testing.T) {
	for _, protocol := range []string{"edi", "modbus"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			addresses := []int{1, 2}
			bus := newBus(t, protocol, addresses, nil)
			terminal, err := paper.OpenTerminal()
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- bus.Serve(ctx, terminal) }()
			p, _ := panel.Builtin(protocol)
			c := connect(t, bus, protocol, addresses, func(ctx context.Context) (device.Port, error) {
				return serialport.Open(ctx, serialport.Config{Path: terminal.Name, Baud: p.Baud})
			})
			for n := range uint64(10) {
				c.show(int(n%2), fmt.Sprintf("A%d", 101+n), n+1)
				until(t, func() bool { return bus.Text(int(n%2)) == fmt.Sprint(101+n) })
			}
			c.stop()
			until(t, func() bool { return bus.Text(0) == "" && bus.Text(1) == "" })
			c.check(t)
			stop()
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(10 * time.Second)
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("it did not happen")
		}
	}
}
