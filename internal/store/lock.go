// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const lockName = "avanti.lock"

// mark is the lock file's text once the directory has a journal. A directory with
// the mark and without the journal has lost it.
const mark = "This directory holds a journal: avanti.db. If it is gone, restore it; do not delete this file.\n"

// lock is a data directory that belongs to this process until it ends.
type lock struct{ file *os.File }

func acquire(dir string) (*lock, error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, fmt.Errorf("store: lock the data directory: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = fmt.Errorf("store: %s: %w by another process (it holds avanti.lock): stop that one first, or choose another data directory", dir, ErrInUse)
		} else {
			err = fmt.Errorf("store: lock %s: %w", path, err)
		}
		return nil, errors.Join(err, f.Close())
	}
	return &lock{file: f}, nil
}

// marked reports whether the directory has had a journal.
func (l *lock) marked() (bool, error) {
	info, err := l.file.Stat()
	if err != nil {
		return false, fmt.Errorf("store: read the lock: %w", err)
	}
	return info.Size() > 0, nil
}

// mark notes durably that the directory has a journal from now on.
func (l *lock) mark() error {
	if done, err := l.marked(); done || err != nil {
		return err
	}
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("store: mark the lock: %w", err)
	}
	if _, err := l.file.WriteString(mark); err != nil {
		return fmt.Errorf("store: mark the lock: %w", err)
	}
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("store: mark the lock: %w", err)
	}
	return syncDir(filepath.Dir(l.file.Name()))
}

// release gives the directory back. The file stays: deleting it would let two
// processes hold two files of the same name.
func (l *lock) release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("store: release the lock: %w", err)
	}
	return nil
}

// syncDir makes new, renamed and removed names in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("store: sync directory: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("store: sync directory %s: %w", dir, err)
	}
	return nil
}
