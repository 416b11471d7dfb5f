// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/health"
)

const (
	restartFirst = time.Second
	restartMost  = 30 * time.Second
)

// tasks are the things that run as long as the daemon does. They are stopped one by
// one in the reverse order of their start, so that whatever a task needs outlives it.
type tasks struct {
	log    *slog.Logger
	health *health.Board
	list   []*task
	failed chan error // of essential tasks; holds one
}

type task struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
}

func newTasks(log *slog.Logger, board *health.Board) *tasks {
	return &tasks{log: log, health: board, failed: make(chan error, 1)}
}

// essential starts a task without which there is no office: when it ends by itself,
// the daemon ends.
func (t *tasks) essential(name string, run func(context.Context) error) {
	t.start(name, func(ctx context.Context) {
		err := run(ctx)
		if ctx.Err() != nil && err == nil {
			return
		}
		if err == nil {
			err = errors.New("ended by itself")
		}
		select {
		case t.failed <- fmt.Errorf("%s: %w", name, err):
		default: // another one was first: that is the cause
		}
	})
}

// degradable starts a task that may be away for a while: when it fails, a warning
// tells so, and it is started again.
func (t *tasks) degradable(name string, run func(context.Context) error) {
	t.start(name, func(ctx context.Context) {
		for wait := restartFirst; ; wait = min(2*wait, restartMost) {
			begin := time.Now()
			err := run(ctx)
			if ctx.Err() != nil {
				return
			}
			if err == nil {
				err = errors.New("ended by itself")
			}
			t.log.Error("part of the daemon failed and is started again", slog.String("task", name), slog.Any("error", err))
			t.health.Raise(health.Warning{
				Name: "task_failed", Subject: name, Severity: health.Degraded, Cause: err.Error(),
				Hint: "it is started again by itself; if this stays, read the log",
			})
			if time.Since(begin) > restartMost {
				wait = restartFirst
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			t.health.Clear("task_failed", name)
		}
	})
}

func (t *tasks) start(name string, run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	x := &task{name: name, cancel: cancel, done: make(chan struct{})}
	t.list = append(t.list, x)
	go func() {
		defer close(x.done)
		run(ctx)
	}()
}

// stop ends all tasks, the youngest first, until ctx ends; those that have not ended
// by then are named and left behind.
func (t *tasks) stop(ctx context.Context) error {
	var stuck error
	for _, x := range slices.Backward(t.list) {
		x.cancel()
		select {
		case <-x.done:
			continue
		default:
		}
		select {
		case <-x.done:
		case <-ctx.Done():
			stuck = errors.Join(stuck, fmt.Errorf("%s does not stop", x.name))
		}
	}
	return stuck
}
