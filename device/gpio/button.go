// SPDX-License-Identifier: EUPL-1.2

package gpio

import (
	"context"
	"fmt"
	"time"

	periph "periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
)

const (
	checkEvery = time.Second     // between two questions whether the line is there
	openAgain  = 5 * time.Second // after a line was lost
)

// Pull is the resistor that the board puts to a line.
type Pull string

// The pulls.
const (
	PullNone Pull = "none" // the zero value means this too: the resistor is outside
	PullUp   Pull = "up"
	PullDown Pull = "down"
)

func (p Pull) periph() periph.Pull {
	switch p {
	case PullUp:
		return periph.PullUp
	case PullDown:
		return periph.PullDown
	}
	return periph.Float
}

// ButtonOptions say how a key is wired.
type ButtonOptions struct {
	// Open finds the line, [Line] for one of the board. It is called anew after each loss.
	// Required.
	Open func() (periph.PinIO, error)
	Pull Pull
	// ActiveHigh: the pressed key brings the line up. Otherwise, and usually, the key brings the
	// line down to ground.
	ActiveHigh bool
	// Long is how long the key has to be held for a long press; 0: it has none, and a press is
	// told at once instead of at its end.
	Long time.Duration
	// Stuck is how long a key may be down; 0: a minute.
	Stuck time.Duration
}

// Button is a [device.Button] on a line. A key that is down when the line is first read is not
// pressed until it was let go and pressed again.
type Button struct{ o ButtonOptions }

var _ device.Button = (*Button)(nil)

// NewButton returns a button that waits for its Run.
func NewButton(o ButtonOptions) *Button {
	if o.Stuck == 0 {
		o.Stuck = time.Minute
	}
	return &Button{o: o}
}

// Run implements [device.Button].
func (b *Button) Run(ctx context.Context, tell func(device.ButtonEvent)) error {
	k := key{long: b.o.Long, stuck: b.o.Stuck}
	lost := ""
	for {
		err := b.watch(ctx, &k, func(e device.ButtonEvent) {
			lost = ""
			tell(e)
		})
		if err == nil {
			return nil
		}
		if detail := err.Error(); detail != lost {
			lost = detail
			tell(device.ButtonEvent{Kind: device.ButtonLost, At: time.Now(), Detail: detail})
		}
		// What the key does meanwhile is not known.
		k = key{long: b.o.Long, stuck: b.o.Stuck, seq: k.seq}
		pause(ctx, openAgain)
	}
}

// watch reads the line until ctx ends or the line is lost, which the error describes.
func (b *Button) watch(ctx context.Context, k *key, tell func(device.ButtonEvent)) error {
	if ctx.Err() != nil {
		return nil
	}
	pin, err := b.o.Open()
	if err != nil {
		return err
	}
	defer release(pin)
	edges, err := b.setUp(pin)
	if err != nil {
		return err
	}
	wait := minWait
	checked := time.Now()
	for {
		edge := await(ctx, pin, edges, wait)
		if ctx.Err() != nil {
			return nil
		}
		down, now := b.read(pin), time.Now()
		if k.turns(down, edge, now) || now.Sub(checked) >= checkEvery {
			// Only this tells a line that is gone from one that is low.
			if edges, err = b.setUp(pin); err != nil {
				return err
			}
			down, now, checked = b.read(pin), time.Now(), time.Now()
		}
		for _, e := range k.sample(down, edge, now) {
			tell(e)
		}
		wait = k.wait(now)
	}
}

func (b *Button) read(pin periph.PinIn) bool { return bool(pin.Read()) == b.o.ActiveHigh }

// setUp makes the line an input, with edges if it has them.
func (b *Button) setUp(pin periph.PinIn) (edges bool, err error) {
	if err := pin.In(b.o.Pull.periph(), periph.BothEdges); err == nil {
		return true, nil
	}
	if err := pin.In(b.o.Pull.periph(), periph.NoEdge); err != nil {
		return false, fmt.Errorf("GPIO line %s: %w", pin.Name(), err)
	}
	return false, nil
}

// await waits for an edge, for the time, or until ctx ends. It does not come back at once again and
// again, whatever the line does.
func await(ctx context.Context, pin periph.PinIn, edges bool, d time.Duration) (edge bool) {
	began := time.Now()
	edge = edges && pin.WaitForEdge(d)
	if edge {
		d = minWait // bounces come in swarms
	}
	if left := d - time.Since(began); left > 0 {
		pause(ctx, left)
	}
	return edge
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
