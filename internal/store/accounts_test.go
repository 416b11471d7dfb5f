// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
)

// TestAccounts: a row and its entry of the audit are written together or not at all, and
// are there after a restart.
func TestAccounts(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	at := time.Date(2026, 11, 22, 8, 0, 0, 7e6, time.UTC)
	anna := store.AccountRow{ID: "p-2", Name: "Anna", Role: "clerk", Language: "it", Secret: "$argon2id$", Made: at, Failed: 3, Until: at.Add(time.Second)}
	bruno := store.AccountRow{ID: "p-1", Name: "Bruno", Role: "admin", Made: at, Disabled: at.Add(time.Hour)}
	entry := func(action string, ends time.Duration) store.AuditEntry {
		return store.AuditEntry{At: at, Access: "counter-1", Account: "p-2", Action: action, Subject: "p-2", Ends: at.Add(ends)}
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s.SetAccount(t.Context(), store.AccountRow{ID: "p-2", Name: "Ann", Made: at}, entry("made", 72*time.Hour)))
	check(s.SetAccount(t.Context(), anna, entry("changed", 72*time.Hour)))
	check(s.SetAccount(t.Context(), bruno))
	check(s.AddAudit(t.Context(), entry("login", time.Hour), entry("logout", 90*time.Hour)))
	store.FailCommits(s, true)
	if err := s.SetAccount(t.Context(), store.AccountRow{ID: "p-2", Made: at}, entry("lost", time.Hour)); err == nil {
		t.Error("kept, although nothing can be committed")
	}
	store.FailCommits(s, false)
	want := func(now time.Time, before int64, actions ...string) {
		t.Helper()
		got, err := s.Audit(t.Context(), before, now)
		check(err)
		var told []string
		for _, e := range got {
			told = append(told, e.Action)
		}
		if d := cmp.Diff(actions, told); d != "" {
			t.Errorf("audit (-want +got):\n%s", d)
		}
	}
	want(at, 0, "logout", "login", "changed", "made")
	want(at, 3, "changed", "made")
	want(at.Add(2*time.Hour), 0, "logout", "changed", "made")
	check(s.ForgetAudit(t.Context(), at.Add(72*time.Hour)))
	want(at, 0, "logout")
	check(s.Close())

	s = open(t, store.Options{Dir: dir})
	got, err := s.Accounts(t.Context())
	check(err)
	if d := cmp.Diff([]store.AccountRow{bruno, anna}, got); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	want(at, 0, "logout")
}
