// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestErlangC compares with closed forms: rho for one counter, 2 rho^2/(1+rho) for two,
// and a value that is in tables.
func TestErlangC(t *testing.T) {
	for _, test := range []struct {
		counters   int
		load, want float64
	}{
		{1, .5, .5}, {1, .9, .9}, {2, 1, 1.0 / 3}, {2, 1.6, .711111}, {10, 8, .40918}, {5, 5, 1}, {5, 7, 1}, {3, 0, 0},
	} {
		if got := ErlangC(test.counters, test.load); math.Abs(got-test.want) > 1e-5 {
			t.Errorf("%d counters, %v Erlang: %.6f, want %.6f", test.counters, test.load, got, test.want)
		}
	}
	if got := Level(10, 8, 10*time.Minute, 5*time.Minute); math.Abs(got-(1-.40918*math.Exp(-1))) > 1e-5 {
		t.Errorf("level %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		load := rapid.Float64Range(.01, 60).Draw(t, "load")
		target := Target{Within: time.Duration(rapid.IntRange(0, 30).Draw(t, "minutes")) * time.Minute, Share: rapid.Float64Range(0, 1).Draw(t, "share")}
		n := Counters(load, 12*time.Minute, target)
		if float64(n) <= load || Level(n, load, 12*time.Minute, target.Within) < min(target.Share, .9999) {
			t.Errorf("%d counters do not meet %+v at %v", n, target, load)
		}
		if float64(n-1) > load && Level(n-1, load, 12*time.Minute, target.Within) >= target.Share {
			t.Errorf("%d counters would do for %+v at %v", n-1, target, load)
		}
	})
}

// TestOffered: with a constant rate the load is rate times mean; it comes up as the
// services last, and dies out as they do.
func TestOffered(t *testing.T) {
	var arrivals [halfHours]float64
	for b := 16; b < 34; b++ {
		arrivals[b] = 10
	}
	load := offered(arrivals, []time.Duration{10 * time.Minute, 50 * time.Minute})
	for b, want := range map[int]float64{15: 0, 18: 10, 30: 10, 33: 10, 36: 0} {
		if math.Abs(load[b]-want) > .01 {
			t.Errorf("half hour %d: %.2f Erlang, want %v", b, load[b], want)
		}
	}
	if load[16] >= 7 || load[34] <= 1 || load[34] >= 7 {
		t.Errorf("at the edges: %v", load[14:37])
	}
	if Required(arrivals, nil, Target{}) != ([halfHours]int{}) {
		t.Error("without services counters are required")
	}
}

// TestRequiredIsTheOptimum: for a day whose rates and times are known, the plan meets the
// target in every half hour, and two counters fewer do in none of the busy ones.
func TestRequiredIsTheOptimum(t *testing.T) {
	shares := []float64{.10, .14, .17, .17, .12, .07, .07, .09, .07}
	var arrivals [halfHours]float64
	for hour, share := range shares {
		arrivals[16+2*hour], arrivals[17+2*hour] = 245*share/2, 245*share/2
	}
	const mean = 14.5
	var services []time.Duration
	for i := range 1000 {
		services = append(services, time.Duration(-mean*math.Log(1-(float64(i)+.5)/1000)*float64(time.Minute)))
	}
	target := Target{Within: 15 * time.Minute, Share: .8}
	plan := Required(arrivals, services, target)
	days := knownDays(arrivals, services, 400)
	level := func(fewer int) result {
		s := queuetest.Counters(queuetest.Office(queue.PresetFIFO), 40)
		s.Counters = s.Counters[3:]
		p := Past{Settings: &s}
		x := &trial{office: newOffice(&p, nil), target: target, days: days}
		return x.run(func(*Day) [][]Span { return planned(plan, fewer, len(s.Counters)) })
	}
	met, fewer := level(0), level(2)
	for b := 16; b < 34; b++ {
		_, all := met.sums(b, b+1)
		if share := float64(all.within) / float64(all.n); share < target.Share-.02 {
			t.Errorf("half hour %d: %d counters call %.3f in time", b, plan[b], share)
		}
		_, all = fewer.sums(b, b+1)
		if share := float64(all.within) / float64(all.n); share > target.Share && plan[b] >= 8 {
			t.Errorf("half hour %d: %d counters are enough, the plan says %d", b, plan[b]-2, plan[b])
		}
	}
	hours := 0
	for _, n := range plan {
		hours += n
	}
	if hours/2 < 70 || hours/2 > 90 {
		t.Errorf("%d counter hours: %v", hours/2, plan[16:36])
	}
}

// knownDays draws days with known rates and times.
func knownDays(arrivals [halfHours]float64, services []time.Duration, n int) (days []Day) {
	d := rand.New(rand.NewPCG(8, 9))
	for range n {
		day := Day{Open: 8 * time.Hour, Close: 17 * time.Hour}
		for b, mean := range arrivals {
			for range poisson(d, mean) {
				at := time.Duration(b)*30*time.Minute + time.Duration(d.Int64N(int64(30*time.Minute)))
				day.Visits = append(day.Visits, Visit{At: at, Long: services[d.IntN(len(services))]})
			}
		}
		slices.SortFunc(day.Visits, func(a, b Visit) int { return int(a.At - b.At) })
		days = append(days, day)
	}
	return days
}

// planned is the presence that a plan asks for.
func planned(plan [halfHours]int, fewer, counters int) [][]Span {
	presence := make([][]Span, counters)
	for i := range presence {
		for b, n := range plan {
			if i < max(1, n-fewer) && n > 0 {
				presence[i] = with(presence[i], Span{time.Duration(b) * 30 * time.Minute, time.Duration(b+1) * 30 * time.Minute})
			}
		}
	}
	return presence
}

// TestSpans adds and cuts at random, and compares with a list of minutes.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans []Span
		var there [60]bool
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			from := rapid.IntRange(0, 58).Draw(t, "from")
			to := rapid.IntRange(from+1, 60).Draw(t, "to")
			s := Span{time.Duration(from) * time.Minute, time.Duration(to) * time.Minute}
			add := rapid.Bool().Draw(t, "add")
			if add {
				spans = with(spans, s)
			} else {
				spans = without(spans, s)
			}
			for i := from; i < to; i++ {
				there[i] = add
			}
		}
		for i, want := range there {
			minute := Span{time.Duration(i) * time.Minute, time.Duration(i+1) * time.Minute}
			if got := within(spans, minute) == time.Minute; got != want {
				t.Fatalf("minute %d: %v, want %v: %v", i, got, want, spans)
			}
		}
		for i := 1; i < len(spans); i++ {
			if spans[i].From <= spans[i-1].To {
				t.Fatalf("not in order or not apart: %v", spans)
			}
		}
	})
}
