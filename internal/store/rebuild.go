// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/avanti-queue/avanti/queue"
)

// rebuildStep is how many records one transaction of a rebuild takes: few enough
// for the log to stay short.
const rebuildStep = 2000

// catchUp rebuilds the read models if they were written by other rules than today's,
// or if a rebuild was interrupted.
func (s *Store) catchUp(ctx context.Context) error {
	version, err := s.read.count(ctx, "SELECT version FROM projection")
	switch {
	case err != nil:
		return s.read.explain("read the version of the read models", err)
	case version == projection:
		return nil
	case s.options.ReadOnly:
		return errors.New("store: the read models are not up to date: start avantid once to rebuild them")
	}
	return s.Rebuild(ctx)
}

// Rebuild writes the read models anew from the events. Appends wait meanwhile, and
// readers of the models see them unfinished; on a large journal that takes minutes.
// If it fails or is cancelled, the next Open begins it again.
func (s *Store) Rebuild(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	s.log.Info("rebuilding read models", slog.Int64("records", int64(s.end)), slog.Int("version", projection))
	if err := w.clear(); err != nil {
		return s.read.explain("clear the read models", err)
	}
	step := make([]queue.Record, 0, rebuildStep)
	for r, err := range s.Records(ctx, 0) {
		if err != nil {
			return err
		}
		if step = append(step, r); len(step) == rebuildStep {
			if err := w.replay(step); err != nil {
				return s.read.explain("rebuild the read models", err)
			}
			step = step[:0]
		}
	}
	err = w.replay(step)
	if err == nil {
		err = w.run("UPDATE projection SET version = ?", int64(projection))
	}
	if err != nil {
		return s.read.explain("rebuild the read models", err)
	}
	s.log.Info("read models rebuilt")
	return nil
}

// clear empties the read models and says that they are not to be trusted.
func (w *writer) clear() error {
	return w.transact(func() error {
		for _, table := range []string{"day", "ticket", "counter_interval"} {
			if err := w.run("DELETE FROM " + table); err != nil {
				return err
			}
		}
		return w.run("UPDATE projection SET version = 0")
	})
}

func (w *writer) replay(records []queue.Record) error {
	return w.transact(func() error {
		for _, r := range records {
			if err := w.models.apply(r.Seq, r.At, r.Event); err != nil {
				return fmt.Errorf("record %d: %w", r.Seq, err)
			}
		}
		return nil
	})
}
