// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-sqlite3"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// open opens a journal for as long as the test runs.
func open(tb testing.TB, o store.Options) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { closed(tb, s) })
	return s
}

func closed(tb testing.TB, s *store.Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Error(err)
	}
}

// filled opens a journal with settings, an open day and n records of tickets, each
// in a commit of its own, and returns its end.
func filled(tb testing.TB, dir string, n int) (*store.Store, queue.Seq) {
	tb.Helper()
	s := open(tb, store.Options{Dir: dir})
	day := newLife()
	end := day.begin(tb, s)
	for range n {
		var err error
		if end, err = s.Append(tb.Context(), end, []queue.Entry{day.next(end)}); err != nil {
			tb.Fatal(err)
		}
	}
	return s, end
}

// late returns an entry that goes behind everything.
func late() queue.Entry {
	return queue.Entry{At: queuetest.Monday().Add(24 * time.Hour), Event: queue.ClockStepped{By: 1}}
}

// all reads a journal from the beginning.
func all(tb testing.TB, j queue.Journal) []queue.Record {
	tb.Helper()
	var records []queue.Record
	for r, err := range j.Records(tb.Context(), 0) {
		if err != nil {
			tb.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

func TestConformance(t *testing.T) {
	queuetest.TestJournal(t, func(t *testing.T) queue.Journal { return open(t, store.Options{Dir: t.TempDir()}) })
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 20)
	want := all(t, s)
	closed(t, s)
	if _, err := os.Stat(filepath.Join(dir, "avanti.db-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a closed journal must be one file: %v", err)
	}
	again := open(t, store.Options{Dir: dir})
	if d := cmp.Diff(want, all(t, again)); d != "" {
		t.Errorf("after reopening (-before +after):\n%s", d)
	}
	if _, err := again.Append(t.Context(), queue.Seq(len(want)), []queue.Entry{{At: want[0].At, Event: queue.CounterOpened{Counter: "c1"}}}); err == nil {
		t.Error("time ran backwards over a reopening")
	}
}

func TestSettings(t *testing.T) {
	s := open(t, store.Options{Dir: filepath.Join(t.TempDir(), "with space, 50% & question?", "data")})
	n := 0
	err := store.Connections(t.Context(), s, func(c *sqlite3.SQLiteConn) error {
		n++
		for pragma, want := range map[string]int64{"synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "page_size": 1024, "wal_autocheckpoint": 200} {
			if got, err := store.Integer(c, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("connection %d: %s is %d (%v), want %d", n, pragma, got, err, want)
			}
		}
		return nil
	})
	if err != nil || n != 5 {
		t.Errorf("%d connections, want 5: %v", n, err)
	}
}

func TestAppendOnly(t *testing.T) {
	dir := t.TempDir()
	s, end := filled(t, dir, 3)
	want := all(t, s)
	err := store.Connections(t.Context(), s, func(c *sqlite3.SQLiteConn) error {
		for _, query := range []string{
			"UPDATE event SET actor = 'x' WHERE seq = 1",
			"DELETE FROM event",
			"DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
			"INSERT OR REPLACE INTO event SELECT seq, at, kind, role, 'x', request, body FROM event WHERE seq = 2",
			fmt.Sprintf("INSERT INTO event SELECT %d, at, kind, role, actor, request, body FROM event WHERE seq = 2", end+2),
		} {
			if _, err := c.Exec(query, nil); err == nil {
				t.Errorf("was allowed: %s", query)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, all(t, s)); d != "" {
		t.Error(d)
	}
}

// TestSecondWriter writes past the lock, as a program that ignores it would.
func TestSecondWriter(t *testing.T) {
	dir := t.TempDir()
	s, end := filled(t, dir, 3)
	store.Execute(t, s, fmt.Sprintf("INSERT INTO event SELECT %d, at, kind, role, actor, request, body FROM event WHERE seq = 2", end+1))
	_, err := s.Append(t.Context(), end, []queue.Entry{late()})
	if !errors.Is(err, queue.ErrMoved) {
		t.Errorf("append: %v, want ErrMoved", err)
	}
	if got := len(all(t, s)); got != int(end)+1 {
		t.Errorf("%d records, want %d", got, end+1)
	}
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	s, end := filled(t, dir, 3)
	if _, err := store.Open(t.Context(), store.Options{Dir: dir}); !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("second open: %v, want ErrInUse with the directory", err)
	}
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err != nil {
		t.Errorf("the first one after the refusal: %v", err)
	}
	closed(t, s)
	open(t, store.Options{Dir: dir})
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := store.Open(t.Context(), store.Options{Dir: dir, ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing to read: %v, want ErrNotExist", err)
	}
	s, end := filled(t, dir, 3)
	r := open(t, store.Options{Dir: dir, ReadOnly: true})
	if d := cmp.Diff(all(t, s), all(t, r)); d != "" {
		t.Error(d)
	}
	if _, err := r.Append(t.Context(), end, nil); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("append: %v, want ErrReadOnly", err)
	}
	if err := r.Rebuild(t.Context()); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("rebuild: %v, want ErrReadOnly", err)
	}
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err != nil {
		t.Fatal(err)
	}
	if got := len(all(t, r)); got != int(end)+1 {
		t.Errorf("a reader sees %d records, want %d", got, end+1)
	}
	closed(t, s)
	alone := open(t, store.Options{Dir: dir, ReadOnly: true})
	if got := len(all(t, alone)); got != int(end)+1 {
		t.Errorf("a reader without a writer sees %d records, want %d", got, end+1)
	}
}

func TestClosed(t *testing.T) {
	s, end := filled(t, t.TempDir(), 3)
	closed(t, s)
	closed(t, s)
	if _, err := s.Append(t.Context(), end, nil); !errors.Is(err, store.ErrClosed) {
		t.Errorf("append: %v, want ErrClosed", err)
	}
	for _, err := range s.Records(t.Context(), 0) {
		if err == nil {
			t.Error("a closed journal was read")
		}
	}
}

func TestPresent(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 1)
	if err := s.Present(); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"avanti.db", "avanti.lock"} {
		path := filepath.Join(dir, name)
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		if err := s.Present(); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is gone: %v, want ErrNotExist", name, err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Present(); err == nil || !strings.Contains(err.Error(), "replaced") {
			t.Errorf("%s was replaced: %v", name, err)
		}
		if err := os.Rename(path+".away", path); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Present(); err != nil {
		t.Error(err)
	}
}

func TestMetricsAndLog(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	var log bytes.Buffer
	s := open(t, store.Options{Dir: t.TempDir(), Metrics: registry, Log: slog.New(slog.NewTextHandler(&log, nil))})
	end := newLife().begin(t, s)
	store.Execute(t, s, "PRAGMA query_only = 1")
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err == nil {
		t.Fatal("wrote to a database that is read-only")
	}
	err := testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP avanti_journal_commit_failures_total Commits that failed and changed nothing.
# TYPE avanti_journal_commit_failures_total counter
avanti_journal_commit_failures_total 1
# HELP avanti_journal_records_total Records made durable.
# TYPE avanti_journal_records_total counter
avanti_journal_records_total 2
`), "avanti_journal_commit_failures_total", "avanti_journal_records_total")
	if err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("promlint: %v %v", problems, err)
	}
	if !strings.Contains(log.String(), "new journal") {
		t.Errorf("log: %s", log.String())
	}
}

// TestWear bounds what a commit of one record costs the flash.
func TestWear(t *testing.T) {
	const commits, most = 500, 8 << 10
	s := open(t, store.Options{Dir: t.TempDir()})
	day := newLife()
	end := day.begin(t, s)
	before := written(t)
	for range commits {
		var err error
		if end, err = s.Append(t.Context(), end, []queue.Entry{day.next(end)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := (written(t) - before) / commits; got > most {
		t.Errorf("%d bytes written for a commit, want at most %d", got, most)
	}
}

// TestPermissions keeps strangers from reading the journal and its backups.
func TestPermissions(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 1)
	backup, err := s.Rotate(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"avanti.db", "avanti.db-wal", "avanti.lock", filepath.Join("backups", filepath.Base(backup))} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil || info.Mode().Perm()&0o007 != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// TestBubble runs a journal under an engine in a bubble with its own time.
func TestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, s)
		e, err := queue.Open(t.Context(), s, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- e.Run(ctx) }()
		if _, err := e.Do(ctx, queue.Actor{Role: queue.RoleSystem}, queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)}); err != nil {
			t.Fatal(err)
		}
		for r, err := range s.Recent(ctx) {
			if err != nil || r.Seq != 1 {
				t.Errorf("record %d: %v", r.Seq, err)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
