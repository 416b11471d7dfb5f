// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"
)

// applicationID marks the file as ours: "AVTI".
const applicationID = 0x41565449

// create makes an empty journal. It is made under another name and renamed when it
// is complete and durable: a journal that is half made never bears the name.
func create(path string, steps []migration) error {
	unfinished := path + ".new"
	if err := removeDatabase(unfinished); err != nil {
		return err
	}
	if err := fill(unfinished, steps); err != nil {
		return fmt.Errorf("store: create %s: %w", unfinished, err)
	}
	return publish(unfinished, path)
}

// emptyFile makes a file that strangers cannot read. SQLite gives the files beside
// a database the same permissions.
func emptyFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	return f.Close()
}

func fill(path string, steps []migration) (err error) {
	if err := emptyFile(path); err != nil {
		return err
	}
	c, err := connector{dsn: dsn(path, "rw", creating), check: shape}.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := migrate(c, steps); err != nil {
		return err
	}
	mode, err := value(c, "PRAGMA journal_mode = WAL")
	if err == nil && mode != "wal" {
		err = fmt.Errorf("PRAGMA journal_mode is %v, must be wal", mode)
	}
	return err
}

// shape sets what cannot be changed once there are tables.
func shape(c *sqlite3.SQLiteConn) error {
	_, err := c.Exec(fmt.Sprintf("PRAGMA page_size = %d; PRAGMA application_id = %d", pageSize, applicationID), nil)
	return err
}

// publish gives a finished file its name, durably.
func publish(finished, path string) error {
	if err := syncFile(finished); err != nil {
		return err
	}
	if err := os.Rename(finished, path); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("store: sync: %w", err)
	}
	defer func() { _ = f.Close() }()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("store: sync %s: %w", path, err)
	}
	return nil
}

// companions are the endings of the files that SQLite keeps beside a database.
func companions() []string { return []string{"-wal", "-shm", "-journal"} }

// removeDatabase deletes what an interrupted creation, backup or restore has left.
func removeDatabase(path string) error {
	for _, ending := range append(companions(), "") {
		if err := os.Remove(path + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("store: remove the remains of an earlier attempt: %w", err)
		}
	}
	return nil
}
