// SPDX-License-Identifier: EUPL-1.2

// Package wire is a bad network: it stands between a device and the broker, as a
// dialer inside the process or as a TCP proxy, and does to a connection what lost
// packets, slow radio, pulled cables and resending firmware do.
//
// It behaves as TCP does over such a network. Bytes of one connection keep their
// order and none is missing; what is lost on the way is sent again later, and again
// with twice the pause. A cut tells nobody: what was written waits and may arrive
// long after it was sent, even when its sender has hung up and has come back on
// another connection. That is how old news overtakes new.
package wire

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

const (
	// firstPause is before what was lost is sent again; it doubles up to lastPause.
	firstPause = 200 * time.Millisecond
	lastPause  = 2 * time.Minute
	// orphaned is how long the bytes of a sender that has hung up are still tried.
	orphaned = time.Minute
)

// ErrClosed is returned by dialing after [Network.Close].
var ErrClosed = errors.New("the network is closed")

// Options say how bad a network is. The zero value is a perfect one.
type Options struct {
	Seed uint64
	// Delay is the time of one way, and Jitter the most that is added to it by chance.
	Delay, Jitter time.Duration
	// Each is how long the way is busy with what one write sent: what was held up behind a
	// cut comes one by one.
	Each time.Duration
	// Loss is the share, 0 to below 1, of what is sent that has to be sent again.
	Loss float64
	// Break is the share of what is sent that ends its connection instead. Both ends
	// learn of it.
	Break float64
	// Again is the share of the MQTT messages of QoS 1 towards the broker that are sent
	// a second time, behind the next ones on the same connection or at the beginning of
	// the next connection of the same dialer, as some firmware does.
	Again float64
}

// Counters tell what has happened.
type Counters struct {
	Connections, Lost, Broken, Held, Late, Again, Replayed int
}

// Network is a bad network. Make it with [New]; its methods may be called from any
// goroutine.
type Network struct {
	opts Options

	mu       sync.Mutex
	up       chan struct{} // closed while the network is up
	cut      bool
	closed   bool
	counters Counters
	open     map[*connection]bool
	running  sync.WaitGroup
	closing  chan struct{}
}

// New makes a network that is up.
func New(o Options) *Network {
	n := &Network{opts: o, up: make(chan struct{}), open: map[*connection]bool{}, closing: make(chan struct{})}
	close(n.up)
	return n
}

// Cut takes the network down. Nobody is told.
func (n *Network) Cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.cut {
		n.cut, n.up = true, make(chan struct{})
	}
}

// Mend brings the network up again.
func (n *Network) Mend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cut {
		n.cut = false
		close(n.up)
	}
}

// Counters returns what has happened so far.
func (n *Network) Counters() Counters {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.counters
}

// Close breaks every connection and returns when nothing of them is left. It may be
// called more than once.
func (n *Network) Close() {
	n.mu.Lock()
	if !n.closed {
		n.closed = true
		close(n.closing)
	}
	for c := range n.open {
		c.abort()
	}
	n.mu.Unlock()
	n.running.Wait()
}

// Dial is a function that connects by dial through the network. All connections of one
// such function belong to one device: what it sends again may come on the next of them.
func (n *Network) Dial(dial func(context.Context) (net.Conn, error)) func(context.Context) (net.Conn, error) {
	device := &sender{}
	return func(ctx context.Context) (net.Conn, error) {
		if err := n.handshake(ctx); err != nil {
			return nil, err
		}
		far, err := dial(ctx)
		if err != nil {
			return nil, err
		}
		near, end := net.Pipe()
		if err := n.join(end, far, device); err != nil {
			return nil, errors.Join(err, near.Close())
		}
		return near, nil
	}
}

// Serve takes connections from l and joins each to one of dial, until ctx ends or l
// fails. It closes l. The error is nil when ctx ended it.
func (n *Network) Serve(ctx context.Context, l net.Listener, dial func(context.Context) (net.Conn, error)) error {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	device := &sender{}
	for {
		near, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				_ = near.Close()
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("wire: %w", errors.Join(err, l.Close()))
		}
		far, err := dial(ctx)
		if err != nil {
			_ = near.Close() // as the other end would
			continue
		}
		_ = n.join(near, far, device) // it has closed both if it cannot
	}
}

// handshake waits as long as a connection takes to be made.
func (n *Network) handshake(ctx context.Context) error {
	pause := time.Second
	for wait := 2 * n.opts.Delay; ; wait, pause = pause, 2*pause {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", ctx.Err())
		case <-n.closing:
			return ErrClosed
		}
		n.mu.Lock()
		cut := n.cut
		n.mu.Unlock()
		if !cut {
			return nil
		}
	}
}

// join makes a connection of two ends and owns both.
func (n *Network) join(near, far net.Conn, device *sender) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return errors.Join(ErrClosed, near.Close(), far.Close())
	}
	n.counters.Connections++
	c := &connection{network: n, near: near, far: far, gone: make(chan struct{})}
	n.open[c] = true
	seed := uint64(n.counters.Connections)
	up := newLane(c, near, far, rand.New(rand.NewPCG(n.opts.Seed, 2*seed)))
	up.packets = &packets{from: device}
	down := newLane(c, far, near, rand.New(rand.NewPCG(n.opts.Seed, 2*seed+1)))
	var lanes sync.WaitGroup
	for _, work := range []func(){up.take, up.give, down.take, down.give} {
		lanes.Add(1)
		n.running.Go(func() { defer lanes.Done(); work() })
	}
	n.running.Go(func() {
		lanes.Wait()
		c.abort()
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.open, c)
	})
	return nil
}

// count notes an event.
func (n *Network) count(what func(*Counters)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	what(&n.counters)
}

// whole returns a channel that is closed when the network is up, and whether it is.
func (n *Network) whole() (<-chan struct{}, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.up, !n.cut
}
