// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"time"

	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

const (
	yearDays   = 300
	daysTicket = 1000 // 300,000 a year
	groups     = 10
)

// kept reads the past as the manager's page does.
type kept struct{ *store.Store }

// Days implements [report.Source].
func (k kept) Days(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error] {
	return figures.Days(ctx, k.Store, from, to)
}

// benchDashboard renders what managers see of one year and of ten.
func benchDashboard(ctx context.Context, o options) (rows []row, err error) {
	s, err := store.Open(ctx, store.Options{Dir: filepath.Join(o.dir, "dashboard")})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	settings := crowded(16)
	settings.Groups = nil
	for i := range groups {
		settings.Groups = append(settings.Groups, queue.Group{ID: queue.GroupID(fmt.Sprint("g", i)), Name: queue.Texts{"en": fmt.Sprint("Group ", i)}})
	}
	words, err := report.Load()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	last := time.Date(2026, time.December, 31, 0, 0, 0, 0, time.UTC)
	draw := rand.New(rand.NewPCG(1, 2))
	for i := range 10 * yearDays {
		date := last.AddDate(0, 0, -i*365/yearDays)
		if err := s.KeepFigures(ctx, queue.Seq(10*yearDays-i), queue.Seq(10*yearDays-i), invented(draw, queue.DateOf(date), settings.Counters[0].ID)); err != nil {
			return nil, err
		}
	}
	office := report.Office{Settings: &settings, Promises: []stats.Promise{{ID: "wait", Measure: stats.MeasureWait, Limit: 15 * time.Minute, Share: .8}}}
	fmt.Fprintf(o.log, "bench: %d days of figures in %v\n", 10*yearDays, time.Since(begin).Round(time.Second))
	var both [2]times
	for i, x := range []struct {
		years, runs int
		aim         float64
	}{{1, 40, 100}, {10, 10, 300}} {
		period := report.Period{From: queue.DateOf(last.AddDate(-x.years, 0, 1)), To: queue.DateOf(last)}
		used := processor()
		both[i], err = measure(x.runs, func(int) error {
			r, err := report.Make(ctx, kept{s}, office, period)
			if err != nil {
				return err
			}
			var page bytes.Buffer
			return words["en"].Write(&page, r, nil, last, "/report.css")
		})
		if err != nil {
			return nil, err
		}
		used = (processor() - used) / time.Duration(x.runs) // others may load the machine
		fmt.Fprintf(o.log, "bench: %d years: p50 %v, of the processor %v\n", x.years, both[i].at(50).Round(time.Millisecond), used.Round(time.Millisecond))
		name := fmt.Sprintf("dashboard over %d tickets, p99", x.years*yearDays*daysTicket)
		rows = append(rows, within(name, float64(both[i].at(99))/float64(time.Millisecond), x.aim, "ms"))
	}
	return append(rows, atMost("dashboard with ten years, p50 (floor: one year)", both[1].at(50), both[0].at(50), 10)), nil
}

// processor returns how much of it this program has used; 0 where that is not known.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// invented is a day with many tickets: only its size matters.
func invented(draw *rand.Rand, date queue.Date, team queue.CounterID) *stats.Day {
	d := &stats.Day{Date: date, Calls: daysTicket, Classes: []stats.Class{{Class: "normal"}}}
	for g := range groups {
		for band := stats.Band(16); band < 34; band++ {
			c := stats.Cell{Group: queue.GroupID(fmt.Sprint("g", g)), Band: band}
			for i := g*18 + int(band) - 16; i < daysTicket; i += groups * 18 {
				c.Issued++
				c.Served++
				wait := time.Duration(draw.ExpFloat64()*600_000) * time.Millisecond
				long := time.Duration(draw.ExpFloat64()*700_000) * time.Millisecond
				c.Waits.Add(wait)
				d.Classes[0].Waits.Add(wait)
				c.Services.Add(long)
				c.Visits.Add(wait + long)
				c.Walks.Add(time.Duration(draw.IntN(60_000)) * time.Millisecond)
			}
			d.Cells = append(d.Cells, c)
		}
	}
	for band := stats.Band(16); band < 34; band++ {
		d.Teams = append(d.Teams, stats.Team{Team: stats.TeamID(team), Band: band, Busy: 20_000_000, Idle: 5_000_000})
	}
	return d
}
