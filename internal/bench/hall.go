// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/queue"
)

// hall is the whole daemon with one counter that has a box and displays.
type hall struct {
	app    *app.App
	keys   *box.Box
	panels []*far // the first is the counter's, the others are the hall's
	stop   context.CancelFunc
	all    sync.WaitGroup
	ended  chan error
}

// openHall has it over the broker at an address, "" for the embedded one, with so many
// panels in the hall.
func openHall(ctx context.Context, dir, external string, panels int) (*hall, error) {
	file, err := config.Load(benchOffice, app.CheckConfig)
	if err != nil {
		return nil, err
	}
	for i := range panels {
		file.Devices = append(file.Devices, config.Device{ID: fmt.Sprintf("hall-%d", i), Kind: config.KindHall})
	}
	address := external
	if external != "" {
		file.MQTT.URL = "mqtt://" + external
	} else {
		if address, err = freeAddress(ctx); err != nil {
			return nil, err
		}
		file.MQTT.Listen = address
	}
	file.DataDir, file.HTTP.Listen = dir, "127.0.0.1:0"
	for i := range file.Devices {
		file.Devices[i].Password, _ = credentials("")
	}
	ctx, stop := context.WithCancel(ctx)
	h := &hall{stop: stop, ended: make(chan error, 1)}
	if h.app, err = app.New(ctx, app.Options{Config: file, Log: slog.New(slog.DiscardHandler)}); err != nil {
		stop()
		return nil, err
	}
	h.all.Go(func() { h.ended <- h.app.Run(ctx) })
	topics := fwproto.Topics{Office: "bench"}
	for _, d := range file.Devices {
		if d.Kind == config.KindBox {
			continue
		}
		p := &far{}
		session := p.session(d.ID, "bench", topics.DeviceSet(d.ID), address)
		h.panels = append(h.panels, p)
		h.all.Go(func() { _ = session.Run(ctx) }) // its error is always nil
	}
	h.keys = box.New(box.Options{ID: "box", Office: "bench", Password: password(), Dial: tcp(address)})
	h.all.Go(func() { _ = h.keys.Run(ctx) }) // its error is always nil
	if err := h.open(ctx); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *hall) close() error {
	h.stop()
	h.all.Wait()
	return <-h.ended
}

func (h *hall) do(ctx context.Context, c queue.Command) ([]queue.Record, error) {
	return h.app.Office().Do(ctx, system(), c)
}

func (h *hall) seen() queue.Revision {
	c, _ := h.app.Office().View().Counter("c0")
	return c.Seen
}

// open waits for the day and opens the counter.
func (h *hall) open(ctx context.Context) error {
	for range 100 {
		if _, err := h.do(ctx, queue.OpenCounter{Counter: "c0", Seen: h.seen()}); err == nil {
			return h.see(ctx, h.seen())
		}
		time.Sleep(100 * time.Millisecond)
	}
	return errors.New("the day does not open")
}

// see waits until the box has heard of a revision.
func (h *hall) see(ctx context.Context, rev queue.Revision) error {
	for range 100_000 {
		if set, _ := h.keys.Set(); set.Rev >= uint64(rev) {
			return ctx.Err()
		}
		time.Sleep(100 * time.Microsecond)
	}
	return fmt.Errorf("the box does not hear of revision %d", rev)
}

// took is how long after a press the reply, the number on the counter's display, its
// confirmation, and the number on the last display came.
type took struct{ reply, shown, confirmed, last time.Duration }

// press calls one citizen.
func (h *hall) press(ctx context.Context, i int) (t took, err error) {
	records, err := h.do(ctx, queue.IssueTicket{Service: queue.ServiceID(fmt.Sprintf("v%d", i%20))})
	if err != nil {
		return t, err
	}
	e, ok := records[0].Event.(queue.TicketIssued)
	if !ok {
		return t, errors.New("no ticket was issued")
	}
	if err := h.see(ctx, h.seen()); err != nil {
		return t, err
	}
	time.Sleep(breath) // nobody presses while the displays are still told of the ticket
	begin := time.Now()
	replied := make(chan error, 1)
	go func() { _, err := h.keys.Press(ctx, fwproto.KeyNext); t.reply = time.Since(begin); replied <- err }()
	for i, p := range h.panels {
		set, err := p.until(e.Number)
		if err != nil {
			return t, err
		}
		t.last = time.Since(begin)
		if i > 0 {
			continue
		}
		t.shown = t.last
		if err := h.confirm(ctx, p, set); err != nil {
			return t, err
		}
		t.confirmed = time.Since(begin)
	}
	if err := <-replied; err != nil {
		return t, err
	}
	if _, err := h.do(ctx, queue.Finish{Counter: "c0", Seen: h.seen()}); err != nil {
		return t, err
	}
	return t, h.see(ctx, h.seen())
}

// until waits for the content with a number.
func (f *far) until(number string) (fwproto.Set, error) {
	late := time.NewTimer(5 * time.Second)
	defer late.Stop()
	for {
		select {
		case payload := <-f.got:
			set, err := fwproto.Decode[fwproto.Set](payload)
			if err == nil && len(set.Rows) > 0 && set.Rows[0].Number == number {
				return set, nil
			}
		case <-late.C:
			return fwproto.Set{}, fmt.Errorf("a display does not show %s", number)
		}
	}
}

// confirm lets the counter's display say what it shows, until the daemon knows. With other
// displays there is no time for that.
func (h *hall) confirm(ctx context.Context, p *far, set fwproto.Set) error {
	if len(h.panels) > 1 {
		return nil
	}
	payload, err := fwproto.Encode(fwproto.Shown{Epoch: set.Epoch, Rev: set.Rev, CRC: set.CRC()})
	if err != nil {
		return err
	}
	p.send <- mqttlink.Message{Topic: fwproto.Topics{Office: "bench"}.DeviceShown("panel"), Payload: payload, QoS: 1, Retained: true}
	for range 100_000 {
		if s, ok := h.app.Office().Screen("panel"); ok && s.Confirmed {
			return ctx.Err()
		}
		time.Sleep(20 * time.Microsecond)
	}
	return errors.New("the daemon does not hear what the display shows")
}
