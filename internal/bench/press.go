// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"
)

const (
	presses = 2000
	warmUp  = 100
	// breath lies between two measurements: clerks do not press without end, and a
	// machine that was idle for a moment answers more slowly than a busy one.
	breath = 200 * time.Microsecond
)

// benchPress measures from the press at a box to the number on a display, over the
// embedded broker on loopback TCP, in turns with its floors.
func benchPress(ctx context.Context, o options) (rows []row, err error) {
	p, err := openPlain(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	h, err := openHops(ctx)
	if err != nil {
		return nil, err
	}
	defer h.close()
	counter, err := openHall(ctx, filepath.Join(o.dir, "press"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, counter.close()) }()
	var shown, hop, insert times
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
		if i >= warmUp {
			shown, hop, insert = append(shown, took), append(hop, a...), append(insert, b...)
		}
	}
	return []row{
		atMost("press -> display, QoS 1, p50", shown.at(50), hop.at(50)+insert.at(50), 1.3),
		atMost("press -> display, QoS 1, p99", shown.at(99), hop.at(99)+insert.at(99), 1.3),
	}, nil
}
