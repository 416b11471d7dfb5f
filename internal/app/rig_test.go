// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/internal/sim/wire"
	"github.com/avanti-queue/avanti/queue"
)

// rig is an office in a bubble of fake time: the real daemon with the far ends of all
// its wires, which can be cut and stopped.
type rig struct {
	t      *testing.T
	file   *config.File
	client *http.Client
	paper  *paper.Printer            // the first printer
	sims   map[string]*paper.Printer // by id
	cables map[string]*sync.WaitGroup
	boxes  map[queue.CounterID]*box.Box
	panels map[string]*panel.Panel

	// For newRig to know before anything starts.
	recorder *recorder        // of /metrics; nil: none
	network  *wire.Network    // between the devices and the broker; nil: a perfect one
	uplink   *wire.Network    // between the daemon and the broker; nil: a perfect one
	now      func() time.Time // the office's clock; nil: the bubble's
	bare     []string         // devices that a test plays itself

	mu       sync.Mutex
	refused  []string // by the broker: who, and why
	listener *pipes
	app      *app.App
	broker   *broker.Broker // nil while it is away
	sheets   []sheet

	far        sync.WaitGroup
	stopFar    context.CancelFunc
	stopBroker context.CancelFunc
	stopApp    context.CancelFunc
	brokerDone chan error
	appDone    chan error
}

func secret(id string) string { return "secret of " + id }

func hash(id string) [32]byte { return sha256.Sum256([]byte(secret(id))) }

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// newRig starts an office at an instant. Call it inside a bubble; stop ends everything.
func newRig(t *testing.T, office string, begin time.Time, dir string, with ...func(*rig)) *rig {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", office), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	return newRigOf(t, file, begin, dir, with...)
}

// newRigOf is newRig of an office that is no file of testdata. It becomes the owner of file.
func newRigOf(t *testing.T, file *config.File, begin time.Time, dir string, with ...func(*rig)) *rig {
	t.Helper()
	r := &rig{t: t, file: file, sims: map[string]*paper.Printer{}, cables: map[string]*sync.WaitGroup{}, boxes: map[queue.CounterID]*box.Box{}, panels: map[string]*panel.Panel{}}
	for _, change := range with {
		change(r)
	}
	file.DataDir = dir
	for i := range file.Devices {
		file.Devices[i].Password = hash(file.Devices[i].ID)
	}
	for i := range file.Access {
		file.Access[i].Token = hash(file.Access[i].ID)
	}
	pass(time.Until(begin))
	r.client = &http.Client{Transport: &http.Transport{DialContext: r.dialPages, MaxIdleConnsPerHost: 32}}
	ctx, stop := context.WithCancel(t.Context())
	r.stopFar = stop
	r.startBroker()
	r.startPrinters()
	r.startApp()
	for _, d := range file.Devices {
		if slices.Contains(r.bare, d.ID) {
			continue
		}
		dial := through(r.network, r.dialDevice)
		switch d.Kind {
		case config.KindBox:
			b := box.New(box.Options{ID: d.ID, Password: secret(d.ID), Office: string(file.Settings().Office), Dial: dial})
			r.boxes[d.Counter] = b
			r.far.Go(func() { _ = b.Run(ctx) })
		case config.KindPanel, config.KindHall:
			p := panel.New(panel.Options{ID: d.ID, Password: secret(d.ID), Office: string(file.Settings().Office), Dial: dial, Rows: 6})
			r.panels[d.ID] = p
			r.far.Go(func() { _ = p.Run(ctx) })
		}
	}
	return r
}

// through is a way through a network, if there is one.
func through(n *wire.Network, dial func(context.Context) (net.Conn, error)) func(context.Context) (net.Conn, error) {
	if n == nil {
		return dial
	}
	return n.Dial(dial)
}

// stop ends the office and its hall and waits for all of it.
func (r *rig) stop() {
	r.t.Helper()
	r.stopFar()
	r.stopDaemon()
	r.breakBroker()
	for _, n := range []*wire.Network{r.network, r.uplink} {
		if n != nil {
			n.Close()
		}
	}
	for id, sim := range r.sims {
		sim.Unplug()
		r.cables[id].Wait()
	}
	r.far.Wait()
	r.client.CloseIdleConnections()
}

