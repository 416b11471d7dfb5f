// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// trial is days on which changes are tried: the same ones for each change, so that only
// the change makes a difference.
type trial struct {
	office *office
	target Target
	days   []Day
	source []int // by day: the day of the past that it is drawn from
}

// known returns days in which every visit has a length: one that was never called gets
// that of another one for the service.
func known(days []Day, services int) []Day {
	lengths := make([][]time.Duration, services+1)
	for _, d := range days {
		for _, v := range d.Visits {
			if v.Long >= 0 {
				lengths[v.Service] = append(lengths[v.Service], v.Long)
				lengths[services] = append(lengths[services], v.Long)
			}
		}
	}
	out := slices.Clone(days)
	for i := range out {
		out[i].Visits = slices.Clone(out[i].Visits)
		for j := range out[i].Visits {
			v := &out[i].Visits[j]
			pool := lengths[v.Service]
			if len(pool) == 0 {
				pool = lengths[services]
			}
			if v.Long < 0 && len(pool) > 0 {
				v.Long = pool[(7*i+13*j)%len(pool)]
			}
			v.Long = max(0, v.Long)
		}
	}
	return out
}

// jitter is how far from its time a visit is drawn.
const jitter = 8 * time.Minute

// resample draws n days: each as one of the past with its counters and its number of
// visits, but for chance, and each visit as one of that day.
func resample(days []Day, n int, seed uint64) (drawn []Day, source []int) {
	d := rand.New(rand.NewPCG(seed, 0x5741495453))
	for i := range n {
		from := i % len(days)
		day := days[from]
		visits := day.Visits
		day.Visits = nil
		for range poisson(d, float64(len(visits))) {
			v := visits[d.IntN(len(visits))]
			for range 20 { // a length of the same service, if one is found
				if o := visits[d.IntN(len(visits))]; o.Service == v.Service {
					v.Long = o.Long
					break
				}
			}
			v.At = min(max(v.At+time.Duration((2*d.Float64()-1)*float64(jitter)), min(v.At, day.Open)), max(v.At, day.Close))
			day.Visits = append(day.Visits, v)
		}
		slices.SortStableFunc(day.Visits, func(a, b Visit) int { return int(a.At - b.At) })
		drawn, source = append(drawn, day), append(source, from)
	}
	return drawn, source
}

func poisson(d *rand.Rand, mean float64) int {
	n := 0
	for x := d.ExpFloat64(); x < mean; x += d.ExpFloat64() {
		n++
	}
	return n
}

// tally is what became of the visits of one day and half hour.
type tally struct {
	n, within int
	wait      time.Duration
}

// result is what became of the days of a trial, by day and half hour.
type result [][halfHours]tally

// longest is the wait that one who is never called counts with.
const longest = 12 * time.Hour

// run lets the days live, each as change makes it; nil leaves them as they are.
func (t *trial) run(change func(*Day) [][]Span) result {
	out := make(result, len(t.days))
	for i := range t.days {
		d := &t.days[i]
		presence := d.Presence
		if change != nil {
			presence = change(d)
		}
		waits := t.office.live(d.Visits, presence, d.Close)
		for j, wait := range waits {
			x := &out[i][bandOf(d.Visits[j].At)]
			wait = min(wait, longest)
			x.n++
			x.wait += wait
			if wait <= t.target.Within {
				x.within++
			}
		}
	}
	return out
}

func bandOf(at time.Duration) int { return min(halfHours-1, max(0, int(at/(30*time.Minute)))) }

// Estimate is what a trial says of a window.
type Estimate struct {
	N     float64 // visits a day
	Share float64 // called within the target's time
	Mean  time.Duration
	Err   float64 // of Share: standard error; 0 of a single day, which cannot tell
}

// sums adds up a window of each day.
func (r result) sums(from, to int) (days []tally, all tally) {
	days = make([]tally, len(r))
	for i := range r {
		for b := from; b < to; b++ {
			days[i].n += r[i][b].n
			days[i].within += r[i][b].within
			days[i].wait += r[i][b].wait
		}
		all.n += days[i].n
		all.within += days[i].within
		all.wait += days[i].wait
	}
	return days, all
}

// estimate says what a window is like, from half hour from on and before to. Days that
// were drawn from one day of the past are alike: their errors add up.
func (t *trial) estimate(r result, from, to int) Estimate {
	days, all := r.sums(from, to)
	if all.n == 0 {
		return Estimate{}
	}
	share := float64(all.within) / float64(all.n)
	return Estimate{
		N: float64(all.n) / float64(len(days)), Share: share, Mean: all.wait / time.Duration(all.n),
		Err: t.err(func(i int) float64 { return float64(days[i].within) - share*float64(days[i].n) }) / float64(all.n),
	}
}

// gain returns by how much a window is better after than before, and the standard
// error of that: the days are the same ones.
func (t *trial) gain(before, after result, from, to int) (share, err float64, wait time.Duration) {
	a, all := before.sums(from, to)
	b, better := after.sums(from, to)
	if all.n == 0 {
		return 0, 0, 0
	}
	share = float64(better.within-all.within) / float64(all.n)
	err = t.err(func(i int) float64 { return float64(b[i].within-a[i].within) - share*float64(a[i].n) }) / float64(all.n)
	return share, err, (all.wait - better.wait) / time.Duration(all.n)
}

// sooner returns how much shorter the mean wait of a window is after than before, and the
// standard error of that.
func (t *trial) sooner(before, after result, from, to int) (wait, err time.Duration) {
	a, all := before.sums(from, to)
	b, better := after.sums(from, to)
	if all.n == 0 {
		return 0, 0
	}
	wait = (all.wait - better.wait) / time.Duration(all.n)
	return wait, time.Duration(t.err(func(i int) float64 { return float64(a[i].wait - b[i].wait - wait*time.Duration(a[i].n)) }) / float64(all.n))
}

// err returns the standard error of a sum of what is left over on each day.
func (t *trial) err(rest func(i int) float64) float64 {
	sums := map[int]float64{}
	for i, s := range t.source {
		sums[s] += rest(i)
	}
	k, square := float64(len(sums)), 0.0
	for i := range t.source { // not over the map: the order of a sum counts
		square += sums[t.source[i]] * sums[t.source[i]] / float64(t.times(t.source[i]))
	}
	return math.Sqrt(square * k / max(1, k-1))
}

// times returns how often a day of the past was drawn.
func (t *trial) times(source int) (n int) {
	for _, s := range t.source {
		if s == source {
			n++
		}
	}
	return n
}
