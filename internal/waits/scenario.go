// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// Scenario is an office with something that makes its waits hard to foresee.
type Scenario struct {
	ID, What string

	settings queue.Settings
	model    demand.Model
	train    int // days before the first that counts

	lunchCliff bool          // half of the counters leave at 12:30 for an hour and a half
	slowStart  bool          // most counters open late, and all are slow at first
	surge      float64       // more citizens on one day in five
	reserves   int           // counters that open only when many wait
	blocks     float64       // share of clerks who vanish for an hour and a half
	prior      time.Duration // mean service time believed at first
}

// base is the office that the scenarios change.
func base(id, what string) Scenario {
	m := demand.After()
	m.Name = id
	for i := range m.Week {
		m.Week[i] *= 1.12
	}
	m.Scale, m.Turnover, m.Walk, m.NoShow = 1.2, 45*time.Second, 15*time.Second, .06
	m.Classes, m.Languages = nil, nil
	m.Staff.Absent = .10
	return Scenario{ID: id, What: what, settings: office(piacenza()), model: m, train: 30, prior: 8 * time.Minute}
}

// Scenarios returns S1 to S11.
func Scenarios() []Scenario {
	s1 := base("S1", "an office of 12 and 2 counters")
	s2 := base("S2", "half of the counters leave for lunch together")
	s2.lunchCliff = true
	s3 := base("S3", "most counters open late and all are slow at first")
	s3.slowStart = true
	s4 := base("S4", "one in five does not come when called")
	s4.model.NoShow = .20
	s5 := base("S5", "one in five has priority")
	s5.model.Classes = []demand.ClassShare{{Class: "priority", Share: .20}}
	s5.settings.Rule.Preset = queue.PresetTargets
	s5.settings.Classes[1].Target = queue.MillisOf(10 * time.Minute)
	s6 := base("S6", "one day in five brings 40 in 100 more")
	s6.surge = .40
	s7 := base("S7", "11 counters in three groups that overlap")
	s7.settings = office(groups(4, 4, 3))
	scale(&s7.model, .94)
	s8 := base("S8", "3 counters in three groups that overlap")
	s8.settings = office(groups(1, 1, 1))
	scale(&s8.model, .20)
	s8.model.Staff.Absent = 0
	s9 := base("S9", "four in ten clerks vanish for an hour and a half")
	s9.blocks = .40
	s10 := base("S10", "the first week, nothing is known")
	s10.train = 0
	s11 := base("S11", "3 counters open only when many wait")
	s11.reserves = 3
	return []Scenario{s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11}
}

// Trained returns the scenario with another number of days before the first that counts.
func (s Scenario) Trained(days int) Scenario {
	s.train = days
	return s
}

// Under returns the scenario with another calling rule.
func (s Scenario) Under(p queue.Preset) Scenario {
	s.settings.Rule.Preset = p
	return s
}

// groups are counters of three kinds: each serves two thirds of the services.
func groups(n ...int) (counters [][]int) {
	skills := [][]int{{0, 1, 2, 3, 4, 5, 9}, {0, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 6, 7, 8}}
	for kind, n := range n {
		for range n {
			counters = append(counters, skills[kind])
		}
	}
	return counters
}

func scale(m *demand.Model, by float64) {
	for i := range m.Week {
		m.Week[i] *= by
	}
}

// plan is a day as it is going to be, and what the office has in its roster.
type plan struct {
	demand.Day
	roster   forecast.Roster
	reserves []bool // by shift
}

// world draws the days of a scenario.
type world struct {
	Scenario
	source *demand.Source
	seed   uint64
	speed  map[queue.CounterID]float64 // hidden
	rand   *rand.Rand
}

func newWorld(s Scenario, seed uint64) (*world, error) {
	s.model.Staff.Block = 0
	if s.blocks > 0 {
		s.model.Staff.Block, s.model.Staff.BackOffice = 90*time.Minute, s.blocks
	}
	source, err := demand.New(s.model, &s.settings)
	if err != nil {
		return nil, err
	}
	w := &world{Scenario: s, source: source, seed: seed, speed: map[queue.CounterID]float64{}, rand: rand.New(rand.NewPCG(seed, 1))}
	variance := math.Log1p(.2 * .2)
	for _, c := range s.settings.Counters {
		w.speed[c.ID] = math.Exp(w.rand.NormFloat64()*math.Sqrt(variance) - variance/2)
	}
	return w, nil
}

// day draws a day. Breaks begin and end some minutes off the roster; coffee and back
// office are in no roster.
func (w *world) day(date queue.Date) (plan, error) {
	d, err := w.source.Day(w.seed, date)
	if err != nil {
		return plan{}, err
	}
	p := plan{Day: d, reserves: make([]bool, len(d.Shifts))}
	if w.surge > 0 && w.rand.Float64() < .2 {
		more, err := w.source.Day(w.seed+1, date)
		if err != nil {
			return plan{}, err
		}
		for _, a := range more.Arrivals {
			if w.rand.Float64() < w.surge {
				p.Arrivals = append(p.Arrivals, a)
			}
		}
	}
	for i := range p.Shifts {
		w.shift(&p, i)
	}
	return p, nil
}

func (w *world) shift(p *plan, i int) {
	s := &p.Shifts[i]
	if w.lunchCliff {
		w.cliff(s, i)
	}
	r := forecast.Shift{Counter: s.Counter}
	for j := range s.Breaks {
		b := &s.Breaks[j]
		if b.Reason != "lunch" {
			continue
		}
		r.Breaks = append(r.Breaks, forecast.Break{From: b.From, To: b.To})
		b.From, b.To = b.From.Add(w.about(4*time.Minute)), b.To.Add(w.about(4*time.Minute))
	}
	p.roster = append(p.roster, r)
	if w.slowStart && w.rand.Float64() < .6 {
		s.From = s.From.Add(15*time.Minute + time.Duration(w.rand.Int64N(int64(15*time.Minute))))
	}
	p.reserves[i] = i < w.reserves
}

// cliff gives half of the clerks the same lunch and the others none.
func (w *world) cliff(s *demand.Shift, i int) {
	var breaks []demand.Break
	for _, b := range s.Breaks {
		if b.Reason != "lunch" {
			breaks = append(breaks, b)
		}
	}
	y, m, d := s.From.Date()
	from := time.Date(y, m, d, 12, 30, 0, 0, s.From.Location())
	if i%2 == 0 && s.To.Sub(s.From) > 7*time.Hour {
		breaks = append(breaks, demand.Break{From: from, To: from.Add(90 * time.Minute), Reason: "lunch"})
	}
	s.Breaks = breaks
}

func (w *world) about(d time.Duration) time.Duration {
	return time.Duration((2*w.rand.Float64() - 1) * float64(d)).Truncate(time.Millisecond)
}
