// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

const (
	dayTick = time.Second
	// earlyDoors opens the day before the first hour, so that clerks can take their places.
	earlyDoors = 30 * time.Minute
)

// keeper opens the day before the doors open and closes it when the doors are
// closed and the last citizen has left.
type keeper struct {
	engine *queue.Engine
	health *health.Board
	built  time.Time
	log    *slog.Logger
	looked atomic.Bool // the calendar was asked once: the day is as it should be
}

func (k *keeper) run(ctx context.Context) error {
	tick := time.NewTicker(dayTick)
	defer tick.Stop()
	for {
		if c := k.due(k.engine.View(), k.engine.Now()); c != nil {
			k.carryOut(ctx, c)
		}
		k.looked.Store(true)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// due returns the command that the calendar asks for now, nil if none.
func (k *keeper) due(v *queue.View, now time.Time) queue.Command {
	settings := v.Settings()
	if settings == nil {
		return nil
	}
	local := now.In(v.Zone())
	today := queue.DateOf(local)
	date, open := v.Day()
	openings := settings.Hours.On(local)
	if !open {
		// A day that staff closed stays closed.
		if date == today || len(openings) == 0 ||
			local.Before(openings[0].From.Add(-earlyDoors)) || !local.Before(openings[len(openings)-1].To) {
			return nil
		}
		return queue.OpenDay{Clock: now, Built: k.built}
	}
	switch {
	case date != today:
		return queue.CloseDay{Force: true} // nobody closed it: the night is over
	case len(openings) > 0 && local.Before(openings[len(openings)-1].To):
		return nil
	case len(openings) == 0: // opened by hand on a closed day
		return nil
	}
	for range v.Open() {
		return nil // somebody is still here
	}
	return queue.CloseDay{}
}

func (k *keeper) carryOut(ctx context.Context, c queue.Command) {
	_, err := k.engine.Do(ctx, queue.Actor{Role: queue.RoleSystem, ID: "calendar"}, c)
	refusal, refused := errors.AsType[*queue.Refusal](err)
	switch {
	case err == nil:
		k.health.Clear("clock_implausible", "")
	case refused && refusal.Code == queue.RefusedClock:
		k.health.Raise(health.Warning{
			Name: "clock_implausible", Severity: health.Critical,
			Cause: "the clock says " + refusal.Subject + ", which lies before the newest record or the program's build",
			Hint:  "set the clock, or connect the network so that it is set; then the day opens by itself",
		})
	case ctx.Err() == nil:
		k.log.Error("the day could not be opened or closed", slog.Any("error", err))
	}
}
