// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/devicetest"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// TestPrintersAgree holds the driver against the simulated printers, which were written
// from the manuals by somebody who had not read the driver.
func TestPrintersAgree(t *testing.T) {
	for name, model := range map[string]paper.Model{
		"epson-tm-t20iii": paper.Epson, "custom-vkp80iii": paper.Custom, "generic": paper.Generic, "silent": paper.Silent,
	} {
		t.Run(name, func(t *testing.T) {
			profile, err := escpos.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			devicetest.TestPrinter(t, func(t *testing.T) devicetest.Bench { return newPaperBench(t, profile, model).bench() })
		})
	}
}

// paperBench is a driver and the simulated printer at the other end of its cable.
type paperBench struct {
	driver *thermal.Printer
	sim    *paper.Printer
	level  device.Level

	serving   sync.WaitGroup
	mu        sync.Mutex
	sheets    []string
	unplugged bool
}

func newPaperBench(t *testing.T, profile escpos.Profile, model paper.Model) *paperBench {
	b := &paperBench{level: profile.Confirm}
	b.sim = paper.New(paper.Options{Model: model, Baud: 19200, Out: func(s paper.Sheet) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.sheets = append(b.sheets, s.Text)
	}})
	ctx := t.Context()
	b.driver = thermal.New(thermal.Options{
		Open:    func(context.Context) (device.Port, error) { return b.open(ctx) },
		Profile: profile, Baud: 19200, Log: slog.New(slog.DiscardHandler),
	})
	var running sync.WaitGroup
	running.Go(func() { _ = b.driver.Run(ctx) })
	t.Cleanup(func() { running.Wait(); b.serving.Wait() })
	return b
}

// open is the port: a printer has one cable.
func (b *paperBench) open(ctx context.Context) (device.Port, error) {
	b.mu.Lock()
	gone := b.unplugged
	b.mu.Unlock()
	if gone {
		return nil, errAway
	}
	b.sim.Unplug()
	b.serving.Wait()
	host, far := net.Pipe()
	b.serving.Go(func() { _ = b.sim.Serve(ctx, far) })
	return host, nil
}

func (b *paperBench) plug(in bool) {
	b.mu.Lock()
	b.unplugged = !in
	b.mu.Unlock()
	if !in {
		b.sim.Unplug()
	}
}

func (b *paperBench) paper(loaded bool) {
	if loaded {
		b.sim.LoadPaper()
	} else {
		b.sim.PaperOut(0)
	}
}

func (b *paperBench) bench() devicetest.Bench {
	return devicetest.Bench{
		Printer: b.driver, Level: b.level,
		Sheets: func() []string {
			b.mu.Lock()
			defer b.mu.Unlock()
			return slices.Clone(b.sheets)
		},
		Paper: b.paper, Cover: b.sim.Cover, Jam: b.sim.Jam, Plug: b.plug,
		Answers:     func(answers bool) { b.sim.Silence(!answers) },
		PaperEnds:   func() { b.sim.PaperOut(150) },
		FallsSilent: func() { b.sim.After(150, func() { b.sim.Silence(true) }) },
		CableFalls:  func() { b.sim.After(150, func() { go b.plug(false) }) },
	}
}
