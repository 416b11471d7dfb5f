// SPDX-License-Identifier: EUPL-1.2

// Command avantisim runs a whole office on one machine: the real daemon with a
// simulated hall of paper printer, boxes, displays, citizens and clerks.
//
//	avantisim -config testdata/office/piacenza.yaml              a Monday, thirty times faster
//	avantisim -config FILE -speed 1 -date 2026-11-24             real time
//	avantisim -config FILE -unplug 20                            somebody pulls the printer's plug all day
//	avantisim -config FILE -speed 0 -seed 7 -days 30             no daemon, no waiting: the figures alone
//
// The same seed and date give the same citizens and clerks; with -speed 0 the same
// run, bit by bit. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const (
	exitFailed = 1
	exitUsage  = 2
)

// options are what the flags say.
type options struct {
	file  *config.File
	model demand.Model
	speed float64
	seed  uint64
	date  queue.Date
	days  int
	data  string // "" a directory that is removed at the end

	papers string // address of the page of the papers that came out
	unplug int    // how often a day the printer's plug is pulled

	out io.Writer
	log io.Writer
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("avantisim", flag.ContinueOnError)
	flags.SetOutput(stderr)
	path := flags.String("config", "testdata/office/piacenza.yaml", "the office's configuration `file`")
	speed := flags.Float64("speed", 30, "seconds of the office in a real one; 0: as fast as the figures can be had, without the daemon")
	seed := flags.Uint64("seed", 4, "of citizens and clerks")
	date := flags.String("date", "2026-11-23", "the first `day`, YYYY-MM-DD")
	days := flags.Int("days", 1, "how many days")
	model := flags.String("model", "", "piacenza-after or piacenza-before; default: the office's")
	listen := flags.String("listen", "", "`address` of the pages; default: the configured one")
	data := flags.String("data", "", "data `directory` to keep; default: a temporary one")
	papers := flags.String("papers", "127.0.0.1:8081", "`address` of the page that shows the printers' last papers")
	unplug := flags.Int("unplug", 0, "how often a day somebody pulls the printer's plug, for 5 to 300 seconds and at least 10 real ones")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	o := options{
		speed: *speed, seed: *seed, date: queue.Date(*date), days: *days, data: *data,
		papers: *papers, unplug: *unplug, out: stdout, log: stderr,
	}
	var err error
	if o.file, err = config.Load(*path, app.CheckConfig); err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	if *listen != "" {
		o.file.HTTP.Listen = *listen
	}
	if err := o.complete(*model); err != nil {
		fmt.Fprintln(stderr, "avantisim:", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	play := playHall
	if o.speed == 0 {
		play = playFigures
	}
	if err := play(ctx, o); err != nil {
		fmt.Fprintln(stderr, "avantisim:", err)
		return exitFailed
	}
	return 0
}

// complete checks the flags and fills in what follows from the office.
func (o *options) complete(model string) error {
	switch {
	case o.speed < 0 || o.speed > 1000:
		return fmt.Errorf("-speed %v: want 0 to 1000", o.speed)
	case o.days < 1 || o.days > 3660:
		return fmt.Errorf("-days %d: want 1 to 3660", o.days)
	case o.unplug < 0 || o.unplug > 1000:
		return fmt.Errorf("-unplug %d: want 0 to 1000", o.unplug)
	case o.unplug > 0 && (o.speed == 0 || len(o.file.Printers) == 0):
		return errors.New("-unplug: there is no printer: want -speed above 0 and an office with a printer")
	}
	if _, err := o.date.Midnight(time.UTC); err != nil {
		return fmt.Errorf("-date: %w", err)
	}
	if model == "" {
		model = "piacenza-after"
		if o.file.Settings().Office == "piacenza-before" {
			model = "piacenza-before"
		}
	}
	var ok bool
	if o.model, ok = demand.Named(model); !ok {
		return fmt.Errorf("-model %s: want piacenza-after or piacenza-before", model)
	}
	return nil
}
