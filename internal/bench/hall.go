// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/queue"
)

// hall is the whole daemon with one counter that has a box and a display.
type hall struct {
	app     *app.App
	keys    *box.Box
	display *far
	stop    context.CancelFunc
	all     sync.WaitGroup
	ended   chan error
}

func openHall(ctx context.Context, dir string) (*hall, error) {
	file, err := config.Load(benchOffice, app.CheckConfig)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	file.DataDir, file.HTTP.Listen, file.MQTT.Listen = dir, "127.0.0.1:0", address
	for i := range file.Devices {
		file.Devices[i].Password, _ = credentials("")
	}
	ctx, stop := context.WithCancel(ctx)
	h := &hall{display: &far{}, stop: stop, ended: make(chan error, 1)}
	if h.app, err = app.New(ctx, app.Options{Config: file, Log: slog.New(slog.DiscardHandler)}); err != nil {
		stop()
		return nil, err
	}
	h.all.Go(func() { h.ended <- h.app.Run(ctx) })
	topics := fwproto.Topics{Office: "bench"}
	session := h.display.session("panel", "bench", topics.DeviceSet("panel"), address)
	h.all.Go(func() { _ = session.Run(ctx) }) // its error is always nil
	h.keys = box.New(box.Options{ID: "box", Office: "bench", Password: password(), Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}})
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

// press calls one citizen and returns how long the display took to show the number.
func (h *hall) press(ctx context.Context, i int) (time.Duration, error) {
	records, err := h.do(ctx, queue.IssueTicket{Service: queue.ServiceID(fmt.Sprintf("v%d", i%20))})
	if err != nil {
		return 0, err
	}
	e, ok := records[0].Event.(queue.TicketIssued)
	if !ok {
		return 0, errors.New("no ticket was issued")
	}
	if err := h.see(ctx, h.seen()); err != nil {
		return 0, err
	}
	begin := time.Now()
	replied := make(chan error, 1)
	go func() { _, err := h.keys.Press(ctx, fwproto.KeyNext); replied <- err }()
	took := time.Duration(0)
	for took == 0 {
		select {
		case payload := <-h.display.got:
			set, err := fwproto.Decode[fwproto.Set](payload)
			if err == nil && len(set.Rows) > 0 && set.Rows[0].Number == e.Number {
				took = time.Since(begin)
			}
		case <-time.After(5 * time.Second):
			return 0, fmt.Errorf("the display does not show %s", e.Number)
		}
	}
	if err := <-replied; err != nil {
		return 0, err
	}
	if _, err := h.do(ctx, queue.Finish{Counter: "c0", Seen: h.seen()}); err != nil {
		return 0, err
	}
	return took, h.see(ctx, h.seen())
}
