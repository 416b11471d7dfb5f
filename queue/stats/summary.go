// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Summary is what is told of some cells of some days.
type Summary struct {
	Issued, Transferred, Started             int
	Served, NoShow, Cancelled, Expired, Void int
	Waits, Lost, Walks, Services, Visits     Spans
	Overtaken                                Share // steps whose call was answered
	Overtakers                               int
	OutOfOrder                               Share // of the days' calls, whatever the cells
	Days                                     int
}

// Limits are the waits that shares are told of.
func Limits() []time.Duration {
	return []time.Duration{5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute}
}

// Within returns the service level: the share of steps that were called within a limit,
// answered or not.
func (s *Summary) Within(limit time.Duration) Share {
	return Share{s.Waits.Within(limit) + s.Lost.Within(limit), s.Waits.N() + s.Lost.N()}
}

// Absent is how many of those called after a wait in a band were not there.
type Absent struct {
	From, To time.Duration // From excluded but for 0, To included; 0: no end
	Share
}

// Absences returns the share of those who were not there, by how long they had waited:
// nobody knows when they left.
func (s *Summary) Absences() []Absent {
	from := time.Duration(0)
	var out []Absent
	answered, lost := 0, 0
	for _, to := range append(Limits(), 45*time.Minute, 0) {
		a, l := s.Waits.N(), s.Lost.N()
		if to > 0 {
			a, l = s.Waits.Within(to), s.Lost.Within(to)
		}
		out = append(out, Absent{From: from, To: to, Share: Share{l - lost, l - lost + a - answered}})
		from, answered, lost = to, a, l
	}
	return out
}

// Hour is a half hour of a week.
type Hour struct {
	Day  time.Weekday
	Band Band
}

// Weekday returns that of a date, ok false if it is none.
func Weekday(d queue.Date) (day time.Weekday, ok bool) {
	t, err := d.Midnight(time.UTC)
	return t.Weekday(), err == nil
}

// peakTickets is how many steps a half hour must have had to be called a peak.
const peakTickets = 20

// Peak returns the half hour of the week with the longest mean of waits, of those in which
// at least twenty were called and came; ok is false when there is none.
func Peak(hours map[Hour]Mean) (peak Hour, ok bool) {
	keys := make([]Hour, 0, len(hours))
	for h, waits := range hours {
		if waits.N() >= peakTickets {
			keys = append(keys, h)
		}
	}
	if len(keys) == 0 {
		return Hour{}, false
	}
	return slices.MaxFunc(keys, func(a, b Hour) int {
		if d := hours[a].Mean() - hours[b].Mean(); d != 0 {
			return int(d)
		}
		return int(b.Day-a.Day)*48 + int(b.Band-a.Band) // the earlier one
	}), true
}
