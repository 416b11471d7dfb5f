// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const (
	// keptConfigurations is how many configurations are remembered.
	keptConfigurations = 200
	// maxConfiguration bounds one, in bytes: more than a file may have.
	maxConfiguration = 512 << 10
)

// ErrUnknownConfiguration is returned for a configuration that is not remembered.
var ErrUnknownConfiguration = errors.New("store: this configuration is not remembered")

// Configuration is one that was in force. Times are whole milliseconds in UTC.
type Configuration struct {
	Seq  int64 // 1 and up, in the order of time
	At   time.Time
	By   string // the account or access that made it; staff only
	What string // the sections that differ from the one before, with spaces between
	Text string // YAML; "" in a list
}

// AddConfiguration remembers a configuration as the newest and forgets those before the last
// 200. Seq of c does not matter. It is durable when the call returns.
func (s *Store) AddConfiguration(ctx context.Context, c Configuration) error {
	if len(c.Text) > maxConfiguration {
		return fmt.Errorf("store: a configuration of %d bytes: at most %d are kept", len(c.Text), maxConfiguration)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	err = w.transact(func() error {
		err := w.run("INSERT INTO configurations (at, by, what, text) VALUES (?, ?, ?, ?)", c.At.UnixMilli(), c.By, c.What, c.Text)
		if err != nil {
			return err
		}
		return w.run("DELETE FROM configurations WHERE seq <= (SELECT max(seq) FROM configurations) - ?", int64(keptConfigurations))
	})
	if err != nil {
		return s.read.explain("remember the configuration", err)
	}
	return nil
}

// Configurations returns those that are remembered, the newest first, without their texts.
func (s *Store) Configurations(ctx context.Context) ([]Configuration, error) {
	rows, err := s.read.db.QueryContext(ctx, "SELECT seq, at, by, what FROM configurations ORDER BY seq DESC")
	if err != nil {
		return nil, s.read.explain("read the configurations", err)
	}
	defer func() { _ = rows.Close() }()
	var out []Configuration
	for rows.Next() {
		var c Configuration
		var at int64
		if err := rows.Scan(&c.Seq, &at, &c.By, &c.What); err != nil {
			return nil, s.read.explain("read the configurations", err)
		}
		c.At = time.UnixMilli(at).UTC()
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, s.read.explain("read the configurations", err)
	}
	return out, nil
}

// Configuration returns one with its text, the newest for a seq of 0. Without any such the
// error is [ErrUnknownConfiguration].
func (s *Store) Configuration(ctx context.Context, seq int64) (Configuration, error) {
	var c Configuration
	var at int64
	err := s.read.db.QueryRowContext(ctx, `SELECT seq, at, by, what, text FROM configurations
		WHERE seq = ?1 OR ?1 = 0 ORDER BY seq DESC LIMIT 1`, seq).Scan(&c.Seq, &at, &c.By, &c.What, &c.Text)
	if errors.Is(err, sql.ErrNoRows) {
		return Configuration{}, ErrUnknownConfiguration
	}
	if err != nil {
		return Configuration{}, s.read.explain("read a configuration", err)
	}
	c.At = time.UnixMilli(at).UTC()
	return c, nil
}
