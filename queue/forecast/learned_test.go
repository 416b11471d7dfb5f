// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestRing keeps the newest, and their sum.
func TestRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRing(rapid.IntRange(1, 8).Draw(t, "size"))
		var all []int64
		for _, x := range rapid.SliceOf(rapid.Int64Range(-2, longest+2)).Draw(t, "spans") {
			r.add(x)
			if x >= 0 && x <= longest {
				all = append(all, x)
			}
		}
		all = all[max(0, len(all)-r.size):]
		sum := int64(0)
		for _, x := range all {
			sum += x
		}
		if len(r.values) != len(all) || r.sum != sum {
			t.Errorf("%d spans with sum %d, want %d with %d", len(r.values), r.sum, len(all), sum)
		}
	})
}

// TestSampler draws from the prior, then from what is known, and conditions on what
// has passed.
func TestSampler(t *testing.T) {
	d := newDice()
	d.seed(1, 2)
	mean := func(n int, draw func() int64) float64 {
		sum := 0.0
		for range n {
			sum += float64(draw())
		}
		return sum / float64(n)
	}
	own, wide := newRing(600), newRing(600)
	s := newSampler(float64(8*minute), .8, own, wide)
	if got := mean(40_000, func() int64 { return s.draw(&d) }); math.Abs(got/float64(8*minute)-1) > .02 {
		t.Errorf("the prior's mean is %v", time.Duration(got)*time.Millisecond)
	}
	for range 95 {
		wide.add(2 * minute)
	}
	s = newSampler(float64(8*minute), .8, own, wide)
	expected := float64(2*minute)*.95 + float64(8*minute)*.05
	if got := mean(40_000, func() int64 { return s.draw(&d) }); math.Abs(got/expected-1) > .02 || math.Abs(s.average/expected-1) > .001 {
		t.Errorf("with 95 samples of its kin the mean is %v, the average %v, want %v", got, s.average, expected)
	}
	for range 600 {
		own.add(minute)
		own.add(20 * minute)
	}
	s = newSampler(float64(8*minute), .8, own, wide)
	if got := mean(40_000, func() int64 { return s.rest(&d, 5*minute) }); math.Abs(got/float64(15*minute)-1) > .02 {
		t.Errorf("after five minutes of one or twenty, %v remain", time.Duration(got)*time.Millisecond)
	}
	if got := mean(40_000, func() int64 { return s.rest(&d, 3*hour) }); got < .5*s.average || got > .9*s.average {
		t.Errorf("after three hours, %v remain", time.Duration(got)*time.Millisecond)
	}
}

