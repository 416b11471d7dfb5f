// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	slipTouches = 5      // at each speed of the line
	paperSpeed  = 150    // mm/s, of the simulated printer
	bladeTime   = .35    // seconds, of the simulated cutter
	encodings   = 20_000 // slips that are encoded
)

// benchSlips measures the paper: how long the default ticket is on the line, what it costs to put it
// into the printer's language, and how long a citizen waits for it.
func benchSlips(ctx context.Context, o options) ([]row, error) {
	profile, err := escpos.Lookup("epson-tm-t20iii")
	if err != nil {
		return nil, err
	}
	job, err := catchJob(ctx, filepath.Join(o.dir, "caught"))
	if err != nil {
		return nil, err
	}
	size := len(profile.Encode(job))
	rows := []row{within("default ticket, QR and stored mark, on the line", float64(size), 520, "bytes")}
	for _, baud := range []int{9600, 19200, 38400, 115200} {
		took, length, err := touchToCut(ctx, filepath.Join(o.dir, fmt.Sprint("slips-", baud)), &profile, baud)
		if err != nil {
			return nil, fmt.Errorf("%d baud: %w", baud, err)
		}
		seconds := max(10*float64(size)/float64(baud), length/paperSpeed) + bladeTime
		rows = append(rows, aboveFloor(fmt.Sprintf("touch -> cut at %d baud, p50", baud),
			took.at(50), time.Duration(seconds*float64(time.Second)), 300*time.Millisecond))
	}
	return append(rows, encoderRows(&profile, job)...), nil
}

// aboveFloor compares a time with a floor that it may exceed by so much.
func aboveFloor(name string, figure, floor, by time.Duration) row {
	return row{
		name: name, figure: millis(figure), floor: millis(floor), ratio: float64(figure) / float64(floor),
		aim: fmt.Sprintf("<= floor + %.1f s", by.Seconds()), met: figure <= floor+by,
	}
}

// encoderRows measures the encoder alone.
func encoderRows(profile *escpos.Profile, job device.Job) []row {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begin := time.Now()
	for range encodings {
		profile.Pieces(job)
	}
	each := time.Since(begin) / encodings
	runtime.ReadMemStats(&after)
	allocations := float64(after.Mallocs-before.Mallocs) / encodings
	return []row{
		within("slip -> bytes, time", float64(each)/float64(time.Microsecond), 50, "us"),
		within("slip -> bytes, memory", allocations, 20, "allocations"),
	}
}

// catcher is a printer that hands over what it is given.
type catcher chan device.Job

func (catcher) Ready(context.Context) error { return nil }

func (c catcher) Print(_ context.Context, j device.Job) device.Outcome {
	c <- j
	return device.Outcome{Result: device.ResultPrinted, Level: device.LevelConfirmed}
}

var errNoSlip = errors.New("no slip comes out")