func (r *rig) startApp() {
	r.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	listener := newPipes()
	ports := map[string]func(context.Context) (device.Port, error){}
	for id := range r.sims {
		ports[id] = func(context.Context) (device.Port, error) { return r.openPrinter(id) }
	}
	a, err := app.New(ctx, app.Options{
		Config: r.file, Log: slog.New(slog.NewTextHandler(r.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Listener: listener, DialBroker: through(r.uplink, r.dialHost),
		Ports: ports, Now: r.now,
	})
	if err != nil {
		stop()
		r.t.Fatal(err)
	}
	r.mu.Lock()
	r.listener, r.app, r.stopApp, r.appDone = listener, a, stop, make(chan error, 1)
	r.mu.Unlock()
	go func() { r.appDone <- a.Run(ctx) }()
}

// stopDaemon stops the daemon as systemd does.
func (r *rig) stopDaemon() {
	r.t.Helper()
	r.stopApp()
	if err := <-r.appDone; err != nil {
		r.t.Errorf("the daemon stops with: %v", err)
	}
	r.client.CloseIdleConnections()
}

func (r *rig) startBroker() {
	r.t.Helper()
	b, err := broker.New(broker.Options{
		Office:      string(r.file.Settings().Office),
		Credentials: func(id string) ([32]byte, bool) { return hash(id), true },
		OnRefused: func(device, reason string) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.refused = append(r.refused, device+": "+reason)
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r.mu.Lock()
	r.broker, r.stopBroker, r.brokerDone = b, stop, make(chan error, 1)
	r.mu.Unlock()
	go func() { r.brokerDone <- b.Run(ctx) }()
}

// breakBroker takes the broker away.
func (r *rig) breakBroker() {
	r.mu.Lock()
	r.broker = nil
	r.mu.Unlock()
	r.stopBroker()
	if err := <-r.brokerDone; err != nil {
		r.t.Error(err)
	}
}

var errAway = errors.New("nobody listens there")

func (r *rig) dialHost(context.Context) (net.Conn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broker == nil {
		return nil, errAway
	}
	return r.broker.HostPipe()
}

func (r *rig) dialDevice(context.Context) (net.Conn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broker == nil {
		return nil, errAway
	}
	return r.broker.Pipe()
}

func (r *rig) dialPages(ctx context.Context, _, _ string) (net.Conn, error) {
	r.mu.Lock()
	l := r.listener
	r.mu.Unlock()
	return l.dial(ctx)
}

// sheet is a paper and the printer that it came out of.
type sheet struct {
	paper.Sheet
	printer string
	at      time.Time
	bytes   int64 // that the printer had taken by then
}

func (r *rig) startPrinters() {
	r.t.Helper()
	for _, p := range r.file.Printers {
		r.cables[p.ID] = &sync.WaitGroup{}
		_, model := lookup(r.t, p.Profile)
		r.sims[p.ID] = paper.New(paper.Options{Model: model, Baud: p.Baud, Out: func(s paper.Sheet) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.sheets = append(r.sheets, sheet{s, p.ID, time.Now(), r.sims[p.ID].Counters().Bytes})
		}})
	}
	r.paper = r.sims[r.file.Printers[0].ID]
}

// openPrinter is the port: its other end is the printer, which has one cable.
func (r *rig) openPrinter(id string) (device.Port, error) {
	r.sims[id].Unplug()
	r.cables[id].Wait()
	near, end := net.Pipe()
	r.cables[id].Go(func() { _ = r.sims[id].Serve(context.Background(), end) })
	return near, nil
}

// papers returns the sheets so far.
func (r *rig) papers() []sheet {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sheets
}

// pipes is a listener whose connections stay inside the process.
type pipes struct {
	ready  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{ready: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.ready:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	near, end := net.Pipe()
	select {
	case p.ready <- end:
		return near, nil
	case <-p.closed:
		return nil, fmt.Errorf("pages: %w", io.ErrClosedPipe)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
