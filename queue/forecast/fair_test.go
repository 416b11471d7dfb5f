// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// call is somebody's turn, in an office or in a run of a forecast.
type call struct {
	*queue.Ticket
	at time.Time
}

// unfair returns what the published rule forbids in a sequence of calls. It looks at those
// who came for the same service, so that every counter that may serve one may serve the
// other; and reads the bounds as people are told them, not as the rule computes them.
func unfair(s *queue.Settings, calls []call) (faults []string) {
	for i, a := range calls {
		for _, b := range calls[i+1:] {
			first, later := a, b
			if b.Due.Before(a.Due) {
				first, later = b, a
			}
			if first.Service == later.Service && later.at.Before(first.at) && first.Due.Before(later.Due) {
				if what := forbidden(s, first, later); what != "" {
					faults = append(faults, fmt.Sprintf("%s: %d %s of %v is called at %v, before %d %s of %v: %s", s.Rule.Preset,
						later.ID, later.Class, later.Due, later.at, first.ID, first.Class, first.Due, what))
				}
			}
		}
	}
	return faults
}

// forbidden says why one who came later may not be called before another one.
func forbidden(s *queue.Settings, first, later call) string {
	if first.Class == later.Class {
		return "the same class is called in the order of issue"
	}
	if s.Rule.Preset == queue.PresetFIFO {
		return "first in, first out"
	}
	of := func(c call) (target, credit, cap queue.Millis) {
		target, cap = s.Rule.Target, s.Rule.Cap
		for _, x := range s.Classes {
			if x.ID != c.Class {
				continue
			}
			for _, service := range s.Services {
				if service.ID == c.Service && service.Target > 0 {
					target = service.Target
				}
			}
			if x.Target > 0 {
				target = x.Target
			}
			if x.Cap > 0 {
				cap = x.Cap
			}
			credit = x.Credit
		}
		return target, credit, cap
	}
	slow, given, cap := of(first)
	fast, credit, limit := of(later)
	wait, behind := queue.MillisOf(later.at.Sub(first.Due)), queue.MillisOf(later.Due.Sub(first.Due))
	switch {
	case wait >= cap:
		return "past its cap only older ones go before"
	case queue.MillisOf(later.at.Sub(later.Due)) >= limit:
		return "" // past its own cap, and the other one is not
	case slow == fast && behind > credit-given:
		return "more than the head start later"
	case credit == 0 && given == 0 && float64(behind) > float64(wait)*(1-float64(fast)/float64(slow)):
		return "more than wait x (1 - fast / slow) later"
	}
	return ""
}

// fair draws an office of one rule in which all counters serve everything.
func fair(t *rapid.T, preset queue.Preset) queue.Settings {
	s := queuetest.Counters(queuetest.Office(preset), rapid.IntRange(1, 3).Draw(t, "counters"))
	s.Counters = s.Counters[3:]
	s.Series[0].Last, s.Series[1].Last, s.Series[1].Width = 999, 999, 3
	span := func(low, high int, name string) queue.Millis {
		return queue.MillisOf(time.Duration(rapid.IntRange(low, high).Draw(t, name)) * time.Minute)
	}
	s.Rule.Target, s.Rule.Cap = span(1, 60, "target"), span(1, 90, "cap")
	credits := rapid.Bool().Draw(t, "credits")
	for i := range s.Classes {
		c := &s.Classes[i]
		c.Target, c.Cap, c.Credit = span(0, 60, "class target"), span(0, 90, "class cap"), 0
		if credits {
			c.Target, c.Credit = 0, span(0, 30, "credit")
		}
	}
	for i := range s.Services {
		s.Services[i].Target = span(0, 60, "service target")
	}
	return s
}

// lived is an office at work.
type lived struct {
	t       *rapid.T
	state   queue.State
	learner *Learner
	at      time.Time
	calls   []call
	records []queue.Record
}

func (o *lived) do(c queue.Command) {
	o.t.Helper()
	events, err := o.state.Decide(o.at, queue.Actor{Role: queue.RoleSystem}, c)
	if err != nil {
		o.t.Fatalf("%T%+v: %v", c, c, err)
	}
	for _, e := range events {
		if called, ok := e.(queue.TicketCalled); ok {
			o.calls = append(o.calls, call{o.state.View().Ticket(called.Ticket), o.at})
		}
		r := queue.Record{Seq: o.state.View().Seq() + 1, At: o.at, Event: e}
		o.state.Apply(r)
		o.learner.Apply(r)
		o.records = append(o.records, r)
	}
}

// open opens every counter.
func (o *lived) open(s *queue.Settings) {
	for _, c := range s.Counters {
		status, _ := o.state.View().Counter(c.ID)
		o.do(queue.OpenCounter{Counter: c.ID, Seen: status.Seen})
	}
}

