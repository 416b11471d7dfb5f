// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// Point is a moment in the life of a job, for At. Make one with Received, Moved, Cut or Answered.
type Point struct {
	kind pointKind
	n    int
}

type pointKind int

const (
	pointNone pointKind = iota
	pointReceived
	pointMoved
	pointCut
	pointAnswered
)

// Received is when n more bytes have come over the line (at least one), before the next one does.
func Received(n int) Point { return Point{pointReceived, max(1, n)} }

// Moved is when the paper has moved n more dot rows (at least one), printed or not.
func Moved(n int) Point { return Point{pointMoved, max(1, n)} }

// Cut is when the next sheet has come out, before anything that follows its cut is done or answered.
func Cut() Point { return Point{kind: pointCut} }

// Answered is when the host has taken the last byte of the first answer to a command that stood after the next cut:
// the confirmation of the job. Answers out of turn, to DLE EOT and the like, do not count.
func Answered() Point { return Point{kind: pointAnswered} }

// At calls do once, at that point; the printer does nothing meanwhile. It makes a fault strike at a given moment. It
// replaces an earlier At that has not come to pass; a nil do only cancels.
func (p *Printer) At(at Point, do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trigger = trigger{Point: at, do: do}
	if do == nil {
		p.trigger = trigger{}
		return
	}
	if m := p.run; m != nil && at.kind == pointMoved {
		p.trigger.n += m.progress(time.Now()) // counted from the beginning of the motion that is under way
	}
	poke(p.wake)
}

// trigger is a Point that has not come to pass; n counts down.
type trigger struct {
	Point
	do  func()
	cut bool // a sheet has come out since
}

// take returns do, which will not be called again.
func (t *trigger) take() func() {
	do := t.do
	*t = trigger{}
	return do
}

// received counts n bytes; it returns what is to be done now.
func (t *trigger) received(n int) func() {
	if t.kind != pointReceived {
		return nil
	}
	if t.n -= n; t.n > 0 {
		return nil
	}
	return t.take()
}

// within is how long after the beginning of m the point comes, if it comes in its course.
func (t *trigger) within(m *motion) (time.Duration, bool) {
	if t.kind != pointMoved || m.dots == 0 || t.n > m.dots {
		return 0, false
	}
	return m.until(t.n), true
}

// strike lets the point within the motion that is under way come to pass, if it is due; otherwise it returns how long
// that will take.
func (p *Printer) strike(now time.Time) (wait time.Duration, coming bool) {
	after, ok := p.trigger.within(p.run)
	if !ok {
		return 0, false
	}
	if wait := p.run.start.Add(after).Sub(now); wait > 0 {
		return wait, true
	}
	p.run.start = now.Add(-after) // not a row further, however late we are
	p.trigger.n = 0
	p.fire = p.trigger.take()
	return 0, false
}
