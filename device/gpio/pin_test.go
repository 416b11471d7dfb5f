// SPDX-License-Identifier: EUPL-1.2

package gpio_test

import (
	"errors"
	"slices"
	"sync"
	"time"

	periph "periph.io/x/conn/v3/gpio"
)

// pin is a line that behaves as the kernel's do through periph.io, its failures included: a line
// that has gone away reads as low, and waiting for its edges ends at once.
type pin struct {
	periph.PinIO // nothing else is called

	edges chan struct{}

	mu      sync.Mutex
	level   periph.Level
	pull    periph.Pull
	gone    bool
	deaf    bool // its edges are lost
	noEdges bool // it has none
	reads   int
	closed  int
	outs    []periph.Level // each change
}

func newPin(level periph.Level) *pin { return &pin{level: level, edges: make(chan struct{}, 16)} }

func (p *pin) open() (periph.PinIO, error) { return p, nil }

func (p *pin) Name() string { return "GPIO17" }

func (p *pin) In(pull periph.Pull, edge periph.Edge) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return errors.New("no such device")
	}
	if p.noEdges && edge != periph.NoEdge {
		return errors.New("no interrupt for this line")
	}
	p.pull = pull
	return nil
}

func (p *pin) Read() periph.Level {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads++
	return p.level && periph.Level(!p.gone)
}

func (p *pin) WaitForEdge(d time.Duration) bool {
	p.mu.Lock()
	gone := p.gone
	p.mu.Unlock()
	if gone || d <= 0 {
		return false
	}
	select {
	case <-p.edges:
		return true
	case <-time.After(d):
		return false
	}
}

func (p *pin) Out(l periph.Level) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return errors.New("no such device")
	}
	if n := len(p.outs); n == 0 || p.outs[n-1] != l {
		p.outs = append(p.outs, l)
	}
	return nil
}

func (p *pin) levels() []periph.Level {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.outs)
}

func (p *pin) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed++
}

func (p *pin) set(l periph.Level) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.level == l {
		return
	}
	p.level = l
	if p.deaf || p.noEdges {
		return
	}
	select {
	case p.edges <- struct{}{}:
	default: // the kernel forgets, too
	}
}

func (p *pin) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

func opens(p periph.PinIO) func() (periph.PinIO, error) {
	return func() (periph.PinIO, error) { return p, nil }
}
