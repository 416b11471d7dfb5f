// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
)

// adapterHolds is how many bytes an adapter has that the host thinks are sent.
const adapterHolds = 256

// The kinds of cable: one that holds nothing, one behind the system's buffer, and one with an adapter
// besides, which has a memory of its own.
const (
	cableBare = iota
	cableTTY
	cableAdapter
	cables
)

// cable is what lies between a host and its printer. What an adapter has not sent when the host closes
// the port comes later, before what the next host says.
type cable struct {
	kind int
	left []byte // in the adapter
}

// from returns what opens a port at the cable's end.
func (c *cable) from(open func(context.Context) (device.Port, error)) func(context.Context) (device.Port, error) {
	return func(ctx context.Context) (device.Port, error) {
		port, err := open(ctx)
		switch {
		case err != nil:
			return nil, err
		case c.kind == cableBare:
			return port, nil
		}
		return c.buffer(port), nil
	}
}

// buffer is a port with the system's buffer before the line, and the adapter's: a write takes no time.
func (c *cable) buffer(port device.Port) device.Port {
	b := &buffered{Port: port, cable: c, poke: make(chan struct{}, 1), sent: make(chan struct{})}
	b.queue, c.left = c.left, nil
	b.wake()
	go b.send()
	return b
}

// buffered is a cable with a host.
type buffered struct {
	device.Port
	cable *cable
	poke  chan struct{} // holds one: look again
	sent  chan struct{} // closed when nothing is sent any more

	mu     sync.Mutex
	queue  []byte
	closed bool
}

func (b *buffered) wake() {
	select {
	case b.poke <- struct{}{}:
	default:
	}
}

func (b *buffered) send() {
	defer close(b.sent)
	for range b.poke {
		for {
			b.mu.Lock()
			next := slices.Clone(b.queue[:min(8, len(b.queue))])
			b.mu.Unlock()
			if len(next) == 0 {
				break
			}
			n, err := b.Port.Write(next)
			b.mu.Lock()
			b.queue = b.queue[n:]
			b.mu.Unlock()
			if err != nil {
				return
			}
		}
		b.mu.Lock()
		closed := b.closed
		b.mu.Unlock()
		if closed {
			return
		}
	}
}

func (b *buffered) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.sent:
		return 0, os.ErrClosed
	default:
	}
	b.queue = append(b.queue, data...)
	b.wake()
	return len(data), nil
}

func (b *buffered) SetWriteDeadline(time.Time) error { return nil }

func (b *buffered) Close() error {
	err := b.Port.Close()
	b.mu.Lock()
	again := b.closed
	b.closed = true
	b.mu.Unlock()
	b.wake()
	<-b.sent
	if b.cable.kind == cableAdapter && !again {
		b.cable.left = b.queue[:min(adapterHolds, len(b.queue))]
	}
	return err
}
