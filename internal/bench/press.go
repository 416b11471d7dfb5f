// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/queue"
)

const presses = 2000

// benchPress measures from the press at a box to the number on a display, over the
// embedded broker on loopback TCP.
func benchPress(ctx context.Context, o options) (rows []row, err error) {
	p, err := openPlain(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	hops, err := twoHops(ctx)
	if err != nil {
		return nil, err
	}
	inserts, err := measure(presses, func(int) error { return p.one(ctx) })
	if err != nil {
		return nil, err
	}
	shown, err := pressToShown(ctx, filepath.Join(o.dir, "press"))
	if err != nil {
		return nil, err
	}
	return []row{
		atMost("press -> display, QoS 1, p50", shown.at(50), hops.at(50)+inserts.at(50), 1.3),
		atMost("press -> display, QoS 1, p99", shown.at(99), hops.at(99)+inserts.at(99), 1.3),
	}, nil
}

func password() string { return "the password of a bench device" }

func credentials(string) ([32]byte, bool) { return sha256.Sum256([]byte(password())), true }

// far is a device on loopback TCP that takes what arrives on one topic.
type far struct {
	send chan mqttlink.Message
	got  chan []byte
}

func (f *far) session(id, office, topic string, address string) mqttlink.Session {
	f.send, f.got = make(chan mqttlink.Message), make(chan []byte, 16)
	topics := fwproto.Topics{Office: office}
	return mqttlink.Session{
		Dial:     func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", address) },
		ClientID: id, Username: id, Password: password(),
		Filters: map[string]byte{topic: 1},
		Will: func(uint32) mqttlink.Message {
			return mqttlink.Message{Topic: topics.DeviceState(id), Payload: []byte{0xa0}, QoS: 1}
		},
		OnMessage: func(m mqttlink.Message) { f.got <- m.Payload },
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case m := <-f.send:
					if err := publish(m); err != nil {
						return err
					}
				}
			}
		},
	}
}

// twoHops measures the broker alone: device, broker, a host that answers at once,
// broker, device.
func twoHops(ctx context.Context) (times, error) {
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer func() { stop(); all.Wait() }()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b, err := broker.New(broker.Options{Office: "bench", Listen: l, Credentials: credentials})
	if err != nil {
		return nil, err
	}
	all.Go(func() { _ = b.Run(ctx) }) // ends with ctx
	topics := fwproto.Topics{Office: "bench"}
	answers := make(chan []byte, 16)
	host := mqttlink.Session{
		Dial:     func(context.Context) (net.Conn, error) { return b.HostPipe() },
		ClientID: mqttlink.DefaultClientID,
		Filters:  map[string]byte{topics.DeviceEvent("box"): 1},
		Will: func(uint32) mqttlink.Message {
			return mqttlink.Message{Topic: topics.Host(), Payload: []byte{0xa0}, QoS: 1}
		},
		OnMessage: func(m mqttlink.Message) { answers <- m.Payload },
		Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case payload := <-answers:
					if err := publish(mqttlink.Message{Topic: topics.DeviceSet("box"), Payload: payload, QoS: 1, Retained: true}); err != nil {
						return err
					}
				}
			}
		},
	}
	all.Go(func() { _ = host.Run(ctx) }) // its error is always nil
	device := &far{}
	session := device.session("box", "bench", topics.DeviceSet("box"), l.Addr().String())
	all.Go(func() { _ = session.Run(ctx) }) // its error is always nil
	payload := make([]byte, 27)
	hop := func(int) error {
		device.send <- mqttlink.Message{Topic: topics.DeviceEvent("box"), Payload: payload, QoS: 1}
		select {
		case <-device.got:
			return nil
		case <-time.After(3 * time.Second):
			return errors.New("the broker does not answer")
		}
	}
	if err := hop(0); err != nil { // the host may have come later than the device
		if err := hop(0); err != nil {
			return nil, err
		}
	}
	return measure(presses, hop)
}

// pressToShown measures the whole daemon.
func pressToShown(ctx context.Context, dir string) (_ times, err error) {
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
	defer stop()
	a, err := app.New(ctx, app.Options{Config: file, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	var all sync.WaitGroup
	ended := make(chan error, 1)
	all.Go(func() { ended <- a.Run(ctx) })
	defer func() { stop(); all.Wait(); err = errors.Join(err, <-ended) }()

	topics := fwproto.Topics{Office: "bench"}
	display := &far{}
	session := display.session("panel", "bench", topics.DeviceSet("panel"), address)
	all.Go(func() { _ = session.Run(ctx) }) // its error is always nil
	keys := box.New(box.Options{ID: "box", Office: "bench", Password: password(), Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}})
	all.Go(func() { _ = keys.Run(ctx) }) // its error is always nil
	h := &hall{app: a, keys: keys, display: display}
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	var out times
	for i := range presses + 100 {
		took, err := h.press(ctx, i)
		if err != nil {
			return nil, err
		}
		if i >= 100 {
			out = append(out, took)
		}
	}
	return out, nil
}

// hall is one counter with a box and a display.
type hall struct {
	app     *app.App
	keys    *box.Box
	display *far
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
