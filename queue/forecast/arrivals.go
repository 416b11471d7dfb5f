// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// halfHours is how many bands a day has. On the day on which clocks are set back one
// of them comes twice.
const halfHours = 48

func band(local time.Time) int { return 2*local.Hour() + local.Minute()/30 }

// arrivals are when people come and what for.
type arrivals struct {
	days  [7]pattern // by [time.Weekday]
	today [halfHours]int
	marks []mark // of the newest who came
	next  int
}

// pattern is how many come in each half hour of a weekday, as a mean that follows the
// newest eight days.
type pattern struct {
	days int
	mean [halfHours]float64
}

const daysKept = 8

// mark is what somebody came for.
type mark struct {
	service queue.ServiceID
	class   queue.ClassID
	early   time.Duration // before the slot of an appointment
	booked  bool
}

const marksKept = 600

func (a *arrivals) come(local time.Time, m mark) {
	a.today[band(local)]++
	if len(a.marks) < marksKept {
		a.marks = append(a.marks, m)
		return
	}
	a.marks[a.next] = m
	a.next = (a.next + 1) % marksKept
}

// fold adds the day that has ended to its weekday.
func (a *arrivals) fold(day time.Weekday) {
	p := &a.days[day]
	p.days = min(p.days+1, daysKept)
	for i, n := range a.today {
		p.mean[i] += (float64(n) - p.mean[i]) / float64(p.days)
	}
	a.today = [halfHours]int{}
}

// trust is how many arrivals it takes until today's pace counts as much as the past.
const trust = 20

// rates returns how many are expected in each half hour of a day of which the bands
// before now have passed. A weekday without history has the present pace.
func (a *arrivals) rates(day time.Weekday, now int) (rates [halfHours]float64) {
	p := &a.days[day]
	came, expected := 0.0, 0.0
	for i := range now {
		came += float64(a.today[i])
		expected += p.mean[i]
	}
	if p.days == 0 {
		newest := 0
		for i := max(0, now-2); i < now; i++ {
			newest += a.today[i]
		}
		for i := range rates {
			rates[i] = float64(newest) / 2
		}
		return rates
	}
	pace := (came + trust) / (expected + trust)
	for i, m := range p.mean {
		rates[i] = m * pace
	}
	return rates
}
