// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/mattn/go-sqlite3"
)

// readers is how many connections read at the same time.
const readers = 4

// reader reads a database through a pool of connections that cannot write.
type reader struct {
	file
	db       *sql.DB
	prepared []*sql.Stmt

	records, window, settings        *sql.Stmt // of the journal
	at, opening                      *sql.Stmt
	ticket, tickets, days, intervals *sql.Stmt // of the read models
	deviceState, fleet               *sql.Stmt
	accounts, audit                  *sql.Stmt
	promises, quality                *sql.Stmt
	figures, lastFigures             *sql.Stmt
}

func newReader(f file, parameters string, check func(*sqlite3.SQLiteConn) error) *reader {
	db := sql.OpenDB(connector{dsn: dsn(f.path, "ro", parameters), check: check})
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return &reader{file: f, db: db}
}

func (r *reader) close() error {
	var failed []error
	for _, s := range r.prepared {
		failed = append(failed, s.Close())
	}
	return errors.Join(append(failed, r.db.Close())...)
}

const (
	recordColumns = "seq, at, kind, role, actor, request, body"
	// Written as the index is, so that SQLite sees that it may use it.
	landmark = "kind IN ('day_opened', 'settings_changed')"
)

func (r *reader) journalQueries() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&r.records: "SELECT " + recordColumns + " FROM event WHERE seq > ? ORDER BY seq LIMIT ?",
		&r.window: "SELECT seq FROM event WHERE " + landmark + ` AND kind = 'day_opened'
			AND at <= (SELECT at FROM event WHERE seq = (SELECT max(seq) FROM event)) - ? ORDER BY seq DESC LIMIT 1`,
		&r.settings: "SELECT " + recordColumns + " FROM event WHERE " + landmark + ` AND kind = 'settings_changed'
			AND seq < ? ORDER BY seq DESC LIMIT 1`,
		&r.at: "SELECT at FROM event WHERE seq = ?",
		&r.opening: "SELECT seq FROM event WHERE " + landmark + ` AND kind = 'day_opened'
			AND seq >= ? ORDER BY seq LIMIT 1`,
	}
}

func (r *reader) modelQueries() map[**sql.Stmt]string {
	return map[**sql.Stmt]string{
		&r.ticket:  "SELECT " + ticketColumns + " FROM ticket WHERE id = ?",
		&r.tickets: "SELECT " + ticketColumns + " FROM ticket WHERE id > ? AND id < ? ORDER BY id LIMIT ?",
		&r.days: `SELECT date, opened, closed, seq, (SELECT min(seq) FROM day AS later WHERE later.seq > day.seq)
			FROM day WHERE date BETWEEN ? AND ? ORDER BY date, seq`,
		&r.intervals:   "SELECT " + intervalColumns + " FROM counter_interval WHERE id > ? AND id < ? ORDER BY id LIMIT ?",
		&r.deviceState: "SELECT state FROM device WHERE id = ?",
		&r.fleet: `SELECT id, kind, counter, maker, password, configured, paired, revoked, heard
			FROM fleet WHERE id > '' ORDER BY id`,
		&r.promises: `SELECT ticket, at, channel, p05, p10, p50, p80, p90, raw05, raw10, raw50, raw80, raw90, actual
			FROM promise WHERE ticket > ? ORDER BY ticket`,
		&r.quality: `SELECT date, service, band, n, hits, below, inside, above, off, square, bias, pinball
			FROM quality WHERE date BETWEEN ? AND ? ORDER BY date, service, band`,
		&r.lastFigures: "SELECT ends, unicode(substr(body, 1, 1)) FROM figures WHERE day = (SELECT max(day) FROM figures)",
		&r.figures:     "SELECT body FROM figures WHERE date BETWEEN ? AND ? ORDER BY date, day",
		&r.accounts: `SELECT id, name, role, language, secret, made, disabled, failed, until
			FROM accounts WHERE id > '' ORDER BY id`,
		&r.audit: `SELECT seq, at, access, account, action, subject, ends
			FROM audit WHERE seq < ? AND ends > ? ORDER BY seq DESC LIMIT ?`,
	}
}

func (r *reader) prepare(ctx context.Context, queries map[**sql.Stmt]string) error {
	for to, query := range queries {
		s, err := r.db.PrepareContext(ctx, query) //nolint:sqlclosecheck // close does, with the reader
		if err != nil {
			return r.explain("prepare", err)
		}
		*to = s
		r.prepared = append(r.prepared, s)
	}
	return nil
}

// count returns the single number that a query asks for.
func (r *reader) count(ctx context.Context, query string) (int64, error) {
	var n int64
	err := r.db.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}
