// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/mattn/go-sqlite3"
)

const (
	// KeptBackups is how many backups [Store.Rotate] should keep unless told otherwise.
	KeptBackups = 7

	backupPages = 256                // copied between two looks at the context
	keptBriefly = 7 * 24 * time.Hour // entries of the audit that are deleted so soon are not copied: a backup lies about for longer
	stampFormat = "20060102T150405Z" // UTC, sorts as text
)

// Backup copies the journal as it is now to a file, while appends go on. The file
// gets its name when it is complete, checked and durable; one that is there already
// is replaced. Entries of the audit that are to be deleted within days, as those of clerks,
// are not in it.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	unfinished := path + ".new"
	if err := removeDatabase(unfinished); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(unfinished))
		}
	}()
	if err := s.copyTo(ctx, unfinished); err != nil {
		return s.read.explain("back up to "+path, err)
	}
	if _, err := verify(ctx, unfinished); err != nil {
		return fmt.Errorf("store: back up to %s: the copy is not sound: %w", path, err)
	}
	return publish(unfinished, path)
}

// copyTo copies a snapshot. The transaction around it keeps the log from being
// reused meanwhile, so it grows by what is appended; nobody waits.
func (s *Store) copyTo(ctx context.Context, path string) (err error) {
	if err := emptyFile(path); err != nil {
		return err
	}
	to, err := connector{dsn: dsn(path, "rw", "_journal_mode=OFF&_synchronous=OFF&_secure_delete=true")}.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	from, err := s.read.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	tx, err := from.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if e := tx.Rollback(); !errors.Is(e, sql.ErrTxDone) {
			err = errors.Join(err, e)
		}
	}()
	var end int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM event").Scan(&end); err != nil {
		return err
	}
	if err := from.Raw(func(c any) error { return copyPages(ctx, to, c.(*sqlite3.SQLiteConn)) }); err != nil {
		return err
	}
	return forgetBrief(to)
}

// forgetBrief takes out of a copy what is kept for some days only.
func forgetBrief(copied *sqlite3.SQLiteConn) error {
	_, err := copied.Exec("DELETE FROM audit WHERE ends - at <= ?", []driver.Value{keptBriefly.Milliseconds()})
	return err
}

func copyPages(ctx context.Context, to, from *sqlite3.SQLiteConn) (err error) {
	b, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Finish()) }()
	for done := false; !done; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if done, err = b.Step(backupPages); err != nil {
			return err
		}
	}
	return nil
}

// Rotate writes a backup into the directory backups beside the journal, named by
// the time, and then removes the oldest ones until keep are left. It returns the
// new backup's path.
func (s *Store) Rotate(ctx context.Context, keep int) (string, error) {
	if keep < 1 {
		return "", fmt.Errorf("store: keep %d backups: want 1 or more", keep)
	}
	dir := filepath.Join(s.options.Dir, backupsDir)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("store: back up: %w", err)
	}
	path := filepath.Join(dir, "avanti-"+time.Now().UTC().Format(stampFormat)+".db")
	if err := s.Backup(ctx, path); err != nil {
		return "", err
	}
	backups, err := Backups(s.options.Dir)
	if err != nil {
		return path, err
	}
	for _, old := range backups[min(keep, len(backups)):] {
		if err := os.Remove(old); err != nil {
			return path, fmt.Errorf("store: remove an old backup: %w", err)
		}
	}
	return path, syncDir(dir)
}

// Backups returns the paths of the backups of a data directory, the newest first;
// none is no error.
func Backups(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, backupsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("store: look for backups: %w", err)
	}
	var paths []string
	for _, e := range entries {
		if ok, _ := filepath.Match("avanti-????????T??????Z.db", e.Name()); ok && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dir, backupsDir, e.Name()))
		}
	}
	slices.Sort(paths)
	slices.Reverse(paths)
	return paths, nil
}
