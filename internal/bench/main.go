// SPDX-License-Identifier: EUPL-1.2

// Command bench measures the daemon beside its floors: what the same machine needs,
// in the same run, for the unavoidable parts alone. It prints one table.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"text/tabwriter"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// row is one line of the table.
type row struct {
	name   string
	figure string
	floor  string
	ratio  float64 // figure to floor, or the figure's share of the aim where there is no floor
	aim    string
	met    bool
}

// options are what the flags say.
type options struct {
	dir     string // for data; removed at the end
	history int    // tickets of the long history
	log     io.Writer
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	history := flags.Int("history", 3_000_000, "tickets of history")
	only := flags.String("only", "", "measure this part alone: press, fan, crowd, issue, tap, pages, wear, memory, history, forecast, dashboard or slips")
	profile := flags.String("cpuprofile", "", "write a CPU profile to `file`")
	allocated := flags.String("memprofile", "", "write a profile of all that was allocated to `file`")
	dir := flags.String("dir", "", "where the data goes; default: a temporary directory")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(stderr, "bench:", err)
			return 1
		}
		defer func() { pprof.StopCPUProfile(); _ = f.Close() }()
	}
	if *allocated != "" {
		f, err := os.Create(*allocated)
		if err != nil {
			fmt.Fprintln(stderr, "bench:", err)
			return 1
		}
		defer func() { _ = pprof.Lookup("allocs").WriteTo(f, 0); _ = f.Close() }()
	}
	data, err := os.MkdirTemp(*dir, "avanti-bench-")
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(data) }()
	o := options{dir: data, history: *history, log: stderr}
	var rows []row
	failed := false
	for _, part := range []struct {
		name    string
		measure func(context.Context, options) ([]row, error)
	}{
		{"press", benchPress},
		{"fan", benchFan},
		{"crowd", benchCrowd},
		{"issue", benchIssue},
		{"tap", benchTap},
		{"pages", benchPages},
		{"wear", benchWear},
		{"memory", benchMemory},
		{"history", benchHistory},
		{"forecast", benchForecast},
		{"dashboard", benchDashboard},
		{"slips", benchSlips},
	} {
		if *only != "" && *only != part.name {
			continue
		}
		fmt.Fprintln(stderr, "bench:", part.name)
		more, err := part.measure(ctx, o)
		if err != nil {
			fmt.Fprintf(stderr, "bench: %s: %v\n", part.name, err)
			failed = true
		}
		rows = append(rows, more...)
	}
	if err := table(stdout, rows); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		failed = true
	}
	if failed {
		return 1
	}
	return 0
}

func table(w io.Writer, rows []row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "what\tfigure\tfloor\tratio\taim\t")
	for _, r := range rows {
		met := "met"
		if !r.met {
			met = "NOT MET"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.2f\t%s\t%s\n", r.name, r.figure, r.floor, r.ratio, r.aim, met)
	}
	return t.Flush()
}
