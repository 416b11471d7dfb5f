// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Advice is a change that pays.
type Advice struct {
	Change Change
	Team   []queue.CounterID // the counters that may be meant

	// From and To are the half hours that the figures are of: those of the change, which may
	// begin earlier.
	From, To      int
	Before, After Estimate
	Gain          float64 // of Share
	GainErr       float64 // standard error
}

// Report is what can be said of a kind of day.
type Report struct {
	Weekday time.Weekday
	Days    int // of the past
	// Silent says why there is no advice, "" when there may be some.
	Silent Silence
	// Present is how many counters were there in each half hour, as a mean; Required how
	// many the first plan would have.
	Present  [halfHours]float64
	Required [halfHours]int
	Missed   bool // in some half hours the target is missed
	Advice   []Advice
}

// Silence is why nothing is advised: an id for texts.
type Silence string

// The reasons for silence.
const (
	SilentFewDays   Silence = "few_days"        // fewer than [FewDays] of the kind
	SilentUntrue    Silence = "not_reproduced"  // the simulation of the past is not like the past
	SilentNothing   Silence = "nothing_to_gain" // no change helps enough to be worth saying
	SilentNoTickets Silence = "no_tickets"
)

// Options are how advice is made.
type Options struct {
	Target Target
	Seed   uint64
	Runs   int // resampled days; 0: 200
}

// FewDays is how many days of a kind it takes to tell a difference from chance.
const FewDays = 4

// Limits of what is worth saying.
const (
	newest      = 8 // days that count
	errors      = 3 // standard errors that a gain must have
	worthShare  = .05
	worthWait   = 2 * time.Minute
	spare       = .02 // by which the target must be met if fewer are to do
	crowd       = 20  // visits of the past that a half hour must have had
	replayShare = .15
	replayWait  = 2 * time.Minute
	replayWrong = 10 // one in so many visits may be in half hours that are further off
)

// Advise says for each weekday of a past what would be better.
func Advise(p Past, o Options) []Report {
	if o.Runs <= 0 {
		o.Runs = 200
	}
	var reports []Report
	for _, day := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
		if days := p.on(day); len(days) > 0 {
			reports = append(reports, p.advise(day, days, o))
		}
	}
	return reports
}

// on returns the newest days of a weekday that had the hours of the newest one.
func (p *Past) on(day time.Weekday) (days []Day) {
	for _, d := range slices.Backward(p.Days) {
		t, err := d.Date.Midnight(time.UTC)
		if err != nil || t.Weekday() != day {
			continue
		}
		if len(days) < newest && (len(days) == 0 || d.Open == days[0].Open && d.Close == days[0].Close) {
			days = append(days, d)
		}
	}
	slices.Reverse(days)
	return days
}

func (p *Past) advise(day time.Weekday, days []Day, o Options) Report {
	r := Report{Weekday: day, Days: len(days)}
	days = known(days, len(p.Settings.Services))
	var arrivals [halfHours]float64
	var services []time.Duration
	for _, d := range days {
		for _, v := range d.Visits {
			arrivals[bandOf(v.At)] += 1 / float64(len(days))
			services = append(services, v.Long+p.Turnover)
		}
		for _, spans := range d.Presence {
			for b := range halfHours {
				window := Span{time.Duration(b) * 30 * time.Minute, time.Duration(b+1) * 30 * time.Minute}
				r.Present[b] += float64(within(spans, window)) / float64(30*time.Minute) / float64(len(days))
			}
		}
	}
	r.Required = Required(p.busy(days, arrivals), services, o.Target)
	switch {
	case len(services) == 0:
		r.Silent = SilentNoTickets
	case len(days) < FewDays:
		r.Silent = SilentFewDays
	case !p.reproduced(days, o.Target):
		r.Silent = SilentUntrue
	default:
		r.Advice = p.search(days, &r, o)
		if len(r.Advice) == 0 {
			r.Silent = SilentNothing
		}
	}
	return r
}

// busy returns arrivals as on a busy day: the volume that four in five days stay below.
func (p *Past) busy(days []Day, mean [halfHours]float64) [halfHours]float64 {
	var volumes []int
	sum := 0
	for _, d := range days {
		volumes = append(volumes, len(d.Visits))
		sum += len(d.Visits)
	}
	slices.Sort(volumes)
	if sum == 0 {
		return mean
	}
	factor := float64(volumes[(len(volumes)*4-1)/5]) * float64(len(days)) / float64(sum)
	for b := range mean {
		mean[b] *= max(1, factor)
	}
	return mean
}

// reproduced reports whether the past, with those who came and the counters that were
// there, gives the waits that there were, in nearly every half hour with many visits.
func (p *Past) reproduced(days []Day, target Target) bool {
	t := &trial{office: newOffice(p, days), target: target, days: days}
	simulated := t.run(nil)
	right, wrong := 0, 0
	for b := range halfHours {
		n := 0
		var was time.Duration
		for _, d := range days {
			for _, v := range d.Visits {
				if bandOf(v.At) == b && v.Wait >= 0 {
					n++
					was += v.Wait
				}
			}
		}
		if n < crowd {
			continue
		}
		_, all := simulated.sums(b, b+1)
		was, is := was/time.Duration(n), all.wait/time.Duration(all.n)
		if off := (was - is).Abs(); off > replayWait && off > time.Duration(replayShare*float64(was)) {
			wrong += n
		} else {
			right += n
		}
	}
	return wrong <= (right+wrong)/replayWrong
}
