// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Promise is a standard of the office's charter: so many in 100 within so long.
type Promise struct {
	ID      string
	Measure Measure
	Groups  []queue.GroupID // nil: all
	Limit   time.Duration   // whole seconds
	Share   float64         // 0 to 1
}

// Measure is what a promise is about: an id for texts.
type Measure string

// The measures. The zero value is not valid.
const (
	MeasureWait    Measure = "wait"    // from issue or check-in to the call, whether somebody came or not
	MeasureService Measure = "service" // at the counter
	MeasureVisit   Measure = "visit"   // from issue to the end, of those served
)

// Kept is a line of the charter's table.
type Kept struct {
	Promise   Promise
	Achieved  Share
	Low, High float64 // see [Share.Interval]
	Verdict   Verdict
}

// Verdict is whether a promise was kept: an id for texts.
type Verdict string

// The verdicts.
const (
	VerdictNothing Verdict = "nothing" // nobody came for it
	VerdictTooFew  Verdict = "too_few" // fewer than it takes to tell
	VerdictKept    Verdict = "kept"
	VerdictMissed  Verdict = "missed"
)

// enough is how many it takes to say whether a promise was kept.
const enough = 30

// For reports whether the promise is made for a group.
func (p Promise) For(g queue.GroupID) bool { return p.Groups == nil || slices.Contains(p.Groups, g) }

// Judge holds the summary of what a promise is made for against it.
func (p Promise) Judge(s *Summary) Kept {
	k := Kept{Promise: p, Achieved: s.Within(p.Limit)}
	switch p.Measure {
	case MeasureService:
		k.Achieved = Share{s.Services.Within(p.Limit), s.Services.N()}
	case MeasureVisit:
		k.Achieved = Share{s.Visits.Within(p.Limit), s.Visits.N()}
	case MeasureWait:
	}
	k.Low, k.High = k.Achieved.Interval()
	switch {
	case k.Achieved.Of == 0:
		k.Verdict = VerdictNothing
	case k.Achieved.Of < enough:
		k.Verdict = VerdictTooFew
	case k.Achieved.Value() >= p.Share:
		k.Verdict = VerdictKept
	default:
		k.Verdict = VerdictMissed
	}
	return k
}
