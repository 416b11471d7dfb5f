// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Vote is a vote as it is kept.
type Vote struct {
	Hour time.Time // the full hour in which it was given, UTC
	stats.Vote
}

// AddVote keeps a vote that was given at an instant of an office's day, and uses up its ballot: a
// ballot that was used that day gives no second vote, and id 0. Of the instant the hour is kept,
// of the wait its band, of the ballot a sum beside no vote. It is durable when the call returns.
func (s *Store) AddVote(ctx context.Context, at time.Time, day queue.Date, ballot string, v stats.Vote) (id int64, err error) {
	sum := sha256.Sum256([]byte(ballot))
	wait := int64(-1)
	if v.Wait >= 0 {
		wait = stats.WaitBand(v.Wait).Milliseconds()
	}
	err = s.write(ctx, "keep a vote", func(w *writer) error {
		if err := w.run("DELETE FROM ballots WHERE day <> ?", string(day)); err != nil {
			return err
		}
		if err := w.run("INSERT OR IGNORE INTO ballots (day, sum) VALUES (?, ?)", string(day), sum[:16]); err != nil {
			return err
		}
		if fresh, err := integer(w.conn, "SELECT changes()"); err != nil || fresh == 0 {
			return err
		}
		err := w.run("INSERT INTO votes (hour, grp, wait, face, reason) VALUES (?, ?, ?, ?, ?)",
			at.UTC().Truncate(time.Hour).UnixMilli(), string(v.Group), wait, string(v.Face), v.Reason)
		if err != nil {
			return err
		}
		id, err = integer(w.conn, "SELECT last_insert_rowid()")
		return err
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

// ExplainVote gives a red vote its reason, ok false if it is not red or has one already.
func (s *Store) ExplainVote(ctx context.Context, id int64, reason string) (ok bool, err error) {
	err = s.write(ctx, "keep a vote's reason", func(w *writer) error {
		if err := w.run("UPDATE votes SET reason = ? WHERE seq = ? AND face = 'red' AND reason = ''", reason, id); err != nil {
			return err
		}
		n, err := integer(w.conn, "SELECT changes()")
		ok = n > 0
		return err
	})
	return ok && err == nil, err
}

// Votes returns the votes of the hours from one instant to another, the latter excluded, in the
// order of the hours.
func (s *Store) Votes(ctx context.Context, from, to time.Time) ([]Vote, error) {
	rows, err := s.read.db.QueryContext(ctx, `SELECT hour, grp, wait, face, reason FROM votes
		WHERE hour >= ? AND hour < ? ORDER BY hour, seq`, from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, s.read.explain("read the votes", err)
	}
	defer func() { _ = rows.Close() }()
	var out []Vote
	for rows.Next() {
		var v Vote
		var hour, wait int64
		if err := rows.Scan(&hour, &v.Group, &wait, &v.Face, &v.Reason); err != nil {
			return nil, s.read.explain("read the votes", err)
		}
		v.Hour, v.Wait = time.UnixMilli(hour).UTC(), stats.WaitUnknown
		if wait >= 0 {
			v.Wait = time.Duration(wait) * time.Millisecond
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, s.read.explain("read the votes", err)
	}
	return out, nil
}
