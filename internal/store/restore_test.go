// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// desk is a journal with the office of queuetest in it, by which tickets are given.
type desk struct {
	t  *testing.T
	s  *store.Store
	w  *queue.Writer
	at time.Time
}

func newDesk(t *testing.T, s *store.Store, at time.Time) *desk {
	t.Helper()
	w, err := queue.OpenWriter(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t, s, w, at}
}

func (d *desk) do(c queue.Command) []queue.Record {
	d.t.Helper()
	results, _ := d.w.Write(d.t.Context(), d.at, []queue.Request{{By: queue.Actor{Role: queue.RoleSystem}, Command: c}})
	if results[0].Err != nil {
		d.t.Fatalf("%T: %v", c, results[0].Err)
	}
	return results[0].Records
}

// give gives tickets of both series and returns their numbers.
func (d *desk) give(n int) (numbers []string) {
	d.t.Helper()
	for range n {
		for _, service := range []queue.ServiceID{"papers", "cards"} {
			e := d.do(queue.IssueTicket{Service: service})[0].Event.(queue.TicketIssued)
			numbers = append(numbers, e.Number)
		}
	}
	return numbers
}

// sound holds the whole journal against the invariants.
func (d *desk) sound() {
	d.t.Helper()
	if _, err := queuetest.Journal(d.t.Context(), d.s); err != nil {
		d.t.Error(err)
	}
	if err := queuetest.Replayed(d.t.Context(), d.s, d.w.View()); err != nil {
		d.t.Error(err)
	}
}

// No number that was printed on a day is printed again after a restore on that day, whatever the
// backup and the former journal are.
func TestNumbersAfterRestore(t *testing.T) {
	monday := queuetest.Monday()
	tests := map[string]struct {
		gap     store.Gap
		spoiled bool          // the former journal cannot be read
		early   bool          // the backup is older than the day
		later   time.Duration // between the backup and the restore
		want    []string      // numbers from which series go on
		next    []string      // that are given next
	}{
		"as the former journal knows":         {gap: store.GapKnown, want: []string{"A009", "B09"}, next: []string{"A009", "B09"}},
		"from a backup of the night":          {gap: store.GapKnown, early: true, want: []string{"A009", "B09"}, next: []string{"A009", "B09"}},
		"nobody knows":                        {gap: store.GapKnown, spoiled: true, want: []string{"A301", "B12"}, next: []string{"A301", "B12"}},
		"nobody knows, a backup of the night": {gap: store.GapKnown, spoiled: true, early: true, want: []string{"A201", "B11"}, next: []string{"A201", "B11"}},
		"a technician knows":                  {gap: 500, spoiled: true, want: []string{"A601", "B12"}, next: []string{"A601", "B12"}},
		"none":                                {gap: 0, spoiled: true, next: []string{"A004", "B04"}},
		"the day after begins anew":           {gap: store.GapKnown, later: 24 * time.Hour, next: []string{"A001", "B01"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, store.Options{Dir: dir})
			d := newDesk(t, s, monday)
			d.do(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)})
			backup := filepath.Join(t.TempDir(), "backup.db")
			keep := func() {
				if err := s.Backup(t.Context(), backup); err != nil {
					t.Fatal(err)
				}
			}
			if test.early {
				keep()
			}
			d.do(queue.OpenDay{Clock: monday})
			given := d.give(3)
			if !test.early {
				keep()
			}
			given = append(given, d.give(5)...)
			closed(t, s)
			if test.spoiled {
				brokenPage(t, dir)
			}
			at := monday.Add(time.Hour + test.later)
			done, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{Gap: test.gap, Now: at})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, done.Numbers); diff != "" || done.Former == test.spoiled {
				t.Errorf("the former could be read: %v; numbers (-want +got):\n%s", done.Former, diff)
			}
			d = newDesk(t, open(t, store.Options{Dir: dir}), at)
			if _, isOpen := d.w.View().Day(); isOpen && test.later > 0 {
				d.do(queue.CloseDay{})
			}
			if _, isOpen := d.w.View().Day(); !isOpen {
				d.do(queue.OpenDay{Clock: at})
			}
			next := d.give(1)
			if diff := cmp.Diff(test.next, next); diff != "" {
				t.Errorf("next (-want +got):\n%s", diff)
			}
			for _, n := range append(next, d.give(5)...) {
				if test.gap != 0 && test.later == 0 && slices.Contains(given, n) {
					t.Errorf("%s was given twice", n)
				}
			}
			d.sound()
		})
	}
}

