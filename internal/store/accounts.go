// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// AccountRow is what is kept of a person who logs in; see package accounts. Times are
// whole milliseconds in UTC; zero: it never happened.
type AccountRow struct {
	ID       string
	Name     string
	Role     string
	Language string // "": the browser's
	Secret   string // argon2id in PHC form; "": none
	Made     time.Time
	Disabled time.Time
	Failed   int       // wrong secrets since the last right one
	Until    time.Time // no secret is looked at before
}

// Accounts returns all rows in the order of their ids.
func (s *Store) Accounts(ctx context.Context) (out []AccountRow, err error) {
	rows, err := s.read.accounts.QueryContext(ctx)
	if err != nil {
		return nil, s.read.explain("read the accounts", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r AccountRow
		var made, disabled, until sql.NullInt64
		if err := rows.Scan(&r.ID, &r.Name, &r.Role, &r.Language, &r.Secret, &made, &disabled, &r.Failed, &until); err != nil {
			return nil, s.read.explain("read the accounts", err)
		}
		r.Made, r.Disabled, r.Until = momentOf(made), momentOf(disabled), momentOf(until)
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, s.read.explain("read the accounts", err)
	}
	return out, nil
}

// SetAccount keeps a row in place of the one with its id, and what was done with it
// in the audit. Both are durable when the call returns.
func (s *Store) SetAccount(ctx context.Context, r AccountRow, entries ...AuditEntry) error {
	return s.write(ctx, "keep an account", func(w *writer) error {
		if err := w.account.exec(r.ID, r.Name, r.Role, r.Language, r.Secret, r.Made.UnixMilli(), moment(r.Disabled), int64(r.Failed), moment(r.Until)); err != nil {
			return err
		}
		return w.note(entries)
	})
}

// write makes all of do durable, or nothing of it.
func (s *Store) write(ctx context.Context, what string, do func(*writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.writable()
	if err != nil {
		return err
	}
	if err := w.transact(func() error { return do(w) }); err != nil {
		return s.read.explain(what, err)
	}
	return nil
}
