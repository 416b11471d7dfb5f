// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"fmt"
	"math"
	"slices"

	"github.com/avanti-queue/avanti/device"
)

// heldNames is how many of the jobs that the printer named last are remembered.
const heldNames = 16

// past is what outlives a session: what is known of the slips behind us.
type past struct {
	litter bool     // part of an interrupted slip may be on the paper
	due    bool     // the printer must be asked what came out before anything is cleared
	lacks  int      // bytes that a command which it is in the middle of may still lack, at most
	names  []string // of jobs that the printer has named as out, the newest last
	cuts   int      // its counter of cuts when it was asked what came out; -1: not known
	ons    int      // its counter of power-ups then; -1: not known
	ended  int      // Star's counter of ended jobs then; -1: not known
	meter  int      // centimetres of paper at the newest look; -1: not known
}

func newPast(interrupted bool) past {
	return past{litter: interrupted, due: interrupted, lacks: math.MaxInt, cuts: -1, ons: -1, ended: -1, meter: -1}
}

// remember notes that the printer has named a job.
func (p *past) remember(id string) {
	p.forget(id)
	p.names = append(p.names, id)
	if len(p.names) > heldNames {
		p.names = slices.Delete(p.names, 0, 1)
	}
}

// forget makes room for a new job of that name.
func (p *past) forget(id string) {
	p.names = slices.DeleteFunc(p.names, func(n string) bool { return n == id })
}

func (p *past) named(id string) bool { return slices.Contains(p.names, id) }

// proves reports whether the slip of that name came out, and how sure that is.
func (p *past) proves(id, evidence string) (device.Level, bool) {
	a := readEvidence(evidence)
	switch {
	case p.named(id):
		return device.LevelConfirmed, true
	case a.ended >= 0 && p.ended == a.ended+1:
		return device.LevelConfirmed, true
	case a.cuts >= 0 && p.cuts == a.cuts+1 && a.ons >= 0 && p.ons == a.ons:
		return device.LevelOrdered, true
	}
	return device.LevelNone, false
}

// attempt is one slip on its way.
type attempt struct {
	id     string
	size   int  // bytes
	mm     int  // of paper, estimated
	whole  bool // all of them were taken
	severs bool // it begins with a cut
	cuts   int  // the printer's counter of cuts before it; -1: not known
	ons    int  // its counter of power-ups then; -1: not known
	ended  int  // Star's counter of ended jobs then; -1: not known
}

// evidence is what proves will want to know of the attempt. A cut alone proves nothing later on: a
// printer that was off for a moment makes the one that was still on its way to it.
func (a attempt) evidence() string {
	if (a.cuts < 0 || a.ons < 0) && a.ended < 0 {
		return ""
	}
	return fmt.Sprintf("cuts %d ons %d ended %d", a.cuts, a.ons, a.ended)
}

// readEvidence reads what evidence wrote; anything else is none.
func readEvidence(s string) attempt {
	var a attempt
	if n, err := fmt.Sscanf(s, "cuts %d ons %d ended %d", &a.cuts, &a.ons, &a.ended); err != nil || n != 3 {
		return attempt{cuts: -1, ons: -1, ended: -1}
	}
	return a
}
