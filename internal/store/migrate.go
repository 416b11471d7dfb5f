// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mattn/go-sqlite3"
)

//go:embed migrations/*.sql
var scripts embed.FS

// migration is one step of the file's format. Steps are never changed once released.
type migration struct {
	version int64 // 1 and up, without gaps
	script  string
}

// migrations reads the numbered scripts: 0001_name.sql leads to version 1.
func migrations(from fs.FS) ([]migration, error) {
	names, err := fs.Glob(from, "migrations/*.sql")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	steps := make([]migration, 0, len(names))
	for i, name := range names { // in the order of the names
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || version != int64(i+1) {
			return nil, fmt.Errorf("migrations: %s: want number %04d", name, i+1)
		}
		script, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("migrations: %w", err)
		}
		steps = append(steps, migration{version: version, script: string(script)})
	}
	return steps, nil
}

// migrate brings a database to the newest version, each step in a transaction of
// its own, and returns how many steps that took.
func migrate(c *sqlite3.SQLiteConn, steps []migration) (int, error) {
	version, err := integer(c, "PRAGMA user_version")
	if err != nil {
		return 0, err
	}
	if version > int64(len(steps)) {
		return 0, newer(version, len(steps))
	}
	taken := 0
	for _, m := range steps[version:] {
		if err := m.run(c); err != nil {
			return taken, fmt.Errorf("migration %04d: %w", m.version, err)
		}
		taken++
	}
	return taken, nil
}

func (m migration) run(c *sqlite3.SQLiteConn) error {
	script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", m.script, m.version)
	if _, err := c.Exec(script, nil); err != nil {
		if c.AutoCommit() {
			return err
		}
		if _, undo := c.Exec("ROLLBACK", nil); undo != nil {
			return fmt.Errorf("%w; roll back: %w", err, undo)
		}
		return err
	}
	return nil
}

// schema returns what the database says of itself, as one text to compare.
func schema(c *sqlite3.SQLiteConn) (string, error) {
	v, err := value(c, `SELECT group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10))
		FROM (SELECT * FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY type, name)`)
	if err != nil {
		return "", err
	}
	s, _ := v.(string)
	return s, nil
}

// intended returns the schema that the steps lead to.
func intended(steps []migration) (string, error) {
	c, err := connector{dsn: ":memory:"}.open()
	if err != nil {
		return "", err
	}
	defer func() { _ = c.Close() }()
	if _, err := migrate(c, steps); err != nil {
		return "", err
	}
	return schema(c)
}
