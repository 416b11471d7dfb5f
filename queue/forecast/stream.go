// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"math"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// stream is who comes on the way of a run: a Poisson stream whose rate changes every
// half hour, until no more tickets are given.
type stream struct {
	at int64 // of the next one, never: nobody comes any more

	bands []flow
	marks []visitor
}

// flow is the rate from an instant to another, in arrivals a millisecond.
type flow struct {
	span
	rate float64
}

// visitor is a mark by the places in the settings.
type visitor struct {
	service, class int
	booked         bool
	early          int64
}

// prepare takes in what is expected of the rest of the day.
func (s *stream) prepare(v *queue.View, at time.Time, l *Learner, openings []queue.Opening) {
	s.bands, s.marks = s.bands[:0], s.marks[:0]
	settings := v.Settings()
	services, classes := map[queue.ServiceID]int{}, map[queue.ClassID]int{}
	for i, x := range settings.Services {
		services[x.ID] = i
	}
	for i, x := range settings.Classes {
		classes[x.ID] = i
	}
	for _, m := range l.arrivals.marks {
		service, ok := services[m.service]
		class, known := classes[m.class]
		if ok && known {
			s.marks = append(s.marks, visitor{service, class, m.booked, m.early.Milliseconds()})
		}
	}
	if len(s.marks) == 0 {
		return
	}
	local := at.In(v.Zone())
	rates := l.arrivals.rates(local.Weekday(), band(local))
	for _, o := range openings {
		for from := o.From; from.Before(o.LastIssue); {
			to := from.Add(30*time.Minute - time.Duration(from.Minute()%30)*time.Minute)
			if to.After(o.LastIssue) {
				to = o.LastIssue
			}
			s.bands = append(s.bands, flow{span{from.UnixMilli(), to.UnixMilli()}, rates[band(from)] / float64(30*minute)})
			from = to
		}
	}
}

// start begins a run at an instant.
func (s *stream) start(d *dice, at int64) {
	s.at = at
	s.draw(d)
}

// draw moves on to the next one who comes.
func (s *stream) draw(d *dice) {
	at, effort := s.at, d.ExpFloat64()
	for _, b := range s.bands {
		if at >= b.to || b.rate <= 0 {
			continue
		}
		at = max(at, b.from)
		if x := float64(at) + effort/b.rate; x < float64(b.to) {
			s.at = int64(math.Ceil(x))
			return
		}
		effort -= float64(b.to-at) * b.rate
		at = b.to
	}
	s.at = never
}

// what draws what somebody comes for.
func (s *stream) what(d *dice) *visitor { return &s.marks[d.IntN(len(s.marks))] }
