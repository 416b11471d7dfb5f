// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// workday is when a counter was there on a day, in milliseconds of the local clock
// since midnight.
type workday struct {
	from     int64  // opened; never: not at all
	to       int64  // closed for good well before the office did; never: did not
	absences []span // pauses, and times closed, in between
}

// hours tell days apart: those on which the office opens and closes at the same
// minutes have much in common.
type hours struct{ from, to int }

// workdaysKept is how many days of the same hours a counter remembers.
const workdaysKept = 12

// early is how long before the office a counter must close to have left early.
const early = 30 * minute

func clock(local time.Time) int64 {
	h, m, s := local.Clock()
	return int64(h)*hour + int64(m)*minute + int64(s)*second
}

// attendance is a counter's presence on the day that goes on.
type attendance struct {
	workday
	left int64 // since when it has been absent, never: it is there
}

func newAttendance() attendance { return attendance{workday{from: never, to: never}, never} }

func (a *attendance) come(at int64) {
	switch {
	case a.from == never:
		a.from = at
	case a.left != never:
		a.absences = append(a.absences, span{a.left, at})
	}
	a.left = never
}

func (a *attendance) leave(at int64) {
	if a.left == never {
		a.left = at
	}
}

// close ends the day of an office that closed at an instant of the clock.
func (a *attendance) close(closing int64) workday {
	if a.left < closing-early {
		a.to = a.left
	}
	return a.workday
}

// hoursOf returns the hours of the openings of a day, ok false when there are none.
func hoursOf(openings []queue.Opening) (h hours, ok bool) {
	if len(openings) == 0 {
		return hours{}, false
	}
	from, to := openings[0].From, openings[len(openings)-1].To
	return hours{60*from.Hour() + from.Minute(), 60*to.Hour() + to.Minute()}, true
}

// unplanned returns the absences without those that are breaks of a roster: about as
// long as one, each break once. Rosters change, and nobody keeps them to the minute.
func unplanned(absences []span, breaks []Break) []span {
	rest := slices.Clone(absences)
	for _, b := range breaks {
		long := b.To.Sub(b.From).Milliseconds()
		i := slices.IndexFunc(rest, func(s span) bool { return 3*max(s.to-s.from-long, long-s.to+s.from) <= long })
		if i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		}
	}
	return rest
}

// ahead returns what the days of the past that agree with the present say of the rest
// of this one: when a counter comes, leaves and is absent, as instants. Now is the
// clock, begin the instant of midnight.
func (d *desk) ahead(past []workday, breaks []Break, now, begin int64) (days []outlook) {
	today := &d.today
	taken := len(unplanned(today.absences, breaks))
	if today.from != never && today.left != never {
		taken++
	}
	for _, w := range past {
		o := outlook{from: shift(w.from, begin), to: shift(w.to, begin)}
		if today.from == never && w.from <= now || today.from != never && (w.from == never || w.to <= now) {
			continue
		}
		rest := unplanned(w.absences, breaks)
		for _, s := range rest[min(taken, len(rest)):] {
			if s.from > now {
				o.absences = append(o.absences, span{s.from + begin, s.to + begin})
			}
		}
		days = append(days, o)
	}
	return days
}

func shift(at, by int64) int64 {
	if at == never {
		return never
	}
	return at + by
}

// outlook is a way in which the rest of a counter's day may go: as a [workday], but as
// instants.
type outlook struct {
	from, to int64
	absences []span
}
