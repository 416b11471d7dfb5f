// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/health"
	conductor "github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// program is the way of the paper through the daemon, from the journal's file to the printer's
// port. It can die like a process: from that moment on, nothing that it still does reaches the file
// or the port.
type program struct {
	engine  *queue.Engine
	journal *mortal
	stop    context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	port device.Port // the newest
}

var errDead = errors.New("the process is dead")

// startProgram opens what is in dir. A wrap of nil leaves the printer as it is.
func startProgram(t *testing.T, dir string, profile escpos.Profile, open func(context.Context) (device.Port, error), wrap func(device.Printer) device.Printer) *program {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	file, err := store.Open(t.Context(), store.Options{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	p := &program{journal: &mortal{Store: file}}
	if p.engine, err = queue.Open(t.Context(), p.journal, queue.Options{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	driver := thermal.New(thermal.Options{
		Open:    func(ctx context.Context) (device.Port, error) { return p.open(ctx, open) },
		Profile: profile, Baud: 19200, Log: log, Interrupted: interrupted(p.engine.View()),
	})
	printer := device.Printer(driver)
	if wrap != nil {
		printer = wrap(driver)
	}
	hall := conductor.New(conductor.Options{
		Engine: p.engine, Link: deaf{}, Log: log, Memory: p.journal,
		Health:   health.NewBoard(prometheus.NewRegistry(), log),
		Printers: []conductor.Printer{{ID: "p1", Device: printer, SlipLength: profile.Length}},
		Kiosks:   []conductor.Kiosk{{ID: "kiosk", Printer: "p1"}},
		Slip: conductor.Template{Parts: []conductor.TemplatePart{
			{Name: conductor.PartOffice, Bold: true},
			{Name: conductor.PartService, Size: device.SizeTall},
			{Name: conductor.PartIssued},
			{Name: conductor.PartAhead},
			{Name: conductor.PartAdvice},
		}},
	})
	p.running.Go(func() { _ = p.engine.Run(ctx) })
	p.running.Go(func() { _ = driver.Run(ctx) })
	p.running.Go(func() { _ = hall.Run(ctx) })
	return p
}

// interrupted reports whether a slip was under way when the last program ended.
func interrupted(v *queue.View) bool {
	for t := range v.Tickets() {
		if t.Slip.Result == queue.SlipResultPending {
			return true
		}
	}
	return false
}

// open connects the port, which nobody but this program has.
func (p *program) open(ctx context.Context, open func(context.Context) (device.Port, error)) (device.Port, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.journal.dead.Load() {
		return nil, errDead
	}
	port, err := open(ctx)
	p.port = port
	return port, err
}

// kill is kill -9. It may be called from anywhere, more than once.
func (p *program) kill() {
	p.journal.dead.Store(true)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.port != nil {
		_ = p.port.Close()
	}
}

// bury ends what is left of the program, well or killed.
func (p *program) bury(t *testing.T) {
	t.Helper()
	p.stop()
	p.running.Wait()
	if err := p.journal.Close(); err != nil {
		t.Error(err)
	}
}

// records returns the whole journal.
func (p *program) records(t *testing.T) []queue.Record {
	t.Helper()
	var all []queue.Record
	for r, err := range p.journal.Records(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// mortal is a journal of a process that may die at any of its writes: before it, or behind it and
// before anybody hears of it.
type mortal struct {
	*store.Store
	dead atomic.Bool

	mu     sync.Mutex
	left   int // writes until the death; 0: it does not come by itself
	behind bool
	kill   func()
}

// dieAt lets the process die at the n-th write from now, behind it or before it.
func (m *mortal) dieAt(n int, behind bool, kill func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left, m.behind, m.kill = n, behind, kill
}

func (m *mortal) write(do func() error) error {
	m.mu.Lock()
	last := m.left == 1
	m.left = max(0, m.left-1)
	behind, kill := m.behind, m.kill
	m.mu.Unlock()
	if last && !behind {
		kill()
	}
	if m.dead.Load() {
		return errDead
	}
	err := do()
	if last {
		kill()
	}
	if m.dead.Load() {
		return errDead
	}
	return err
}

func (m *mortal) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (seq queue.Seq, err error) {
	err = m.write(func() error { seq, err = m.Store.Append(ctx, after, batch); return err })
	return seq, err
}

func (m *mortal) SetDeviceState(ctx context.Context, id string, state []byte) error {
	return m.write(func() error { return m.Store.SetDeviceState(ctx, id, state) })
}

// deaf is a wire to no devices.
type deaf struct{}

func (deaf) Set(string, fwproto.Set)     {}
func (deaf) Reply(string, fwproto.Reply) {}

func (deaf) Transit(uint32, uint32, time.Duration) (time.Duration, bool) { return 0, false }
