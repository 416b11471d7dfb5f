// SPDX-License-Identifier: EUPL-1.2

package schedule

import "time"

// deed is something that is going to happen. Its fields are what a kind needs.
type deed struct {
	at    time.Duration // since the beginning of the run
	order uint64        // deeds of one instant happen in the order of their planning
	kind  kind
	who   int    // clerk or citizen
	turn  uint64 // plan of a clerk, life of the daemon, ticket
	try   int
	mail  *mail
}

// kind is what a deed is.
type kind uint8

const (
	citizenComes kind = iota
	citizenCancels
	citizenReturns // from a form or from outside
	citizenReprint
	clerkLooks
	printerAnswers
	mailArrives
	dayOpens
	dayCloses
	dayClosesEarly
	clerksLeave
	daemonDies
	daemonStarts
	clockIsSet
	settingsChange
	somebodyMeddles
	paperEnds
	paperIsBack
	hourStrikes
)

// agenda is a heap of deeds by time.
type agenda struct {
	deeds []deed
	order uint64
}

func (a *agenda) before(i, j int) bool {
	x, y := &a.deeds[i], &a.deeds[j]
	return x.at < y.at || x.at == y.at && x.order < y.order
}

func (a *agenda) add(d deed) {
	a.order++
	d.order = a.order
	a.deeds = append(a.deeds, d)
	for i := len(a.deeds) - 1; i > 0 && a.before(i, (i-1)/2); i = (i - 1) / 2 {
		a.deeds[i], a.deeds[(i-1)/2] = a.deeds[(i-1)/2], a.deeds[i]
	}
}

// next takes the earliest deed, ok false if there is none.
func (a *agenda) next() (d deed, ok bool) {
	if len(a.deeds) == 0 {
		return deed{}, false
	}
	d = a.deeds[0]
	last := len(a.deeds) - 1
	a.deeds[0] = a.deeds[last]
	a.deeds[last] = deed{}
	a.deeds = a.deeds[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return d, true
		}
		if child+1 < last && a.before(child+1, child) {
			child++
		}
		if !a.before(child, i) {
			return d, true
		}
		a.deeds[i], a.deeds[child] = a.deeds[child], a.deeds[i]
		i = child
	}
}
