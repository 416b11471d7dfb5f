// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/device"
)

const (
	lookEvery    = 2 * time.Second // between two looks at an idle printer
	firstBackoff = time.Second
	lastBackoff  = 5 * time.Second
)

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
	s := newSession(&p.o, port, &p.past)
	defer s.close()
	s.tell = func() { p.publish(s.faults()) }
	s.prove = p.prove
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	s.look(ctx)
	for s.lost == nil {
		worked = worked || !s.silent
		p.prove()
		s.tell()
		select {
		case <-ctx.Done():
			return worked, nil
		case task := <-p.calls:
			task(ctx, s)
		case h, ok := <-s.heard:
			s.take(h, ok)
		case <-ticker.C:
			s.look(ctx)
		}
	}
	return worked, s.lost
}

// prove settles the slip that waits for its proof, once the printer was asked what came out.
func (p *Printer) prove() {
	if p.past.due {
		return
	}
	select {
	case <-p.heard:
	default:
		close(p.heard)
	}
	if p.late == nil {
		return
	}
	outcome := device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone}
	if level, ok := p.past.proves(p.late.attempt.id, p.late.attempt.evidence()); ok {
		p.past.litter = false
		outcome = device.Outcome{Result: device.ResultPrinted, Level: level, Length: p.late.attempt.mm}
	}
	p.late.outcome <- outcome
	p.late = nil
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
	case device.FaultLine, device.FaultNotAnswering, device.FaultUncleared, device.FaultStranger:
		return false
	}
	return true
}
