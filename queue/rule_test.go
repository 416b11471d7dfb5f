// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// visit is one step of a random morning: after a while somebody takes a ticket, or a
// counter finishes and calls.
type visit struct {
	after   time.Duration
	ticket  queue.IssueTicket // Service "": a call
	counter queue.CounterID
}

func morning() *rapid.Generator[[]visit] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) visit {
		v := visit{after: time.Duration(rapid.IntRange(0, 400).Draw(t, "after")) * time.Second}
		if rapid.IntRange(0, 2).Draw(t, "calls") == 0 {
			v.counter = rapid.SampledFrom([]queue.CounterID{"c1", "c2", "c3"}).Draw(t, "counter")
			return v
		}
		v.ticket.Service = rapid.SampledFrom([]queue.ServiceID{"papers", "taxes", "cards"}).Draw(t, "service")
		v.ticket.Class = rapid.SampledFrom([]queue.ClassID{"normal", "priority", "slow"}).Draw(t, "class")
		return v
	}), 0, 40)
}

// span draws a figure of the rule.
func span(t *rapid.T, low, high int, name string) queue.Millis {
	return minutes(rapid.IntRange(low, high).Draw(t, name))
}

// figures draws an office in which every figure of the rule is some number.
func figures(t *rapid.T, preset queue.Preset) queue.Settings {
	s := queuetest.Office(preset)
	s.Series[1].Last = 99
	s.Rule.Target, s.Rule.Cap = span(t, 1, 60, "target"), span(t, 1, 60, "cap")
	for i := range s.Classes {
		c := &s.Classes[i]
		c.Target, c.Credit, c.Cap = span(t, 0, 60, "target"), span(t, 0, 30, "credit"), span(t, 0, 60, "cap")
	}
	for i := range s.Services {
		s.Services[i].Target = span(t, 0, 60, "target")
	}
	return s
}

// called is somebody who was called, with the view in front of it.
type called struct {
	*queue.Ticket
	counter queue.CounterID
	at      time.Time
	before  *queue.View
}

// overtaken returns those that the counter might have called instead.
func (c called) overtaken() (others []*queue.Ticket) {
	for t := range c.before.Waiting() {
		if t.ID != c.ID && c.before.Serves(c.counter, t) {
			others = append(others, t)
		}
	}
	return others
}

// play runs a morning and returns who was called, in order.
func play(t *rapid.T, settings queue.Settings, visits []visit) (calls []called) {
	h := openHall(t, settings)
	h.do(queue.OpenCounter{Counter: "c1"}, queue.OpenCounter{Counter: "c2"}, queue.OpenCounter{Counter: "c3"})
	for _, v := range visits {
		h.wait(v.after)
		if v.counter == "" {
			h.do(v.ticket)
			continue
		}
		if c, _ := h.view().Counter(v.counter); c.Ticket != 0 {
			h.do(queue.Finish{Counter: v.counter})
		}
		before := h.view()
		if h.next(v.counter) != "" {
			c, _ := h.view().Counter(v.counter)
			calls = append(calls, called{h.view().Ticket(c.Ticket), v.counter, h.at, before})
		} else if (called{&queue.Ticket{}, v.counter, h.at, before}).overtaken() != nil {
			t.Fatalf("counter %s is free and may serve somebody, and nobody is called", v.counter)
		}
	}
	h.check()
	return calls
}

func numbers(calls []called) (numbers []string) {
	for _, c := range calls {
		numbers = append(numbers, string(c.counter)+" "+c.Number)
	}
	return numbers
}

// TestRuleSkills: a counter calls only what it may serve, and whom it may serve it
// calls (in play).
func TestRuleSkills(t *testing.T) {
	for _, preset := range presets() {
		t.Run(string(preset), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				settings := figures(t, preset)
				for _, c := range play(t, settings, morning().Draw(t, "morning")) {
					i := slices.IndexFunc(settings.Counters, func(x queue.Counter) bool { return x.ID == c.counter })
					if x := settings.Counters[i]; !slices.Contains(x.Preferred, c.Service) && !slices.Contains(x.Overflow, c.Service) {
						t.Errorf("counter %s calls %s for %s", c.counter, c.Number, c.Service)
					}
				}
			})
		})
	}
}

// TestRuleOrderWithinClass: the same service and class are called in the order of issue.
func TestRuleOrderWithinClass(t *testing.T) {
	for _, preset := range presets() {
		t.Run(string(preset), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				newest := map[[2]string]queue.TicketID{}
				for _, c := range play(t, figures(t, preset), morning().Draw(t, "morning")) {
					key := [2]string{string(c.Service), string(c.Class)}
					if c.ID < newest[key] {
						t.Errorf("%s is called after a younger one of its kind", c.Number)
					}
					newest[key] = c.ID
				}
			})
		})
	}
}

// TestRulePreferred: with own-class-overflow nobody of an overflow service is called
// while one of a preferred service waits, unless past the cap.
func TestRulePreferred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := figures(t, queue.PresetOwnClass)
		for _, c := range play(t, settings, morning().Draw(t, "morning")) {
			if c.counter != "c3" || c.Service == "cards" || c.at.Sub(c.Due) >= capOf(settings, c.Class) {
				continue
			}
			for _, o := range c.overtaken() {
				if o.Service == "cards" {
					t.Errorf("%s helps out while %s waits for the counter's own service", c.Number, o.Number)
				}
			}
		}
	})
}

