// SPDX-License-Identifier: EUPL-1.2

// Package broker is the MQTT broker inside the daemon: mochi-mqtt behind a
// guard.
//
// The guard reads the first packet of every connection itself, decides who it
// is, and lets nobody near the library who is not a known device or the daemon:
// MQTT 3.1.1 only, at most 1 KiB, within 5 seconds, client id equal to user
// name, will on the device's own state topic. Behind it an access list denies
// what it does not name: a device publishes its own state, ev, shown and res and
// subscribes to its own set, re and cmd, to host and hb. What it publishes is
// decoded before anybody hears of it.
//
// Connections that have not said who they are have a limit of their own, and the
// one that has waited longest makes room for the next: who opens many and says
// nothing keeps no device out.
//
// Nothing is persistent. What is retained lives as long as the broker; the
// daemon publishes all of it again when it connects.
//
// A device's password is 32 random bytes, so a plain SHA-256 of it is enough at
// rest: there is nothing to guess that a slow hash would protect.
package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// The limits, for whoever teaches them to another broker. See MaxKeepAlive, too.
const (
	MaxPacket  = 64 << 10 // bytes of one packet of an admitted client
	MaxPending = 256      // messages that wait for one slow client
)

const (
	maxConnections = 2048
	maxStrangers   = 512 // of them, those that have not been admitted
	readBuffer     = 512 // bytes for each connection; most messages are shorter
	firstPacket    = 5 * time.Second
	writeTimeout   = 5 * time.Second
	acceptPause    = 100 * time.Millisecond
)

// ErrClosed is returned by [Broker.Pipe] and [Broker.HostPipe] after Run has
// ended.
var ErrClosed = errors.New("the broker has been closed")

var errTooMany = fmt.Errorf("the broker has %d connections already", maxConnections)

// Options says how a broker works.
type Options struct {
	// Office is the id of the office whose topics exist; a fwproto.ValidID.
	Office string
	// Listen take devices from the network; those of crypto/tls are served as
	// well as plain ones. The broker closes them. None: no port, only pipes.
	Listen []net.Listener
	// Credentials gives the SHA-256 of a device's password, or false for a
	// device that does not exist. It is called for every connection, from many
	// goroutines; nil: no devices.
	Credentials func(id string) (hash [32]byte, ok bool)
	// Pairing tells whether a device that belongs to no office may connect: somebody
	// waits for it, and this is the code of its label. It is called for every attempt,
	// from many goroutines; nil: none may. The maker's name is a fwproto.ValidID.
	Pairing func(maker string, code []byte) bool
	// OnRefused is told of every connection and message that was refused. The
	// device is the one that it claims to be, proven or not, and empty when
	// there is no such device. It must not block; nil: nobody is told.
	OnRefused func(device, reason string)
	// Log takes warnings; nil: none.
	Log *slog.Logger
	// Registerer takes the metrics; nil: none.
	Registerer prometheus.Registerer
}

// Broker is an MQTT broker for one office. Make it with [New].
type Broker struct {
	opts    Options
	topics  fwproto.Topics
	log     *slog.Logger
	told    told
	metrics metrics
	server  *mqtt.Server

	mu        sync.Mutex
	running   bool
	closed    bool
	waiting   []*conn          // pipes made before Run
	open      map[*conn]bool   // all connections
	strangers []*conn          // those of devices that are not admitted yet, the oldest first
	byID      map[string]*conn // the newest connection of each client id
	wg        sync.WaitGroup
}

