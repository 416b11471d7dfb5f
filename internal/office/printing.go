// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/queue"
)

const (
	// patience is how long a citizen is believed to stand at the kiosk: nothing is
	// printed for somebody who has gone.
	patience    = time.Minute
	gateTick    = 5 * time.Second // how often an idle printer is asked how it is
	gateTimeout = 3 * time.Second
	// testifyWithin bounds the wait for a printer that may know of the papers that were
	// under way when the last process ended.
	testifyWithin = 10 * time.Second
	maxAttempts   = 3 // papers of one ticket that were asked for because the last one failed
)

// printing makes the slips of one printer and tells the journal what became of them.
type printing struct {
	id        string
	engine    *queue.Engine
	printer   device.Printer
	condition *condition
	slips     *slips
	spares    *spares
	log       *slog.Logger
	fresh     time.Duration // of the office's time

	after   queue.Seq // records up to here are known
	orphans []orphan  // papers that were under way when the last process ended
	turn    chan struct{}
}

type orphan struct {
	ticket  queue.TicketID
	attempt int
}

func newPrinting(p Printer, o Options, s *slips, spares *spares, m *metrics, v *queue.View) *printing {
	w := &printing{
		id: p.ID, engine: o.Engine, printer: p.Device, condition: newCondition(p, o, m), slips: s, spares: spares, log: o.Log,
		fresh: cmp.Or(o.Patience, patience), after: v.Seq(), turn: make(chan struct{}, 1),
	}
	for t := range v.Tickets() {
		if t.Slip.Printer == p.ID && t.Slip.Result == queue.SlipResultPending {
			w.orphans = append(w.orphans, orphan{t.ID, t.Slip.Attempt})
		}
	}
	return w
}

func (w *printing) ready() error {
	if f := w.condition.stopping(); f != nil {
		return f
	}
	return nil
}

func (w *printing) run(ctx context.Context) error {
	w.logged(w.condition.recall(ctx))
	w.settle(ctx)
	watched := make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	go func() { defer close(watched); w.watch(ctx) }()
	defer func() {
		stop()
		<-watched
		w.logged(w.condition.keep(context.WithoutCancel(ctx), true))
	}()
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

// settle reports what became of the papers that were under way when the last process ended.
// Unless the printer can prove that one came out, nobody knows.
func (w *printing) settle(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, testifyWithin)
	defer cancel()
	for _, o := range w.orphans {
		outcome := device.Outcome{Result: device.ResultUnknown}
		if witness, ok := w.printer.(device.Witness); ok {
			outcome = witness.Testify(bounded, jobID(o.ticket, o.attempt), w.condition.evidence(o.ticket, o.attempt))
		}
		if ctx.Err() != nil {
			return // the next start asks again
		}
		if outcome.Result != device.ResultPrinted {
			outcome = device.Outcome{
				Result: device.ResultUnknown,
				Fault:  &device.Fault{Code: device.FaultBusy, Detail: "the program ended while the slip was on its way"},
			}
		}
		w.condition.printed(outcome)
		w.report(ctx, o.ticket, o.attempt, outcome)
	}
}

// print makes one paper, unless the citizen has gone.
func (w *printing) print(ctx context.Context, id queue.TicketID, attempt int) {
	t := w.engine.View().Ticket(id)
	if t == nil || t.Slip.Attempt != attempt || t.Slip.Result != queue.SlipResultPending {
		return // settled already
	}
	outcome := w.attempt(ctx, id)
	if ctx.Err() != nil && outcome.Result != device.ResultPrinted {
		return // the next start finds the attempt without an outcome
	}
	w.condition.printed(outcome)
	w.report(ctx, id, attempt, outcome)
	if outcome.Result == device.ResultFailed && attempt < maxAttempts && w.stands(t) {
		_, err := w.engine.Do(ctx, w.actor(""), queue.Reprint{Ticket: id, Printer: w.next(ctx, t)})
		w.logUnlessRefused(ctx, "slip not asked for again", err)
	}
}

func (w *printing) stands(t *queue.Ticket) bool { return w.engine.Now().Sub(t.Issued) < w.fresh }

// next returns the printer of the next attempt: the kiosk's other one if this one would not
// print, and it would.
func (w *printing) next(ctx context.Context, t *queue.Ticket) string {
	if w.condition.stopping() != nil {
		if other := w.spares.other(ctx, t, w.id); other != nil && other.ready() == nil {
			return other.id
		}
	}
	return w.id
}

// attempt waits for the printer to be well, or for another one to be that could do it
// instead, and prints.
func (w *printing) attempt(ctx context.Context, id queue.TicketID) device.Outcome {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	var v *queue.View
	var t *queue.Ticket
	for {
		v = w.engine.View()
		if t = v.Ticket(id); t == nil || !w.stands(t) || !t.Alive() {
			return device.Outcome{Result: device.ResultFailed, Fault: &device.Fault{Code: device.FaultBusy, Detail: "too late for this citizen"}}
		}
		err := w.ask(ctx)
		if err == nil {
			break
		}
		if t.Slip.Attempt < maxAttempts && w.next(ctx, t) != w.id {
			return device.Outcome{Result: device.ResultFailed, Fault: err}
		}
		select {
		case <-ctx.Done():
			return device.Outcome{Result: device.ResultFailed, Fault: err}
		case <-time.After(time.Second):
		}
	}
	outcome := w.printer.Print(ctx, device.Job{
		ID: jobID(t.ID, t.Slip.Attempt), Slip: w.slips.of(v, t),
		Begin: func(evidence string) error {
			return w.condition.begin(ctx, begun{t.ID, t.Slip.Attempt, evidence})
		},
	})
	w.condition.met(outcome.Fault)
	return outcome
}

// jobID returns the four characters by which the printer names the paper. They come
// round after some 200,000 papers.
func jobID(ticket queue.TicketID, attempt int) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	n := int64(ticket)*8 + int64(attempt%8)
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
		case w.turn <- struct{}{}:
			_ = w.ask(ctx) // its condition is noted
			<-w.turn
		default: // at work: the job tells
		}
		w.logged(w.condition.keep(ctx, false))
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
	w.condition.met(fault)
	return fault
}

func (w *printing) actor(request queue.RequestID) queue.Actor {
	return queue.Actor{Role: queue.RolePrinter, ID: w.id, Request: request}
}

func (w *printing) report(ctx context.Context, id queue.TicketID, attempt int, o device.Outcome) {
	c := queue.ReportSlip{Ticket: id, Attempt: attempt, Result: queue.SlipResult(o.Result), Level: string(o.Level), Fault: faultText(o.Fault)}
	// What came out is known only here: it is written down also while we stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := w.engine.Do(ctx, w.actor(queue.RequestID(fmt.Sprintf("slip:%d:%d", id, attempt))), c)
	w.logUnlessRefused(ctx, "outcome of a slip not recorded", err)
}

// logged tells of trouble that is no reason to stop printing.
func (w *printing) logged(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		w.log.Error("notes of a printer", slog.Any("error", err))
	}
}

func (w *printing) logUnlessRefused(ctx context.Context, what string, err error) {
	if _, refused := errors.AsType[*queue.Refusal](err); err != nil && !refused && ctx.Err() == nil {
		w.log.Error(what, slog.String("printer", w.id), slog.Any("error", err))
	}
}
