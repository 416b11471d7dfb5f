// SPDX-License-Identifier: EUPL-1.2

package health

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Gate answers whether the process is alive. The zero value has no pulses and is alive.
type Gate struct {
	mu     sync.Mutex
	pulses []*Pulse
}

// Pulse shows that one part of the process still does its work.
type Pulse struct {
	gate   *Gate
	name   string
	within time.Duration
	last   time.Time
}

// Expect adds a pulse that beats at least every within, which is above zero. It
// counts as having beaten now. Whoever ends on purpose stops the pulse.
func (g *Gate) Expect(name string, within time.Duration) *Pulse {
	p := &Pulse{gate: g, name: name, within: within, last: time.Now()}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pulses = append(g.pulses, p)
	return p
}

// Beat says that the part is at work. Call it where work gets done, not on a timer
// beside it.
func (p *Pulse) Beat() {
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	p.last = time.Now()
}

// Stop ends the pulse: it is not expected any more.
func (p *Pulse) Stop() {
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	p.gate.pulses = slices.DeleteFunc(p.gate.pulses, func(other *Pulse) bool { return other == p })
}

// Alive returns nil while every pulse has beaten in its time, as seen from now, else
// an error that names each late one. Give it [time.Now] itself: a wall clock that
// is set does not matter then.
func (g *Gate) Alive(now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	var late []error
	for _, p := range g.pulses {
		if silent := now.Sub(p.last); silent > p.within {
			late = append(late, fmt.Errorf("%s is silent for %v, expected every %v", p.name, silent.Round(time.Millisecond), p.within))
		}
	}
	return errors.Join(late...)
}
