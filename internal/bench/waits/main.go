// SPDX-License-Identifier: EUPL-1.2

// Command waits measures how good forecasts of waiting times are, ours and those of the
// formulas in use elsewhere: on invented offices, against targets, or on a file of tickets
// that an office has recorded.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/avanti-queue/avanti/internal/waits"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns 0, or 1 when a target is missed or something fails, 2 for wrong flags.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("waits", flag.ContinueOnError)
	flags.SetOutput(stderr)
	scenarios := flags.String("scenarios", "", "judge these alone, such as S1,S7")
	seeds := flags.String("seeds", "101,202,303", "of the invented days")
	days := flags.Int("days", 0, "days that count in a scenario; 0: sixty, in S10 six")
	runs := flags.Int("runs", 0, "of a forecast; 0: 200")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := bench{options: waits.Options{Days: *days, Runs: *runs}, log: stderr}
	var err error
	if b.seeds, err = numbers(*seeds); err == nil {
		b.scenarios, err = chosen(*scenarios)
	}
	if err != nil {
		fmt.Fprintln(stderr, "waits:", err)
		return 2
	}
	report, err := b.judge(ctx)
	if err == nil {
		err = report.Write(stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "waits:", err)
		return 1
	}
	faults := report.Missed(true)
	for _, fault := range faults {
		fmt.Fprintln(stdout, "NOT MET:", fault)
	}
	if len(faults) > 0 {
		return 1
	}
	return 0
}

func numbers(list string) (out []uint64, err error) {
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("-seeds: %w", err)
		}
		out = append(out, n)
	}
	return out, nil
}

func chosen(list string) (out []waits.Scenario, err error) {
	all := waits.Scenarios()
	if list == "" {
		return all, nil
	}
	for id := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(all, func(s waits.Scenario) bool { return s.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("-scenarios: there is no %s", id)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// bench lives scenarios, as many at a time as there are cores.
type bench struct {
	options   waits.Options
	scenarios []waits.Scenario
	seeds     []uint64
	log       io.Writer
}

func (b *bench) judge(ctx context.Context) (*waits.Report, error) {
	n := len(b.scenarios) * len(b.seeds)
	results, faults := make([]waits.Result, n), make([]error, n)
	var work sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range n {
		work.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			if faults[i] = ctx.Err(); faults[i] != nil {
				return
			}
			s, o := b.scenarios[i/len(b.seeds)], b.options
			o.Seed = b.seeds[i%len(b.seeds)]
			results[i], faults[i] = waits.Run(s, o)
			fmt.Fprintf(b.log, "waits: %s, seed %d\n", s.ID, o.Seed)
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
	return report, nil
}
