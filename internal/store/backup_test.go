// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// TestBackup copies while records are appended: the copy is a beginning of the
// journal that has everything from before the call.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	s, end := filled(t, dir, 50)
	path := filepath.Join(t.TempDir(), "copy.db")
	var wg sync.WaitGroup
	wg.Go(func() {
		for end := end; end < 150; {
			var err error
			if end, err = s.Append(t.Context(), end, []queue.Entry{late()}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	if err := s.Backup(t.Context(), path); err != nil {
		t.Error(err)
	}
	wg.Wait()
	restored := t.TempDir()
	done, err := store.Restore(t.Context(), restored, path, store.RestoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r := open(t, store.Options{Dir: restored})
	got, want := all(t, r), all(t, s)
	if len(got) < int(end) || done.Newest != queue.Seq(len(got)) || !done.At.Equal(got[len(got)-1].At) || done.Kept != "" {
		t.Errorf("%d records of at least %d, restored %+v", len(got), end, done)
	}
	if d := cmp.Diff(want[:len(got)], got); d != "" {
		t.Errorf("backup (-journal +copy):\n%s", d)
	}
	sameModels(t, r)
	if _, err := r.Append(t.Context(), done.Newest, []queue.Entry{late()}); err != nil {
		t.Errorf("append to a restored journal: %v", err)
	}
}

func TestBackupCancelled(t *testing.T) {
	s, _ := filled(t, t.TempDir(), 5)
	dir := t.TempDir()
	path := filepath.Join(dir, "copy.db")
	if err := os.WriteFile(path, []byte("the last one"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("backup: %v, want context.Canceled", err)
	}
	if d := cmp.Diff(map[string]string{"copy.db": "the last one"}, contents(t, dir)); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
}

// TestRotate makes a backup a day, in a bubble where days pass at once.
func TestRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, s)
		newLife().begin(t, s)
		stranger := filepath.Join(dir, "backups", "notes.txt")
		var made []string
		for range 4 {
			<-time.After(24 * time.Hour)
			path, err := s.Rotate(t.Context(), 3)
			if err != nil {
				t.Fatal(err)
			}
			made = append([]string{path}, made...)
			if err := os.WriteFile(stranger, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := store.Backups(dir)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(made[:3], got); d != "" {
			t.Errorf("backups (-want +got):\n%s", d)
		}
		if want := filepath.Join(dir, "backups", "avanti-20000105T000000Z.db"); got[0] != want {
			t.Errorf("newest is %s, want %s", got[0], want)
		}
		if _, err := os.Stat(stranger); err != nil {
			t.Errorf("a file that is no backup: %v", err)
		}
		if _, err := s.Rotate(t.Context(), 0); err == nil {
			t.Error("kept no backup at all")
		}
	})
}

// TestRestore puts a backup in the place of a damaged journal, whose log is still there.
func TestRestore(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 20)
	backup, err := s.Rotate(t.Context(), store.KeptBackups)
	if err != nil {
		t.Fatal(err)
	}
	want := all(t, s)
	if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{}); !errors.Is(err, store.ErrInUse) {
		t.Errorf("restore under a running daemon: %v, want ErrInUse", err)
	}
	if _, err := s.Append(t.Context(), queue.Seq(len(want)), []queue.Entry{late()}); err != nil {
		t.Fatal(err)
	}
	files := contents(t, dir)
	closed(t, s)
	// What a power cut would have left, with a spoiled header.
	for name, text := range files {
		if name == "avanti.db" {
			text = "spoiled" + text[7:]
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Open(t.Context(), store.Options{Dir: dir}); !errors.Is(err, store.ErrDamaged) {
		t.Fatalf("open: %v, want ErrDamaged", err)
	}
	done, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, all(t, open(t, store.Options{Dir: dir}))); d != "" {
		t.Errorf("restored (-before +after):\n%s", d)
	}
	if !strings.HasPrefix(done.Kept, filepath.Join(dir, "avanti.db.damaged-")) {
		t.Errorf("kept as %q", done.Kept)
	}
	for _, ending := range []string{"", "-wal"} {
		if b, err := os.ReadFile(done.Kept + ending); err != nil || ending == "" && !strings.HasPrefix(string(b), "spoiled") {
			t.Errorf("the damaged journal must be kept: %v", err)
		}
	}
}

// TestRestoreTwiceInASecond keeps every journal that was there.
func TestRestoreTwiceInASecond(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 20)
	backup, err := s.Rotate(t.Context(), store.KeptBackups)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	kept := map[string]bool{}
	for range 3 {
		done, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{})
		if err != nil {
			t.Fatal(err)
		}
		kept[done.Kept] = true
	}
	if found, err := filepath.Glob(filepath.Join(dir, "avanti.db.damaged-????????T??????Z")); err != nil || len(found) != 3 || len(kept) != 3 {
		t.Errorf("kept %v, found %v, %v", kept, found, err)
	}
}

