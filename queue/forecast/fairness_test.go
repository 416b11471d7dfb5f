// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// fairness reads calls as the fairness report tells them, of an office in which every counter
// may serve everybody: by class, who waited how long and was overtaken by how many.
func fairness(calls []call) []stats.Class {
	calls = slices.SortedStableFunc(slices.Values(calls), func(a, b call) int { return a.at.Compare(b.at) })
	classes := map[queue.ClassID]*stats.Class{}
	for i, c := range calls {
		class := classes[c.Class]
		if class == nil {
			class = &stats.Class{Class: c.Class}
			classes[c.Class] = class
		}
		class.Waits.Add(c.at.Sub(c.Due))
		by := 0
		for _, before := range calls[:i] {
			if c.Due.Before(before.Due) {
				by++
			}
		}
		if by > 0 {
			class.Overtaken++
			class.Overtakers += by
		}
	}
	var out []stats.Class
	for _, c := range classes {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b stats.Class) int { return cmp.Compare(a.Class, b.Class) })
	return out
}

// uneven returns what the report says of calls and cannot be. The same turns given to the same
// people in the order in which they came spread the waits as evenly as can be; and only
// overtaking spreads them otherwise.
func uneven(preset queue.Preset, calls []call) (faults []string) {
	overtaken := 0
	for _, c := range fairness(calls) {
		overtaken += c.Overtaken
		if c.Overtakers < c.Overtaken || c.Overtaken > c.Waits.N() {
			faults = append(faults, fmt.Sprintf("%d of %d %s are overtaken by %d", c.Overtaken, c.Waits.N(), c.Class, c.Overtakers))
		}
	}
	if preset == queue.PresetFIFO && overtaken > 0 {
		faults = append(faults, fmt.Sprintf("first in, first out, and %d are overtaken", overtaken))
	}
	var dues, turns []time.Time
	var waits, even stats.Spans
	for _, c := range calls {
		dues, turns = append(dues, c.Due), append(turns, c.at)
		waits.Add(1000 * c.at.Sub(c.Due)) // spans are whole seconds, and these are to be exact
	}
	slices.SortFunc(dues, time.Time.Compare)
	slices.SortFunc(turns, time.Time.Compare)
	for i := range dues {
		even.Add(1000 * turns[i].Sub(dues[i]))
	}
	is, ok := waits.Gini()
	least, _ := even.Gini()
	const hair = 1e-9
	switch {
	case !ok: // too few to tell
	case is < 0 || is >= 1 || is < least-hair:
		faults = append(faults, fmt.Sprintf("Gini %v, and in the order of coming %v", is, least))
	case overtaken == 0 && is > least+hair:
		faults = append(faults, fmt.Sprintf("nobody is overtaken, Gini is %v and could be %v", is, least))
	}
	return faults
}

// TestFairnessReport: what the report says of the office is what its calls were; and it holds
// for the calls of every run of a forecast as for those of the office.
func TestFairnessReport(t *testing.T) {
	told, overtaking := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom([]queue.Preset{queue.PresetFIFO, queue.PresetTargets}).Draw(t, "preset")
		s := fair(t, preset)
		o := crowded(t, &s, 80)
		f := New(Options{Runs: 2, Seed: 3})
		f.Forecast(o.state.View(), o.at, o.learner, nil)
		for run := range f.options.Runs {
			ahead := o.ahead(f, run)
			for _, fault := range uneven(preset, ahead) {
				t.Error("the forecast: ", fault)
			}
			if len(ahead) >= 10 {
				told++
			}
		}
		for _, fault := range uneven(preset, o.calls) {
			t.Error("the office: ", fault)
		}
		for _, c := range s.Counters {
			if status, _ := o.state.View().Counter(c.ID); status.Ticket != 0 {
				o.do(queue.Finish{Counter: c.ID, Seen: status.Seen})
			}
		}
		var collector stats.Collector
		for _, r := range o.records {
			collector.Apply(r)
		}
		want := fairness(o.calls)
		if diff := gocmp.Diff(want, collector.Today().Classes); diff != "" {
			t.Errorf("-the calls +the report:\n%s", diff)
		}
		for _, c := range want {
			overtaking += c.Overtaken
		}
	})
	if told == 0 || overtaking == 0 {
		t.Errorf("%d forecasts of enough, %d overtaken: nothing was tried", told, overtaking)
	}
}
