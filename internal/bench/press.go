// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

const (
	presses = 2000
	warmUp  = 100
	// breath lies between two measurements: clerks do not press without end, and a
	// machine that was idle for a moment answers more slowly than a busy one.
	breath = 200 * time.Microsecond

	fanned = 100 // panels that show one call
	shouts = 300 // that they show
)

// benchPress measures from the press at a box to the reply, to the number on a display and
// to its confirmation, over the embedded broker and over Mosquitto, on loopback TCP, in
// turns with its floors.
func benchPress(ctx context.Context, o options) (rows []row, err error) {
	embedded, err := benchPresses(ctx, o, "embedded broker", "")
	if err != nil {
		return nil, err
	}
	m, err := startMosquitto(ctx, o.dir)
	if err != nil {
		return embedded, err
	}
	defer func() { err = errors.Join(err, m.stop()) }()
	external, err := benchPresses(ctx, o, "Mosquitto", m.address)
	return append(embedded, external...), err
}

func benchPresses(ctx context.Context, o options, name, external string) (rows []row, err error) {
	p, err := openPlain(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	h, err := openHops(ctx, external)
	if err != nil {
		return nil, err
	}
	defer h.close()
	counter, err := openHall(ctx, filepath.Join(o.dir, "press over "+name), external, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, counter.close()) }()
	var reply, shown, confirmed, hop, insert times
	for i := range presses + warmUp {
		took, err := counter.press(ctx, i)
		if err != nil {
			return nil, err
		}
		time.Sleep(breath)
		a, err := measure(1, func(int) error { return h.one() })
		if err != nil {
			return nil, err
		}
		time.Sleep(breath)
		b, err := measure(1, func(int) error { return p.one(ctx) })
		if err != nil {
			return nil, err
		}
		if i < warmUp {
			continue
		}
		reply, shown, confirmed = append(reply, took.reply), append(shown, took.shown), append(confirmed, took.confirmed)
		hop, insert = append(hop, a...), append(insert, b...)
	}
	for _, percent := range []float64{50, 99} {
		two, commit := hop.at(percent), insert.at(percent)
		label := func(to string) string { return fmt.Sprintf("press -> %s, %s, p%.0f", to, name, percent) }
		rows = append(rows,
			atMost(label("reply"), reply.at(percent), two+commit, 1.3),
			atMost(label("display"), shown.at(percent), two+commit, 1.3),
			atMost(label("confirmed"), confirmed.at(percent), two+two/2+commit, 1.3),
		)
	}
	return rows, nil
}

// benchFan measures one call until the last of many panels has it.
func benchFan(ctx context.Context, o options) (rows []row, err error) {
	h, err := openHall(ctx, filepath.Join(o.dir, "fan"), "", fanned)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	var last times
	for i := range shouts + warmUp {
		took, err := h.press(ctx, i)
		if err != nil {
			return nil, err
		}
		time.Sleep(10 * breath)
		if i >= warmUp {
			last = append(last, took.last)
		}
	}
	what := fmt.Sprintf("press -> the last of %d panels, p%%d", fanned)
	return []row{
		within(fmt.Sprintf(what, 50), float64(last.at(50))/1e6, 20, "ms"),
		within(fmt.Sprintf(what, 99), float64(last.at(99))/1e6, 20, "ms"),
	}, nil
}
