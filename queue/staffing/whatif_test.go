// SPDX-License-Identifier: EUPL-1.2

package staffing_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// torn is an office of two counters that do not help each other: four Mondays on which
// everybody comes for the papers, which only the first one has.
func torn() staffing.Past {
	s := queuetest.Office(queue.PresetFIFO)
	s.Counters = []queue.Counter{
		{ID: "c1", Label: "1", Preferred: []queue.ServiceID{s.Services[0].ID}},
		{ID: "c2", Label: "2", Preferred: []queue.ServiceID{s.Services[1].ID}},
	}
	p := staffing.Past{Settings: &s, Turnover: 30 * time.Second}
	for _, date := range []queue.Date{"2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"} {
		d := staffing.Day{Date: date, Open: 8 * time.Hour, Close: 12 * time.Hour, Presence: [][]staffing.Span{
			{{From: 8 * time.Hour, To: 12 * time.Hour}}, {{From: 8 * time.Hour, To: 12 * time.Hour}},
		}}
		for i := range 30 {
			d.Visits = append(d.Visits, staffing.Visit{At: 8*time.Hour + time.Duration(i)*6*time.Minute, Long: 9 * time.Minute, Wait: 0})
		}
		p.Days = append(p.Days, d)
	}
	return p
}

// Each of the four things that can be tried does something of its own, and what is not tried
// stays as it was.
func TestTry(t *testing.T) {
	past := torn()
	first, second := past.Settings.Services[0].ID, past.Settings.Services[1].ID
	both := queue.Counter{ID: "c2", Preferred: []queue.ServiceID{second, first}}
	later := func(h int) time.Duration { return time.Duration(h) * time.Hour }
	for name, test := range map[string]struct {
		change staffing.WhatIf
		share  int // the sign of the gain
		wait   int // the same, of the mean wait
	}{
		"nothing":                      {staffing.WhatIf{}, 0, 0},
		"a counter that cannot help":   {staffing.WhatIf{Counters: 1, From: 16, To: 24}, 0, 0},
		"a counter fewer":              {staffing.WhatIf{Counters: -1, From: 18, To: 20}, 0, -1},
		"another skill":                {staffing.WhatIf{Skills: []queue.Counter{both}}, 1, 1},
		"the skill of nobody":          {staffing.WhatIf{Skills: []queue.Counter{{ID: "c9", Preferred: both.Preferred}}}, 0, 0},
		"nobody for the papers":        {staffing.WhatIf{Skills: []queue.Counter{{ID: "c1", Preferred: []queue.ServiceID{second}}}}, -1, -1},
		"the same rule":                {staffing.WhatIf{Rule: &past.Settings.Rule}, 0, 0},
		"doors open an hour later":     {staffing.WhatIf{Open: later(1)}, -1, -1},
		"hours that leave nothing":     {staffing.WhatIf{Open: later(4)}, 0, 0},
		"another skill and less staff": {staffing.WhatIf{Skills: []queue.Counter{both}, Counters: -1, From: 16, To: 24}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := staffing.Try(past, test.change, target(), time.Monday)
			if !ok || got.Days != 4 {
				t.Fatalf("%v, %d days", ok, got.Days)
			}
			if sign(got.Gain) != test.share || sign(got.Sooner.Minutes()) != test.wait {
				t.Errorf("gain %.2f (+-%.2f), %v (+-%v) sooner, want the signs %d and %d: %+v to %+v",
					got.Gain, got.GainErr, got.Sooner, got.SoonerErr, test.share, test.wait, got.AllBefore, got.AllAfter)
			}
			if d := got.AllBefore.Mean - got.AllAfter.Mean - got.Sooner; d.Abs() > time.Second {
				t.Errorf("the mean is off by %v", d)
			}
			if d := got.AllAfter.Share - got.AllBefore.Share - got.Gain; math.Abs(d) > 1e-9 {
				t.Errorf("the gain is off by %v", d)
			}
		})
	}
	if slices.Contains(past.Settings.Counters[1].Preferred, first) {
		t.Error("what was tried has changed the office")
	}
	if _, ok := staffing.Try(past, staffing.WhatIf{}, target(), time.Sunday); ok {
		t.Error("a Sunday that nobody has lived")
	}
}

// A single day knows no error, and two hardly do.
func TestTryFewDays(t *testing.T) {
	past := torn()
	for i := range past.Days {
		past.Days[i].Visits = past.Days[i].Visits[:30-3*i]
	}
	fewer := staffing.WhatIf{Counters: -1, From: 18, To: 20}
	for n := 1; n <= len(past.Days); n++ {
		few := past
		few.Days = past.Days[:n]
		got, ok := staffing.Try(few, fewer, target(), time.Monday)
		if !ok || got.Days != n || got.Sooner >= 0 || (got.SoonerErr == 0) != (n == 1) || got.AllBefore.N != 30-1.5*float64(n-1) {
			t.Errorf("%d days: %v, %+v", n, ok, got)
		}
	}
	if staffing.FewDays != len(past.Days) {
		t.Error("the tests have another number of days than it takes")
	}
}

// sign is that of an amount that is worth a word.
func sign(x float64) int {
	switch {
	case x > .01:
		return 1
	case x < -.01:
		return -1
	}
	return 0
}

// Another rule: who has priority is called first, and waits less than without.
func TestTryRule(t *testing.T) {
	past := torn()
	s := *past.Settings
	s.Classes = []queue.Class{{ID: "normal"}, {ID: "priority", Credit: queue.Millis(time.Hour / time.Millisecond)}}
	s.Rule = queue.Rule{Preset: queue.PresetFIFO, Target: 1_200_000, Cap: 7_200_000}
	past.Settings = &s
	for i := range past.Days {
		v := past.Days[i].Visits
		v[len(v)-1].Class = 1 // the last one to come
	}
	rule := s.Rule
	rule.Preset = queue.PresetPriorityCapped
	got, ok := staffing.Try(past, staffing.WhatIf{Rule: &rule}, target(), time.Monday)
	last := 21 // comes at 10:54
	if !ok || got.After[last].Mean >= got.Before[last].Mean {
		t.Errorf("priority: %+v, then %+v", got.Before[last], got.After[last])
	}
}
