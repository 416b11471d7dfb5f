// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// The parameters that make an acknowledged commit survive a power cut. They stand
// in the name of the database because the driver sets its own weaker ones on every
// new connection.
const (
	durable = "_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000&_foreign_keys=1" +
		"&_secure_delete=true" // what was deleted is not to be found in the file, nor in its backups
	// A new file is made under EXTRA, which also syncs the directory when the
	// rollback journal is removed: it must not come back after a power cut.
	creating = "_journal_mode=DELETE&_synchronous=EXTRA&_txlock=immediate&_busy_timeout=5000&_foreign_keys=1"
	// A file that nobody writes: no log, no lock, no trace.
	untouched = "immutable=1"
)

// The figures that every connection is held to.
const (
	pageSize       = 1024 // small pages: flash wears out by bytes
	autocheckpoint = 200  // pages; keeps the log short
	syncFull       = 2
	busyTimeout    = 5000 // ms
)

// dsn names a database file with an open mode (ro, rw, rwc) and parameters.
func dsn(path, mode, parameters string) string {
	u := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: "mode=" + mode + "&" + parameters}
	return u.String()
}

// connector opens the connections of one database. It is a [driver.Connector].
type connector struct {
	dsn   string
	check func(*sqlite3.SQLiteConn) error // of each new connection
}

// Connect implements [driver.Connector].
func (c connector) Connect(context.Context) (driver.Conn, error) { return c.open() }

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{ConnectHook: c.check} }

func (c connector) open() (*sqlite3.SQLiteConn, error) {
	conn, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return conn.(*sqlite3.SQLiteConn), nil
}

// steady prepares a connection to a journal and reads back what promises depend on.
func steady(c *sqlite3.SQLiteConn) error {
	if _, err := c.Exec(fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", autocheckpoint), nil); err != nil {
		return err
	}
	for pragma, want := range map[string]driver.Value{
		"journal_mode":       "wal",
		"synchronous":        int64(syncFull),
		"foreign_keys":       int64(1),
		"busy_timeout":       int64(busyTimeout),
		"wal_autocheckpoint": int64(autocheckpoint),
		"page_size":          int64(pageSize),
	} {
		got, err := value(c, "PRAGMA "+pragma)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("PRAGMA %s is %v, must be %v", pragma, got, want)
		}
	}
	return nil
}

// value returns the only column of the only row of a query.
func value(c *sqlite3.SQLiteConn, query string) (driver.Value, error) {
	row, err := rowOf(c, query, 1)
	if err != nil {
		return nil, err
	}
	return row[0], nil
}

// integer is [value] for a number; NULL is 0.
func integer(c *sqlite3.SQLiteConn, query string) (int64, error) {
	v, err := value(c, query)
	if err != nil {
		return 0, err
	}
	n, ok := v.(int64)
	if v != nil && !ok {
		return 0, fmt.Errorf("%s: %v is not a number", query, v)
	}
	return n, nil
}

func rowOf(c *sqlite3.SQLiteConn, query string, columns int) ([]driver.Value, error) {
	rows, err := c.Query(query, nil)
	if err != nil {
		return nil, err
	}
	row := make([]driver.Value, columns)
	if err := rows.Next(row); err != nil {
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("%s: no row", query)
		}
		return nil, errors.Join(err, rows.Close())
	}
	return row, rows.Close()
}

// statement is prepared once and used for as long as its connection lives.
type statement struct {
	stmt *sqlite3.SQLiteStmt
	args []driver.NamedValue
}

func prepare(c *sqlite3.SQLiteConn, query string) (*statement, error) {
	s, err := c.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", strings.Join(strings.Fields(query), " "), err)
	}
	stmt := s.(*sqlite3.SQLiteStmt)
	args := make([]driver.NamedValue, stmt.NumInput())
	for i := range args {
		args[i].Ordinal = i + 1
	}
	return &statement{stmt: stmt, args: args}, nil
}

// exec runs the statement to its end. It cannot be interrupted: whoever waits for a
// commit must learn what became of it.
func (s *statement) exec(values ...driver.Value) error {
	for i := range s.args {
		s.args[i].Value = values[i]
	}
	_, err := s.stmt.ExecContext(context.Background(), s.args)
	return err
}
