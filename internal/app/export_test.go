// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// Waits tells how long people are going to wait.
type Waits = waits

// NewWaits returns one of an engine whose journal is read from elsewhere.
func NewWaits(e *queue.Engine, s *store.Store, r prometheus.Registerer) *Waits {
	return newWaits(newHistory(e), s, &config.Waits{}, r)
}

// History is the past as those read it who learn from it.
type History = history

// NewHistory returns the past of an office.
func NewHistory(e *queue.Engine) History { return newHistory(e) }

// Run is what the daemon runs in the background.
func (w *waits) Run(ctx context.Context) error { return w.run(ctx) }

// And is both orders in one restart.
func (o Order) And(later Order) Order { return o.and(later) }

// Post is where the embedded broker is found.
type Post = post

// NewPost returns one without a broker.
func NewPost() *Post { return newPost() }

// Man puts a broker there.
func (p *post) Man(b *broker.Broker) (leave func()) { return p.man(b) }

// DialHost connects the daemon.
func (p *post) DialHost(ctx context.Context) (net.Conn, error) { return p.dialHost(ctx) }

// WatchDisk tells each step of a change before and after: write, written, rename, renamed, synced. A step that
// is answered with an error fails with it. It returns what puts an end to it.
func (a *App) WatchDisk(tell func(step string) error) (end func()) {
	real := realDisk()
	put := func(d disk) {
		a.steward.changes.Lock()
		defer a.steward.changes.Unlock()
		a.steward.disk = d
	}
	step := func(before string, do func() error, after string) error {
		if err := tell(before); err != nil {
			return err
		}
		if err := do(); err != nil {
			return err
		}
		return tell(after)
	}
	put(disk{
		write: func(path string, text []byte) error {
			return step("write", func() error { return real.write(path, text) }, "written")
		},
		rename: func(from, to string) error {
			if err := tell("rename"); err != nil {
				return err
			}
			return real.rename(from, to)
		},
		syncDir: func(dir string) error { return step("renamed", func() error { return real.syncDir(dir) }, "synced") },
	})
	return func() { put(real) }
}

// ApplyOn is what a page asks for, on a disk that is watched.
func (a *App) ApplyOn(ctx context.Context, tell func(step string) error, text []byte) (web.Effect, error) {
	defer a.WatchDisk(tell)()
	have, err := a.steward.Configuration()
	if err != nil {
		return web.Effect{}, err
	}
	return a.steward.Apply(ctx, "admin", have.Tag, text)
}

// Settings returns what the queue knows of the office, and whether that is what the file says.
func (a *App) Settings(f *config.File) (now *queue.Settings, asFile bool) {
	now = a.engine.View().Settings()
	return now, same(*now, f.Settings())
}

// Skip lets a series go on from another number.
func (a *App) Skip(ctx context.Context, id queue.SeriesID, next int) error {
	_, err := a.engine.Do(ctx, queue.Actor{Role: queue.RoleSystem}, queue.SkipNumbers{Next: map[queue.SeriesID]int{id: next}})
	return err
}

// Warned reports whether there is a warning of that name, and its cause.
func (a *App) Warned(name string) (cause string, is bool) {
	for _, w := range a.health.List() {
		if w.Name == name {
			return w.Cause, true
		}
	}
	return "", false
}

// Pending reports whether the file is another one than that in force.
func (a *App) Pending() (bool, error) {
	c, err := a.steward.Configuration()
	return c.Pending, err
}
