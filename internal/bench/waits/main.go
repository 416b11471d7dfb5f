// SPDX-License-Identifier: EUPL-1.2

// Command waits measures how good forecasts of waiting times are, ours and those of the
// formulas in use elsewhere: on invented offices, against targets, or on a file of tickets
// that an office has recorded.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a small machine may have no zone files

	"github.com/avanti-queue/avanti/internal/waits"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are what the flags say.
type options struct {
	waits.Options
	scenarios []waits.Scenario
	seeds     []uint64
	chart     string

	tickets string
	format  waits.Format
}

// run returns 0, or 1 when a target is missed or something fails, 2 for wrong flags.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "waits:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	judge := invented
	if o.tickets != "" {
		judge = recorded
	}
	missed, err := judge(ctx, o, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "waits:", err)
		return 1
	}
	for _, fault := range missed {
		fmt.Fprintln(stdout, "NOT MET:", fault)
	}
	if len(missed) > 0 {
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("waits", flag.ContinueOnError)
	flags.SetOutput(stderr)
	scenarios := flags.String("scenarios", "", "judge these alone, such as S1,S7")
	seeds := flags.String("seeds", "101,202,303", "of the invented days")
	flags.IntVar(&o.Days, "days", 0, "days that count in a scenario (0: sixty, in S10 six), or the days at the begin of -tickets that do not (0: a fifth)")
	flags.IntVar(&o.Runs, "runs", 0, "of a forecast; 0: 200")
	flags.StringVar(&o.chart, "chart", "", "write a chart of the errors to `file`, as SVG")
	flags.StringVar(&o.tickets, "tickets", "", "judge the tickets of this CSV `file` instead; see docs/guide/waits.md")
	zone := flags.String("zone", "UTC", "of times in -tickets without one, and of its days")
	services := flags.String("services", "", "the services of -tickets, separated by commas; empty: all that it names")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q: want flags only", flags.Arg(0))
	}
	if o.format.Zone, err = time.LoadLocation(*zone); err != nil {
		return o, fmt.Errorf("-zone: %w", err)
	}
	if *services != "" {
		o.format.Services = strings.Split(*services, ",")
	}
	if o.seeds, err = numbers(*seeds); err != nil {
		return o, err
	}
	o.scenarios, err = chosen(*scenarios)
	return o, err
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
