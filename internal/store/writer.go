// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"github.com/avanti-queue/avanti/queue"
)

// writer is the one connection that writes. It speaks to the driver itself: the
// pool of database/sql would cost time at each statement and gives nothing here.
// It is not safe for concurrent use.
type writer struct {
	conn       *sqlite3.SQLiteConn
	statements []*statement

	begin, commit, rollback, insert, device, fleet *statement
	account, audit, forget                         *statement
	promise, judge, keep                           *statement
	figures, drop                                  *statement

	models projector
}

// row is a record as the table holds it.
type row struct {
	seq, at                          int64
	kind, role, actor, request, body string
}

func openWriter(path string) (*writer, error) {
	conn, err := connector{dsn: dsn(path, "rw", durable), check: steady}.open()
	if err != nil {
		return nil, err
	}
	return &writer{conn: conn}, nil
}

// prepare compiles every statement, once the tables are there.
func (w *writer) prepare() error {
	for _, queries := range []map[**statement]string{w.queries(), w.models.queries()} {
		for to, query := range queries {
			s, err := prepare(w.conn, query)
			if err != nil {
				return err
			}
			*to = s
			w.statements = append(w.statements, s)
		}
	}
	return nil
}

func (w *writer) queries() map[**statement]string {
	return map[**statement]string{
		&w.begin:    "BEGIN IMMEDIATE",
		&w.commit:   "COMMIT",
		&w.rollback: "ROLLBACK",
		&w.insert:   "INSERT INTO event (seq, at, kind, role, actor, request, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
		&w.device:   "INSERT INTO device (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
		&w.fleet: `INSERT OR REPLACE INTO fleet (id, kind, counter, maker, password, configured, paired, revoked, heard)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		&w.promise: `INSERT INTO promise (ticket, at, channel, p05, p10, p50, p80, p90, raw05, raw10, raw50, raw80, raw90)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ticket) DO NOTHING`,
		&w.judge: `INSERT INTO quality (date, service, band, n, hits, below, inside, above, off, square, bias, pinball)
			SELECT ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
			WHERE EXISTS (SELECT 1 FROM promise WHERE ticket = ?1 AND actual IS NULL)
			ON CONFLICT (date, service, band) DO UPDATE SET n = n + excluded.n, hits = hits + excluded.hits,
			below = below + excluded.below, inside = inside + excluded.inside, above = above + excluded.above,
			off = off + excluded.off, square = square + excluded.square, bias = bias + excluded.bias, pinball = pinball + excluded.pinball`,
		&w.keep:    "UPDATE promise SET actual = ? WHERE ticket = ? AND actual IS NULL",
		&w.figures: "INSERT OR REPLACE INTO figures (day, ends, date, body) VALUES (?, ?, ?, ?)",
		&w.drop:    "DELETE FROM figures",
		&w.account: `INSERT OR REPLACE INTO accounts (id, name, role, language, secret, made, disabled, failed, until)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		&w.audit:  "INSERT INTO audit (at, access, account, action, subject, ends) VALUES (?, ?, ?, ?, ?, ?)",
		&w.forget: "DELETE FROM audit WHERE ends <= ?",
	}
}

// transact makes all of do durable, or nothing of it.
func (w *writer) transact(do func() error) error {
	if err := w.begin.exec(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(); err != nil {
		return errors.Join(err, w.undo())
	}
	if err := w.commit.exec(); err != nil {
		return errors.Join(fmt.Errorf("commit: %w", err), w.undo())
	}
	return nil
}

// undo ends a transaction that SQLite has not ended itself.
func (w *writer) undo() error {
	if w.conn.AutoCommit() {
		return nil
	}
	if err := w.rollback.exec(); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

func (w *writer) add(r row) error {
	return w.insert.exec(r.seq, r.at, r.kind, r.role, r.actor, r.request, r.body)
}

// run executes statements that are used once.
func (w *writer) run(query string, args ...driver.Value) error {
	_, err := w.conn.Exec(query, args)
	return err
}

// close gives everything back; the last connection moves the log into the file.
func (w *writer) close() error {
	var failed []error
	for _, s := range w.statements {
		failed = append(failed, s.stmt.Close())
	}
	return errors.Join(append(failed, w.conn.Close())...)
}

// rowFor returns the table's form of an entry.
func rowFor(seq queue.Seq, e queue.Entry) (row, error) {
	kind, body, err := queue.EncodeEvent(e.Event)
	if err != nil {
		return row{}, err
	}
	return row{
		seq: int64(seq), at: e.At.UnixMilli(), kind: kind,
		role: string(e.By.Role), actor: e.By.ID, request: string(e.By.Request), body: string(body),
	}, nil
}
