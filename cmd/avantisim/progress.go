// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/sim/fate"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
)

// progress prints how the hall is doing, once a second, on one line.
type progress struct {
	app *app.App
	now func() time.Time
	out io.Writer

	ledger  *fate.Ledger
	mu      sync.Mutex
	figures *schedule.Figures
}

func newProgress(o options, a *app.App, f *schedule.Figures, l *fate.Ledger) *progress {
	return &progress{app: a, now: a.Office().Now, out: o.log, ledger: l, figures: f}
}

// follow gathers the figures of today, and the fates of its slips, from the journal and prints the
// line until ctx ends.
func (p *progress) follow(ctx context.Context) {
	var printing sync.WaitGroup
	defer printing.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	printing.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				p.line(p.state())
			}
		}
	})
	for r, err := range p.app.Office().Follow(ctx, p.app.Office().View().Seq()) {
		if err != nil {
			return // the daemon tells
		}
		p.mu.Lock()
		p.figures.Record(r)
		p.mu.Unlock()
		p.ledger.Record(r)
	}
}

func (p *progress) state() string {
	v := p.app.Office().View()
	waiting, serving := 0, 0
	for t := range v.Open() {
		switch {
		case t.Status == queue.Waiting:
			waiting++
		case t.AtCounter():
			serving++
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.figures.Waits(0, 24)
	return fmt.Sprintf("%s  issued %3d  waiting %2d  at counters %2d  served %3d  no-shows %2d  mean wait %4.1f min  slips %d",
		p.now().In(v.Zone()).Format("Mon 15:04"), p.figures.Tickets, waiting, serving,
		p.figures.Ends[queue.EndServed], p.figures.Ends[queue.EndNoShow], w.Mean.Minutes(), p.figures.Slips[queue.SlipResultPrinted])
}

// line replaces the line on the terminal.
func (p *progress) line(s string) { fmt.Fprintf(p.out, "\r\x1b[K%s", s) }

// untilClosed waits until the daemon has closed the day and no paper is on its way any more.
func (p *progress) untilClosed(ctx context.Context) {
	closed := false
	for r, err := range p.app.Office().Follow(ctx, 0) {
		if err != nil {
			return
		}
		if _, ok := r.Event.(queue.DayClosed); ok {
			closed = true
		}
		if v := p.app.Office().View(); closed && r.Seq >= v.Seq() && !anyPending(v) {
			return
		}
	}
}

func anyPending(v *queue.View) bool {
	for t := range v.Tickets() {
		if t.Slip.Result == queue.SlipResultPending {
			return true
		}
	}
	return false
}
