// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

const (
	// patience is how long a citizen is believed to stand at the kiosk: nothing is
	// printed for somebody who has gone.
	patience    = time.Minute
	gateTick    = 5 * time.Second // how often an idle printer is asked how it is
	gateTimeout = 3 * time.Second
	maxAttempts = 3 // papers of one ticket that were asked for because the last one failed
)

// printing makes the slips of one printer and tells the journal what became of them.
type printing struct {
	id      string
	engine  *queue.Engine
	printer device.Printer
	health  *health.Board
	slips   *slips
	log     *slog.Logger
	fresh   time.Duration // of the office's time

	after    queue.Seq    // records up to here are known
	orphans  []orphan     // papers that were under way when the last process ended
	fault    atomic.Value // of gate
	printing chan struct{}
}

// gate holds the newest known fault, nil when a slip would come out.
type gate struct{ fault *device.Fault }

type orphan struct {
	ticket  queue.TicketID
	attempt int
}

func newPrinting(id string, p device.Printer, o Options, v *queue.View) *printing {
	w := &printing{
		id: id, engine: o.Engine, printer: p, health: o.Health, slips: newSlips(), log: o.Log,
		fresh: cmp.Or(o.Patience, patience), after: v.Seq(), printing: make(chan struct{}, 1),
	}
	w.fault.Store(gate{&device.Fault{Code: device.FaultNotAnswering, Detail: "not asked yet"}})
	for t := range v.Tickets() {
		if t.Slip.Printer == id && t.Slip.Result == queue.SlipResultPending {
			w.orphans = append(w.orphans, orphan{t.ID, t.Slip.Attempt})
		}
	}
	return w
}

func (w *printing) ready() error {
	if f := w.fault.Load().(gate).fault; f != nil {
		return f
	}
	return nil
}

func (w *printing) run(ctx context.Context) error {
	for _, o := range w.orphans {
		w.report(ctx, o.ticket, o.attempt, device.Outcome{
			Result: device.ResultUnknown,
			Fault:  &device.Fault{Code: device.FaultBusy, Detail: "the program ended while the slip was on its way"},
		})
	}
	watched := make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	go func() { defer close(watched); w.watch(ctx) }()
	defer func() { stop(); <-watched }()
	for r, err := range w.engine.Follow(ctx, w.after) {
		if err != nil {
			return fmt.Errorf("printer %s: %w", w.id, err)
		}
		switch e := r.Event.(type) {
		case queue.TicketIssued:
			if e.Printer == w.id {
				w.print(ctx, e.Ticket, 1)
			}
		case queue.SlipRequested:
			if e.Printer == w.id {
				w.print(ctx, e.Ticket, e.Attempt)
			}
		}
	}
	return nil
}

// print makes one paper, unless the citizen has gone.
func (w *printing) print(ctx context.Context, id queue.TicketID, attempt int) {
	v := w.engine.View()
	t := v.Ticket(id)
	if t == nil || t.Slip.Attempt != attempt || t.Slip.Result != queue.SlipResultPending {
		return // settled already
	}
	outcome := w.attempt(ctx, v, t)
	if ctx.Err() != nil && outcome.Result != device.ResultPrinted {
		return // the next start finds the attempt without an outcome
	}
	w.report(ctx, id, attempt, outcome)
	if outcome.Result == device.ResultFailed && attempt < maxAttempts && w.stands(t) {
		_, err := w.engine.Do(ctx, w.actor(""), queue.Reprint{Ticket: id, Printer: w.id})
		w.logUnlessRefused(ctx, "slip not asked for again", err)
	}
}

func (w *printing) stands(t *queue.Ticket) bool { return w.engine.Now().Sub(t.Issued) < w.fresh }

// attempt waits for the printer to be well and prints.
func (w *printing) attempt(ctx context.Context, v *queue.View, t *queue.Ticket) device.Outcome {
	w.printing <- struct{}{}
	defer func() { <-w.printing }()
	for {
		if !w.stands(t) || !t.Alive() {
			return device.Outcome{Result: device.ResultFailed, Fault: &device.Fault{Code: device.FaultBusy, Detail: "too late for this citizen"}}
		}
		err := w.ask(ctx)
		if err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return device.Outcome{Result: device.ResultFailed, Fault: err}
		case <-time.After(time.Second):
		}
	}
	outcome := w.printer.Print(ctx, device.Job{ID: jobID(t), Slip: w.slips.of(v, t)})
	w.gate(outcome.Fault)
	return outcome
}

// jobID returns the four characters by which the printer names the paper. They come
// round after some 200,000 papers.
func jobID(t *queue.Ticket) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	n := int64(t.ID)*8 + int64(t.Slip.Attempt%8)
	id := make([]byte, 4)
	for i := range id {
		id[i] = letters[n%36]
		n /= 36
	}
	return string(id)
}

// watch asks an idle printer from time to time how it is.
func (w *printing) watch(ctx context.Context) {
	tick := time.NewTicker(gateTick)
	defer tick.Stop()
	for {
		select {
		case w.printing <- struct{}{}:
			_ = w.ask(ctx) // the gate has noted it
			<-w.printing
		default: // at work: the job tells
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ask renews what is known of the printer.
func (w *printing) ask(ctx context.Context) *device.Fault {
	bounded, cancel := context.WithTimeout(ctx, gateTimeout)
	defer cancel()
	err := w.printer.Ready(bounded)
	if ctx.Err() != nil {
		return &device.Fault{Code: device.FaultBusy, Detail: "stopping"}
	}
	fault, ok := errors.AsType[*device.Fault](err)
	if err != nil && !ok {
		fault = &device.Fault{Code: device.FaultOffline, Detail: err.Error()}
	}
	w.gate(fault)
	return fault
}

// gate notes the newest fault and shows it to the staff.
func (w *printing) gate(f *device.Fault) {
	if f != nil && !f.Stops() {
		f = nil
	}
	w.fault.Store(gate{f})
	if f == nil {
		w.health.Clear("printer", w.id)
		return
	}
	w.health.Raise(health.Warning{
		Name: "printer", Subject: w.id, Severity: health.Critical, Cause: f.Error(),
		Hint: "tickets are given on the screen until the printer is well",
	})
}

func (w *printing) actor(request queue.RequestID) queue.Actor {
	return queue.Actor{Role: queue.RolePrinter, ID: w.id, Request: request}
}

func (w *printing) report(ctx context.Context, id queue.TicketID, attempt int, o device.Outcome) {
	c := queue.ReportSlip{Ticket: id, Attempt: attempt, Result: queue.SlipResult(o.Result), Level: string(o.Level)}
	if o.Fault != nil {
		c.Fault = o.Fault.Error()
		c.Fault = c.Fault[:min(len(c.Fault), 200)]
	}
	// What came out is known only here: it is written down also while we stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := w.engine.Do(ctx, w.actor(queue.RequestID(fmt.Sprintf("slip:%d:%d", id, attempt))), c)
	w.logUnlessRefused(ctx, "outcome of a slip not recorded", err)
}

func (w *printing) logUnlessRefused(ctx context.Context, what string, err error) {
	if _, refused := errors.AsType[*queue.Refusal](err); err != nil && !refused && ctx.Err() == nil {
		w.log.Error(what, slog.String("printer", w.id), slog.Any("error", err))
	}
}
