// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Face is how somebody found the service.
type Face string

// The faces. The zero value is not valid.
const (
	FaceGreen  Face = "green"
	FaceYellow Face = "yellow"
	FaceRed    Face = "red"
)

// WaitUnknown is the wait of a vote of which nobody knows how long its giver waited.
const WaitUnknown time.Duration = -1

// Vote is one face, with the reason of a red one, "" if none was given. It belongs to a
// group of services and a wait, to no ticket and no clerk.
type Vote struct {
	Group  queue.GroupID
	Wait   time.Duration
	Face   Face
	Reason string
}

// Votes counts faces by group and wait. The zero value is ready to use.
type Votes struct{ n map[vote]int }

type vote struct {
	group  queue.GroupID
	band   int // place in the limits, their number for longer ones, -1: not known
	face   Face
	reason string
}

// Add counts a vote.
func (v *Votes) Add(x Vote) {
	if v.n == nil {
		v.n = map[vote]int{}
	}
	v.n[vote{x.Group, waitBand(x.Wait), x.Face, x.Reason}]++
}

// WaitBand returns the end of a wait's band, and for one that is longer than all [Limits] an hour: what
// may be kept of a wait that is known, so that a vote is not found beside the visit it came from.
func WaitBand(wait time.Duration) time.Duration {
	if i := waitBand(wait); i < len(Limits()) {
		return Limits()[max(0, i)]
	}
	return time.Hour
}

// waitBand returns the place of a wait's band; -1 if the wait is not known.
func waitBand(wait time.Duration) int {
	if wait < 0 {
		return -1
	}
	i := slices.IndexFunc(Limits(), func(l time.Duration) bool { return seconds(wait) <= seconds(l) })
	if i < 0 {
		return len(Limits())
	}
	return i
}

// publishable is how many votes a figure needs.
const publishable = 10

// Faces returns how often each face was chosen, for a group and a wait up to a limit
// but longer than the one before it; group "" is all, limit 0 any wait, known or not. ok is false
// when there are too few votes to tell without telling of somebody.
func (v *Votes) Faces(group queue.GroupID, limit time.Duration) (faces map[Face]int, ok bool) {
	faces = map[Face]int{}
	n := 0
	for x, k := range v.n {
		if (group == "" || x.group == group) && (limit == 0 || x.band == waitBand(limit)) {
			faces[x.face] += k
			n += k
		}
	}
	if n < publishable {
		return nil, false
	}
	return faces, true
}

// Reasons returns how often each reason was given for a red face, over all groups and
// waits; ok is false when there are too few.
func (v *Votes) Reasons() (reasons map[string]int, ok bool) {
	reasons = map[string]int{}
	n := 0
	for x, k := range v.n {
		if x.face == FaceRed && x.reason != "" {
			reasons[x.reason] += k
			n += k
		}
	}
	if n < publishable {
		return nil, false
	}
	return reasons, true
}
