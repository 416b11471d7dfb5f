// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// former is the journal whose place a backup takes. The zero value is one that cannot be read, or none.
type former struct {
	*Store
	same bool // the backup is of this journal: they have one beginning
}

// formerIn opens the former journal in dir, if all of it can be read. The caller closes. Where there
// is none, a restore was perhaps cut off when the former one was set aside already; that one counts if
// it goes on from s, for it may also be years old.
func (s *Store) formerIn(ctx context.Context, dir string) (f former, err error) {
	o, seq := Options{Dir: dir, ReadOnly: true}, queue.Seq(1)
	_, err = os.Lstat(o.file().path)
	if errors.Is(err, fs.ErrNotExist) {
		if o.name, err = newestAside(dir); o.name == "" {
			return f, err
		}
		seq = s.end
	}
	if err != nil {
		return f, fmt.Errorf("look for the former journal: %w", err)
	}
	if f.Store = readable(ctx, o); f.Store == nil {
		return f, nil
	}
	if f.same, err = s.shares(ctx, f.Store, 1); f.same && seq > 1 {
		f.same, err = s.shares(ctx, f.Store, seq)
	}
	if err == nil && (f.same || o.name == "") {
		return f, nil
	}
	return former{}, errors.Join(err, f.Close())
}

// newestAside names the journal in dir that was set aside last; "" if there is none.
func newestAside(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	newest := ""
	for _, e := range entries { // sorted, and so are the times in their names
		if ok, _ := filepath.Match(fileName+asideInfix+"????????T??????Z", e.Name()); ok && e.Type().IsRegular() {
			newest = e.Name()
		}
	}
	return newest, nil
}

// readable opens a journal if all of it can be read and its format is the present one, else it
// returns nil.
func readable(ctx context.Context, o Options) *Store {
	s, err := Open(ctx, o)
	if err != nil {
		return nil
	}
	if err := s.Check(ctx); err != nil {
		_ = s.Close() // it is damaged: nothing is taken from it
		return nil
	}
	return s
}

// shares reports whether both journals have a record in common. Two boards' first ones differ in time.
func (s *Store) shares(ctx context.Context, other *Store, seq queue.Seq) (bool, error) {
	mine, err := s.read.line(ctx, seq)
	if err != nil || mine == "" {
		return false, err
	}
	theirs, err := other.read.line(ctx, seq)
	return mine == theirs, err
}

// line returns a whole record as it stands in the file; "" if there is none.
func (r *reader) line(ctx context.Context, seq queue.Seq) (line string, err error) {
	err = r.db.QueryRowContext(ctx, "SELECT json_array("+recordColumns+") FROM event WHERE seq = ?", int64(seq)).Scan(&line)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", r.explain("read a record", err)
	}
	return line, nil
}

// given returns the numbers that come next in the former journal, if it is of the office. A series that
// is used up would begin anew: its last number comes again, as the only one. It is known if the
// backup is of this journal.
func (f former) given(ctx context.Context, office queue.OfficeID, at time.Time) (next map[queue.SeriesID]int, known bool, err error) {
	if f.Store == nil {
		return nil, false, nil
	}
	w, err := queue.OpenWriter(ctx, f.Store)
	if err != nil {
		return nil, false, err
	}
	settings := w.View().Settings()
	if settings == nil || settings.Office != office {
		return nil, false, nil
	}
	next = w.View().NextNumbers(at)
	for _, r := range settings.Series {
		if _, ok := next[r.ID]; !ok {
			next[r.ID] = r.Last
		}
	}
	return next, f.same, nil
}
