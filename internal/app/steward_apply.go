// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// Apply implements [web.Steward]. The new text is on the disk before anything changes; then the queue
// is asked, and what it refuses does not take the file's place. If the program dies in between, the
// file counts: the next start tells the queue what stands there.
func (s *steward) Apply(ctx context.Context, by, tag string, text []byte) (web.Effect, error) {
	s.changes.Lock()
	defer s.changes.Unlock()
	have, err := s.stands()
	switch {
	case err != nil:
		return web.Effect{}, err
	case have.Locked != "":
		return web.Effect{}, fmt.Errorf("%w: %s", web.ErrLocked, have.Locked)
	case have.Tag != tag:
		return web.Effect{}, web.ErrChanged
	}
	file, err := s.parse(have.Text, text)
	if err != nil {
		return web.Effect{}, err
	}
	text = file.Text()
	if err := s.sameJournal(file); err != nil {
		return web.Effect{}, err
	}
	effect := s.effect(file)
	next, err := s.disk.prepare(have.Name, text)
	if err != nil {
		return web.Effect{}, fmt.Errorf("%w: %w", web.ErrLocked, err)
	}
	// From here on the answer is the file's, whether or not the one who asked still listens.
	ctx = context.WithoutCancel(ctx)
	former := *s.app.engine.View().Settings()
	if err := s.tell(ctx, file.Settings()); err != nil {
		return web.Effect{}, errors.Join(err, next.drop())
	}
	unsure := next.publish()
	if unsure != nil && !errors.Is(unsure, errUnsure) {
		return web.Effect{}, fmt.Errorf("%w: %w", web.ErrLocked, errors.Join(unsure, s.tellAgain(ctx, former)))
	}
	s.inHistory(ctx, by, text)
	if effect.Restart {
		s.app.options.Restart(Order{})
	} else {
		s.takeOver(file)
	}
	if unsure != nil {
		return effect, fmt.Errorf("%w: %w", web.ErrUnsure, unsure)
	}
	return effect, nil
}

// sameJournal refuses a file that is about another journal than the one that is open.
func (s *steward) sameJournal(file *config.File) error {
	now := s.app.options.Config
	refuse := func(field, is, want string) error {
		return &config.Faults{List: []config.Fault{{File: file.Name, Line: 1, Column: 1, Field: field, Wrong: fmt.Sprintf("%q", is), Want: want}}}
	}
	if was, is := now.Settings().Office, file.Settings().Office; was != is {
		return refuse("office.id", string(is), string(was)+", to which the journal belongs")
	}
	if was, is := now.DataDir, file.DataDir; was != is {
		return refuse("data_dir", is, was+", where the journal is")
	}
	return nil
}

// tell puts settings in force in the queue, unless they are. No person stands in the journal.
func (s *steward) tell(ctx context.Context, want queue.Settings) error {
	if same(*s.app.engine.View().Settings(), want) {
		return nil
	}
	_, err := s.app.engine.Do(ctx, queue.Actor{Role: queue.RoleSystem, ID: "configuration"}, queue.ChangeSettings{Settings: want})
	return err
}

// tellAgain puts the former settings back, because the file still has them. Where somebody has used the
// new ones already, they stay until the next start, and a warning says so.
func (s *steward) tellAgain(ctx context.Context, former queue.Settings) error {
	err := s.tell(ctx, former)
	if err == nil {
		return nil
	}
	s.app.health.Raise(health.Warning{
		Name: "settings_pending", Severity: health.Degraded,
		Cause: "the queue has new settings that could not be written to the file: " + err.Error(),
		Hint:  "close the day and start the program again",
	})
	return fmt.Errorf("the queue goes on with the new settings until the next start: %w", err)
}

// takeOver notes that a configuration is in force of which the queue knows all that is new.
func (s *steward) takeOver(file *config.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.file = file
	s.app.health.Clear("settings_pending", "")
}

// inHistory notes a change that is in force, whatever becomes of the note: the next start
// makes up for it.
func (s *steward) inHistory(ctx context.Context, by string, text []byte) {
	if err := remember(ctx, s.app.store, by, s.app.engine.Now(), text); err != nil {
		s.app.log.Error("the configuration is in force and not in the history", slog.Any("error", err))
	}
}

// takeUp notes in the history what is in force, if that is new, and tells of what is not.
func (a *App) takeUp(ctx context.Context) {
	if beside, _ := besideOf(a.options.Config.Name); beside != "" {
		if err := (replacement{beside: beside}).drop(); err != nil {
			a.log.Warn("what is left of a change that was cut off", slog.Any("error", err))
		}
	}
	by := byFile
	if a.options.Undone != "" {
		by = byUndone
		a.health.Raise(health.Warning{
			Name: "configuration_undone", Severity: health.Degraded, Cause: a.options.Undone,
			Hint: "the office runs as before; put right what is named and try again",
		})
	}
	a.steward.inHistory(ctx, by, a.options.Config.Text())
}

// remember notes a configuration in the history unless it is the newest there.
func remember(ctx context.Context, s *store.Store, by string, at time.Time, text []byte) error {
	newest, err := s.Configuration(ctx, 0)
	if err != nil && !errors.Is(err, store.ErrUnknownConfiguration) {
		return err
	}
	if err == nil && newest.Text == string(text) {
		return nil
	}
	what := strings.Join(config.Changed([]byte(newest.Text), text), " ")
	return s.AddConfiguration(ctx, store.Configuration{At: at, By: by, What: what, Text: string(text)})
}
