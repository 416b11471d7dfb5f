// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/mattn/go-sqlite3"
)

// What an opening looks at must not grow with the years: the header, the schema
// and the newest records. [Store.Check] looks at everything.

const (
	headerSize   = 100 // bytes; SQLite file format 1.3
	headerMagic  = "SQLite format 3\x00"
	newestLooked = 256 // records
)

// inspectFile looks at the journal's file before SQLite does: SQLite would take an
// empty one for a new database.
func (db file) inspect() error {
	f, err := os.Open(db.path)
	if err != nil {
		return fmt.Errorf("store: open the journal: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("store: open the journal: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("store: %s: %w: it is not a regular file", db.path, ErrForeign)
	}
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(f, header); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return db.damaged(fmt.Errorf("it has only %d bytes", info.Size()))
		}
		return fmt.Errorf("store: read the journal's header: %w", err)
	}
	if string(header[:len(headerMagic)]) != headerMagic {
		return db.damaged(errors.New("its header is not that of a database"))
	}
	if size := binary.BigEndian.Uint16(header[16:]); size != pageSize {
		return db.damaged(fmt.Errorf("its header gives pages of %d bytes, must be %d", size, pageSize))
	}
	// Every journal has carried its id since before it bore the name, so a
	// database without is somebody else's.
	if id := binary.BigEndian.Uint32(header[68:]); id != applicationID {
		return fmt.Errorf("store: %s: %w: its application id is %#x, want %#x: choose another data directory", db.path, ErrForeign, id, applicationID)
	}
	return nil
}

// remnant names a sign that the directory has had a journal; "" if there is none.
func (o *Options) remnant(l *lock) (string, error) {
	marked, err := l.marked()
	if err != nil {
		return "", err
	}
	if marked {
		return "the mark in avanti.lock", nil
	}
	for _, ending := range companions() {
		switch _, err := os.Lstat(o.file().path + ending); {
		case err == nil:
			return fileName + ending, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("store: look for a journal: %w", err)
		}
	}
	backups, err := Backups(o.Dir)
	if err != nil {
		return "", err
	}
	if len(backups) > 0 {
		return backups[0], nil
	}
	return "", nil
}

// inspectTables compares the tables with those that this program makes.
func (db file) inspectTables(c *sqlite3.SQLiteConn, steps []migration) error {
	want, err := intended(steps)
	if err != nil {
		return fmt.Errorf("work out the tables: %w", err)
	}
	got, err := schema(c)
	if err != nil {
		return err
	}
	if got != want {
		return db.damaged(fmt.Errorf("its tables are not those of format %d", len(steps)))
	}
	return nil
}

// inspectLength finds a file that has lost its end. It can tell once the log has
// been moved into the file.
func (db file) inspectLength(c *sqlite3.SQLiteConn) error {
	pages, err := integer(c, "PRAGMA page_count")
	if err != nil {
		return err
	}
	info, err := os.Stat(db.path)
	if err != nil {
		return err
	}
	if want := pages * pageSize; info.Size() < want {
		return db.damaged(fmt.Errorf("it has %d bytes, must have %d", info.Size(), want))
	}
	return nil
}
