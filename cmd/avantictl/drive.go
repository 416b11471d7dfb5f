// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/thermal"
)

// drive runs the printer's driver, the same as the daemon's, while do works with it.
func (b *bench) drive(ctx context.Context, do func(context.Context, *thermal.Printer) error) error {
	first, err := b.open(ctx) // the driver would go on trying
	if err != nil {
		return err
	}
	p := thermal.New(thermal.Options{
		Open: func(ctx context.Context) (device.Port, error) {
			if port := first; port != nil {
				first = nil
				return port, nil
			}
			return b.open(ctx)
		},
		Profile: *b.profile,
		Baud:    b.line.Baud,
		Flow:    string(b.line.FlowControl),
		Log:     slog.New(slog.NewTextHandler(b.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	running, stop := context.WithCancel(ctx)
	var ran sync.WaitGroup
	ran.Go(func() { _ = p.Run(running) }) // it returns nil
	err = do(ctx, p)
	stop()
	ran.Wait()
	if first != nil {
		err = errors.Join(err, first.Close())
	}
	return err
}

// status says how the printer is.
func status(ctx context.Context, b *bench) error {
	if b.raw {
		b.show()
	}
	return b.drive(ctx, func(ctx context.Context, p *thermal.Printer) error {
		err := p.Ready(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Fprintf(b.out, "%s, profile %s\n", b.where(), b.profile.Name)
		if err == nil && b.profile.Confirm == device.LevelNone {
			fmt.Fprintln(b.out, "the line is open; nothing ever comes back from this printer")
			return nil
		}
		for _, f := range p.Faults() {
			if !f.Stops() {
				fmt.Fprintln(b.out, f.Error())
			} else if err != nil && f.Error() != err.Error() {
				fmt.Fprintln(b.out, "also:", f.Error())
			}
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(b.out, "a slip would come out now")
		return nil
	})
}

// test prints the page for technicians.
func test(ctx context.Context, b *bench) error {
	if b.raw {
		b.show()
	}
	return b.drive(ctx, func(ctx context.Context, p *thermal.Printer) error {
		start := time.Now()
		job := device.Job{ID: fmt.Sprintf("%04d", start.Unix()%10000), Slip: b.profile.TestSlip()}
		outcome := p.Print(ctx, job)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		took := time.Since(start).Round(100 * time.Millisecond)
		switch outcome.Result {
		case device.ResultPrinted:
			fmt.Fprintf(b.out, "printed in %s: %s (level %s)\n", took, assurance(outcome.Level), outcome.Level)
		case device.ResultSent:
			fmt.Fprintf(b.out, "sent in %s: nothing comes back from this printer; look whether the page came out\n", took)
		case device.ResultFailed:
			return fmt.Errorf("nothing was printed: %w", outcome.Fault)
		case device.ResultUnknown:
			return fmt.Errorf("the page may have come out or not: %w", outcome.Fault)
		}
		if outcome.Length > 0 {
			fmt.Fprintf(b.out, "%d mm of paper\n", outcome.Length)
		}
		if outcome.Fault != nil {
			fmt.Fprintln(b.out, outcome.Fault.Error())
		}
		return nil
	})
}

// assurance says what a level means.
func assurance(l device.Level) string {
	switch l {
	case device.LevelConfirmed:
		return "the printer named the page after its last dot"
	case device.LevelOrdered:
		return "the printer has worked off everything up to the cut, and is well"
	case device.LevelTimed:
		return "the time that it takes has passed, and the printer is well"
	case device.LevelNone:
	}
	return "as far as anybody can tell"
}
