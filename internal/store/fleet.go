// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"
)

// FleetRow is what is kept of a box or display; see package fleet. Times are whole
// milliseconds in UTC; zero: it never happened.
type FleetRow struct {
	ID            string
	Kind, Counter string             // as it was paired; "": never
	Maker         string             // by which its maker knows the piece
	Password      *[sha256.Size]byte // as it was paired; nil: never
	Configured    *[sha256.Size]byte // what the configuration had when the row was written; nil: nothing
	Paired        time.Time
	Revoked       time.Time
	Heard         string // at most 4 KiB
}

// Fleet returns all rows in the order of their ids.
func (s *Store) Fleet(ctx context.Context) ([]FleetRow, error) {
	rows, err := s.read.fleet.QueryContext(ctx)
	if err != nil {
		return nil, s.read.explain("read the devices", err)
	}
	defer func() { _ = rows.Close() }()
	var out []FleetRow
	for rows.Next() {
		var r FleetRow
		var password, configured []byte
		var paired, revoked sql.NullInt64
		if err := rows.Scan(&r.ID, &r.Kind, &r.Counter, &r.Maker, &password, &configured, &paired, &revoked, &r.Heard); err != nil {
			return nil, s.read.explain("read the devices", err)
		}
		if r.Password, err = sumOf(password); err != nil {
			return nil, s.read.damaged(fmt.Errorf("device %s: %w", r.ID, err))
		}
		if r.Configured, err = sumOf(configured); err != nil {
			return nil, s.read.damaged(fmt.Errorf("device %s: %w", r.ID, err))
		}
		r.Paired, r.Revoked = momentOf(paired), momentOf(revoked)
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, s.read.explain("read the devices", err)
	}
	return out, nil
}

// SetFleet keeps a row in place of the one with its id. It is durable when the call
// returns.
func (s *Store) SetFleet(ctx context.Context, r FleetRow) error {
	if len(r.Heard) > maxDeviceState {
		return fmt.Errorf("store: what was heard of device %s has %d bytes: at most %d are kept", r.ID, len(r.Heard), maxDeviceState)
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
		return w.fleet.exec(r.ID, r.Kind, r.Counter, r.Maker, blob(r.Password), blob(r.Configured), moment(r.Paired), moment(r.Revoked), r.Heard)
	})
	if err != nil {
		return s.read.explain("keep what is known of device "+r.ID, err)
	}
	return nil
}

func sumOf(b []byte) (*[sha256.Size]byte, error) {
	switch len(b) {
	case 0:
		return nil, nil
	case sha256.Size:
		return (*[sha256.Size]byte)(b), nil
	}
	return nil, fmt.Errorf("a sum of %d bytes", len(b))
}

func blob(sum *[sha256.Size]byte) driver.Value {
	if sum == nil {
		return nil
	}
	return sum[:]
}

func momentOf(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}

func moment(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}
