// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// crashed writes the files that a dead process has left into a fresh directory. The
// index of the log is not among them: it is memory.
func crashed(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		if name == "avanti.db-shm" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// TestAbandoned takes the files of a journal that was never closed.
func TestAbandoned(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 300) // several times around the log
	want := all(t, s)
	again := open(t, store.Options{Dir: crashed(t, contents(t, dir))})
	if d := cmp.Diff(want, all(t, again)); d != "" {
		t.Errorf("after the crash (-before +after):\n%s", d)
	}
	if err := again.Check(t.Context()); err != nil {
		t.Error(err)
	}
	sameModels(t, again)
}

// TestTornLog cuts the log at each sector, and then spoils what follows instead of
// cutting it: what comes back is always a beginning of the journal that has
// everything that was complete before the cut, and the journal goes on from there.
func TestTornLog(t *testing.T) {
	const sector = 512
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	day := newLife()
	end := day.begin(t, s)
	base := contents(t, dir)
	complete := []int{logLength(base)} // length of the log after each commit
	for range 15 {
		var err error
		if end, err = s.Append(t.Context(), end, []queue.Entry{day.next(end)}); err != nil {
			t.Fatal(err)
		}
		complete = append(complete, logLength(contents(t, dir)))
	}
	want := all(t, s)
	files := contents(t, dir)
	log := files["avanti.db-wal"]
	if files["avanti.db"] != base["avanti.db"] {
		t.Fatal("the log was moved into the file on the way: the test needs fewer commits")
	}
	for cut := 0; cut <= complete[len(complete)-1]+sector; cut += sector {
		for _, rest := range []string{"", "spoiled"} {
			cutLog := []byte(log[:cut])
			if rest != "" {
				for _, c := range []byte(log[cut:]) {
					cutLog = append(cutLog, c^0x5a)
				}
			}
			files["avanti.db-wal"] = string(cutLog)
			least := 0
			for i, length := range complete {
				if length <= cut {
					least = i + 2 // the first commit has two records
				}
			}
			torn := tornAt(t, crashed(t, files), cut, want, least)
			if rest == "" {
				sameModels(t, torn)
			}
			closed(t, torn)
		}
	}
}

// logLength returns how far the log has been written: up to the end of the last
// frame that is not zero.
func logLength(files map[string]string) int {
	const header, frame = 32, 24 + 1024
	used := strings.TrimRight(files["avanti.db-wal"], "\x00")
	return header + (len(used)-header+frame-1)/frame*frame
}

func tornAt(t *testing.T, dir string, cut int, want []queue.Record, least int) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatalf("cut at %d: %v", cut, err)
	}
	got := all(t, s)
	if len(got) < least || len(got) > len(want) {
		t.Fatalf("cut at %d: %d records, want at least %d", cut, len(got), least)
	}
	if d := cmp.Diff(want[:len(got)], got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("cut at %d (-before +after):\n%s", cut, d)
	}
	end, err := s.Append(t.Context(), queue.Seq(len(got)), []queue.Entry{late()})
	if err != nil || end != queue.Seq(len(got)+1) {
		t.Fatalf("cut at %d: append: %v", cut, err)
	}
	return s
}

// TestReaderAtStart starts over a crash while another program reads: the log that
// it reads from must not be touched.
func TestReaderAtStart(t *testing.T) {
	dead := t.TempDir()
	_, end := filled(t, dead, 20)
	dir := crashed(t, contents(t, dead))
	pool := sql.OpenDB(store.Connector(filepath.Join(dir, "avanti.db")))
	defer pool.Close()
	reader, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if _, err := reader.ExecContext(t.Context(), "BEGIN DEFERRED"); err != nil {
		t.Fatal(err)
	}
	text := func() (all string) {
		if err := reader.QueryRowContext(t.Context(), "SELECT group_concat(seq || body) FROM event").Scan(&all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := text()
	s := open(t, store.Options{Dir: dir})
	for range 5 {
		if end, err = s.Append(t.Context(), end, []queue.Entry{late()}); err != nil {
			t.Fatal(err)
		}
	}
	if text() != before {
		t.Error("what the other program reads has changed")
	}
	if d := cmp.Diff(all(t, s), all(t, open(t, store.Options{Dir: crashed(t, contents(t, dir))}))); d != "" {
		t.Errorf("after a second crash (-before +after):\n%s", d)
	}
	if _, err := reader.ExecContext(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
}

// TestFull has no room for more pages, and then has.
func TestFull(t *testing.T) {
	s, end := filled(t, t.TempDir(), 10)
	before := all(t, s)
	store.Execute(t, s, "PRAGMA max_page_count = 1") // that is: no more than now
	big := make([]queue.Entry, 100)
	for i := range big {
		big[i] = late()
		big[i].Event = queue.TicketIssued{Ticket: queue.TicketID(int(end) + 1 + i), Number: "A1", Due: big[i].At}
	}
	_, err := s.Append(t.Context(), end, big)
	if err == nil || errors.Is(err, queue.ErrMoved) || errors.Is(err, store.ErrDamaged) {
		t.Fatalf("append to a full disk: %v", err)
	}
	if want := "store: append: record"; len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
		t.Errorf("error: %v", err)
	}
	if d := cmp.Diff(before, all(t, s)); d != "" {
		t.Errorf("the append that failed has changed something:\n%s", d)
	}
	sameModels(t, s)
	store.Execute(t, s, "PRAGMA max_page_count = 1000000")
	if end, err = s.Append(t.Context(), end, big); err != nil || end != queue.Seq(len(before)+len(big)) {
		t.Errorf("with room again: %d, %v", end, err)
	}
	sameModels(t, s)
}

// TestCommitFails fails at the last moment.
func TestCommitFails(t *testing.T) {
	s, end := filled(t, t.TempDir(), 10)
	before := all(t, s)
	store.FailCommits(s, true)
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err == nil || errors.Is(err, queue.ErrMoved) {
		t.Fatalf("append: %v", err)
	}
	if d := cmp.Diff(before, all(t, s)); d != "" {
		t.Error(d)
	}
	store.FailCommits(s, false)
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err != nil {
		t.Errorf("append after the failure: %v", err)
	}
	sameModels(t, s)
}

// TestReadOnlyDisk is a disk that was remounted for reading, and back.
func TestReadOnlyDisk(t *testing.T) {
	s, end := filled(t, t.TempDir(), 10)
	before := all(t, s)
	store.Execute(t, s, "PRAGMA query_only = 1")
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err == nil {
		t.Fatal("wrote to a disk that is read-only")
	}
	if d := cmp.Diff(before, all(t, s)); d != "" {
		t.Error(d)
	}
	store.Execute(t, s, "PRAGMA query_only = 0")
	if _, err := s.Append(t.Context(), end, []queue.Entry{late()}); err != nil {
		t.Errorf("writable again: %v", err)
	}
}
