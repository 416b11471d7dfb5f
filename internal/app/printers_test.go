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

// paperModels says which simulated printer stands at the other end of each profile's cable.
func paperModels() map[string]paper.Model {
	return map[string]paper.Model{
		"custom-tg2480":   paper.CustomTG2480,
		"custom-vkp80iii": paper.Custom,
		"epson-tm-t20iii": paper.Epson,
		"epson-tm-t88":    paper.EpsonT88,
		"generic":         paper.Generic,
		"nippon-np2511":   paper.Nippon,
		"silent":          paper.Silent,
		"star-line":       paper.Star,
		"xprinter":        paper.Generic,
	}
}

func lookup(t *testing.T, name string) (escpos.Profile, paper.Model) {
	t.Helper()
	profile, err := escpos.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	model, ok := paperModels()[name]
	if !ok {
		t.Fatalf("no simulated printer is named for profile %s", name)
	}
	return profile, model
}

// TestPrintersAgree holds the driver against the simulated printers, which were written
// from the manuals by somebody who had not read the driver.
func TestPrintersAgree(t *testing.T) {
	for _, name := range escpos.Names() {
		t.Run(name, func(t *testing.T) {
			profile, model := lookup(t, name)
			devicetest.TestPrinter(t, func(t *testing.T) devicetest.Bench {
				b := newPaperBench(t, profile, paper.Options{Model: model, Baud: 19200})
				b.drive(t, thermal.Options{Open: b.open, Baud: 19200})
				return b.bench()
			})
		})
	}
}

// paperBench is a driver and the simulated printer at the other end of its cable.
type paperBench struct {
	profile escpos.Profile
	driver  *thermal.Printer
	sim     *paper.Printer
	open    func(context.Context) (device.Port, error)

	running   sync.WaitGroup // drivers
	serving   sync.WaitGroup
	mu        sync.Mutex
	sheets    []paper.Sheet
	unplugged bool
}

func newPaperBench(t *testing.T, profile escpos.Profile, o paper.Options) *paperBench {
	b := &paperBench{profile: profile}
	o.Out = func(s paper.Sheet) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.sheets = append(b.sheets, s)
	}
	b.sim = paper.New(o)
	ctx := t.Context()
	b.open = func(context.Context) (device.Port, error) { return b.connect(ctx) }
	t.Cleanup(func() { b.running.Wait(); b.serving.Wait() })
	return b
}

// drive runs a driver until the test ends or the program is said to die.
func (b *paperBench) drive(t *testing.T, o thermal.Options) (die func()) {
	o.Profile, o.Log = b.profile, slog.New(slog.DiscardHandler)
	ctx, die := context.WithCancel(t.Context())
	driver := thermal.New(o)
	b.driver = driver
	b.running.Go(func() { _ = driver.Run(ctx) })
	return die
}

// connect is the port: a printer has one cable.
func (b *paperBench) connect(ctx context.Context) (device.Port, error) {
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

// all returns the text of each sheet.
func (b *paperBench) all() []string {
	var texts []string
	for _, s := range b.papers() {
		texts = append(texts, s.Text)
	}
	return texts
}

// papers returns each sheet.
func (b *paperBench) papers() []paper.Sheet {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.sheets)
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
		Printer: b.driver, Level: b.profile.Confirm,
		Sheets: b.all,
		Paper:  b.paper, Cover: b.sim.Cover, Jam: b.sim.Jam, Plug: b.plug,
		Answers:     func(answers bool) { b.sim.Silence(!answers) },
		PaperEnds:   func() { b.sim.PaperOut(150) },
		FallsSilent: func() { b.sim.At(paper.Received(150), func() { b.sim.Silence(true) }) },
		CableFalls:  func() { b.sim.At(paper.Received(150), func() { go b.plug(false) }) },
	}
}