// TestAttendance writes down a clerk's days.
func TestAttendance(t *testing.T) {
	day := func(steps ...int64) workday {
		a := newAttendance()
		for i, at := range steps {
			if i%2 == 0 {
				a.come(at * minute)
			} else {
				a.leave(at * minute)
				a.leave(at*minute + 1) // a pause that becomes a closing
			}
		}
		return a.close(1000 * minute)
	}
	for _, test := range []struct {
		got, want workday
	}{
		{day(), workday{from: never, to: never}},
		{day(480), workday{from: 480 * minute, to: never}},
		{day(480, 990), workday{from: 480 * minute, to: never}},
		{day(480, 900), workday{from: 480 * minute, to: 900 * minute}},
		{day(500, 600, 615, 900), workday{from: 500 * minute, to: 900 * minute, absences: []span{{600 * minute, 615 * minute}}}},
	} {
		if d := cmp.Diff(test.want, test.got, cmp.AllowUnexported(workday{}, span{})); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
}

// TestAhead picks from the days of the past those that agree with the present, without
// what is over or in the roster.
func TestAhead(t *testing.T) {
	coffee, lunch := span{600 * minute, 615 * minute}, span{720 * minute, 765 * minute}
	past := []workday{
		{from: 480 * minute, to: never, absences: []span{coffee, lunch}},
		{from: 500 * minute, to: 800 * minute, absences: []span{lunch}},
		{from: never, to: never},
	}
	const begin = 1_000_000
	instant := func(s span) span { return span{s.from + begin, s.to + begin} }
	midnight := time.UnixMilli(begin)
	noon := Break{midnight.Add(12 * time.Hour), midnight.Add(12*time.Hour + 40*time.Minute)}
	for _, test := range []struct {
		what   string
		today  attendance
		breaks []Break
		now    int64
		want   []outlook
	}{
		{"before it opens", newAttendance(), nil, 490, []outlook{
			{from: 500*minute + begin, to: 800*minute + begin, absences: []span{instant(lunch)}},
			{from: never, to: never},
		}},
		{"open, nothing taken", attendance{workday{from: 480 * minute, to: never}, never}, nil, 590, []outlook{
			{from: 480*minute + begin, to: never, absences: []span{instant(coffee), instant(lunch)}},
			{from: 500*minute + begin, to: 800*minute + begin, absences: []span{instant(lunch)}},
		}},
		{"open, lunch in the roster", attendance{workday{from: 480 * minute, to: never}, never}, []Break{noon}, 590, []outlook{
			{from: 480*minute + begin, to: never, absences: []span{instant(coffee)}},
			{from: 500*minute + begin, to: 800*minute + begin},
		}},
		{"away for coffee", attendance{workday{from: 480 * minute, to: never}, 585 * minute}, nil, 590, []outlook{
			{from: 480*minute + begin, to: never, absences: []span{instant(lunch)}},
			{from: 500*minute + begin, to: 800*minute + begin},
		}},
		{"late in the day", attendance{workday{from: 480 * minute, to: never}, never}, nil, 810, []outlook{
			{from: 480*minute + begin, to: never},
		}},
	} {
		d := &desk{today: test.today}
		got := d.ahead(past, test.breaks, test.now*minute, begin)
		if x := cmp.Diff(test.want, got, cmp.AllowUnexported(outlook{}, span{})); x != "" {
			t.Errorf("%s (-want +got):\n%s", test.what, x)
		}
	}
}

// TestStream lets people come in the numbers that the bands say, and only then.
func TestStream(t *testing.T) {
	d := newDice()
	d.seed(4, 5)
	s := stream{bands: []flow{
		{span{0, 30 * minute}, 6 / float64(30*minute)},
		{span{60 * minute, 90 * minute}, 0},
		{span{90 * minute, 110 * minute}, 10 / float64(20*minute)},
	}}
	var bands [4]float64
	const runs = 4000
	for range runs {
		for s.start(&d, 10*minute); s.at != never; s.draw(&d) {
			bands[s.at/(30*minute)]++
		}
	}
	for i, want := range []float64{4, 0, 0, 10} {
		if got := bands[i] / runs; math.Abs(got-want) > .15 {
			t.Errorf("half hour %d: %.2f come, want %v", i, got, want)
		}
	}
}

// TestRates: a weekday's mean, times the pace of the day so far.
func TestRates(t *testing.T) {
	var a arrivals
	for range 3 {
		a.today[18], a.today[20] = 30, 10
		a.fold(time.Monday)
	}
	if r := a.rates(time.Monday, 20); r[20] >= 10 || r[20] < 3 || r[21] != 0 { // nobody so far
		t.Errorf("nobody has come: %v", r[18:22])
	}
	a.today[18] = 30
	if r := a.rates(time.Monday, 20); r[20] != 10 {
		t.Errorf("as many have come as ever: %v", r[18:22])
	}
	a.today[18] = 90
	if r := a.rates(time.Monday, 20); r[20] < 15 || r[20] > 25 {
		t.Errorf("many have come: %v", r[18:22])
	}
	a.today[19] = 8
	if r := a.rates(time.Tuesday, 20); r[20] != 49 {
		t.Errorf("on a day without a past they come as in the last hour: %v", r[18:22])
	}
}
