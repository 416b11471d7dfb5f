// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/avanti-queue/avanti/internal/health"
)

const (
	watchTick  = 5 * time.Second
	checkEvery = 24 * time.Hour
	stuckAfter = 30 * time.Second
)

// Notices to systemd; without it they do nothing.
func notifyReady()    { notify(daemon.SdNotifyReady) }
func notifyStopping() { notify(daemon.SdNotifyStopping) }

func notify(state string) {
	// A lost notice shows itself: systemd ends a daemon that does not report.
	_, _ = daemon.SdNotify(false, state)
}

// watch feeds systemd's watchdog while the engine answers and the journal is where
// it should be.
func (a *App) watch(ctx context.Context) error {
	every := watchTick
	if d, err := daemon.SdWatchdogEnabled(false); err == nil && d > 0 {
		every = min(every, d/3)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	engine := a.gate.Expect("engine", stuckAfter)
	defer engine.Stop()
	for {
		// The engine is asked itself: a timer beside it would only prove the timer.
		bounded, cancel := context.WithTimeout(ctx, every)
		if a.engine.Ping(bounded) == nil {
			engine.Beat()
		}
		cancel()
		if err := a.store.Present(); err != nil {
			a.health.Raise(health.Warning{
				Name: "journal_gone", Severity: health.Critical, Cause: err.Error(),
				Hint: "stop the program and restore the last backup: avantictl restore -config " + a.options.Config.Name,
			})
		}
		if err := a.gate.Alive(time.Now()); err != nil {
			a.log.Error("not alive", slog.Any("error", err))
		} else {
			notify(daemon.SdNotifyWatchdog)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// checkJournal reads the whole journal once a day, while the hall goes on.
func (a *App) checkJournal(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(checkEvery):
		}
		switch err := a.store.Check(ctx); {
		case ctx.Err() != nil: // cut short: it says nothing
		case err != nil:
			a.health.Raise(health.Warning{
				Name: "journal_damaged", Severity: health.Critical, Cause: err.Error(),
				Hint: "stop the program and restore the last backup: avantictl restore -config " + a.options.Config.Name,
			})
		default:
			a.health.Clear("journal_damaged", "")
		}
	}
}

// keepBackups copies the journal from time to time.
func (a *App) keepBackups(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(a.options.Config.Backup.Every):
		}
		if _, err := a.store.Rotate(ctx, a.options.Config.Backup.Keep); err != nil && ctx.Err() == nil {
			return err
		}
	}
}
