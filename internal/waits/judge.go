// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// Options are how much is judged.
type Options struct {
	Days    int // that count, after those of training; 0: sixty, in S10 six
	Runs    int // of a forecast; 0: 200
	Seed    uint64
	Methods []string // besides the formulas: SIM, NoRoster, Oracle; nil: all
	// Tell hears what the methods say of each ticket that counts; nil: nobody does.
	Tell func(t *queue.Ticket, said map[string]forecast.Wait)
}

// Result is how good the methods were in a scenario. Only tickets count that waited
// more than half a minute: the others would flatter every method.
type Result struct {
	Scenario Scenario
	Tickets  int
	Wait     time.Duration // mean
	Scores   map[string]*forecast.Score
}

// longEnough is the wait from which on a ticket counts.
const longEnough = 30 * time.Second

// judge is one run of a scenario.
type judge struct {
	options Options
	prior   time.Duration // mean service time believed at first
	counts  bool          // the day is after the training

	view      *queue.View // after the newest record
	state     queue.State
	learner   *forecast.Learner
	knowing   *forecast.Learner
	sim       *forecast.Forecaster
	baselines *baselines

	promises map[queue.TicketID]map[string]forecast.Wait
	result   Result
	total    time.Duration
}

// Run lives a scenario and judges what the methods say. The same options give the same
// result.
func Run(s Scenario, o Options) (Result, error) {
	w, err := newWorld(s, o.Seed)
	if err != nil {
		return Result{}, err
	}
	if o.Days == 0 {
		o.Days = 60
		if s.train == 0 {
			o.Days = 6
		}
	}
	if o.Methods == nil {
		o.Methods = []string{SIM, NoRoster, Oracle}
	}
	j := newJudge(s, o)
	h := &hall{world: w, watch: j.see}
	err = h.days(s.train+o.Days, func(lived int) {
		j.counts = lived >= s.train
		if j.counts && slices.Contains(o.Methods, Oracle) {
			w.teach(j.knowing)
		}
	})
	if err != nil {
		return Result{}, err
	}
	return j.done(), nil
}

func newJudge(s Scenario, o Options) *judge {
	return &judge{
		options: o, prior: s.prior, view: new(queue.State).View(),
		learner: forecast.NewLearner(forecast.Priors{Service: s.prior}), knowing: forecast.NewLearner(forecast.Priors{Service: s.prior}),
		sim:      forecast.New(forecast.Options{Runs: o.Runs, Seed: o.Seed}),
		promises: map[queue.TicketID]map[string]forecast.Wait{},
		result:   Result{Scenario: s, Scores: map[string]*forecast.Score{}},
	}
}

func (j *judge) done() Result {
	j.result.Wait = j.total / time.Duration(max(1, j.result.Tickets))
	return j.result
}

func (j *judge) see(r queue.Record, p plan) {
	if j.baselines != nil {
		j.baselines.learn(j.view, r)
	}
	before := j.view
	j.state.Apply(r)
	j.view = j.state.View()
	j.learner.Apply(r)
	j.knowing.Apply(r)
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		if j.baselines == nil {
			j.baselines = newBaselines()
		}
	case queue.DayOpened:
		clear(j.promises)
	case queue.TicketIssued:
		j.promise(j.view.Ticket(e.Ticket), p)
	case queue.TicketCalled:
		j.settle(before.Ticket(e.Ticket), r.At)
	default:
	}
}

// promise lets every method say what a ticket is going to wait.
func (j *judge) promise(t *queue.Ticket, p plan) {
	if idle(j.view, t) && !j.counts {
		return
	}
	promises := map[string]forecast.Wait{}
	for _, m := range j.options.Methods {
		learner, roster := j.learner, p.roster
		switch m {
		case NoRoster:
			roster = nil
		case Oracle:
			learner = j.knowing
		}
		if m != SIM && !j.counts {
			continue
		}
		w := j.sim.Forecast(j.view, t.Issued, learner, roster).Ticket(t.ID)
		promises[m] = w
		if m != NoRoster {
			learner.Promise(t.ID, t.Issued, w)
		}
	}
	if !j.counts {
		return
	}
	for m, d := range j.baselines.say(j.view, t, j.prior) {
		promises[m] = forecast.Wait{P10: d, P50: d, P90: d}
	}
	j.promises[t.ID] = promises
	if j.options.Tell != nil {
		j.options.Tell(t, promises)
	}
}

// settle compares with what came true.
func (j *judge) settle(t *queue.Ticket, at time.Time) {
	wait := at.Sub(t.Issued)
	promises, ok := j.promises[t.ID]
	if !ok || wait <= longEnough {
		return
	}
	j.result.Tickets++
	j.total += wait
	for m, w := range promises {
		if j.result.Scores[m] == nil {
			j.result.Scores[m] = &forecast.Score{}
		}
		if w.Known() {
			j.result.Scores[m].Add(w, wait)
		}
	}
}

// Live lives days of a scenario, from a Monday on, and shows each record to whoever
// watches. No day is a Sunday.
func Live(s Scenario, seed uint64, days int, watch func(queue.Record)) error {
	w, err := newWorld(s, seed)
	if err != nil {
		return err
	}
	h := &hall{world: w, watch: func(r queue.Record, _ plan) { watch(r) }}
	return h.days(days, func(int) {})
}
