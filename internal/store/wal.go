// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"fmt"
	"os"

	"github.com/mattn/go-sqlite3"
)

// logSize is how far the write-ahead log grows before it is moved into the file and
// reused: the pages of a checkpoint and of the commit that goes beyond them, each
// with 24 bytes in front.
const logSize = (autocheckpoint + 56) * (pageSize + 24)

// emptyLog moves the whole log into the file. It reports false while somebody reads:
// then the log stays as it is, which is no fault.
func emptyLog(c *sqlite3.SQLiteConn) (bool, error) {
	if _, err := c.Exec("PRAGMA busy_timeout = 0", nil); err != nil {
		return false, err
	}
	state, err := rowOf(c, "PRAGMA wal_checkpoint(TRUNCATE)", 3)
	if err != nil {
		return false, err
	}
	_, err = c.Exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout), nil)
	return state[0] == int64(0), err
}

// fillLog gives an empty log its full size, in zeros, which SQLite reads as a log
// without content. While a log grows, each commit costs the file system a second
// flush; while it is only overwritten, one. The log is not kept over a clean end
// for that purpose: with its old content it would be applied to any file that
// somebody puts in the journal's place.
func (db file) fillLog() (err error) {
	f, err := os.OpenFile(db.path+"-wal", os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("fill the log: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// Block by block: the page cache keeps what one call wrote together as one piece,
	// and counts all of it as written anew whenever a commit touches a part.
	block := make([]byte, 4096)
	for offset := 0; offset < logSize; offset += len(block) {
		if _, err := f.WriteAt(block, int64(offset)); err != nil {
			return fmt.Errorf("fill the log: %w", err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("fill the log: %w", err)
	}
	return nil
}