func capOf(s queue.Settings, class queue.ClassID) time.Duration {
	for _, c := range s.Classes {
		if c.ID == class && c.Cap > 0 {
			return c.Cap.Duration()
		}
	}
	return s.Rule.Cap.Duration()
}

// TestRuleBoundByHeadStart: nobody who came more than the head start later is called
// before you.
func TestRuleBoundByHeadStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := queuetest.Office(queue.PresetTargets)
		settings.Rule.Cap = span(t, 1, 120, "cap")
		settings.Services[1].Target = 0
		settings.Classes[1].Target, settings.Classes[1].Credit = 0, span(t, 0, 30, "credit")
		settings.Classes[2].Cap = 0
		credit := settings.Classes[1].Credit.Duration()
		for _, c := range play(t, settings, morning().Draw(t, "morning")) {
			for _, o := range c.overtaken() {
				if lead := c.Due.Sub(o.Due); lead > credit {
					t.Errorf("%s came %v later and is called before %s: the head start is %v", c.Number, lead, o.Number, credit)
				}
			}
		}
	})
}

// TestRuleBoundByTargets: one who overtakes came within wait x (1 - fast/slow) after
// you, and nobody who came later overtakes you once you are past your cap.
func TestRuleBoundByTargets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := figures(t, queue.PresetTargets)
		target := map[queue.ClassID]float64{}
		for i := range settings.Classes {
			c := &settings.Classes[i]
			c.Target, c.Credit, c.Cap = max(1, c.Target), 0, 0
			target[c.ID] = float64(c.Target)
		}
		for _, c := range play(t, settings, morning().Draw(t, "morning")) {
			for _, o := range c.overtaken() {
				wait, lead := c.at.Sub(o.Due), c.Due.Sub(o.Due)
				if bound := float64(wait) * (1 - target[c.Class]/target[o.Class]); lead > 0 && float64(lead) > bound+1 {
					t.Errorf("%s came %v after %s, which waits %v, and overtakes it: bound %v", c.Number, lead, o.Number, wait, time.Duration(bound))
				}
			}
		}
	})
}

// TestRuleCap: once your age passes the cap, only older ones precede you.
func TestRuleCap(t *testing.T) {
	for _, preset := range presets()[1:] {
		t.Run(string(preset), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				settings := figures(t, preset)
				for _, c := range play(t, settings, morning().Draw(t, "morning")) {
					for _, o := range c.overtaken() {
						if c.at.Sub(o.Due) >= capOf(settings, o.Class) && c.Due.After(o.Due) {
							t.Errorf("%s overtakes the older %s, which is past its cap", c.Number, o.Number)
						}
					}
				}
			})
		})
	}
}

// TestRuleFIFO: first in, first out is the order of issue, whatever the figures say;
// and so are the other presets when all figures are equal.
func TestRuleFIFO(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		visits := morning().Draw(t, "morning")
		fifo := play(t, figures(t, queue.PresetFIFO), visits)
		for _, c := range fifo {
			for _, o := range c.overtaken() {
				if o.ID < c.ID {
					t.Errorf("%s overtakes %s", c.Number, o.Number)
				}
			}
		}
		for _, preset := range presets()[1:] {
			equal := figures(t, preset)
			equal.Counters[2].Preferred, equal.Counters[2].Overflow = append(equal.Counters[2].Preferred, equal.Counters[2].Overflow...), nil
			for i := range equal.Classes {
				equal.Classes[i].Target, equal.Classes[i].Credit, equal.Classes[i].Cap = equal.Rule.Target, 0, 0
			}
			if diff := cmp.Diff(numbers(fifo), numbers(play(t, equal, visits))); diff != "" {
				t.Errorf("%s with equal figures (-fifo +got):\n%s", preset, diff)
			}
		}
	})
}

// TestRuleScale: all targets times the same number change nothing.
func TestRuleScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom(presets()).Draw(t, "preset")
		settings, visits := figures(t, preset), morning().Draw(t, "morning")
		plain := play(t, settings, visits)
		settings.Classes, settings.Services = slices.Clone(settings.Classes), slices.Clone(settings.Services)
		k := queue.Millis(rapid.IntRange(2, 24).Draw(t, "factor"))
		settings.Rule.Target *= k
		for i := range settings.Classes {
			settings.Classes[i].Target *= k
		}
		for i := range settings.Services {
			settings.Services[i].Target *= k
		}
		if diff := cmp.Diff(numbers(plain), numbers(play(t, settings, visits))); diff != "" {
			t.Errorf("targets times %d (-before +after):\n%s", k, diff)
		}
	})
}

// TestRuleDeterminism: the same journal gives the same calls, and so does one who
// starts from it in the middle.
func TestRuleDeterminism(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom(presets()).Draw(t, "preset")
		settings, visits := figures(t, preset), morning().Draw(t, "morning")
		for _, c := range play(t, settings, visits) {
			if again := c.before.Next(c.counter, c.at); again.ID != c.ID {
				t.Errorf("the same view names %s and %s", c.Number, again.Number)
			}
		}
		if diff := cmp.Diff(numbers(play(t, settings, visits)), numbers(play(t, settings, visits))); diff != "" {
			t.Errorf("the same morning twice (-one +other):\n%s", diff)
		}
	})
}