// work lets a counter finish and call whom the rule names.
func (o *lived) work(id queue.CounterID) {
	c, _ := o.state.View().Counter(id)
	if c.Ticket != 0 {
		o.do(queue.Finish{Counter: id, Seen: c.Seen})
		c, _ = o.state.View().Counter(id)
	}
	if o.state.View().Next(id, o.at) != nil {
		o.do(queue.CallNext{Counter: id, Seen: c.Seen})
	}
}

// crowded returns an office of some settings after some steps.
func crowded(t *rapid.T, s *queue.Settings, most int) *lived {
	o := &lived{t: t, learner: NewLearner(Priors{}), at: queuetest.Monday()}
	o.do(queue.ChangeSettings{Settings: *s})
	o.do(queue.OpenDay{Clock: o.at})
	o.open(s)
	for range rapid.IntRange(1, most).Draw(t, "steps") {
		o.at = o.at.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "after")) * time.Second)
		if rapid.IntRange(0, 2).Draw(t, "calls") == 0 {
			o.work(rapid.SampledFrom(s.Counters).Draw(t, "counter").ID)
		} else {
			o.do(queue.IssueTicket{
				Service: rapid.SampledFrom(s.Services).Draw(t, "service").ID, Class: rapid.SampledFrom(s.Classes).Draw(t, "class").ID,
			})
		}
	}
	return o
}

// TestFair holds the calls of the office and those of every run of its forecasts against the
// published bounds, by the same function: order within a class, head start, targets, cap.
func TestFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom([]queue.Preset{queue.PresetFIFO, queue.PresetTargets}).Draw(t, "preset")
		s := fair(t, preset)
		o := crowded(t, &s, 40)
		f := New(Options{Runs: 4, Seed: 3})
		for _, fault := range unfair(&s, o.calls) {
			t.Error("the office: ", fault)
		}
		f.Forecast(o.state.View(), o.at, o.learner, nil)
		for run := range f.options.Runs {
			for _, fault := range unfair(&s, o.ahead(f, run)) {
				t.Error("the forecast: ", fault)
			}
		}
	})
}

// ahead returns the calls of a run. The forecast has put those of each ticket in order, so
// it is made again, with that run alone.
func (o *lived) ahead(f *Forecaster, run int) (calls []call) {
	f.prepare(o.state.View(), o.at, o.learner, nil, o.state.View().Settings().Hours.On(o.at.In(o.state.View().Zone())))
	for i := range run + 1 {
		f.run(i)
	}
	key := 0
	for t := range o.state.View().Waiting() {
		if at := f.calls[key*f.options.Runs+run]; at < f.horizon {
			calls = append(calls, call{t, time.UnixMilli(at)})
		}
		key++
	}
	return calls
}

// TestScaleAndEqualTargets: all targets times the same number change no forecast; and where
// all are equal, it is that of first in, first out.
func TestScaleAndEqualTargets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := fair(t, queue.PresetTargets)
		for i := range s.Classes {
			s.Classes[i].Credit, s.Classes[i].Cap = 0, 0
		}
		s.Rule.Cap = queue.MillisOf(20 * time.Hour)
		seed := rapid.Uint64().Draw(t, "seed")
		waits := func(s queue.Settings) (out []Wait) {
			o := &lived{t: t, learner: NewLearner(Priors{}), at: queuetest.Monday()}
			o.do(queue.ChangeSettings{Settings: s})
			o.do(queue.OpenDay{Clock: o.at})
			for i := range 12 {
				o.do(queue.IssueTicket{Service: s.Services[(i+int(seed%7))%3].ID, Class: s.Classes[i*i%3].ID})
				o.at = o.at.Add(time.Duration(seed>>8%200) * time.Second)
			}
			o.open(&s)
			for _, w := range New(Options{Runs: 10, Seed: seed}).Forecast(o.state.View(), o.at, o.learner, nil).Waits() {
				out = append(out, w)
			}
			return out
		}
		scaled := func(by func(queue.Millis) queue.Millis) queue.Settings {
			x := s
			x.Classes, x.Services = append([]queue.Class(nil), s.Classes...), append([]queue.Service(nil), s.Services...)
			x.Rule.Target = by(x.Rule.Target)
			for i := range x.Classes {
				x.Classes[i].Target = by(x.Classes[i].Target)
			}
			for i := range x.Services {
				x.Services[i].Target = by(x.Services[i].Target)
			}
			return x
		}
		if d := cmp.Diff(waits(s), waits(scaled(func(m queue.Millis) queue.Millis { return 3 * m }))); d != "" {
			t.Errorf("targets times three (-before +after):\n%s", d)
		}
		equal := scaled(func(queue.Millis) queue.Millis { return s.Rule.Target })
		first := equal
		first.Rule.Preset = queue.PresetFIFO
		if d := cmp.Diff(waits(first), waits(equal)); d != "" {
			t.Errorf("equal targets (-first in, first out +targets):\n%s", d)
		}
	})
}
