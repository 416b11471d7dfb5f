// SPDX-License-Identifier: EUPL-1.2

package hall

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

const (
	shortestPull, longestPull = 5 * time.Second, 5 * time.Minute
	// lurk is how long somebody waits for a slip to pull the plug in the middle of.
	lurk = 5 * time.Minute
)

// Pull is somebody who pulls the printer's plug out of the wall and puts it back. Its times are
// the office's.
type Pull struct {
	At  time.Time
	For time.Duration
	// Point, if Into is set, is the moment in the next job behind At that is waited for.
	Into  bool
	Point paper.Point
}

// Pulls draws n pulls over a day, in the order of their times: one in three whatever the printer
// does then, the others in the middle of a slip, at a byte or at a row of dots. The same seed gives
// the same pulls. A day without citizens has none.
func Pulls(seed uint64, day demand.Day, n int) []Pull {
	if len(day.Arrivals) == 0 {
		return nil
	}
	dice := rand.New(rand.NewPCG(seed, 2))
	begin := day.Arrivals[0].At
	span := day.Arrivals[len(day.Arrivals)-1].At.Sub(begin)
	out := make([]Pull, n)
	for i := range out {
		p := Pull{
			At:  begin.Add(time.Duration(dice.Int64N(int64(span) + 1))),
			For: shortestPull + time.Duration(dice.Int64N(int64(longestPull-shortestPull))),
		}
		switch dice.IntN(3) {
		case 0:
			p.Into, p.Point = true, paper.Received(1+dice.IntN(500))
		case 1:
			p.Into, p.Point = true, paper.Moved(1+dice.IntN(900))
		}
		out[i] = p
	}
	slices.SortFunc(out, func(a, b Pull) int { return a.At.Compare(b.At) })
	return out
}

// pull carries out the pulls, one after the other.
func (h *Hall) pull(ctx context.Context) {
	for _, p := range h.o.Pulls {
		if !h.until(ctx, p.At) {
			return
		}
		if p.Into {
			struck := make(chan struct{})
			h.o.Printer.At(p.Point, func() {
				h.o.Printer.PowerOff()
				close(struck)
			})
			h.await(ctx, struck, lurk)
			h.o.Printer.At(p.Point, nil)
			if ctx.Err() != nil {
				return
			}
		}
		h.o.Printer.PowerOff() // once more does nothing
		h.pause(ctx, p.For)
		h.o.Printer.PowerOn()
	}
}

// await waits for a span of office time at most.
func (h *Hall) await(ctx context.Context, what <-chan struct{}, d time.Duration) {
	t := time.NewTimer(time.Duration(float64(d) / h.o.Speed))
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-what:
	}
}
