// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// op is one act of the mechanism.
type op struct {
	kind  opKind
	strip strip         // of opPrint
	dots  int           // of opPrint and opFeed: how far the paper has to move
	took  time.Duration // of opWrite
	then  func()        // of opWrite and opThen: what happens at its end
}

type opKind int

const (
	opPrint opKind = iota
	opFeed
	opCut
	opPresent
	opWrite // into the memory that outlives a power cut
	opThen  // takes no time
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
	if m.took <= 0 {
		return m.dots
	}
	part := int(now.Sub(m.start) * time.Duration(m.dots) / m.took)
	return max(0, min(part, m.dots))
}

// until is how long the first dots of the motion take.
func (m *motion) until(dots int) time.Duration {
	n := time.Duration(m.dots)
	return (m.took*time.Duration(dots) + n - 1) / n
}

func (p *Printer) dotTime(dots int) time.Duration {
	return time.Duration(float64(dots) / p.t.perMM / p.o.MMPerSecond * float64(time.Second))
}

// advance brings the printer up to now: it finishes what is due, executes received bytes, and starts the next motion.
// It stops early when a sheet has come out or a Point has come, so that the world sees things in their order. When
// something will be due later, due is true and next says when.
func (p *Printer) advance(now time.Time) (next time.Duration, due bool) {
	for len(p.done) == 0 && p.fire == nil {
		if p.run != nil {
			if wait, coming := p.strike(now); coming {
				return p.settle(now, wait, true)
			}
			if p.fire != nil {
				break
			}
			if wait := p.run.end().Sub(now); wait > 0 {
				return p.settle(now, wait, true)
			}
			dots := p.run.dots
			p.run = nil
			p.finish(now, dots)
			continue
		}
		if p.state.off {
			if p.state.bootAt.IsZero() {
				return 0, false
			}
			if wait := p.state.bootAt.Sub(now); wait > 0 {
				return wait, true
			}
			p.boot()
			p.signal(xon)
			poke(p.room)
			continue
		}
		p.spoil()
		if p.listening() && p.rx.Len() > 0 {
			b, _ := p.rx.ReadByte()
			p.inTurn = true
			p.accept(b)
			p.inTurn = false
			continue
		}
		if len(p.ops) == 0 || p.state.stopped() || p.storing() {
			return p.settle(now, 0, false)
		}
		p.begin(now)
	}
	return p.settle(now, 0, true)
}

// listening reports that the next byte's turn has come.
func (p *Printer) listening() bool {
	if p.storing() {
		return true
	}
	return len(p.ops) == 0 && (p.o.OrderedStatus || p.t.nippon || !p.state.stopped())
}

// settle tells the host what has changed and adds the one thing that happens without the printer's doing.
func (p *Printer) settle(now time.Time, wait time.Duration, due bool) (time.Duration, bool) {
	if t := p.state.takeAt; !t.IsZero() {
		left := t.Sub(now)
		if left <= 0 {
			p.leave(p.state.fate)
		} else if !due || left < wait {
			wait, due = left, true
		}
	}
	p.changed()
	return wait, due
}

func (p *Printer) begin(now time.Time) {
	// A long feed moves in steps, so that a piece that hangs out too far tears off in time.
	const step = 800
	m := &motion{start: now}
	switch o := p.ops[0]; o.kind {
	case opPrint, opFeed:
		if p.t.mouth == presented || p.t.mouth == automatic {
			p.leave(positionNone) // the next ticket pushes the last one out
		}
		m.dots = o.dots
		if o.kind == opFeed {
			m.dots = min(m.dots, step)
		}
		if p.state.left != endless {
			m.dots = min(m.dots, p.state.left)
		}
		m.took = p.dotTime(m.dots)
	case opCut:
		m.took = cutTime
	case opPresent:
		m.took = presentTime
		p.state.position = positionLoop
	case opWrite:
		m.took = o.took
		p.heed()
	}
	p.run = m
}

// finish puts dots of the first op's motion on the paper and drops the op if that was all of it. An interrupted line
// stays, to be printed again as a whole.
func (p *Printer) finish(now time.Time, dots int) {
	o := p.ops[0]
	complete := true
	switch o.kind {
	case opPrint:
		p.paper.put(o.strip, dots)
		p.consume(dots)
		complete = dots >= o.dots
	case opFeed:
		p.paper.y += dots
		p.consume(dots)
		p.ops[0].dots -= dots
		complete = dots >= o.dots
	case opCut:
		p.sever(now)
	case opPresent:
		p.present(now)
	}
	if complete {
		p.ops = p.ops[1:]
	}
	if len(p.ops) == 0 {
		p.ops = nil
	}
	if o.then != nil {
		o.then()
	}
	if o.kind == opWrite {
		p.heed()
	}
}

// sever is the cutter.
func (p *Printer) sever(now time.Time) {
	s, ok := p.paper.cut(p.t, p.o.Dots)
	if !ok {
		return
	}
	p.cuts++
	p.count.Sheets++
	p.done = append(p.done, s)
	if p.t.mouth == withdrawn {
		p.present(now)
	}
	switch p.trigger.kind {
	case pointCut:
		p.fire = p.trigger.take()
	case pointAnswered:
		p.trigger.cut = true
	}
}

func (p *Printer) consume(dots int) {
	p.count.Dots += int64(dots)
	if p.trigger.kind == pointMoved {
		p.trigger.n -= dots
	}
	if p.state.left != endless {
		p.state.left = max(0, p.state.left-dots)
	}
	if p.paper.y >= p.paper.longest(p.t) {
		p.tear()
	}
}

// tear takes away the paper that hangs out of the printer, if anything is printed on it.
func (p *Printer) tear() {
	if s, ok := p.paper.tear(p.t, p.o.Dots); ok {
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
func (p *Printer) moving() bool { return p.run != nil && !p.writing() }

// writing reports that the printer is deaf because it writes its lasting memory.
func (p *Printer) writing() bool { return p.run != nil && len(p.ops) > 0 && p.ops[0].kind == opWrite }

// clear is what DLE DC4 8 and DLE ENQ 2 do to the memory: the modes stay.
func (p *Printer) clear(now time.Time) {
	p.interrupt(now)
	p.rx.Reset()
	p.ops = nil
	p.job = job{}
	p.forget()
	p.tx.forget(responseID)
	p.heed()
}
