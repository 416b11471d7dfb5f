// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
	periph "periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/gpio"
	"github.com/avanti-queue/avanti/device/panel"
	"github.com/avanti-queue/avanti/device/serialport"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/office"
)

// board is what hangs on the board's own wires. Each part looks for its wire by itself, again and
// again, and tells the office while it is not there.
type board struct {
	wired  office.Wired
	office *office.Office // set before anything runs
	parts  []func(context.Context) error
}

func (a *App) openBoard() (*board, error) {
	b := &board{}
	lines := a.options.Lines
	if lines == nil {
		lines = gpio.Line
	}
	on := func(name string) func() (periph.PinIO, error) {
		return func() (periph.PinIO, error) { return lines(name) }
	}
	wires := a.options.Config.Board
	for _, c := range wires.Buttons {
		b.addButton(c, on(c.Line))
	}
	for _, c := range wires.Lamps {
		b.addLamp(c, on(c.Line))
	}
	for _, c := range wires.Panels {
		if err := b.addPanels(wires, c, a.wireOf(c)); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *board) addButton(c config.Button, open func() (periph.PinIO, error)) {
	button := gpio.NewButton(gpio.ButtonOptions{Open: open, Pull: gpio.Pull(c.Pull), ActiveHigh: c.ActiveHigh, Long: c.Long})
	b.wired.Keys = append(b.wired.Keys, office.WiredKey{ID: c.ID, Counter: c.Counter, Press: keyOf(c.Key), Hold: keyOf(c.LongKey)})
	b.parts = append(b.parts, func(ctx context.Context) error {
		return button.Run(ctx, func(e device.ButtonEvent) { b.office.KeyEvent(c.ID, e) })
	})
}

func (b *board) addLamp(c config.Lamp, open func() (periph.PinIO, error)) {
	lamp := gpio.NewLamp(gpio.LampOptions{
		Open: open, ActiveLow: c.ActiveLow,
		OnFault: func(fault error) { b.office.LampFault(c.ID, fault) },
	})
	b.wired.Lamps = append(b.wired.Lamps, office.WiredLamp{ID: c.ID, Counter: c.Counter, Lamp: lamp})
	b.parts = append(b.parts, lamp.Run)
}

func (b *board) addPanels(all config.Board, c config.PanelLine, open func(context.Context) (panel.Wire, error)) error {
	line, err := panel.New(panel.Options{
		Open: open, Panels: faces(all, c),
		OnShown: func(i int, s device.PanelShown) { b.office.PanelShown(c.Panels[i].ID, s) },
	})
	if err != nil {
		return fmt.Errorf("panels on %s: %w", c.Path, err)
	}
	for i, p := range c.Panels {
		b.wired.Panels = append(b.wired.Panels, office.WiredPanel{ID: p.ID, Counter: p.Counter, Panel: line.Panel(i)})
	}
	b.parts = append(b.parts, line.Run)
	return nil
}

// run runs all parts until ctx ends. They stop together: each panel takes its time to go dark.
func (b *board) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, run := range b.parts {
		g.Go(func() error { return run(ctx) })
	}
	return g.Wait()
}

func keyOf(k config.Key) fwproto.Key {
	switch k {
	case config.KeyNext:
		return fwproto.KeyNext
	case config.KeyRecall:
		return fwproto.KeyRecall
	case config.KeyStart:
		return fwproto.KeyStart
	case config.KeyFinish:
		return fwproto.KeyFinish
	case config.KeyNoShow:
		return fwproto.KeyNoShow
	}
	return 0
}

// wireOf returns what opens the wire of some panels.
func (a *App) wireOf(c config.PanelLine) func(context.Context) (panel.Wire, error) {
	switch c.Wire {
	case config.WireSPI:
		return func(context.Context) (panel.Wire, error) { return openSPI(c) }
	case config.WireI2C:
		return func(context.Context) (panel.Wire, error) { return openI2C(c) }
	case config.WireSerial:
	}
	protocol, _ := protocolOf(a.options.Config.Board, c.Driver) // the configuration was checked
	addresses := make([]int, len(c.Panels))
	for i, p := range c.Panels {
		addresses[i] = p.Address
	}
	open, ok := a.options.Ports[c.Path]
	if !ok {
		open = func(ctx context.Context) (device.Port, error) {
			return serialport.Open(ctx, serialport.Config{Path: c.Path, Baud: protocol.Baud, Parity: serialport.Parity(protocol.Parity)})
		}
	}
	return func(ctx context.Context) (panel.Wire, error) {
		port, err := open(ctx)
		if err != nil {
			return nil, err
		}
		wire, err := panel.NewSerial(port, protocol, addresses)
		if err != nil {
			return nil, errors.Join(err, port.Close())
		}
		return wire, nil
	}
}

func openSPI(c config.PanelLine) (panel.Wire, error) {
	port, err := panel.OpenSPI(c.Path)
	if err != nil {
		return nil, err
	}
	o := panel.MAX7219Options{Brightness: c.Brightness}
	for _, p := range c.Panels {
		o.Places = append(o.Places, p.Places)
	}
	wire, err := panel.NewMAX7219(port, o)
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	return wire, nil
}

func openI2C(c config.PanelLine) (panel.Wire, error) {
	bus, err := panel.OpenI2C(c.Path)
	if err != nil {
		return nil, err
	}
	o := panel.HT16K33Options{Brightness: c.Brightness}
	for _, p := range c.Panels {
		o.Panels = append(o.Panels, panel.HT16K33Panel{Address: uint16(p.Address), Fourteen: p.Segments == 14, Columns: p.Columns})
	}
	wire, err := panel.NewHT16K33(bus, o)
	if err != nil {
		return nil, errors.Join(err, bus.Close())
	}
	return wire, nil
}
