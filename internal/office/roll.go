// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"slices"

	"github.com/avanti-queue/avanti/device"
)

const (
	metre = 1000 // mm
	// lowRoll is how much is left when somebody ought to lay a new roll ready.
	lowRoll = 5 * metre
	// A roll is learned from only if it can have been a whole one.
	shortestRoll, longestRoll = 10 * metre, 500 * metre
)

// roll is what is known of the paper in a printer, from the slips that came out of it and
// the faults that it tells. It is kept across restarts; lengths are in mm.
type roll struct {
	Used  int `json:"used_mm"`            // since the roll was put in
	Whole int `json:"whole_mm,omitempty"` // of a whole roll, as learned; 0: not yet
	// Counted says that the roll was put in while we watched: its end shows how long it was.
	Counted bool `json:"counted,omitempty"`

	// Of a change of rolls that is under way, and whether the last one was near its end.
	Open bool `json:"open,omitempty"`
	Out  bool `json:"out,omitempty"` // it ran out while the cover was closed
	Near bool `json:"near,omitempty"`
}

// left returns how much is left of a roll that, as far as is configured, has so many metres when
// it is whole (0: not configured); false: nobody knows.
func (r *roll) left(metres int) (int, bool) {
	whole := r.Whole
	if whole == 0 {
		whole = metres * metre
	}
	return max(0, whole-r.Used), whole > 0
}

// print notes that so much paper came out.
func (r *roll) print(mm int) { r.Used += max(0, mm) }

// look takes in what the printer tells of itself. A printer that tells nothing of its paper
// changes nothing.
//
// With the cover open many printers say that they have no paper, so only an end under a closed
// cover is one. A new roll is in when such an end is over, or when the end that was near is no
// longer near once the cover is closed.
func (r *roll) look(faults []device.Fault) {
	has := func(code device.FaultCode) bool {
		return slices.ContainsFunc(faults, func(f device.Fault) bool { return f.Code == code })
	}
	if has(device.FaultLine) || has(device.FaultNotAnswering) || has(device.FaultStranger) || has(device.FaultBusy) {
		return
	}
	open, end, near := has(device.FaultCoverOpen), has(device.FaultPaperEnd), has(device.FaultPaperNearEnd)
	switch {
	case open:
		r.Open = true
	case end:
		if !r.Out && !r.Open {
			r.learn()
			r.Out = true
		}
	default:
		if r.Out || r.Open && r.Near && !near {
			r.Used, r.Counted = 0, true
		}
		r.Open, r.Out, r.Near = false, false, near
	}
}

// learn takes the length of a roll that has just ended; one roll alone does not overturn what
// several have shown.
func (r *roll) learn() {
	if !r.Counted || r.Used < shortestRoll || r.Used > longestRoll {
		return
	}
	if r.Whole == 0 {
		r.Whole = r.Used
		return
	}
	r.Whole = (2*r.Whole + r.Used) / 3
}
