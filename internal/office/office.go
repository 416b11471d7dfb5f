// SPDX-License-Identifier: EUPL-1.2

// Package office is the conductor: it follows the journal and acts. What was
// issued is printed, what was called is shown, what was pressed becomes a command,
// and what came of it all returns to the journal as facts.
package office

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// Kind is what a device on the wire is.
type Kind string

// The kinds.
const (
	KindBox   Kind = "box"   // keys and a lamp at a counter
	KindPanel Kind = "panel" // a counter's number
	KindHall  Kind = "hall"  // the newest calls
)

// Device is a device on the wire that belongs to this office.
type Device struct {
	ID      string
	Kind    Kind
	Counter queue.CounterID // of a box or panel
}

// Link is the way to the devices; see package mqttlink.
type Link interface {
	Set(device string, content fwproto.Set)
	Reply(device string, reply fwproto.Reply)
	// Transit returns how long, at most, a message was on its way that was sent so long
	// after its sender had heard this heartbeat; false: it is not of this connection.
	Transit(epoch, beat uint32, since time.Duration) (time.Duration, bool)
}

// Printer is a ticket printer of this office.
type Printer struct {
	ID         string
	Device     device.Printer
	Roll       int // metres of paper on a whole roll; 0: not known
	SlipLength int // mm of an ordinary slip, for a printer that does not tell; 0: not known
}

// Options are what an [Office] is made of.
type Options struct {
	Engine   *queue.Engine // required
	Link     Link          // required
	Devices  []Device
	Wired    Wired
	Arrows   map[string]map[queue.CounterID]display.Arrow // by panel: where counters are as seen from it
	Printers []Printer
	Kiosks   []Kiosk
	Slip     Template
	Wait     Wait                  // nil: slips tell no expected wait
	Memory   Memory                // nil: nothing of a device is kept
	Health   *health.Board         // required
	Metrics  prometheus.Registerer // nil: none are shown
	Built    time.Time             // a clock before it is not believed
	Log      *slog.Logger          // required

	// Patience is how long, by the office's clock, a citizen is believed to wait for a
	// slip; 0: one minute. A simulation whose clock runs faster than its printers gives more.
	Patience time.Duration
}

// Office conducts one hall.
type Office struct {
	engine   *queue.Engine
	link     Link
	printers map[string]*printing
	order    []string // of the printers
	members  *members
	newBox   func(Device) *box
	screens  *screens
	board    *board
	keeper   *keeper
}

// New returns an office as the journal left it: slips that were on their way when the
// last process ended are reported as unknown once it runs.
func New(o Options) *Office {
	view := o.Engine.View()
	f := &Office{
		engine:   o.Engine,
		link:     o.Link,
		printers: map[string]*printing{},
		members:  newMembers(),
		screens:  newScreens(o),
		keeper:   &keeper{engine: o.Engine, health: o.Health, built: o.Built, log: o.Log},
	}
	slips, spares, metrics := newSlips(o.Slip, o.Wait), newSpares(o, f.printers), newMetrics(o.Metrics)
	f.board = newBoard(o, metrics)
	for _, p := range o.Printers {
		f.printers[p.ID] = newPrinting(p, o, slips, spares, metrics, view)
		f.order = append(f.order, p.ID)
	}
	f.newBox = func(d Device) *box {
		return &box{
			id: d.ID, counter: d.Counter, engine: o.Engine, link: o.Link, screens: f.screens, log: o.Log,
			presses: make(chan arrival, pressQueue),
		}
	}
	for _, d := range o.Devices {
		if d.Kind == KindBox {
			f.members.set(d.ID, f.newBox(d))
		}
	}
	return f
}

// Run conducts until ctx ends, which gives nil, or the journal cannot be read.
func (f *Office) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, p := range f.printers {
		g.Go(func() error { return p.run(ctx) })
	}
	g.Go(func() error { f.members.run(ctx, g); return nil })
	g.Go(func() error { return f.screens.run(ctx) })
	g.Go(func() error { return f.board.run(ctx) })
	g.Go(func() error { return f.keeper.run(ctx) })
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// Do asks the engine for a command; see [queue.Engine.Do].
func (f *Office) Do(ctx context.Context, by queue.Actor, c queue.Command) ([]queue.Record, error) {
	return f.engine.Do(ctx, by, c)
}

// View returns the office after the newest commit.
func (f *Office) View() *queue.View { return f.engine.View() }

// Follow yields every record behind after; see [queue.Engine.Follow].
func (f *Office) Follow(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error] {
	return f.engine.Follow(ctx, after)
}

// Now returns the office's wall clock.
func (f *Office) Now() time.Time { return f.engine.Now() }

// Ready returns nil once the office has looked at its calendar: from then on the day is open
// if it ought to be.
func (f *Office) Ready() error {
	if !f.keeper.looked.Load() {
		return errors.New("the office is being opened")
	}
	return nil
}

// PrinterReady returns the newest that is known of a printer, without asking it: nil
// when a slip would come out now.
func (f *Office) PrinterReady(id string) error {
	p, ok := f.printers[id]
	if !ok {
		return &device.Fault{Code: device.FaultOffline, Detail: "no printer " + id + " in the configuration"}
	}
	return p.ready()
}

// PrinterFaults takes everything that is wrong with a printer, from a driver that knows; none:
// nothing is. It does not wait for anybody.
func (f *Office) PrinterFaults(id string, faults []device.Fault) {
	if p, ok := f.printers[id]; ok {
		p.condition.told(faults)
	}
}

// PrinterState is what the staff see of a printer.
type PrinterState struct {
	ID    string
	Ready bool     // a slip would come out now
	Needs []string // names of the warnings that stand for it
	Used  int      // mm of paper since the roll was changed
	Left  int      // mm that are left on the roll, if that is known
	Known bool
}

// PrinterStates returns what is known of the printers, in the order of the options.
func (f *Office) PrinterStates() []PrinterState {
	out := make([]PrinterState, len(f.order))
	for i, id := range f.order {
		out[i] = f.printers[id].condition.state()
	}
	return out
}
