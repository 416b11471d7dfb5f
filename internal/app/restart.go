// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
)

// Order is what is to be done between two runs of a daemon in one process.
type Order struct {
	Restore string // path of a backup that takes the journal's place; "": the journal stays
}

// and is both orders in one restart: of two backups the later one.
func (o Order) and(later Order) Order {
	if later.Restore == "" {
		later.Restore = o.Restore
	}
	return later
}

// errRestart ends a run after which there is another one.
var errRestart = errors.New("a restart with another configuration")

// ServeOptions are what [Serve] needs.
type ServeOptions struct {
	Config *config.File // the first one; required
	Log    *slog.Logger // required
	// Level follows log.level of the configuration; nil: it stays.
	Level *slog.LevelVar
	// Listener takes the pages' connections as long as the configuration names its address;
	// nil: there is none yet.
	Listener *net.TCPListener
}

// Serve runs the daemon of a file until ctx ends, and starts it anew, in this process, when a
// page has changed the file. The port of the pages stays open meanwhile: whoever connects waits
// a moment. A configuration with which the daemon does not start is taken back.
func Serve(ctx context.Context, o ServeOptions) (err error) {
	h := host{ServeOptions: o, file: o.Config}
	defer func() {
		if h.Listener != nil {
			if e := h.Listener.Close(); !errors.Is(e, net.ErrClosed) {
				err = errors.Join(err, e)
			}
		}
	}()
	for {
		order, err := h.run(ctx)
		if order == nil {
			return err
		}
		h.between(ctx, *order)
	}
}

// host is what outlives a run.
type host struct {
	ServeOptions
	file   *config.File // of the next run
	former *config.File // that ran; nil: none did
	undone string       // why the newest configuration was taken back

	sessions web.Sessions
}

// run runs the daemon once. The order is nil when it is not to run again, also without an error.
func (h *host) run(ctx context.Context) (*Order, error) {
	a, orders, err := h.open(ctx)
	if err != nil && h.former != nil && ctx.Err() == nil {
		h.takeBack(err)
		a, orders, err = h.open(ctx)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil // stopped before it began
	case err != nil:
		return nil, err
	}
	h.former = h.file
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	chosen := make(chan Order, 1)
	go func() {
		select {
		case order := <-orders:
			chosen <- order
			stop(errRestart)
		case <-running.Done():
		}
	}()
	err = a.Run(running)
	if ctx.Err() != nil || !errors.Is(context.Cause(running), errRestart) {
		return nil, err
	}
	if err != nil {
		h.Log.Warn("the daemon did not stop well before its restart", slog.Any("error", err))
	}
	order := <-chosen
	select {
	case later := <-orders: // while the daemon stopped
		order = order.and(later)
	default:
	}
	return &order, nil
}

// open makes the daemon of the file.
func (h *host) open(ctx context.Context) (*App, <-chan Order, error) {
	if h.Level != nil {
		h.Level.Set(h.file.LogLevel)
	}
	if err := h.listen(ctx); err != nil {
		return nil, nil, err
	}
	orders := make(chan Order, 1)
	a, err := New(ctx, Options{
		Config: h.file, Log: h.Log, Listener: keep(h.Listener), Sessions: &h.sessions, Undone: h.undone,
		Restart: func(o Order) {
			for {
				select {
				case orders <- o:
					return
				case earlier := <-orders:
					o = earlier.and(o)
				}
			}
		},
	})
	return a, orders, err
}

// listen keeps the port, or takes another one where the configuration says so.
func (h *host) listen(ctx context.Context) error {
	want := h.file.HTTP.Listen
	if h.Listener != nil && sameAddress(h.Listener.Addr(), want) {
		return nil
	}
	if h.Listener != nil {
		if err := h.Listener.Close(); err != nil {
			h.Log.Warn("the former port of the pages", slog.Any("error", err))
		}
		h.Listener = nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", want)
	if err != nil {
		return fmt.Errorf("http.listen in %s: %w", h.file.Name, err)
	}
	h.Listener = l.(*net.TCPListener)
	return nil
}

// sameAddress reports whether a port is the one of host:port. Any port will do for port 0.
func sameAddress(have net.Addr, want string) bool {
	at, err := net.ResolveTCPAddr("tcp", want)
	tcp, ok := have.(*net.TCPAddr)
	if err != nil || !ok || at.Port != 0 && at.Port != tcp.Port {
		return false
	}
	return at.IP.Equal(tcp.IP) || (at.IP == nil || at.IP.IsUnspecified()) && tcp.IP.IsUnspecified()
}

// between does what an order says and reads the file for the next run.
func (h *host) between(ctx context.Context, o Order) {
	h.undone = ""
	if o.Restore != "" {
		done, err := store.Restore(ctx, h.former.DataDir, o.Restore, store.RestoreOptions{Gap: store.GapKnown})
		if err != nil {
			h.undone = err.Error()
			h.Log.Error("the backup was not restored", slog.Any("error", err))
		} else {
			level := slog.LevelInfo
			if !done.Former {
				level = slog.LevelWarn // accounts and devices are those of the backup
			}
			h.Log.Log(ctx, level, "backup restored", slog.String("path", o.Restore), slog.Time("newest", done.At), slog.String("kept", done.Kept),
				slog.Bool("former", done.Former), slog.Bool("foreign", done.Foreign), slog.Any("numbers", done.Numbers))
		}
	}
	file, err := config.Load(h.former.Name, CheckConfig)
	if err != nil {
		h.undone = err.Error()
		h.Log.Error("the configuration cannot be used; the former one stays in force", slog.Any("error", err))
		file = h.former
	}
	h.file = file
}

// takeBack puts the former configuration in the place of one with which the daemon does not start.
func (h *host) takeBack(cause error) {
	h.Log.Error("the daemon does not start with the new configuration; the former one is put back", slog.Any("error", cause))
	h.undone, h.file = cause.Error(), h.former
	if err := replaceFile(h.former.Name, h.former.Text()); err != nil {
		h.Log.Error("the former configuration", slog.Any("error", err))
	}
}

// kept is a listener that is closed for one user and stays open for the next. Connections
// that come meanwhile wait in the kernel.
type kept struct {
	*net.TCPListener
	mu     sync.Mutex
	closed bool
}

func keep(l *net.TCPListener) *kept {
	_ = l.SetDeadline(time.Time{}) // it fails on a closed one, and then Accept says so
	return &kept{TCPListener: l}
}

// Accept implements [net.Listener].
func (k *kept) Accept() (net.Conn, error) {
	c, err := k.TCPListener.Accept()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.closed {
			return nil, net.ErrClosed
		}
	}
	return c, err
}

// Close ends Accept.
func (k *kept) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
	return k.SetDeadline(time.Unix(1, 0))
}
