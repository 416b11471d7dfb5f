// SPDX-License-Identifier: EUPL-1.2

// Package app puts the daemon together: it opens the journal, starts what runs, and
// stops it in the reverse order.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
	_ "time/tzdata" // a small board may have no zone files

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/metrics"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// stopWithin bounds the whole of stopping.
const stopWithin = 10 * time.Second

// Options are what a daemon is made of.
type Options struct {
	Config *config.File
	Log    *slog.Logger

	// Now reads the office's clock; nil is [time.Now]. A simulation may run faster.
	Now func() time.Time
	// Patience is how long a citizen waits for a slip; see [office.Options].
	Patience time.Duration
	// Listener takes the pages' connections; nil: the configured address.
	Listener net.Listener
	// Ports open printers, by id, and serial lines with panels, by path, that are not reached by
	// their configured path.
	Ports map[string]func(context.Context) (device.Port, error)
	// Lines finds GPIO lines by name; nil: those of the board.
	Lines func(name string) (gpio.PinIO, error)
	// Restart is asked for another run of the daemon, with the file as it is then; nil: this
	// program does not run it anew, and pages cannot change the file.
	Restart func(Order)
	// Sessions are the logins of browsers that an earlier run had; nil: there was none.
	Sessions *web.Sessions
	// Undone says why a newer configuration or a backup is not in force; "": it is.
	Undone string
	// DialBroker reaches a broker elsewhere, without a URL; nil: as configured.
	DialBroker func(context.Context) (net.Conn, error)
}

// App is a daemon. It holds the data directory from [New] until [App.Run] returns.
type App struct {
	options  Options
	built    time.Time // a clock before it is wrong; zero: any clock is believed
	log      *slog.Logger
	registry *prometheus.Registry
	health   *health.Board
	gate     *health.Gate
	store    *store.Store
	engine   *queue.Engine
	wire     *wire
	devices  *devices
	waits    *waits
	office   *office.Office
	pages    citizen.Pages
	metrics  *metrics.Metrics
	web      *web.Server
	server   *http.Server
	listener net.Listener
	printers []*printer
	board    *board
	steward  *steward
	people   *accounts.Register
	past     *past
}

// New opens everything that a daemon needs and starts nothing. The error says what
// could not be opened and what to do.
func New(ctx context.Context, o Options) (_ *App, err error) {
	a := &App{log: o.Log, registry: prometheus.NewRegistry()}
	if o.Now == nil {
		o.Now, a.built = time.Now, builtAt() // a simulated clock knows nothing of the build
	}
	a.options = o
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.health = health.NewBoard(a.registry, o.Log)
	a.gate = &health.Gate{}

	if a.store, err = store.Open(ctx, store.Options{Dir: o.Config.DataDir, Config: o.Config.Name, Log: o.Log, Metrics: a.registry}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.store.Close())
		}
	}()
	a.steward = &steward{app: a, disk: realDisk(), file: o.Config}
	commits := &commits{health: a.health}
	a.engine, err = queue.Open(ctx, a.store, queue.Options{Now: o.Now, OnCommit: commits.note, OnStep: a.clockSet})
	if err != nil {
		return nil, err
	}
	if err = a.settled(); err != nil {
		return nil, err
	}
	if a.people, err = accounts.Open(ctx, accounts.Options{Memory: a.store}); err != nil {
		return nil, err
	}
	if a.devices, err = a.openDevices(ctx); err != nil {
		return nil, err
	}
	if a.wire, err = newWire(a); err != nil {
		return nil, err
	}
	a.openFirmware()
	if err = a.openPrinters(); err != nil {
		return nil, err
	}
	if a.board, err = a.openBoard(); err != nil {
		return nil, err
	}
	secret, err := a.store.Secret()
	if err != nil {
		return nil, err
	}
	a.pages = citizen.Pages{Key: secret, Address: o.Config.Slip.Address}
	slip := template(o.Config)
	slip.Page = a.pages.URL
	past := newHistory(a.engine)
	a.waits = newWaits(past, a.store, &o.Config.Waits, a.registry)
	a.past = newPast(past, a.store, &o.Config.Charter)
	a.office = office.New(office.Options{
		Engine: a.engine, Link: a.wire.link, Devices: a.devices.members(), Wired: a.board.wired, Arrows: arrows(o.Config), Printers: a.ofOffice(), Kiosks: kiosks(o.Config),
		Slip: slip, Wait: a.waits.slip, Memory: a.store, Health: a.health, Metrics: a.registry, Built: a.built, Log: o.Log, Patience: o.Patience,
	})
	a.devices.office, a.board.office = a.office, a.office
	a.metrics = metrics.New(a.registry)
	if a.listener, err = a.listen(ctx); err != nil {
		return nil, err
	}
	options := a.webOptions(commits)
	if options.Hall, err = a.hall(); err != nil {
		return nil, errors.Join(err, a.listener.Close())
	}
	a.web, err = web.New(options)
	if err != nil {
		return nil, errors.Join(err, a.listener.Close())
	}
	a.server = &http.Server{
		Handler:           a.web.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute, // a stream has its own, for each write
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	return a, nil
}

