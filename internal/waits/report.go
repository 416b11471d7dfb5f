// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Report collects results. A figure of a scenario is the mean over its results.
type Report struct {
	ids     []string
	results map[string][]Result
}

// Add takes in a result.
func (r *Report) Add(x Result) {
	if r.results == nil {
		r.results = map[string][]Result{}
	}
	id := x.Scenario.ID
	if r.results[id] == nil {
		r.ids = append(r.ids, id)
	}
	r.results[id] = append(r.results[id], x)
}

// figures are the means of a scenario for one method.
type figures struct{ mae, rmse, bias, hit, coverage, exceedance, pinball float64 }

func (r *Report) figures(id, method string) (f figures, ok bool) {
	n := float64(len(r.results[id]))
	for _, x := range r.results[id] {
		s := x.Scores[method]
		if s == nil {
			return figures{}, false
		}
		f.mae += s.MAE().Minutes() / n
		f.rmse += s.RMSE().Minutes() / n
		f.bias += s.MeanBias().Minutes() / n
		f.pinball += s.MeanPinball().Minutes() / n
		f.hit += s.Hit() / n
		f.coverage += s.Coverage() / n
		f.exceedance += s.Exceedance() / n
	}
	return f, n > 0
}

// Write prints one line a scenario and method, errors in minutes.
func (r *Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twait\tmethod\tMAE\tRMSE\tbias\thit\tcoverage\tabove P90\tpinball\tto QL-pool\tto LES-pool\tto oracle\t")
	for _, id := range r.ids {
		wait := 0.0
		for _, x := range r.results[id] {
			wait += x.Wait.Minutes() / float64(len(r.results[id]))
		}
		for _, m := range []string{SIM, NoRoster, Oracle, QLPoolNS, QLPool, QLNaive, HOLPool, LESPool, LESOwn, MA10, MA30, History} {
			f, ok := r.figures(id, m)
			if !ok {
				continue
			}
			fmt.Fprintf(t, "%s\t%.1f\t%s\t%.2f\t%.2f\t%+.2f\t%.0f %%\t", id, wait, m, f.mae, f.rmse, f.bias, 100*f.hit)
			if m == SIM || m == NoRoster || m == Oracle {
				fmt.Fprintf(t, "%.1f %%\t%.1f %%\t%.2f\t", 100*f.coverage, 100*f.exceedance, f.pinball)
			} else {
				fmt.Fprint(t, "-\t-\t-\t")
			}
			for _, to := range []string{QLPool, LESPool, Oracle} {
				if o, ok := r.figures(id, to); ok && o.mae > 0 {
					fmt.Fprintf(t, "%.2f\t", f.mae/o.mae)
				} else {
					fmt.Fprint(t, "-\t")
				}
			}
			fmt.Fprintln(t)
		}
	}
	return t.Flush()
}

// target is what the forecast must reach in a scenario. Zero: nothing is asked.
type target struct {
	toQueue, toLast, toOracle float64 // MAE to that of QL-pool, LES-pool, the oracle; at most
	low, high                 float64 // coverage
	above                     float64 // exceedance of P90, at most
	hit                       float64 // at least
}

func targets() map[string]target {
	return map[string]target{
		"S1":  {toQueue: .70, toLast: .40, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .85},
		"S2":  {toQueue: .65, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .85},
		"S3":  {toQueue: .70, toLast: .40, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .85},
		"S4":  {toQueue: .65, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .85},
		"S5":  {toQueue: .55, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .85},
		"S6":  {toQueue: .70, toLast: .40, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .85},
		"S7":  {toQueue: .30, toOracle: 1.08, low: .76, high: .84, above: .13, hit: .78},
		"S8":  {toQueue: .60, toOracle: 1.08, low: .76, high: .84, above: .13},
		"S9":  {toOracle: 1.08, low: .72, high: .84, above: .16},
		"S10": {toOracle: 1.25, low: .72, high: .84, above: .20},
		"S11": {low: .76, high: .84, above: .13},
	}
}

// Missed returns the targets that are not met. If not strict, room is left for the
// chance of few days.
func (r *Report) Missed(strict bool) (faults []string) {
	room := .15
	if strict {
		room = 0
	}
	for _, id := range r.ids {
		f, ok := r.figures(id, SIM)
		if !ok {
			continue
		}
		x := targets()[id]
		atMost := func(what string, got, want float64) {
			if want > 0 && got > want*(1+room) {
				faults = append(faults, fmt.Sprintf("%s: %s is %.3f, must be at most %.3f", id, what, got, want))
			}
		}
		atLeast := func(what string, got, want float64) {
			if want > 0 && got < want*(1-room) {
				faults = append(faults, fmt.Sprintf("%s: %s is %.3f, must be at least %.3f", id, what, got, want))
			}
		}
		for method, want := range map[string]float64{QLPool: x.toQueue, LESPool: x.toLast, Oracle: x.toOracle} {
			if o, ok := r.figures(id, method); ok && o.mae > 0 {
				atMost("the error to that of "+method, f.mae/o.mae, want)
			}
		}
		atLeast("coverage", f.coverage, x.low)
		atMost("coverage", f.coverage, x.high)
		atMost("exceedance of P90", f.exceedance, x.above)
		atLeast("hit rate", f.hit, x.hit)
	}
	return faults
}
