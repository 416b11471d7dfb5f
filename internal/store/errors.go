// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

var (
	// ErrDamaged is wrapped by errors that say that the journal cannot be read or
	// trusted. Their text names the command that restores the newest backup.
	ErrDamaged = errors.New("the journal is damaged")
	// ErrNewer is wrapped by errors that say that a newer program wrote the journal.
	ErrNewer = errors.New("the journal was written by a newer version")
	// ErrForeign is wrapped by errors that say that the file is another program's.
	ErrForeign = errors.New("not a journal of this program")
	// ErrInUse is wrapped by errors that say that another process has the data directory.
	ErrInUse = errors.New("the data directory is in use")
	// ErrClosed is returned by a store after [Store.Close].
	ErrClosed = errors.New("store: the journal is closed")
	// ErrReadOnly is returned by writes to a store that was opened with ReadOnly.
	ErrReadOnly = errors.New("store: the journal was opened for reading")
)

// file is a database by its path, with what an operator should do when it is damaged.
type file struct{ path, advice string }

// damaged tells an operator what is wrong and what to do.
func (db file) damaged(cause error) error {
	return fmt.Errorf("store: %s: %w: %w; %s", db.path, ErrDamaged, cause, db.advice)
}

// explain adds context to what SQLite says, and advice when the file is damaged.
func (db file) explain(doing string, err error) error {
	if errors.Is(err, ErrDamaged) {
		return err
	}
	if e, ok := errors.AsType[sqlite3.Error](err); ok && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB) {
		return db.damaged(fmt.Errorf("%s: %w", doing, err))
	}
	return fmt.Errorf("store: %s: %w", doing, err)
}

// newer refuses a format that this program does not know.
func newer(version int64, known int) error {
	return fmt.Errorf("%w: its format is %d, this program knows %d: start the newer version, or restore a backup from before the update",
		ErrNewer, version, known)
}

// gap reports whether err is the refusal of a record that does not go behind the
// newest one: another process has written to the journal.
func gap(err error) bool {
	e, ok := errors.AsType[sqlite3.Error](err)
	return ok && e.ExtendedCode == sqlite3.ErrConstraintTrigger
}