// What is about no ticket stays as it was: nobody who was shut out comes in by an old backup.
func TestRestoreKeepsWhatStandsBeside(t *testing.T) {
	for _, spoiled := range []bool{false, true} {
		t.Run(fmt.Sprint("spoiled ", spoiled), func(t *testing.T) {
			dir := t.TempDir()
			s, _ := filled(t, dir, 5)
			at := queuetest.Monday()
			clerk := store.AccountRow{ID: "p-1", Name: "Ada", Role: "clerk", Made: at}
			entry := store.AuditEntry{At: at, Access: "counter-1", Action: "account-create", Ends: at.AddDate(2, 0, 0)}
			if err := s.SetAccount(t.Context(), clerk, entry); err != nil {
				t.Fatal(err)
			}
			backup, err := s.Rotate(t.Context(), 3)
			if err != nil {
				t.Fatal(err)
			}
			clerk.Disabled, entry.Action = at.Add(time.Hour), "account-disable"
			if err := s.SetAccount(t.Context(), clerk, entry); err != nil {
				t.Fatal(err)
			}
			if err := s.SetFleet(t.Context(), store.FleetRow{ID: "box-1", Revoked: at}); err != nil {
				t.Fatal(err)
			}
			if err := s.AddConfiguration(t.Context(), store.Configuration{At: at, By: "admin", Text: "x"}); err != nil {
				t.Fatal(err)
			}
			secret, err := s.Secret()
			if err != nil {
				t.Fatal(err)
			}
			closed(t, s)
			if spoiled {
				brokenPage(t, dir)
			}
			if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{Gap: store.GapKnown}); err != nil {
				t.Fatal(err)
			}
			s = open(t, store.Options{Dir: dir})
			people, err := s.Accounts(t.Context())
			if err != nil || len(people) != 1 || people[0].Disabled.IsZero() != spoiled {
				t.Errorf("accounts: %+v %v", people, err)
			}
			boxes, err := s.Fleet(t.Context())
			if err != nil || (len(boxes) == 0) != spoiled {
				t.Errorf("devices: %+v %v", boxes, err)
			}
			audit, err := s.Audit(t.Context(), 0, at)
			if err != nil || (len(audit) == 1) != spoiled {
				t.Errorf("audit: %+v %v", audit, err)
			}
			past, err := s.Configurations(t.Context())
			if err != nil || (len(past) == 0) != spoiled {
				t.Errorf("history: %+v %v", past, err)
			}
			if again, err := s.Secret(); err != nil || again == secret {
				t.Errorf("links to the tickets that are lost still lead somewhere: %v", err)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "restoring*")); err != nil || left != nil {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// What a restore has left that was cut off does not stand in the way of the next one.
func TestRestoreAfterOneThatWasCutOff(t *testing.T) {
	dir, backup := closedJournal(t), filepath.Join(closedJournal(t), "avanti.db")
	if err := os.MkdirAll(filepath.Join(dir, "restoring"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "restoring", "avanti.db"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	closed(t, open(t, store.Options{Dir: dir})) // the former journal is still there
	if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{Gap: store.GapKnown}); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "restoring*")); err != nil || left != nil {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := store.Restore(t.Context(), dir, backup, store.RestoreOptions{Gap: -2}); err == nil || !strings.Contains(err.Error(), "gap") {
		t.Errorf("a gap below none: %v", err)
	}
}
