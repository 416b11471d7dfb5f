// SPDX-License-Identifier: EUPL-1.2

package forecast

import "time"

// Wait is how long somebody still waits for the call, counted from [Forecast.At]. The
// percentiles are in order and not below zero; P90 is exceeded by one in ten.
type Wait struct {
	// Unknown says why nothing can be said; then all else is zero, but for Today when the
	// call is too far away.
	Unknown Reason

	P05, P10, P50, P80, P90 time.Duration

	// Today is the share of the runs in which the call comes before the office closes, 0 to 1.
	Today float64

	// Raw is what the runs said, before it was corrected by what became of earlier
	// promises. What is learned from a promise is learned from it.
	Raw Percentiles
}

// Percentiles are those of a wait, in order and not below zero.
type Percentiles struct{ P05, P10, P50, P80, P90 time.Duration }

// Reason is why a wait is not known: an id for texts.
type Reason string

// The reasons. The zero value is: the wait is known.
const (
	// UnknownClosed: the day is not open.
	UnknownClosed Reason = "closed"
	// UnknownNobody: no counter that may serve the ticket is open or expected.
	UnknownNobody Reason = "nobody_serves"
	// UnknownTooFar: the call is too far away, or too doubtful, for a figure.
	UnknownTooFar Reason = "too_far"
	// UnknownNotWaiting: the ticket does not wait for a call.
	UnknownNotWaiting Reason = "not_waiting"
	// UnknownService: the office has no such service or class.
	UnknownService Reason = "no_such_service"
)

// Known reports whether something can be said.
func (w Wait) Known() bool { return w.Unknown == "" }

// Steps of what people are told.
const (
	fineStep   = time.Minute
	coarseStep = 5 * time.Minute
	coarseFrom = 10 * time.Minute
)

// Range returns what people are told: from the median to P80, rounded up to whole
// minutes, above ten minutes to five. Both zero means at once. ok is false when
// nothing is known.
func (w Wait) Range() (from, to time.Duration, ok bool) {
	if !w.Known() {
		return 0, 0, false
	}
	from, to = roundUp(w.P50), roundUp(w.P80)
	if from == to && to > 0 {
		from -= step(to) // it is a range also where both round to the same
	}
	return from, to, true
}

func step(d time.Duration) time.Duration {
	if d > coarseFrom {
		return coarseStep
	}
	return fineStep
}

func roundUp(d time.Duration) time.Duration {
	s := step(d)
	if over := d % s; over > 0 {
		d += s - over
	}
	return d
}

// worthLeaving is how long somebody must be able to stay away to be told so.
const worthLeaving = 15 * time.Minute

// ComeBack returns by when somebody who leaves must be back, on a whole five minutes:
// only one in twenty is called earlier. ok is false when it is not worth leaving, or
// not known. At is [Forecast.At].
func (w Wait) ComeBack(at time.Time) (by time.Time, ok bool) {
	if !w.Known() || w.P05 < worthLeaving {
		return time.Time{}, false
	}
	return at.Add(w.P05).Truncate(coarseStep), true
}

// Prospect is whether somebody is still served today.
type Prospect int

// The prospects; the zero value is: nothing is known.
const (
	ProspectUnknown  Prospect = iota
	ProspectLikely            // in 95 of 100 runs and more
	ProspectDoubtful          // in between
	ProspectUnlikely          // in fewer than half of them
)

// Prospect says whether the call comes before the office closes.
func (w Wait) Prospect() Prospect {
	switch {
	case !w.Known() && w.Unknown != UnknownTooFar:
		return ProspectUnknown
	case w.Today >= .95:
		return ProspectLikely
	case w.Today >= .5:
		return ProspectDoubtful
	default:
		return ProspectUnlikely
	}
}
