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

const (
	lookEvery    = 2 * time.Second // between two looks at an idle printer
	firstBackoff = time.Second
	lastBackoff  = 5 * time.Second
)

// Options say which printer to drive.
type Options struct {
	// Open opens the port. It is called anew after each loss, so it ought to resolve names
	// each time. Required.
	Open    func(ctx context.Context) (device.Port, error)
	Profile escpos.Profile
	Baud    int          // speed of the line in bit/s; 0: not a serial line
	Log     *slog.Logger // required
	// Interrupted says that an earlier run of the program may have ended in the middle of a
	// slip. What that has left on the paper is then cut off before the first slip.
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

	litter bool // Run's: part of an interrupted slip may be on the paper

	mu     sync.Mutex
	faults []device.Fault
}

// call is work for the goroutine that owns the port. A session of nil: the port is not there.
type call func(run context.Context, s *session)

var _ device.Printer = (*Printer)(nil)

// New returns a printer that waits for its Run.
func New(o Options) *Printer {
	return &Printer{
		o:      o,
		litter: o.Interrupted,
		calls:  make(chan call),
		ended:  make(chan struct{}),
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

// Print implements [device.Printer].
func (p *Printer) Print(ctx context.Context, j device.Job) device.Outcome {
	if err := j.Validate(); err != nil {
		return failed(&device.Fault{Code: device.FaultRefused, Detail: err.Error()})
	}
	var outcome device.Outcome
	refused := p.do(ctx, func(ctx context.Context, s *session) {
		if s == nil {
			outcome = failed(p.stopping())
			return
		}
		outcome = s.print(ctx, j)
	})
	if refused != nil {
		return failed(refused)
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

// Run opens the port, looks after the printer and serves calls until ctx ends. It returns nil,
// once the port is closed. It may be called once.
func (p *Printer) Run(ctx context.Context) error {
	defer close(p.ended)
	backoff := firstBackoff
	for ctx.Err() == nil {
		opened := time.Now()
		worked, err := p.serve(ctx)
		if ctx.Err() != nil {
			break
		}
		if worked && time.Since(opened) > firstBackoff {
			backoff = firstBackoff
			continue // open again at once
		}
		if !errors.Is(err, errHeld) || !p.knowsWhy() {
			p.publish([]device.Fault{*asFault(err)})
		}
		p.refuse(ctx, backoff)
		backoff = min(2*backoff, lastBackoff)
	}
	return nil
}

// serve opens the port and serves calls until it is lost. It reports whether the printer was
// heard before that. The error says how the port was lost, or is nil when ctx has ended.
func (p *Printer) serve(ctx context.Context) (worked bool, err error) {
	port, err := p.o.Open(ctx)
	if err != nil {
		return false, &device.Fault{Code: device.FaultLine, Detail: err.Error()}
	}
	s := newSession(&p.o, port, &p.litter)
	defer s.close()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	s.look(ctx)
	for s.lost == nil {
		worked = worked || !s.silent
		p.publish(s.faults())
		select {
		case <-ctx.Done():
			return worked, nil
		case task := <-p.calls:
			task(ctx, s)
		case r, ok := <-s.replies:
			s.take(r, ok)
		case <-ticker.C:
			s.look(ctx)
		}
	}
	return worked, s.lost
}

// refuse answers calls for a while in which there is no port.
func (p *Printer) refuse(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case task := <-p.calls:
			task(ctx, nil)
		}
	}
}

// publish makes the faults known if they differ from those before.
func (p *Printer) publish(faults []device.Fault) {
	p.mu.Lock()
	same := slices.Equal(p.faults, faults)
	p.faults = faults
	p.mu.Unlock()
	if same {
		return
	}
	codes := make([]string, len(faults))
	for i := range faults {
		codes[i] = string(faults[i].Code)
	}
	p.o.Log.Info("printer changed", slog.Any("faults", codes))
	if p.o.OnFault != nil {
		p.o.OnFault(slices.Clone(faults))
	}
}

// knowsWhy reports whether the printer itself told what stops it. A stopped printer holds the
// line sooner or later; that is no news then.
func (p *Printer) knowsWhy() bool {
	switch p.stopping().Code {
	case device.FaultLine, device.FaultNotAnswering, device.FaultUncleared:
		return false
	}
	return true
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
