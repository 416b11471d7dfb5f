// SPDX-License-Identifier: EUPL-1.2

package devicetest

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
)

// Printer is a [device.Printer] that keeps its slips. Its knobs may be turned at any time from
// any goroutine. Use [NewPrinter].
type Printer struct {
	turn chan struct{} // holds one token while nobody prints

	mu       sync.Mutex
	takes    time.Duration
	fault    *device.Fault // that stands until it is taken away
	midSlip  *device.Fault // that comes in the middle of the next slip
	outcomes []device.Outcome
	jobs     []device.Job
	sheets   []string
	out      map[string]bool // the IDs of the jobs whose paper came out
}

// slipLength is how many millimetres all its slips are long.
const slipLength = 120

var _ device.Witness = (*Printer)(nil)

// NewPrinter returns a printer that is well, confirms each slip at level A, and takes the given
// time for one.
func NewPrinter(takes time.Duration) *Printer {
	p := &Printer{turn: make(chan struct{}, 1), takes: takes, out: map[string]bool{}}
	p.turn <- struct{}{}
	return p
}

// SetFault makes the fault stand from now on; nil: the printer is well again.
func (p *Printer) SetFault(f *device.Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

// FailMidSlip arms a fault: the next slip begins, does not end, and is unknown. From then on the
// fault stands.
func (p *Printer) FailMidSlip(f *device.Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.midSlip = f
}

// Script says how the next slips end, one outcome each, whatever faults stand. A paper comes
// out of those that are printed or sent.
func (p *Printer) Script(outcomes ...device.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outcomes = append(p.outcomes, outcomes...)
}

// Jobs returns all jobs that were given to Print and had their turn, in this order.
func (p *Printer) Jobs() []device.Job {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]device.Job(nil), p.jobs...)
}

// Sheets returns the text of each paper that came out, a line each of what the slip has.
func (p *Printer) Sheets() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.sheets...)
}

// Ready implements [device.Printer].
func (p *Printer) Ready(ctx context.Context) error {
	if fault := p.wait(ctx); fault != nil {
		return fault
	}
	defer p.release()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fault != nil && p.fault.Stops() {
		return p.fault
	}
	return nil
}

// Print implements [device.Printer].
func (p *Printer) Print(ctx context.Context, j device.Job) device.Outcome {
	if err := j.Validate(); err != nil {
		return failed(&device.Fault{Code: device.FaultRefused, Detail: err.Error()})
	}
	if fault := p.wait(ctx); fault != nil {
		return failed(fault)
	}
	defer p.release()
	outcome := p.begin(j)
	if outcome.Result == device.ResultFailed {
		return outcome
	}
	if j.Begin != nil {
		if err := j.Begin("fake " + j.ID); err != nil {
			return failed(&device.Fault{Code: device.FaultBusy, Detail: err.Error()})
		}
	}
	timer := time.NewTimer(p.takes)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone, Fault: busy(ctx)}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if outcome.Result == device.ResultPrinted || outcome.Result == device.ResultSent {
		p.sheets = append(p.sheets, sheet(j.Slip))
		p.out[j.ID] = true
		outcome.Length = slipLength
	}
	return outcome
}

// Testify implements [device.Witness]: it knows of every paper that came out.
func (p *Printer) Testify(ctx context.Context, id, evidence string) device.Outcome {
	unknown := device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone}
	if unknown.Fault = p.wait(ctx); unknown.Fault != nil {
		return unknown
	}
	defer p.release()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out[id] && evidence == "fake "+id {
		return device.Outcome{Result: device.ResultPrinted, Level: device.LevelConfirmed, Length: slipLength}
	}
	return unknown
}

// begin notes the job and says how it will end.
func (p *Printer) begin(j device.Job) device.Outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.jobs = append(p.jobs, j)
	switch {
	case len(p.outcomes) > 0:
		outcome := p.outcomes[0]
		p.outcomes = p.outcomes[1:]
		return outcome
	case p.fault != nil && p.fault.Stops():
		return failed(p.fault)
	case p.midSlip != nil:
		p.fault, p.midSlip = p.midSlip, nil
		return device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone, Fault: p.fault}
	}
	return device.Outcome{Result: device.ResultPrinted, Level: device.LevelConfirmed, Fault: p.fault}
}

func (p *Printer) wait(ctx context.Context) *device.Fault {
	if ctx.Err() != nil {
		return busy(ctx)
	}
	select {
	case <-p.turn:
		return nil
	case <-ctx.Done():
		return busy(ctx)
	}
}

func (p *Printer) release() { p.turn <- struct{}{} }

func busy(ctx context.Context) *device.Fault {
	return &device.Fault{Code: device.FaultBusy, Detail: ctx.Err().Error()}
}

func failed(f *device.Fault) device.Outcome {
	return device.Outcome{Result: device.ResultFailed, Level: device.LevelNone, Fault: f}
}

// sheet is a slip as lines, in the order in which printers print them.
func sheet(s device.Slip) string {
	var lines []string
	for _, p := range s.Parts {
		lines = append(lines, p.Text)
	}
	return strings.Join(append(lines, s.Copy, s.Number), "\n")
}
