// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/queue"
)

const (
	fileName   = "avanti.db"
	backupsDir = "backups"
)

// Options say where a journal is. Dir is required.
type Options struct {
	// Dir is the data directory. A writer makes it if it is missing.
	Dir string
	// Config is the configuration file that hints to operators name; "": FILE.
	Config string
	// ReadOnly opens a journal that another process may be writing: without the
	// lock, without any change. What needs a change first is refused. It is not for
	// the process that writes: looking at the file there would drop SQLite's locks.
	ReadOnly bool
	// Log hears of migrations and rebuilds; nil: nobody does.
	Log *slog.Logger
	// Metrics is where the store registers its metrics; nil: nowhere.
	Metrics prometheus.Registerer

	name string // of the file; "": avanti.db
}

func (o *Options) file() file {
	config := o.Config
	if config == "" {
		config = "FILE"
	}
	return file{
		path:   filepath.Join(o.Dir, cmp.Or(o.name, fileName)),
		advice: "stop avantid and restore the newest backup: avantictl restore -config " + config,
	}
}

// Store is an open journal. It implements [queue.Journal] and is safe for
// concurrent use.
type Store struct {
	options Options
	log     *slog.Logger
	metrics *metrics
	lock    *lock // nil when read-only
	files   files
	read    *reader

	mu     sync.Mutex // held while something is written
	closed bool
	writer *writer   // nil when read-only or closed
	end    queue.Seq // of the newest record
	newest time.Time // its time
}

// Open opens the journal in a data directory, or makes one where none has ever
// been. Its cost does not depend on the age of the journal. Errors wrap [ErrInUse],
// [ErrDamaged], [ErrNewer] or [ErrForeign] where that is the cause. The caller closes.
func Open(ctx context.Context, o Options) (_ *Store, err error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil || o.Dir == "" {
		return nil, errors.Join(errors.New("store: Options.Dir must name the data directory"), err)
	}
	o.Dir = dir
	s := &Store{options: o, log: o.Log, metrics: newMetrics(o.Metrics)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if !o.ReadOnly {
		if err := s.claim(); err != nil {
			return nil, err
		}
	}
	if err := o.file().inspect(); err != nil {
		return nil, err
	}
	if s.lock != nil {
		if err := s.lock.mark(); err != nil {
			return nil, err
		}
	}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	last, err := s.read.newest(ctx)
	if err != nil {
		return nil, err
	}
	s.end, s.newest = last.Seq, last.At
	if err := s.catchUp(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// claim locks the directory and makes the journal if there has never been one.
func (s *Store) claim() error {
	o := &s.options
	journal := o.file()
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return fmt.Errorf("store: make the data directory: %w", err)
	}
	l, err := acquire(o.Dir)
	if err != nil {
		return err
	}
	s.lock = l
	_, err = os.Lstat(journal.path)
	if errors.Is(err, fs.ErrNotExist) {
		sign, err := o.remnant(l)
		if err != nil {
			return err
		}
		if sign != "" {
			return journal.damaged(fmt.Errorf("it is missing, but there has been one (%s)", sign))
		}
		steps, err := migrations(scripts)
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if err := create(journal.path, steps); err != nil {
			return err
		}
		s.log.Info("new journal", slog.String("path", journal.path))
	} else if err != nil {
		return fmt.Errorf("store: look for the journal: %w", err)
	}
	return nil
}

// connect opens the connections, brings the file to the present format and looks
// whether it is what it should be.
func (s *Store) connect(ctx context.Context) error {
	journal := s.options.file()
	steps, err := migrations(scripts)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := s.files.note(&s.options); err != nil {
		return err
	}
	if !s.options.ReadOnly {
		if err := s.openWriter(journal, steps); err != nil {
			return journal.explain("open "+journal.path, err)
		}
	}
	s.read = newReader(journal, durable, steady)
	if s.options.ReadOnly {
		version, err := s.read.count(ctx, "PRAGMA user_version")
		if err != nil {
			return journal.explain("open "+journal.path, err)
		}
		if err := present(version, len(steps)); err != nil {
			return fmt.Errorf("store: %s: %w", journal.path, err)
		}
	}
	if err := s.read.prepare(ctx, s.read.journalQueries()); err != nil {
		return err
	}
	return s.read.prepare(ctx, s.read.modelQueries())
}

func (s *Store) openWriter(journal file, steps []migration) error {
	w, err := openWriter(journal.path)
	if err != nil {
		return err
	}
	s.writer = w
	taken, err := migrate(w.conn, steps)
	if err != nil {
		return err
	}
	if taken > 0 {
		s.log.Info("journal migrated", slog.String("path", journal.path), slog.Int("format", len(steps)))
	}
	if err := journal.inspectTables(w.conn, steps); err != nil {
		return err
	}
	empty, err := emptyLog(w.conn)
	if err != nil {
		return err
	}
	if empty {
		if err := journal.inspectLength(w.conn); err != nil {
			return err
		}
		if err := journal.fillLog(); err != nil {
			s.log.Warn("the write-ahead log could not be given its size: commits are slower until it has grown", slog.Any("error", err))
		}
	}
	return w.prepare()
}

// present refuses a format that a reader would have to bring to the present one.
func present(version int64, known int) error {
	switch {
	case version > int64(known):
		return newer(version, known)
	case version < int64(known):
		return fmt.Errorf("its format is %d, this program reads %d: start avantid once to bring it up to date", version, known)
	}
	return nil
}

// Close waits for a write under way and gives everything back. Later writes give
// [ErrClosed]; a second Close does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var failed []error
	if s.read != nil {
		failed = append(failed, s.read.close())
	}
	// The connection that writes goes last: it moves the log into the file.
	if s.writer != nil {
		failed = append(failed, s.writer.close())
		s.writer = nil
	}
	if s.lock != nil {
		failed = append(failed, s.lock.release())
		s.lock = nil
	}
	s.closed = true
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// writable returns the connection that writes. The caller holds mu.
func (s *Store) writable() (*writer, error) {
	switch {
	case s.closed:
		return nil, ErrClosed
	case s.writer == nil:
		return nil, ErrReadOnly
	}
	return s.writer, nil
}
