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

	"golang.org/x/sync/errgroup"

	"github.com/avanti-queue/avanti/device"
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
}

// Options are what an [Office] is made of. All fields but the last are needed.
type Options struct {
	Engine   *queue.Engine
	Link     Link
	Devices  []Device
	Printers map[string]device.Printer // by id
	Health   *health.Board
	Built    time.Time // a clock before it is not believed
	Log      *slog.Logger

	// Patience is how long, by the office's clock, a citizen is believed to wait for a
	// slip; 0: one minute. A simulation whose clock runs faster than its printers gives more.
	Patience time.Duration
}

// Office conducts one hall.
type Office struct {
	engine   *queue.Engine
	link     Link
	printers map[string]*printing
	boxes    map[string]*box
	screens  *screens
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
		boxes:    map[string]*box{},
		screens:  newScreens(o),
		keeper:   &keeper{engine: o.Engine, health: o.Health, built: o.Built, log: o.Log},
	}
	for id, p := range o.Printers {
		f.printers[id] = newPrinting(id, p, o, view)
	}
	for _, d := range o.Devices {
		if d.Kind == KindBox {
			f.boxes[d.ID] = &box{
				id: d.ID, counter: d.Counter, engine: o.Engine, link: o.Link, log: o.Log,
				presses: make(chan arrival, pressQueue),
			}
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
	for _, b := range f.boxes {
		g.Go(func() error { return b.run(ctx) })
	}
	g.Go(func() error { return f.screens.run(ctx) })
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

// PrinterReady returns the newest that is known of a printer, without asking it: nil
// when a slip would come out now.
func (f *Office) PrinterReady(id string) error {
	p, ok := f.printers[id]
	if !ok {
		return &device.Fault{Code: device.FaultOffline, Detail: "no printer " + id + " in the configuration"}
	}
	return p.ready()
}
