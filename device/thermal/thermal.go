// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// lateWithin is how long after the loss of its port a slip may still be proven to be out.
const lateWithin = 10 * time.Second

// Options say which printer to drive.
type Options struct {
	// Open opens the port. It is called anew after each loss, so it ought to resolve names
	// each time. Required.
	Open    func(ctx context.Context) (device.Port, error)
	Profile escpos.Profile
	Baud    int // speed of the line in bit/s; 0: not a serial line
	// Flow is the line's flow control: "none", "rtscts" or "xonxoff". With "none" slips longer
	// than the printer's buffer are paced; with "" and all others the line holds us back.
	Flow string
	Log  *slog.Logger // required
	// Interrupted says that an earlier run of the program may have ended in the middle of a
	// slip. The printer is then asked what came out before anything is cleared, see
	// [Printer.Testify], and what is left on the paper is cut off before the first slip.
	Interrupted bool
	// OnFault is told of all faults whenever they change, first when the port was opened or
	// could not be; none: the printer is well. It is called by Run and must not block. Nil:
	// nobody is told.
	OnFault func([]device.Fault)
}

// Printer is a [device.Printer] behind a port. Its calls are served while Run runs.
type Printer struct {
	o     Options
	calls chan call
	ended chan struct{} // closed when Run has returned
	heard chan struct{} // closed when the printer was first asked what came out

	past past  // Run's
	late *late // Run's; nil: no slip waits for its proof

	mu     sync.Mutex
	faults []device.Fault
}

// call is work for the goroutine that owns the port. A session of nil: the port is not there.
type call func(run context.Context, s *session)

// late is a slip whose port was lost behind its last byte.
type late struct {
	attempt attempt
	outcome chan device.Outcome // holds one
}

var _ device.Witness = (*Printer)(nil)

// New returns a printer that waits for its Run.
func New(o Options) *Printer {
	return &Printer{
		o:      o,
		past:   newPast(o.Interrupted),
		calls:  make(chan call),
		ended:  make(chan struct{}),
		heard:  make(chan struct{}),
		faults: []device.Fault{{Code: device.FaultLine, Detail: "not opened yet"}},
	}
}

// Faults returns what was wrong at the newest look, at most a few seconds ago; nil: nothing. It
// does not block.
func (p *Printer) Faults() []device.Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.faults)
}

// Ready implements [device.Printer].
func (p *Printer) Ready(ctx context.Context) error {
	var gate *device.Fault
	refused := p.do(ctx, func(ctx context.Context, s *session) {
		if s == nil {
			gate = p.stopping()
			return
		}
		gate = s.gate(ctx)
	})
	if fault := cmp.Or(refused, gate); fault != nil {
		return fault
	}
	return nil
}

// Print implements [device.Printer]. A slip whose port is lost behind its last byte is waited for
// a while longer: a printer that comes back may still prove that it is out.
func (p *Printer) Print(ctx context.Context, j device.Job) device.Outcome {
	if err := j.Validate(); err != nil {
		return failed(&device.Fault{Code: device.FaultRefused, Detail: err.Error()})
	}
	var outcome device.Outcome
	var proof chan device.Outcome
	refused := p.do(ctx, func(ctx context.Context, s *session) {
		if s == nil {
			outcome = failed(p.stopping())
			return
		}
		var open *attempt
		if outcome, open = s.print(ctx, j); open != nil {
			proof = make(chan device.Outcome, 1)
			p.late = &late{attempt: *open, outcome: proof}
		}
	})
	if refused != nil {
		return failed(refused)
	}
	if proof == nil {
		return outcome
	}
	timer := time.NewTimer(lateWithin)
	defer timer.Stop()
	select {
	case proven := <-proof:
		if proven.Result == device.ResultPrinted {
			return proven
		}
	case <-timer.C:
	case <-ctx.Done():
	case <-p.ended:
	}
	return outcome
}

// Testify implements [device.Witness]. It is for slips of an earlier run; call it before the first
// Print.
func (p *Printer) Testify(ctx context.Context, id, evidence string) device.Outcome {
	unknown := device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone}
	select {
	case <-p.heard:
	case <-ctx.Done():
		unknown.Fault = asFault(ctx.Err())
		return unknown
	case <-p.ended:
		unknown.Fault = &device.Fault{Code: device.FaultLine, Detail: "the driver has ended"}
		return unknown
	}
	outcome := unknown
	unknown.Fault = p.do(ctx, func(context.Context, *session) {
		if level, ok := p.past.proves(id, evidence); ok {
			p.past.litter = false
			outcome = device.Outcome{Result: device.ResultPrinted, Level: level}
		}
	})
	if unknown.Fault != nil {
		return unknown
	}
	return outcome
}

// do has work done by Run, with a context that ends with ctx or with Run. The fault says why
// it was not done.
func (p *Printer) do(ctx context.Context, work func(context.Context, *session)) *device.Fault {
	if ctx.Err() != nil {
		return asFault(ctx.Err())
	}
	done := make(chan struct{})
	task := func(run context.Context, s *session) {
		defer close(done)
		both, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(run, cancel)()
		work(both, s)
	}
	select {
	case p.calls <- task:
		<-done
		return nil
	case <-ctx.Done():
		return asFault(ctx.Err())
	case <-p.ended:
		return &device.Fault{Code: device.FaultLine, Detail: "the driver has ended"}
	}
}

// stopping returns the newest known fault that keeps slips from coming out.
func (p *Printer) stopping() *device.Fault {
	for _, f := range p.Faults() {
		if f.Stops() {
			return &f
		}
	}
	return &device.Fault{Code: device.FaultLine}
}

func failed(f *device.Fault) device.Outcome {
	return device.Outcome{Result: device.ResultFailed, Level: device.LevelNone, Fault: f}
}

// asFault returns the fault that an error of this package is.
func asFault(err error) *device.Fault {
	if fault, ok := errors.AsType[*device.Fault](err); ok {
		return fault
	}
	if errors.Is(err, errSilent) {
		return &device.Fault{Code: device.FaultNotAnswering}
	}
	if errors.Is(err, errHeld) {
		return &device.Fault{Code: device.FaultNotAnswering, Detail: err.Error()}
	}
	return &device.Fault{Code: device.FaultBusy, Detail: err.Error()}
}