// TestRestoreRefused gives files that must not become the journal.
func TestRestoreRefused(t *testing.T) {
	for name, fault := range map[string]func(testing.TB, string){
		"Missing": remove("avanti.db"),
		"Page":    brokenPage,
		"Record":  unguarded("DELETE FROM event WHERE seq = 5"),
		"Foreign": edit("PRAGMA application_id = 7"),
		"Newer":   edit("PRAGMA user_version = 99"),
		"Empty":   truncate(0),
	} {
		t.Run(name, func(t *testing.T) {
			bad := closedJournal(t)
			fault(t, bad)
			dir := closedJournal(t)
			before := contents(t, dir)
			if _, err := store.Restore(t.Context(), dir, filepath.Join(bad, "avanti.db"), store.RestoreOptions{}); err == nil {
				t.Fatal("was restored")
			}
			if d := cmp.Diff(before, contents(t, dir)); d != "" {
				t.Error("the refusal changed the journal")
			}
		})
	}
}

// TestRestoreInterrupted stops between the two renamings, and is repeated.
func TestRestoreInterrupted(t *testing.T) {
	dir, backup := closedJournal(t), filepath.Join(closedJournal(t), "avanti.db")
	if err := os.Rename(filepath.Join(dir, "avanti.db"), filepath.Join(dir, "avanti.db.damaged-20261122T041500Z")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "avanti.db.new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Options{Dir: dir}); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("open: %v, want ErrDamaged", err)
	}
	if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := len(all(t, open(t, store.Options{Dir: dir}))); got != 302 {
		t.Errorf("%d records, want 302", got)
	}
}

// TestBackupKeepsNoClerk: what the audit says of clerks is deleted after some days, and so it is in no
// backup, not even in a page that is free; what is kept for years is.
func TestBackupKeepsNoClerk(t *testing.T) {
	s, _ := filled(t, t.TempDir(), 5)
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	entry := func(subject string, keep time.Duration) store.AuditEntry {
		return store.AuditEntry{At: at, Access: "counter-1", Account: "p-2", Action: "login", Subject: subject, Ends: at.Add(keep)}
	}
	for range 300 { // enough for pages of their own, which become free
		if err := s.AddAudit(t.Context(), entry("clerk-of-last-week", 72*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.ForgetAudit(t.Context(), at.Add(100*time.Hour)); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := s.AddAudit(t.Context(), entry("clerk-of-today", 72*time.Hour), entry("manager", 365*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"copy.db"}, slices.Sorted(maps.Keys(contents(t, filepath.Dir(path))))); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for subject, want := range map[string]bool{"clerk-of-last-week": false, "clerk-of-today": false, "manager": true} {
		if strings.Contains(string(data), subject) != want {
			t.Errorf("%s in the backup: %v, want %v", subject, !want, want)
		}
	}
	if left, err := s.Audit(t.Context(), 0, at); err != nil || len(left) != 40 {
		t.Errorf("%d entries are left in the journal itself: %v", len(left), err)
	}
}
