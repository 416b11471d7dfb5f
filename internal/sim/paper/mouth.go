// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// position is where the last ticket is, in Star's numbers for the presenter.
type position byte

const (
	positionNone      position = 0
	positionLoop      position = 1 // on its way out
	positionMouth     position = 3 // somebody can take it
	positionRecovered position = 6
	positionTaken     position = 7
)

// present leaves the ticket in the mouth, where it waits for somebody or for its fate.
func (p *Printer) present(now time.Time) {
	p.state.position, p.state.takeAt = positionMouth, time.Time{}
	soonest := time.Duration(-1)
	if p.o.TakeAfter > 0 {
		soonest, p.state.fate = p.o.TakeAfter, positionTaken
	}
	if r := p.patience; r.after > 0 && (soonest < 0 || r.after < soonest) {
		soonest, p.state.fate = r.after, r.fate
	}
	if soonest >= 0 {
		p.state.takeAt = now.Add(soonest)
	}
}

// leave ends a ticket's stay in the mouth, if there is one.
func (p *Printer) leave(where position) {
	if p.state.position != positionMouth {
		return
	}
	switch where {
	case positionTaken:
		p.taken++
	case positionRecovered:
		p.retracted++
		p.count.Retracted++
	}
	p.state.position, p.state.takeAt = where, time.Time{}
}

// patience is what a presenter does with a ticket that nobody takes; after 0, nothing.
type patience struct {
	after time.Duration
	fate  position
}
