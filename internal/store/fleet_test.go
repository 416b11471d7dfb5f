// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
)

// TestFleet: rows are written over, are in every backup, and one that cannot be
// committed leaves the former in place.
func TestFleet(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	at := time.Date(2026, 11, 22, 8, 0, 0, 7e6, time.UTC)
	box := store.FleetRow{ID: "box-1", Configured: &[32]byte{1}, Revoked: at, Heard: `{"boots":1}`}
	panel := store.FleetRow{ID: "panel-1", Kind: "panel", Counter: "c1", Maker: "esp-1", Password: &[32]byte{2}, Paired: at}
	keep := func(r store.FleetRow) {
		t.Helper()
		if err := s.SetFleet(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	want := func(rows ...store.FleetRow) {
		t.Helper()
		got, err := s.Fleet(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(rows, got); d != "" {
			t.Errorf("rows (-want +got):\n%s", d)
		}
	}
	want()
	keep(panel)
	keep(store.FleetRow{ID: "box-1", Heard: "old"})
	keep(box)
	want(box, panel)
	store.FailCommits(s, true)
	if err := s.SetFleet(t.Context(), store.FleetRow{ID: "box-1"}); err == nil {
		t.Error("kept, although nothing can be committed")
	}
	store.FailCommits(s, false)
	if err := s.SetFleet(t.Context(), store.FleetRow{ID: "box-1", Heard: strings.Repeat("x", 5000)}); err == nil {
		t.Error("5,000 bytes are kept")
	}
	want(box, panel)

	backup := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Dir: dir})
	want(box, panel)
}
