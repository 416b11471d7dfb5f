// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/fate"
	"github.com/avanti-queue/avanti/internal/sim/hall"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
)

// before is how long before the doors the simulated morning begins.
const before = 5 * time.Minute

// playHall runs the daemon and its hall through the days.
func playHall(ctx context.Context, o options) (err error) {
	if o.data == "" {
		dir, err := os.MkdirTemp("", "avanti-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		o.data = dir
	}
	o.file.DataDir = o.data
	keys := newKeys(o.file)
	settings := o.file.Settings()
	source, err := demand.New(o.model, &settings)
	if err != nil {
		return err
	}
	papers, err := showPapers(ctx, o.papers)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, papers.close()) }()
	for range o.days {
		day, err := source.Day(o.seed, o.date)
		if err != nil {
			return err
		}
		if len(day.Arrivals) == 0 {
			fmt.Fprintln(o.out, o.date, "the office is closed")
		} else if err := playDay(ctx, o, keys, papers, day); err != nil || ctx.Err() != nil {
			return err
		}
		o.date = following(o.date)
	}
	return nil
}

func following(d queue.Date) queue.Date {
	t, err := d.Midnight(time.UTC)
	if err != nil {
		return d // it was checked
	}
	return queue.DateOf(t.AddDate(0, 0, 1))
}

// playDay starts the daemon in the morning and stops it when the hall is empty.
func playDay(ctx context.Context, o options, k keys, papers *papers, day demand.Day) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var ledger fate.Ledger
	printers, err := newPrinters(o.file, o.speed, func(printer string, s paper.Sheet) {
		ledger.Sheet(s)
		papers.Add(printer, s)
	})
	if err != nil {
		return err
	}
	defer printers.close()
	now := clock(day.Arrivals[0].At.Add(-before), o.speed)
	log := slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.New(ctx, app.Options{
		Config: o.file, Log: log, Now: now,
		Patience: time.Duration(o.speed * float64(time.Minute)), // the paper is cut in real time
	})
	if err != nil {
		return err
	}
	base := "http://" + a.Addr().String()
	k.print(o.out, base, papers.url)

	var far sync.WaitGroup
	daemon := make(chan error, 1)
	far.Go(func() { daemon <- a.Run(ctx); stop() })
	far.Go(func() { printers.serve(ctx) })
	boxes := runBoxes(ctx, &far, o.file, k, a.DialDevice)
	runPanels(ctx, &far, o.file, k, a.DialDevice)
	figures := schedule.NewFigures()
	progress := newProgress(o, a, figures, &ledger)
	far.Go(func() { progress.follow(ctx) })

	people := hall.New(hall.Options{
		Day: day, NoShow: o.file.Settings().NoShow,
		Client: &http.Client{Timeout: 20 * time.Second}, Base: base,
		Kiosk: k.kiosk(o.file), Desks: k.desks(o.file), Boxes: boxes,
		Now: now, Speed: o.speed, Poll: 10 * time.Second, Log: log,
		Pulls: pulls(o, day), Printer: printers.first(),
	})
	played := people.Run(ctx)
	whole := played == nil && ctx.Err() == nil
	if whole {
		progress.untilClosed(ctx)
	}
	stop()
	far.Wait()
	progress.line("")
	account := ledger.Account()
	err = figures.Table(o.out)
	fmt.Fprintln(o.out)
	if err := errors.Join(err, account.Write(o.out, people.Refused())); err != nil {
		return err
	}
	if wrong := ledger.Wrong(); whole && len(wrong) > 0 {
		played = fmt.Errorf("the slips do not add up:\n%s", strings.Join(wrong, "\n"))
	}
	return errors.Join(played, <-daemon)
}

// leastOutage is how long, in real time, a pulled plug stays out of an office that runs faster: the
// daemon's patience with its printer does not run faster, and it ought to notice.
const leastOutage = 10 * time.Second

func pulls(o options, day demand.Day) []hall.Pull {
	out := hall.Pulls(o.seed, day, o.unplug)
	if o.speed > 1 {
		for i := range out {
			out[i].For = max(out[i].For, time.Duration(o.speed*float64(leastOutage)))
		}
	}
	return out
}

// clock returns the office's clock: it shows start now and runs speed times as fast.
func clock(start time.Time, speed float64) func() time.Time {
	begin := time.Now()
	return func() time.Time {
		return start.Add(time.Duration(float64(time.Since(begin)) * speed)).Round(0)
	}
}
