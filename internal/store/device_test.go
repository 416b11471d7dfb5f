// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/store"
)

func TestDeviceStateIsKept(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 3)
	keep := func(id, state string) {
		t.Helper()
		if err := s.SetDeviceState(t.Context(), id, []byte(state)); err != nil {
			t.Fatal(err)
		}
	}
	want := func(id, state string) {
		t.Helper()
		if got, err := s.DeviceState(t.Context(), id); err != nil || string(got) != state || (got == nil) != (state == "") {
			t.Errorf("%s is %q (%v), want %q", id, got, err, state)
		}
	}
	want("p1", "")
	keep("p1", `{"used_mm":5}`)
	keep("p2", "other")
	keep("p1", `{"used_mm":6}`)
	want("p1", `{"used_mm":6}`)
	records := all(t, s)
	if err := s.SetDeviceState(t.Context(), "p1", bytes.Repeat([]byte("x"), 5000)); err == nil {
		t.Error("5,000 bytes are kept")
	}
	store.FailCommits(s, true)
	if err := s.SetDeviceState(t.Context(), "p1", []byte("lost")); err == nil {
		t.Error("kept, although nothing can be committed")
	}
	store.FailCommits(s, false)
	want("p1", `{"used_mm":6}`)

	backup := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.SetDeviceState(t.Context(), "p1", nil); !errors.Is(err, store.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{}); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Dir: dir})
	want("p1", `{"used_mm":6}`)
	want("p2", "other")
	if len(all(t, s)) != len(records) {
		t.Error("records were lost")
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSecretStays: only its owner can read it, no backup has it, and it is the same at every start.
func TestSecretStays(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	first, err := s.Secret()
	if err != nil || first == [store.SecretSize]byte{} {
		t.Fatalf("secret %x, %v", first, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Secret(); !errors.Is(err, store.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	s = open(t, store.Options{Dir: dir})
	if again, err := s.Secret(); err != nil || again != first {
		t.Errorf("secret %x (%v), want %x", again, err, first)
	}
	path := filepath.Join(dir, "avanti.key")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	backup := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(backup); err != nil || bytes.Contains(data, first[:]) {
		t.Errorf("the backup has the secret (%v)", err)
	}

	if err := os.WriteFile(path, first[:5], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Secret(); err == nil || !strings.Contains(err.Error(), "5 bytes") {
		t.Errorf("a secret that was cut short: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new", first[:7], 0o644); err != nil { // of a start that was cut short
		t.Fatal(err)
	}
	fresh, err := s.Secret()
	if err != nil || fresh == first {
		t.Errorf("a new secret: %x, %v", fresh, err)
	}
	if _, err := os.Stat(path + ".new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was left is still there: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	r := open(t, store.Options{Dir: dir, ReadOnly: true})
	if _, err := r.Secret(); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("of a reader: %v", err)
	}
}