func (a *App) listen(ctx context.Context) (net.Listener, error) {
	if a.options.Listener != nil {
		return a.options.Listener, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.options.Config.HTTP.Listen)
	if err != nil {
		return nil, fmt.Errorf("http.listen in %s: %w", a.options.Config.Name, err)
	}
	return l, nil
}

// Addr returns the address of the pages.
func (a *App) Addr() net.Addr { return a.listener.Addr() }

// DialDevice connects a device inside this process to the embedded broker.
func (a *App) DialDevice(ctx context.Context) (net.Conn, error) { return a.wire.post.dialDevice(ctx) }

// Office returns the running hall, for those who simulate its people.
func (a *App) Office() *office.Office { return a.office }

// Run runs the daemon until ctx ends or something essential fails, and stops all of
// it. It can be called once. The error is nil when ctx ended it and all stopped in time.
func (a *App) Run(ctx context.Context) error {
	run := newTasks(a.log, a.health)
	run.essential("engine", a.engine.Run)
	failure := a.settle(ctx)
	if failure == nil && a.options.Restart != nil {
		a.takeUp(ctx)
	}
	if failure == nil {
		a.startRest(run)
		notifyReady()
		a.log.Info("running", slog.String("version", Version()), slog.String("address", a.Addr().String()))
		select {
		case <-ctx.Done():
			a.log.Info("stopping", slog.Any("cause", context.Cause(ctx)))
		case failure = <-run.failed:
		}
	}
	if ctx.Err() != nil && errors.Is(failure, ctx.Err()) {
		failure = nil // it was stopped before it had begun
	}
	if !errors.Is(context.Cause(ctx), errRestart) {
		notifyStopping()
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	err := errors.Join(failure, run.stop(bounded), a.listener.Close())
	if errors.Is(err, net.ErrClosed) {
		err = errors.Join(failure, bounded.Err())
	}
	return errors.Join(err, a.store.Close())
}

// startRest starts everything that stands on the engine; the last one stops first.
func (a *App) startRest(run *tasks) {
	run.degradable("journal check", a.checkJournal)
	run.degradable("backup", a.keepBackups)
	run.degradable("devices", a.devices.register.Run)
	run.degradable("waits", a.waits.run)
	run.degradable("figures", a.past.keeper.Run)
	run.degradable("advice", a.past.Run)
	run.degradable("audit", a.people.Run)
	run.degradable("skipped numbers", a.tellSkipped)
	a.wire.start(run)
	for _, p := range a.printers {
		run.degradable("printer "+p.config.ID, p.Run)
	}
	if len(a.board.parts) > 0 {
		run.degradable("board", a.board.run)
	}
	if a.devices.rollout != nil {
		run.degradable("firmware", a.devices.rollout.Run)
	}
	run.essential("office", a.office.Run)
	run.degradable("metrics", func(ctx context.Context) error { return a.metrics.Run(ctx, a.office) })
	run.degradable("watchdog", a.watch)
	run.essential("pages", a.serve)
}

// serve answers the pages' requests until ctx ends.
func (a *App) serve(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- a.server.Serve(a.listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	a.web.Close()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin/2)
	defer cancel()
	err := a.server.Shutdown(bounded)
	if err != nil {
		err = errors.Join(err, a.server.Close())
	}
	<-ended
	return err
}

// clockSet tells the staff that somebody set the clock.
func (a *App) clockSet(step time.Duration) {
	switch {
	case step == 0:
		a.health.Clear("clock_behind", "")
	case step < 0:
		a.health.Raise(health.Warning{
			Name: "clock_behind", Severity: health.Degraded,
			Cause: fmt.Sprintf("the clock was set back by %v; the office's time goes on regardless", -step),
			Hint:  "nothing is lost; if the clock is wrong, set it right",
		})
	default:
		a.log.Warn("the clock was set forward; waits do not grow by it", slog.Duration("step", step))
	}
}
