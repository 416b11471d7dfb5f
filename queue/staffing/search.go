// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"math"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// search tries what could be better: in the worst hours breaks are moved before
// counters are added, and where nobody waits there may be fewer.
func (p *Past) search(days []Day, r *Report, o Options) (advice []Advice) {
	t := &trial{office: newOffice(p, days), target: o.Target}
	t.days, t.source = resample(days, o.Runs, o.Seed)
	before := t.run(nil)
	if from, to, ok := worst(before, o.Target); ok {
		r.Missed = true
		if a, ok := p.better(t, before, from, to, r); ok {
			advice = append(advice, a)
		}
	}
	if from, to, ok := calm(before, o.Target); ok {
		if a, ok := p.fewer(t, before, from, to); ok {
			advice = append(advice, a)
		}
	}
	for i := range advice {
		for _, c := range advice[i].Change.Team {
			advice[i].Team = append(advice[i].Team, p.Settings.Counters[c].ID)
		}
	}
	return advice
}

// worst returns the half hours in a row in which the most citizens too many wait too long.
func worst(r result, t Target) (from, to int, ok bool) {
	most, sum, start := 0.0, 0.0, 0
	for b := range halfHours {
		_, all := r.sums(b, b+1)
		if missing := t.Share*float64(all.n) - float64(all.within); missing > 0 {
			sum += missing
		} else {
			sum, start = 0, b+1
		}
		if sum > most {
			most, from, to = sum, start, b+1
		}
	}
	return from, to, most > 0
}

// calm returns the longest row of half hours in which the target is met by far.
func calm(r result, t Target) (from, to int, ok bool) {
	start := 0
	for b := range halfHours {
		_, all := r.sums(b, b+1)
		if all.n == 0 || float64(all.within) < (t.Share+2*spare)*float64(all.n) {
			start = b + 1
		}
		if b+1-start > to-from {
			from, to = start, b+1
		}
	}
	return from, to, to-from >= 2
}

// teams returns the counters that may serve the same.
func (p *Past) teams() (teams [][]int) {
	skills := func(c queue.Counter) ([]queue.ServiceID, []queue.ServiceID) {
		return slices.Sorted(slices.Values(c.Preferred)), slices.Sorted(slices.Values(c.Overflow))
	}
	for i, c := range p.Settings.Counters {
		preferred, overflow := skills(c)
		n := slices.IndexFunc(teams, func(team []int) bool {
			a, b := skills(p.Settings.Counters[team[0]])
			return slices.Equal(a, preferred) && slices.Equal(b, overflow)
		})
		if n < 0 {
			n = len(teams)
			teams = append(teams, nil)
		}
		teams[n] = append(teams[n], i)
	}
	return teams
}

// better looks for what helps in a window: the waits in it may be made by what came up
// to an hour before.
func (p *Past) better(t *trial, before result, from, to int, r *Report) (best Advice, ok bool) {
	try := func(c Change) (Advice, bool) {
		after := t.run(c.apply)
		share, err, wait := t.gain(before, after, from, to)
		a := Advice{Change: c, From: from, To: to, Before: t.estimate(before, from, to), After: t.estimate(after, from, to), Gain: share, GainErr: err}
		all, _, _ := t.gain(before, after, 0, halfHours)
		return a, share > errors*err && (share >= worthShare || wait >= worthWait) && all > 0
	}
	everybody := make([]int, len(p.Settings.Counters))
	for i := range everybody {
		everybody[i] = i
	}
	better := func(a Advice) {
		if !ok || a.Gain > best.Gain {
			best, ok = a, true
		}
	}
	for early := range 3 {
		if a, pays := try(Change{Do: DoMoveBreaks, From: max(0, from-early), To: to, Team: everybody}); pays {
			better(a)
		}
	}
	if ok && best.After.Share >= t.target.Share {
		return best, true
	}
	missing := 0.0
	for b := from; b < to; b++ {
		missing = max(missing, float64(r.Required[b])-r.Present[b])
	}
	for n := 1; n <= max(2, int(math.Ceil(missing))); n++ {
		for _, team := range p.teams() {
			for early := range 3 {
				a, pays := try(Change{Do: DoMore, From: max(0, from-early), To: to, Counters: n, Team: team})
				if pays && (!ok || a.Gain > best.Gain+worthShare) {
					best, ok = a, true
				}
			}
		}
		if ok && best.After.Share >= t.target.Share {
			break
		}
	}
	return best, ok
}

// fewer looks for how many counters a calm window can do without: the target is still
// met, in it and in the hours after it, and nobody waits much longer for the few.
func (p *Past) fewer(t *trial, before result, from, to int) (best Advice, ok bool) {
	for _, team := range p.teams() {
		for n := 1; n < len(team); n++ {
			c := Change{Do: DoFewer, From: from, To: to, Counters: n, Team: team}
			after := t.run(c.apply)
			a := Advice{Change: c, From: from, To: to, Before: t.estimate(before, from, to), After: t.estimate(after, from, to)}
			a.Gain, a.GainErr, _ = t.gain(before, after, from, to)
			later, _, _ := t.gain(before, after, to, halfHours)
			met := a.After.Share-errors*a.After.Err >= t.target.Share+spare
			if !met || later < -spare || a.After.Mean-a.Before.Mean > worthWait {
				break
			}
			if !ok || n > best.Change.Counters {
				best, ok = a, true
			}
		}
	}
	return best, ok
}

// Replay tries an advice on days as they were, with those who came and how long they
// took, and says what becomes of its window: for days that the advice did not know.
func Replay(p Past, a Advice, t Target, weekday time.Weekday) (before, after Estimate) {
	days := known(p.on(weekday), len(p.Settings.Services))
	x := &trial{office: newOffice(&p, days), target: t, days: days}
	for i := range days {
		x.source = append(x.source, i)
	}
	return x.estimate(x.run(nil), a.From, a.To), x.estimate(x.run(a.Change.apply), a.From, a.To)
}
