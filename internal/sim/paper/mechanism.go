// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// endless is the length of a roll that does not end.
const endless = -1

// condition is the state of the mechanism; a power cut does not change what is broken.
type condition struct {
	off       bool
	silent    bool // the transmit line is cut
	cover     bool // open
	hot       bool
	jammed    bool // something sticks in the cutter
	jamError  bool // and the printer has noticed
	nearEnd   bool
	left      int // dots of paper left, or endless
	presented bool
	takeAt    time.Time // when somebody takes the presented ticket; zero for not of itself
}

func (c *condition) paperEnd() bool { return c.left == 0 }

// stopped reports that nothing is printed, though there is power.
func (c *condition) stopped() bool { return c.cover || c.hot || c.jamError || c.paperEnd() }

// op is one act of the mechanism.
type op struct {
	kind  opKind
	strip strip // of opPrint
	dots  int   // of opPrint and opFeed: how far the paper has to move
}

type opKind int

const (
	opPrint opKind = iota
	opFeed
	opCut
	opPresent
)

// motion is the part of an op that is under way.
type motion struct {
	start time.Time
	took  time.Duration
	dots  int
}

func (m *motion) end() time.Time { return m.start.Add(m.took) }

// progress is how many dots of the motion are done.
func (m *motion) progress(now time.Time) int {
	part := float64(now.Sub(m.start)) / float64(m.took)
	return min(int(part*float64(m.dots)), m.dots)
}

// advance brings the printer up to now: it finishes what is due, executes received bytes, and starts the next motion.
// It stops early when a sheet has come out, so that the world sees sheets and answers in their order. When something
// will be due later, due is true and next says when.
func (p *Printer) advance(now time.Time) (next time.Duration, due bool) {
	for len(p.done) == 0 {
		if p.run != nil {
			if wait := p.run.end().Sub(now); wait > 0 {
				return p.settle(now, wait, true)
			}
			dots := p.run.dots
			p.run = nil
			p.finish(now, dots)
			continue
		}
		if p.state.off {
			return 0, false
		}
		if len(p.ops) == 0 && p.rx.Len() > 0 && (p.o.OrderedStatus || !p.state.stopped()) {
			b, _ := p.rx.ReadByte()
			p.accept(b)
			continue
		}
		if len(p.ops) == 0 || p.state.stopped() {
			return p.settle(now, 0, false)
		}
		p.begin(now)
	}
	return p.settle(now, 0, true)
}

// settle tells the host what has changed and adds the one thing that happens without the printer's doing.
func (p *Printer) settle(now time.Time, wait time.Duration, due bool) (time.Duration, bool) {
	if t := p.state.takeAt; !t.IsZero() {
		left := t.Sub(now)
		if left <= 0 {
			p.state.presented, p.state.takeAt = false, time.Time{}
		} else if !due || left < wait {
			wait, due = left, true
		}
	}
	p.changed()
	return wait, due
}

func (p *Printer) begin(now time.Time) {
	// A long feed moves in steps, so that a piece that hangs out too far tears off in time.
	const step = 100 * dotsPerMM
	m := &motion{start: now}
	switch o := p.ops[0]; o.kind {
	case opPrint, opFeed:
		m.dots = o.dots
		if o.kind == opFeed {
			m.dots = min(m.dots, step)
		}
		if p.state.left != endless {
			m.dots = min(m.dots, p.state.left)
		}
		m.took = p.o.dotTime(m.dots)
	case opCut:
		m.took = cutTime
	case opPresent:
		m.took = presentTime
	}
	p.run = m
}

// finish puts dots of the first op's motion on the paper and drops the op if that was all of it. An interrupted line
// stays, to be printed again as a whole.
func (p *Printer) finish(now time.Time, dots int) {
	o := &p.ops[0]
	complete := true
	switch o.kind {
	case opPrint:
		p.paper.put(o.strip, dots)
		p.consume(dots)
		complete = dots >= o.dots
	case opFeed:
		p.paper.y += dots
		p.consume(dots)
		o.dots -= dots
		complete = o.dots <= 0
	case opCut:
		if s, ok := p.paper.cut(p.t.gap, p.o.Dots); ok {
			p.cuts++
			p.count.Sheets++
			p.done = append(p.done, s)
		}
	case opPresent:
		p.state.presented = true
		if p.o.TakeAfter > 0 {
			p.state.takeAt = now.Add(p.o.TakeAfter)
		}
	}
	if complete {
		p.ops = p.ops[1:]
	}
	if len(p.ops) == 0 {
		p.ops = nil
	}
}

func (p *Printer) consume(dots int) {
	p.count.Dots += int64(dots)
	if p.state.left != endless {
		p.state.left = max(0, p.state.left-dots)
	}
	if p.paper.y >= longest {
		p.tear()
	}
}

// tear takes away the paper that hangs out of the printer, if anything is printed on it.
func (p *Printer) tear() {
	if s, ok := p.paper.tear(p.t.gap, p.o.Dots); ok {
		p.count.Torn++
		p.done = append(p.done, s)
	}
}

// interrupt stops the motion that is under way where it is.
func (p *Printer) interrupt(now time.Time) {
	m := p.run
	if m == nil {
		return
	}
	p.run = nil
	if m.dots == 0 { // a cut or a presentation begins anew
		return
	}
	if dots := m.progress(now); dots > 0 {
		p.finish(now, dots)
	}
}

// moving reports that the motor runs.
func (p *Printer) moving() bool { return p.run != nil }

// clear is what DLE DC4 8 and DLE ENQ 2 do to the memory: the modes stay.
func (p *Printer) clear(now time.Time) {
	p.interrupt(now)
	p.rx.Reset()
	p.ops = nil
	p.forget()
	p.tx.forget(responseID)
	p.heed()
}
