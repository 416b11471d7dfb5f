// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"math"
	"time"
)

// AuditEntry says who did what, at which workplace. Times are whole milliseconds in UTC.
type AuditEntry struct {
	Seq     int64 // set by the store
	At      time.Time
	Access  string    // id of the workplace, "": none
	Account string    // id of the person, "": none
	Action  string    // for example login
	Subject string    // what it was done to, "": nothing more to say
	Ends    time.Time // when the entry is deleted
}

// auditPage bounds how many entries are read at once.
const auditPage = 500

// Audit returns the newest entries before one, the newest first, at most 500; before 0
// begins with the newest of all. Entries that have ended are not told.
func (s *Store) Audit(ctx context.Context, before int64, now time.Time) (out []AuditEntry, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := s.read.audit.QueryContext(ctx, before, now.UnixMilli(), auditPage)
	if err != nil {
		return nil, s.read.explain("read the audit", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e AuditEntry
		var at, ends int64
		if err := rows.Scan(&e.Seq, &at, &e.Access, &e.Account, &e.Action, &e.Subject, &ends); err != nil {
			return nil, s.read.explain("read the audit", err)
		}
		e.At, e.Ends = time.UnixMilli(at).UTC(), time.UnixMilli(ends).UTC()
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, s.read.explain("read the audit", err)
	}
	return out, nil
}

// AddAudit keeps entries. They are durable when the call returns.
func (s *Store) AddAudit(ctx context.Context, entries ...AuditEntry) error {
	return s.write(ctx, "write the audit", func(w *writer) error { return w.note(entries) })
}

// ForgetAudit deletes the entries that have ended by an instant.
func (s *Store) ForgetAudit(ctx context.Context, now time.Time) error {
	return s.write(ctx, "delete old entries of the audit", func(w *writer) error { return w.forget.exec(now.UnixMilli()) })
}

// note adds entries to the audit.
func (w *writer) note(entries []AuditEntry) error {
	for _, e := range entries {
		if err := w.audit.exec(e.At.UnixMilli(), e.Access, e.Account, e.Action, e.Subject, e.Ends.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}
