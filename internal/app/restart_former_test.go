// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// newJournal makes the journal of an office in a directory, and a backup of it.
func newJournal(t *testing.T, dir string, f *config.File, at time.Time) (backup string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	w, err := queue.OpenWriter(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	results, _ := w.Write(t.Context(), at, []queue.Request{{By: queue.Actor{Role: queue.RoleSystem}, Command: queue.ChangeSettings{Settings: f.Settings()}}})
	if results[0].Err != nil {
		t.Fatal(results[0].Err)
	}
	if backup, err = s.Rotate(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return backup
}

// A restore by browser warns in the log if accounts and devices are those of the backup.
func TestRestoreTellsWhatBecameOfTheFormer(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "office.yaml")
	text = bytes.Replace(text, []byte("data_dir: var/small"), []byte("data_dir: "+filepath.Join(dir, "data")), 1)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := config.Load(name, CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	own := newJournal(t, file.DataDir, file, at)
	others := newJournal(t, filepath.Join(dir, "elsewhere"), file, at.Add(time.Second))
	for backup, want := range map[string][]string{
		own:    {"level=INFO", "former=true"},
		others: {"level=WARN", "former=false", "foreign=true"},
	} {
		var log bytes.Buffer
		h := host{ServeOptions: ServeOptions{Log: slog.New(slog.NewTextHandler(&log, nil))}, former: file}
		h.between(t.Context(), Order{Restore: backup})
		for _, word := range want {
			if !strings.Contains(log.String(), word) {
				t.Errorf("the log lacks %s: %s", word, log.String())
			}
		}
	}
}
