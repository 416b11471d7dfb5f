// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/avanti-queue/avanti/queue"
)

// Check reads the whole journal and returns an error that wraps [ErrDamaged] at the
// first thing that is wrong with it. It takes minutes on a slow card; appends and
// reads go on meanwhile.
func (s *Store) Check(ctx context.Context) error { return s.read.check(ctx) }

func (r *reader) check(ctx context.Context) error {
	if err := r.integrity(ctx); err != nil {
		return err
	}
	gaps, err := r.count(ctx, "SELECT coalesce(max(seq), 0) - count(*) FROM event")
	if err != nil {
		return r.explain("count the records", err)
	}
	if gaps != 0 {
		return r.damaged(fmt.Errorf("%d records are missing", gaps))
	}
	return nil
}

func (r *reader) integrity(ctx context.Context) error {
	rows, err := r.db.QueryContext(ctx, "PRAGMA integrity_check(1)")
	if err != nil {
		return r.explain("check", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var finding string
		if err := rows.Scan(&finding); err != nil {
			return r.explain("check", err)
		}
		if finding != "ok" {
			return r.damaged(errors.New(finding))
		}
	}
	if err := rows.Err(); err != nil {
		return r.explain("check", err)
	}
	return nil
}

// newest reads the newest records as a start will, and returns the last one; its
// Seq is 0 when there is none.
func (r *reader) newest(ctx context.Context) (queue.Record, error) {
	var last queue.Record
	end, err := r.count(ctx, "SELECT coalesce(max(seq), 0) FROM event")
	if err != nil {
		return last, r.explain("read the newest record", err)
	}
	r.emit(ctx, max(0, queue.Seq(end)-newestLooked), func(record queue.Record, failure error) bool {
		last, err = record, failure
		return true
	})
	if err != nil {
		return last, err
	}
	if last.Seq != queue.Seq(end) {
		return last, r.damaged(fmt.Errorf("record %d is the newest, only %d could be read", end, last.Seq))
	}
	return last, nil
}