// New makes a broker that does nothing until [Broker.Run]. The error says which
// option cannot be used.
func New(o Options) (*Broker, error) {
	if !fwproto.ValidID(o.Office) {
		return nil, fmt.Errorf("broker: the office id %q must be 1 to 32 of a-z, 0-9 and -", o.Office)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.OnRefused == nil {
		o.OnRefused = func(string, string) {}
	}
	if o.Credentials == nil {
		o.Credentials = func(string) ([32]byte, bool) { return [32]byte{}, false }
	}
	b := &Broker{
		opts:   o,
		topics: fwproto.Topics{Office: o.Office},
		log:    o.Log.With(slog.String("component", "broker")),
		told:   told{last: map[refusal]*report{}},
		open:   map[*conn]bool{},
		byID:   map[string]*conn{},
		server: newServer(),
	}
	if err := b.server.AddHook(&hook{b: b}, nil); err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	b.metrics = newMetrics(o.Registerer, b.server.Info)
	return b, nil
}

// newServer sets the library up: no version 5, no expiry of retained messages
// (its default makes every display forget after a day), short queues.
//
// Its Serve is never called. The loop that it would start cleans up sessions
// that outlive their connections, expired messages and delayed wills, none of
// which exist here, and fills $SYS, which nobody may read, stopping the world
// once a second.
func newServer() *mqtt.Server {
	can := mqtt.NewDefaultServerCapabilities()
	can.MinimumProtocolVersion = 4
	can.MaximumMessageExpiryInterval = 0
	can.MaximumPacketSize = MaxPacket
	can.MaximumClientWritesPending = MaxPending
	can.MaximumInflight = MaxPending
	can.SharedSubAvailable = 0
	can.TopicAliasMaximum = 0
	return mqtt.New(&mqtt.Options{
		Capabilities:            can,
		ClientNetReadBufferSize: readBuffer,
		// The library logs whole packets, passwords included.
		Logger: slog.New(slog.DiscardHandler),
	})
}

// Run serves until ctx ends or a listener fails, then closes every connection and
// the listeners and returns when all of it has ended. It can be called once; the
// error is nil when ctx ended it.
func (b *Broker) Run(ctx context.Context) error {
	if err := b.start(); err != nil {
		return err
	}
	accepting, ctx := errgroup.WithContext(ctx)
	for _, l := range b.opts.Listen {
		stop := context.AfterFunc(ctx, func() { _ = l.Close() })
		defer stop()
		accepting.Go(func() error { return b.accept(ctx, l) })
	}
	<-ctx.Done()
	err := accepting.Wait()
	b.shutdown()
	return err
}

// Drop ends the connection of a device at once, if it has one, as when its link
// were cut: its will is published.
func (b *Broker) Drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.byID[id]; ok && !c.host {
		_ = c.Close()
	}
}

// Pipe connects a device inside the process. It is guarded like a connection
// from the network, and may be called before Run; it is then served as soon as
// Run begins.
func (b *Broker) Pipe() (net.Conn, error) { return b.pipe(false) }

// HostPipe connects the daemon itself. It needs no credentials and has all
// rights on the topics of the office; its client id must not be one that a
// device could have.
func (b *Broker) HostPipe() (net.Conn, error) { return b.pipe(true) }

func (b *Broker) pipe(host bool) (net.Conn, error) {
	client, server := newPipe()
	if err := b.take(&conn{Conn: server, broker: b, host: host, done: make(chan struct{})}); err != nil {
		return nil, err
	}
	return client, nil
}

func (b *Broker) start() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running || b.closed {
		return errors.New("broker: Run was called twice")
	}
	b.running = true
	for _, c := range b.waiting {
		b.wg.Go(func() { b.serve(c) })
	}
	b.waiting = nil
	return nil
}

// accept takes connections until the listener is closed. Other errors, such as
// too many open files, pass: they must not end the hall.
func (b *Broker) accept(ctx context.Context, l net.Listener) error {
	for {
		nc, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = nc.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("broker: accept: %w", err)
		case err != nil:
			b.log.Warn("cannot accept a device; retrying", slog.Any("error", err))
			select {
			case <-ctx.Done():
			case <-time.After(acceptPause):
			}
			continue
		}
		if err := b.take(&conn{Conn: nc, broker: b, done: make(chan struct{})}); err != nil {
			_ = nc.Close()
		}
	}
}

// take makes a connection ours.
func (b *Broker) take(c *conn) error {
	err := b.register(c)
	if errors.Is(err, errTooMany) {
		b.refused("", reasonTooMany, "no connection", err)
	}
	return err
}

func (b *Broker) register(c *conn) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return ErrClosed
	case len(b.open) >= maxConnections:
		return errTooMany
	}
	b.open[c] = true
	if !c.host {
		b.greet(c)
	}
	if !b.running {
		b.waiting = append(b.waiting, c)
		return nil
	}
	b.wg.Go(func() { b.serve(c) })
	return nil
}

// greet takes a stranger in; if there are too many, the one that has said nothing
// for the longest time goes. The lock is held.
func (b *Broker) greet(c *conn) {
	if len(b.strangers) >= maxStrangers {
		oldest := b.strangers[0]
		b.strangers = b.strangers[1:]
		oldest.crowded.Store(true)
		_ = oldest.Close()
	}
	b.strangers = append(b.strangers, c)
}

// known takes c off the list of strangers.
func (b *Broker) known(c *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.Index(b.strangers, c); i >= 0 {
		b.strangers = slices.Delete(b.strangers, i, i+1)
	}
}

func (b *Broker) shutdown() {
	b.mu.Lock()
	b.closed = true
	for c := range b.open {
		_ = c.Close()
	}
	b.mu.Unlock()
	for _, l := range b.opts.Listen {
		_ = l.Close()
	}
	b.wg.Wait()
	_ = b.server.Close() // it has no error to give
	b.metrics.unregister(b.opts.Registerer)
}
