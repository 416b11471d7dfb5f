// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// teamSize is how many counters stand behind a figure at least: fewer would be clerks.
const teamSize = 3

// Teams returns the team of each counter.
func Teams(s *queue.Settings) map[queue.CounterID]TeamID {
	var firsts []queue.Counter
	members := map[TeamID][]queue.CounterID{}
	for _, c := range s.Counters {
		mine := slices.Sorted(slices.Values(c.Preferred))
		i := slices.IndexFunc(firsts, func(o queue.Counter) bool {
			return slices.Equal(mine, slices.Sorted(slices.Values(o.Preferred)))
		})
		if i < 0 {
			i = len(firsts)
			firsts = append(firsts, c)
		}
		id := TeamID(firsts[i].ID)
		members[id] = append(members[id], c.ID)
	}
	var small []queue.CounterID
	home := Others
	of := map[queue.CounterID]TeamID{}
	for _, c := range firsts {
		id := TeamID(c.ID)
		if len(members[id]) < teamSize {
			small = append(small, members[id]...)
			continue
		}
		home = id
		for _, m := range members[id] {
			of[m] = id
		}
	}
	if len(small) >= teamSize {
		home = Others
	}
	for _, m := range small {
		of[m] = home
	}
	return of
}

// doing is what a counter does between two records.
type doing int

const (
	doesNothing doing = iota
	doesServe
	doesTurn
	doesIdle
	doesPause
)

// write notes what each counter did up to an instant, half hour by half hour.
func (c *Collector) write(v *queue.View, at time.Time) {
	from := c.until
	c.until = at
	if c.day == nil {
		return
	}
	for status := range v.Counters() {
		what := c.doing(v, status)
		if what == doesNothing {
			continue
		}
		for begin := from; begin.Before(at); {
			end := next(begin.In(v.Zone()))
			if end.After(at) {
				end = at
			}
			t := c.day.team(c.teams[status.ID], bandOf(begin.In(v.Zone())))
			add(t, what, status.Reason, queue.MillisOf(end.Sub(begin)))
			begin = end
		}
	}
}

func (c *Collector) doing(v *queue.View, status queue.CounterStatus) doing {
	switch {
	case status.State == queue.CounterIsPaused:
		return doesPause
	case status.State != queue.CounterIsOpen:
		return doesNothing
	case status.Ticket != 0:
		return doesServe
	case v.Next(status.ID, v.At()) != nil:
		return doesTurn
	default:
		return doesIdle
	}
}

// next returns the end of a local time's half hour.
func next(local time.Time) time.Time {
	_, m, s := local.Clock()
	into := time.Duration(m%30)*time.Minute + time.Duration(s)*time.Second + time.Duration(local.Nanosecond())
	return local.Add(30*time.Minute - into)
}

func add(t *Team, what doing, reason string, long queue.Millis) {
	switch what {
	case doesServe:
		t.Busy += long
	case doesTurn:
		t.Turn += long
	case doesIdle:
		t.Idle += long
	case doesPause:
		if t.Paused == nil {
			t.Paused = map[string]queue.Millis{}
		}
		if _, ok := t.Paused[reason]; !ok && len(t.Paused) >= reasons {
			reason = ""
		}
		t.Paused[reason] += long
	case doesNothing:
	}
}
