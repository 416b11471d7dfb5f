// SPDX-License-Identifier: EUPL-1.2

package gpio

import (
	"context"
	"fmt"
	"sync"
	"time"

	periph "periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
)

// LampOptions say how a lamp is wired.
type LampOptions struct {
	// Open finds the line, [Line] for one of the board. It is called anew after each loss.
	// Required.
	Open func() (periph.PinIO, error)
	// ActiveLow: the lamp is lit while the line is low.
	ActiveLow bool
	// OnFault is told when the line cannot be driven, and nil when it can be again, first when
	// it was set for the first time. It is called by Run and must not block. Nil: nobody is told.
	OnFault func(error)
}

// Lamp is a [device.Lamp] on a line. It follows its pattern while Run runs, and is dark afterwards.
type Lamp struct {
	o    LampOptions
	wake chan struct{}

	mu      sync.Mutex
	pattern device.LampPattern
}

var _ device.Lamp = (*Lamp)(nil)

// NewLamp returns a lamp that waits for its Run.
func NewLamp(o LampOptions) *Lamp {
	if o.OnFault == nil {
		o.OnFault = func(error) {}
	}
	return &Lamp{o: o, wake: make(chan struct{}, 1)}
}

// Show implements [device.Lamp].
func (l *Lamp) Show(p device.LampPattern) {
	l.mu.Lock()
	l.pattern = p
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run drives the line until ctx ends, switches the lamp off and returns nil. It may be called once.
func (l *Lamp) Run(ctx context.Context) error {
	fault, told := "", false
	for {
		err := l.drive(ctx, func() {
			if !told || fault != "" {
				l.o.OnFault(nil)
			}
			fault, told = "", true
		})
		if err == nil {
			return nil
		}
		if text := err.Error(); text != fault {
			fault, told = text, true
			l.o.OnFault(err)
		}
		pause(ctx, openAgain)
	}
}

// drive follows the pattern until ctx ends or the line is lost, which the error describes.
func (l *Lamp) drive(ctx context.Context, works func()) error {
	if ctx.Err() != nil {
		return nil
	}
	pin, err := l.o.Open()
	if err != nil {
		return err
	}
	defer release(pin)
	for {
		lit, next := phase(l.newest(), time.Now())
		if err := l.out(pin, lit); err != nil {
			return err
		}
		works()
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
			timer.Stop()
			return l.out(pin, false)
		case <-l.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

func (l *Lamp) newest() device.LampPattern {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pattern
}

func (l *Lamp) out(pin periph.PinIO, lit bool) error {
	if err := pin.Out(periph.Level(lit != l.o.ActiveLow)); err != nil {
		return fmt.Errorf("GPIO line %s: %w", pin.Name(), err)
	}
	return nil
}

// phase returns whether a lamp is lit at a time, and for how long that holds: at most a second, after
// which the line is set again, lest a disturbance stay.
func phase(p device.LampPattern, at time.Time) (lit bool, holds time.Duration) {
	var half time.Duration
	switch p {
	case device.LampSlow:
		half = 500 * time.Millisecond
	case device.LampBrisk:
		half = 250 * time.Millisecond
	case device.LampFast:
		half = 125 * time.Millisecond
	default:
		return p == device.LampOn, time.Second
	}
	into := time.Duration(at.UnixNano()) % (2 * half)
	return into < half, half - into%half
}
