// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"math"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// lessons are how many citizens of each service an oracle has seen.
const lessons = 600

// school is the one counter of a lesson.
const school = "school"

// lesson is a day that never was, from which a learner takes true figures.
type lesson struct {
	learner *forecast.Learner
	at      time.Time
	seq     queue.Seq
}

// teach makes a learner know the true figures of a world: at one counter, where
// somebody always waits, every service with the quantiles of its true times, those
// who do not come, and at last who comes in which numbers.
func (w *world) teach(l *forecast.Learner) {
	x := &lesson{learner: l, at: time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)}
	s := w.settings
	s.Counters = []queue.Counter{{ID: school, Label: "S"}}
	for _, service := range s.Services {
		s.Counters[0].Preferred = append(s.Counters[0].Preferred, service.ID)
	}
	x.apply(queue.SettingsChanged{Settings: s})
	x.apply(queue.DayOpened{Date: "2026-01-04"}) // a Sunday: nobody believes that people come then
	x.apply(queue.CounterOpened{Counter: school})
	x.issue(s.Services[0].ID, "normal") // waits all day
	absent := 0.0
	for i := range lessons {
		for _, service := range s.Services {
			g := w.model.Groups[service.Group]
			x.visit(service.ID, quantile(float64(g.Mean)*w.model.Scale*w.pace(service.ID), g.CV, (float64(i)+.5)/lessons), queue.EndServed)
			x.at = x.at.Add(w.model.Turnover)
			for absent += w.model.NoShow / (1 - w.model.NoShow); absent >= 1; absent-- {
				x.visit(service.ID, 45*time.Second, queue.EndNoShow)
				x.at = x.at.Add(w.model.Turnover)
			}
		}
	}
	w.crowd(x)
	x.apply(queue.DayClosed{Date: "2026-01-04"})
	x.apply(queue.SettingsChanged{Settings: w.settings})
}

// pace is the mean speed of those who serve a service.
func (w *world) pace(s queue.ServiceID) float64 {
	var m mean
	for _, c := range w.settings.Counters {
		if slices.Contains(c.Preferred, s) {
			m.add(w.speed[c.ID])
		}
	}
	return m.sum / m.n
}

// crowd lets people of all kinds come in their true shares and leave again.
func (w *world) crowd(x *lesson) {
	for _, service := range w.settings.Services {
		for i := range int(lessons * w.model.Groups[service.Group].Share) {
			class := queue.ClassID("normal")
			for _, c := range w.model.Classes {
				if float64(i%100) < 100*c.Share {
					class = c.Class
				}
			}
			x.apply(queue.TicketClosed{Ticket: x.issue(service.ID, class), End: queue.EndCancelled})
		}
	}
}

func (x *lesson) apply(e queue.Event) {
	x.seq++
	x.learner.Apply(queue.Record{Seq: x.seq, At: x.at, Event: e})
}

func (x *lesson) issue(s queue.ServiceID, c queue.ClassID) queue.TicketID {
	id := queue.TicketID(x.seq + 1)
	x.apply(queue.TicketIssued{Ticket: id, Series: "a", Service: s, Class: c, Due: x.at})
	return id
}

func (x *lesson) visit(s queue.ServiceID, d time.Duration, end queue.End) {
	id := x.issue(s, "normal")
	x.apply(queue.TicketCalled{Ticket: id, Counter: school})
	if end == queue.EndServed {
		x.apply(queue.ServiceStarted{Ticket: id, Counter: school})
	}
	x.at = x.at.Add(d)
	x.apply(queue.TicketClosed{Ticket: id, Counter: school, End: end})
}

// quantile returns that of a lognormal time whose clerks differ in speed.
func quantile(mean, cv, p float64) time.Duration {
	variance := math.Log1p(cv*cv) + math.Log1p(.2*.2)
	z := math.Sqrt2 * math.Erfinv(2*p-1)
	return time.Duration(mean * math.Exp(z*math.Sqrt(variance)-variance/2)).Truncate(time.Millisecond)
}
