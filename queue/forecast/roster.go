// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Roster is what is planned for the counters of a day. A counter without a shift is
// taken as it is: an open one stays open.
type Roster []Shift

// Shift is what is planned for one counter.
type Shift struct {
	Counter queue.CounterID
	From    time.Time // opens then; zero: when the office does
	To      time.Time // takes nobody from then on; zero: stays until all are served
	Breaks  []Break   // in the order of their times
}

// Break is a planned absence. It begins when the citizen who is there has gone.
type Break struct{ From, To time.Time }

// of returns the shift of a counter.
func (r Roster) of(id queue.CounterID) Shift {
	for _, s := range r {
		if s.Counter == id {
			return s
		}
	}
	return Shift{}
}
