// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Restored says what a restore has done.
type Restored struct {
	Newest queue.Seq // the newest record of the backup; 0: it has none
	At     time.Time // of that record
	Kept   string    // where the former journal is now; "" if there was none
}

// Restore puts a backup in the place of a data directory's journal. The backup is
// checked first, as a whole; the former journal is kept beside under a name with
// the time. It is refused with [ErrInUse] while a daemon has the directory. If it is
// interrupted, the directory is refused by [Open] until it is repeated.
func Restore(ctx context.Context, dir, backup string) (done Restored, err error) {
	path := filepath.Join(dir, fileName)
	last, err := verify(ctx, backup)
	if err != nil {
		return done, fmt.Errorf("store: restore %s: %w; nothing was changed", backup, err)
	}
	done.Newest, done.At = last.Seq, last.At
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return done, fmt.Errorf("store: restore: %w", err)
	}
	l, err := acquire(dir)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	if err := l.mark(); err != nil {
		return done, err
	}
	fresh := path + ".new"
	if err := removeDatabase(fresh); err != nil {
		return done, err
	}
	if err := copyFile(fresh, backup); err != nil {
		return done, fmt.Errorf("store: restore %s: %w", backup, err)
	}
	if done.Kept, err = setAside(path); err != nil {
		return done, err
	}
	return done, publish(fresh, path)
}

// setAside renames a journal with its companions. They go first: an old log beside
// a new file must never happen.
func setAside(path string) (kept string, err error) {
	aside := path + ".damaged-" + time.Now().UTC().Format(stampFormat)
	for _, ending := range append(companions(), "") {
		switch err := os.Rename(path+ending, aside+ending); {
		case err == nil:
			kept = aside
		case !errors.Is(err, fs.ErrNotExist):
			return kept, fmt.Errorf("store: set the former journal aside: %w", err)
		}
	}
	return kept, syncDir(filepath.Dir(path))
}

func copyFile(to, from string) (err error) {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	_, err = io.Copy(w, r)
	return err
}

// verify reads a database that nobody writes, as a whole, and returns its newest
// record. It may have an older format.
func verify(ctx context.Context, path string) (last queue.Record, err error) {
	f := file{path: path, advice: "choose another backup"}
	if err := f.inspect(); err != nil {
		return last, err
	}
	r := newReader(f, untouched, nil)
	defer func() { err = errors.Join(err, r.close()) }()
	version, err := r.count(ctx, "PRAGMA user_version")
	if err != nil {
		return last, r.explain("read the format", err)
	}
	steps, err := migrations(scripts)
	if err != nil {
		return last, fmt.Errorf("store: %w", err)
	}
	if version > int64(len(steps)) {
		return last, newer(version, len(steps))
	}
	if err := r.prepare(ctx, r.journalQueries()); err != nil {
		return last, err
	}
	if err := r.check(ctx); err != nil {
		return last, err
	}
	return r.newest(ctx)
}
