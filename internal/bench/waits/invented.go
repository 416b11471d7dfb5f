// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/avanti-queue/avanti/internal/waits"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// invented lives the scenarios, as many at a time as there are cores, and holds the figures
// against the targets.
func invented(ctx context.Context, o options, stdout, stderr io.Writer) (missed []string, err error) {
	n := len(o.scenarios) * len(o.seeds)
	results, faults := make([]waits.Result, n), make([]error, n)
	var work sync.WaitGroup
	var told sync.Mutex
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		work.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			if faults[i] = ctx.Err(); faults[i] != nil {
				return
			}
			s, x := o.scenarios[i/len(o.seeds)], o.Options
			x.Seed, x.Methods = o.seeds[i%len(o.seeds)], []string{waits.SIM, waits.Oracle}
			if results[i], faults[i] = waits.Run(s, x); faults[i] != nil {
				return
			}
			told.Lock()
			defer told.Unlock()
			progress(stderr, results[i], x.Seed)
		})
	}
	work.Wait()
	report := &waits.Report{}
	for i, r := range results {
		if faults[i] != nil {
			return nil, faults[i]
		}
		report.Add(r)
	}
	if err := report.Write(stdout); err != nil {
		return nil, err
	}
	if o.chart != "" {
		if err := os.WriteFile(o.chart, report.Chart(), 0o644); err != nil { //nolint:gosec // a picture for everybody
			return nil, err
		}
	}
	fmt.Fprintln(stdout)
	missed, err = waits.WriteTheory(stdout, o.seeds[0])
	return append(report.Missed(true), missed...), err
}

// progress tells of a scenario that is done: all of them take half an hour.
func progress(to io.Writer, r waits.Result, seed uint64) {
	s := r.Scores[waits.SIM]
	if s == nil {
		s = &forecast.Score{}
	}
	fmt.Fprintf(to, "waits: %s, seed %d: %d tickets, off by %.2f min, %.1f %% inside, %.1f %% above\n",
		r.Scenario.ID, seed, r.Tickets, s.MAE().Minutes(), 100*s.Coverage(), 100*s.Exceedance())
}
