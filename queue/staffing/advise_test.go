// SPDX-License-Identifier: EUPL-1.2

package staffing_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/waits"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
)

func target() staffing.Target { return staffing.Target{Within: 15 * time.Minute, Share: .8} }

// months lives days of the office in which half of the counters leave for lunch
// together, and returns the first days and the others.
func months(t *testing.T, seed uint64, first, others int) (past, future staffing.Past) {
	t.Helper()
	var c, later staffing.Collector
	n := 0
	err := waits.Live(waits.Scenarios()[1], seed, first+others, func(r queue.Record) {
		if _, ok := r.Event.(queue.DayOpened); ok {
			n++
		}
		if _, ok := r.Event.(queue.SettingsChanged); ok || n > first {
			later.Apply(r)
		}
		if n <= first {
			c.Apply(r)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.Past(), later.Past()
}

// TestBacktest takes advice from four weeks and holds it against the two that followed,
// with those who really came then.
func TestBacktest(t *testing.T) {
	past, future := months(t, 303, 24, 12)
	if len(past.Days) != 24 || len(future.Days) != 12 {
		t.Fatalf("%d and %d days", len(past.Days), len(future.Days))
	}
	if past.Turnover < 40*time.Second || past.Turnover > 50*time.Second {
		t.Errorf("turnover %v", past.Turnover)
	}
	o := staffing.Options{Target: target(), Seed: 1, Runs: 32}
	reports := staffing.Advise(past, o)
	helped, all := 0, map[staffing.Do]int{}
	for _, r := range reports {
		if len(r.Advice) == 0 == (r.Silent == "") {
			t.Errorf("%v: %d pieces of advice, silent: %q", r.Weekday, len(r.Advice), r.Silent)
		}
		for _, a := range r.Advice {
			all[a.Change.Do]++
			before, after := staffing.Replay(future, a, target(), r.Weekday)
			t.Logf("%v %s %d-%d: %.0f %% (+-%.0f) to %.0f %% (+-%.0f); then %.0f %% to %.0f %%", r.Weekday, a.Change.Do, a.Change.From, a.Change.To,
				100*a.Before.Share, 100*a.Before.Err, 100*a.After.Share, 100*a.After.Err, 100*before.Share, 100*after.Share)
			if a.Change.Do == staffing.DoFewer {
				if a.After.Share-3*a.After.Err < target().Share+.02 {
					t.Errorf("%v: fewer counters are advised, and the target is missed: %+v", r.Weekday, a)
				}
				continue
			}
			if a.Gain < 3*a.GainErr || a.After.Share <= a.Before.Share {
				t.Errorf("%v: chance is sold as advice: %+v", r.Weekday, a)
			}
			if after.Share >= before.Share {
				helped++
			} else {
				t.Errorf("%v: the advice has made it worse: %+v to %+v", r.Weekday, before, after)
			}
		}
	}
	if helped < 2 || all[staffing.DoMoveBreaks]+all[staffing.DoMore] < 2 {
		t.Errorf("advice %v, of which %d helped", all, helped)
	}
}

// TestHoursOfAdvice: what is said of a change is of the hours that it is for, and of those who come
// then, although the change begins before.
func TestHoursOfAdvice(t *testing.T) {
	past, _ := months(t, 101, 24, 0)
	past = only(past, time.Monday)
	early := 0
	for _, a := range staffing.Advise(past, staffing.Options{Target: target(), Seed: 1, Runs: 32})[0].Advice {
		if a.Change.From < a.From {
			early++
		}
		came := 0.0
		for _, d := range past.Days {
			for _, v := range d.Visits {
				if b := int(v.At / (30 * time.Minute)); a.From <= b && b < a.To {
					came += 1 / float64(len(past.Days))
				}
			}
		}
		for _, of := range []staffing.Estimate{a.Before, a.After} {
			if a.Change.From > a.From || a.Change.To != a.To || math.Abs(of.N-came) > .03*came {
				t.Errorf("%+v: %.1f come then", a, came)
			}
		}
	}
	if early == 0 {
		t.Error("no change begins before the hours that it is for")
	}
}

// only returns a past of one weekday.
func only(p staffing.Past, day time.Weekday) staffing.Past {
	p.Days = slices.DeleteFunc(slices.Clone(p.Days), func(d staffing.Day) bool {
		at, err := d.Date.Midnight(time.UTC)
		return err != nil || at.Weekday() != day
	})
	return p
}

// TestSilence: what the data do not carry is not said.
func TestSilence(t *testing.T) {
	past, _ := months(t, 101, 24, 0)
	o := staffing.Options{Target: target(), Seed: 1, Runs: 40}
	report := func(p staffing.Past) staffing.Report {
		t.Helper()
		for _, r := range staffing.Advise(only(p, time.Saturday), o) {
			if r.Weekday == time.Saturday {
				return r
			}
		}
		t.Fatal("no Saturday")
		return staffing.Report{}
	}
	once := report(past)
	if once.Silent != "" || len(once.Advice) == 0 {
		t.Errorf("a Saturday with too few counters: %+v", once)
	}
	if d := cmp.Diff(once, report(past)); d != "" {
		t.Errorf("the same advice twice (-one +other):\n%s", d)
	}
	few := past
	few.Days = few.Days[12:]
	if r := report(few); r.Silent != staffing.SilentFewDays {
		t.Errorf("two Saturdays: %q", r.Silent)
	}
	untrue := change(past, func(v *staffing.Visit) { v.Wait = 2*v.Wait + 10*time.Minute })
	if r := report(untrue); r.Silent != staffing.SilentUntrue {
		t.Errorf("a past that cannot be: %q", r.Silent)
	}
	none := past
	none.Days = slices.Clone(none.Days)
	for i := range none.Days {
		none.Days[i].Visits = nil
	}
	if r := report(none); r.Silent != staffing.SilentNoTickets {
		t.Errorf("nobody came: %q", r.Silent)
	}
	if staffing.Advise(staffing.Past{Settings: past.Settings}, o) != nil {
		t.Error("advice without a past")
	}
}

// change returns a past in which each visit is another.
func change(p staffing.Past, visit func(*staffing.Visit)) staffing.Past {
	p.Days = slices.Clone(p.Days)
	for i := range p.Days {
		p.Days[i].Visits = slices.Clone(p.Days[i].Visits)
		for j := range p.Days[i].Visits {
			visit(&p.Days[i].Visits[j])
		}
	}
	return p
}
