// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

const (
	paperSpeed = 150 // mm/s
	takeAfter  = 2 * time.Second
)

type dial = func(context.Context) (net.Conn, error)

func runBoxes(ctx context.Context, far *sync.WaitGroup, f *config.File, k keys, dial dial) map[queue.CounterID]*box.Box {
	boxes := map[queue.CounterID]*box.Box{}
	for _, d := range f.Devices {
		if d.Kind != config.KindBox {
			continue
		}
		b := box.New(box.Options{ID: d.ID, Password: k.devices[d.ID], Office: string(f.Settings().Office), Dial: dial})
		boxes[d.Counter] = b
		far.Go(func() { _ = b.Run(ctx) }) // its error is always nil
	}
	return boxes
}

func runPanels(ctx context.Context, far *sync.WaitGroup, f *config.File, k keys, dial dial) {
	for _, d := range f.Devices {
		if d.Kind != config.KindPanel && d.Kind != config.KindHall {
			continue
		}
		p := panel.New(panel.Options{ID: d.ID, Password: k.devices[d.ID], Office: string(f.Settings().Office), Dial: dial})
		far.Go(func() { _ = p.Run(ctx) }) // its error is always nil
	}
}

// printers stand behind pseudo-terminals: the daemon opens them as the serial ports
// that they seem to be.
type printers struct {
	list  []*paper.Printer
	lines []*paper.Terminal
}

// newPrinters makes printers that are as much faster as the office is: citizens who
// live sixty times as fast do not wait a minute for a slip. Out takes their papers.
func newPrinters(f *config.File, speed float64, out func(printer string, s paper.Sheet)) (*printers, error) {
	p := &printers{}
	for i := range f.Printers {
		c := &f.Printers[i]
		line, err := paper.OpenTerminal()
		if err != nil {
			p.close()
			return nil, fmt.Errorf("printer %s: %w", c.ID, err)
		}
		c.Path = line.Name
		p.lines = append(p.lines, line)
		p.list = append(p.list, paper.New(paper.Options{
			Model: modelOf(c.Profile), Baud: int(float64(c.Baud) * speed), MMPerSecond: paperSpeed * speed,
			TakeAfter: time.Duration(float64(takeAfter) / speed),
			Out:       func(s paper.Sheet) { out(c.ID, s) },
		}))
	}
	return p, nil
}

// modelOf returns the model that speaks a profile's dialect; of a profile that is not shipped, a
// generic one.
func modelOf(profile string) paper.Model {
	switch profile {
	case "epson-tm-t20iii":
		return paper.Epson
	case "epson-tm-t88":
		return paper.EpsonT88
	case "custom-vkp80iii":
		return paper.Custom
	case "custom-tg2480":
		return paper.CustomTG2480
	case "star-line":
		return paper.Star
	case "nippon-np2511":
		return paper.Nippon
	case "silent":
		return paper.Silent
	}
	return paper.Generic
}

// first returns the printer whose plug is in reach; nil if the office has none.
func (p *printers) first() *paper.Printer {
	if len(p.list) == 0 {
		return nil
	}
	return p.list[0]
}

func (p *printers) serve(ctx context.Context) {
	var all sync.WaitGroup
	for i, printer := range p.list {
		all.Go(func() { _ = printer.Serve(ctx, p.lines[i]) }) // ends with ctx
	}
	all.Wait()
}

// close takes the lines away; those that a printer has served are closed already.
func (p *printers) close() {
	for _, l := range p.lines {
		_ = l.Close()
	}
}
