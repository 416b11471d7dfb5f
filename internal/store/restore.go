// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
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

// RestoreOptions say how a journal goes on from a backup. The zero value leaves it as it was.
type RestoreOptions struct {
	Gap Gap
	Now time.Time // by the wall clock; zero: [time.Now]
}

// Gap is how many numbers each series leaves out on the day of a restore, because they may have
// been printed since the backup was made. 0: none.
type Gap int

const (
	// GapKnown goes on where the former journal stands, or leaves [GapUnknown] where that cannot be read.
	GapKnown Gap = -1
	// GapUnknown is for when nobody knows: more than an office gives in a series on most days. The
	// series go on at the next round number behind it.
	GapUnknown Gap = 200
)

// Restored says what a restore has done.
type Restored struct {
	Newest queue.Seq // the newest record of the backup; 0: it has none
	At     time.Time // of that record
	Kept   string    // where the former journal is now; "" if there was none

	// Former reports that the former journal could be read: accounts, devices, the audit, votes and the
	// history of the configuration are its own. Otherwise they are those of the backup.
	Former bool
	// Foreign reports that it could be read, but that the backup is not of this journal: nothing was
	// taken from it, but series go on behind the numbers that it has given to the same office.
	Foreign bool
	// Numbers are those from which series go on today, as they are printed; nil: as in the backup.
	Numbers []string
}

// asideInfix stands between a journal's name and the time at which it was set aside.
const asideInfix = ".damaged-"

// stagingDir is where a backup is made ready to be the journal.
const stagingDir = "restoring"

// Restore puts a backup in the place of a data directory's journal. The backup is
// checked first, as a whole; the former journal is kept beside under a name with
// the time. What stands beside the events in it and is not about tickets stays, where it can be
// read and the backup is of this journal. Links to the pages of tickets end, for the ids of those that are lost are given again. It
// is refused with [ErrInUse] while a daemon has the directory. If it is interrupted, the
// former journal is still there, or the directory is refused by [Open] until it is repeated, which then
// finds the former one where it was set aside.
func Restore(ctx context.Context, dir, backup string, o RestoreOptions) (done Restored, err error) {
	if o.Gap < GapKnown {
		return done, fmt.Errorf("store: restore: a gap of %d numbers: want 0 or more", o.Gap)
	}
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
	staging := filepath.Join(dir, stagingDir)
	if err := stage(staging, backup); err != nil {
		return done, fmt.Errorf("store: restore %s: %w; nothing was changed", backup, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	if err := goOn(ctx, dir, staging, o, &done); err != nil {
		return done, fmt.Errorf("store: restore %s: %w; nothing was changed", backup, err)
	}
	if err := os.Remove(filepath.Join(dir, secretName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return done, fmt.Errorf("store: restore: %w", err)
	}
	kept, err := setAside(path)
	done.Kept = cmp.Or(kept, done.Kept)
	if err != nil {
		return done, err
	}
	return done, publish(filepath.Join(staging, fileName), path)
}

// stage copies a backup into a directory of its own, in which it can be opened.
func stage(staging, backup string) error {
	if err := os.RemoveAll(staging); err != nil {
		return err
	}
	if err := os.Mkdir(staging, 0o750); err != nil {
		return err
	}
	return copyFile(filepath.Join(staging, fileName), backup)
}

// setAside renames a journal with its companions. They go first: an old log beside
// a new file must never happen.
func setAside(path string) (kept string, err error) {
	at := time.Now().UTC()
	aside := path + asideInfix + at.Format(stampFormat)
	for _, err := os.Lstat(aside); err == nil; _, err = os.Lstat(aside) { // what stands there is kept too
		at = at.Add(time.Second)
		aside = path + asideInfix + at.Format(stampFormat)
	}
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
