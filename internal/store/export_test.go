// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"io/fs"
	"testing"

	"github.com/mattn/go-sqlite3"
)

// CreatePlain makes a database of the journal's shape without any table.
func CreatePlain(tb testing.TB, path string) {
	if err := create(path, nil); err != nil {
		tb.Fatal(err)
	}
}

// Connector returns a connector with the settings of the journal's connections.
func Connector(path string) driver.Connector {
	return connector{dsn: dsn(path, "rw", durable), check: steady}
}

// Execute runs SQL on the connection that writes, in the place of a fault.
func Execute(tb testing.TB, s *Store, query string) {
	tb.Helper()
	if err := s.writer.run(query); err != nil {
		tb.Fatal(err)
	}
}

// FailCommits lets every commit fail, or no more.
func FailCommits(s *Store, fail bool) {
	hook := func() int { return 1 }
	if !fail {
		hook = nil
	}
	s.writer.conn.RegisterCommitHook(hook)
}

// Migrate takes the steps in a file system, as [Open] does with the embedded ones.
func Migrate(s *Store, steps fs.FS) (int, error) {
	m, err := migrations(steps)
	if err != nil {
		return 0, err
	}
	return migrate(s.writer.conn, m)
}

// Connections calls do with the connection that writes and with each one that reads.
func Connections(ctx context.Context, s *Store, do func(*sqlite3.SQLiteConn) error) error {
	if err := do(s.writer.conn); err != nil {
		return err
	}
	for range readers {
		c, err := s.read.db.Conn(ctx)
		if err != nil {
			return err
		}
		defer c.Close() // all at once, so that each is another one
		if err := c.Raw(func(c any) error { return do(c.(*sqlite3.SQLiteConn)) }); err != nil {
			return err
		}
	}
	return nil
}

// Integer asks a connection for a number.
func Integer(c *sqlite3.SQLiteConn, query string) (int64, error) { return integer(c, query) }

// Plans returns how SQLite goes about each statement that reads or writes rows.
func Plans(tb testing.TB, s *Store) map[string][]string {
	tb.Helper()
	plans := map[string][]string{}
	add := func(query string) {
		stmt, err := prepare(s.writer.conn, "EXPLAIN QUERY PLAN "+query)
		if err != nil {
			tb.Fatal(err)
		}
		defer stmt.stmt.Close()
		rows, err := stmt.stmt.Query(make([]driver.Value, len(stmt.args)))
		if err != nil {
			tb.Fatal(err)
		}
		defer rows.Close()
		for step := make([]driver.Value, 4); rows.Next(step) == nil; {
			plans[query] = append(plans[query], step[3].(string))
		}
	}
	for _, queries := range []map[**sql.Stmt]string{s.read.journalQueries(), s.read.modelQueries()} {
		for _, query := range queries {
			add(query)
		}
	}
	for _, query := range s.writer.models.queries() {
		add(query)
	}
	return plans
}

// Beside names the tables that a restore does not take back.
func Beside() []string { return beside() }

// Tables names all tables, in order.
func Tables(tb testing.TB, s *Store) (names []string) {
	tb.Helper()
	rows, err := s.read.db.QueryContext(tb.Context(), "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		tb.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			tb.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		tb.Fatal(err)
	}
	return names
}
