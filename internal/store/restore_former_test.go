// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// board is a machine with the office of queuetest.
type board struct {
	*desk
	dir string
}

func newBoard(t *testing.T, at time.Time) board {
	t.Helper()
	dir := t.TempDir()
	b := board{newDesk(t, open(t, store.Options{Dir: dir}), at), dir}
	b.do(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)})
	return b
}

func (b board) backup() string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "backup.db")
	if err := b.s.Backup(b.t.Context(), path); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// account writes the only account.
func (b board) account(disabled bool) {
	b.t.Helper()
	row := store.AccountRow{ID: "p-1", Name: "Ada", Role: "clerk", Made: b.at}
	if disabled {
		row.Disabled = b.at
	}
	if err := b.s.SetAccount(b.t.Context(), row, store.AuditEntry{At: b.at, Action: "account", Ends: b.at.AddDate(2, 0, 0)}); err != nil {
		b.t.Fatal(err)
	}
}

// papers gives tickets of series a at once.
func (b board) papers(n int) {
	b.t.Helper()
	requests := slices.Repeat([]queue.Request{{By: queue.Actor{Role: queue.RoleSystem}, Command: queue.IssueTicket{Service: "papers"}}}, n)
	results, _ := b.w.Write(b.t.Context(), b.at, requests)
	for _, r := range results {
		if r.Err != nil {
			b.t.Fatal(r.Err)
		}
	}
}

// restored puts a backup in the place of the board's journal and opens it.
func (b *board) restored(backup string, o store.RestoreOptions) store.Restored {
	b.t.Helper()
	closed(b.t, b.s)
	done, err := store.Restore(b.t.Context(), b.dir, backup, o)
	if err != nil {
		b.t.Fatal(err)
	}
	b.desk = newDesk(b.t, open(b.t, store.Options{Dir: b.dir}), b.at)
	return done
}

// disabled reports whether the only account there is is shut out.
func (b board) disabled() bool {
	b.t.Helper()
	people, err := b.s.Accounts(b.t.Context())
	if err != nil || len(people) != 1 {
		b.t.Fatalf("accounts: %+v %v", people, err)
	}
	return !people[0].Disabled.IsZero()
}

// A board that has a journal of its own keeps nothing of it in the place of what the backup knows, and
// does not know what was given elsewhere.
func TestRestoreOnANewBoard(t *testing.T) {
	monday := queuetest.Monday()
	for _, test := range []struct {
		given int // by the new board itself
		want  []string
	}{
		{0, []string{"A301", "B12"}},
		{310, []string{"A311", "B12"}},
	} {
		t.Run(fmt.Sprint("given ", test.given), func(t *testing.T) {
			old := newBoard(t, monday)
			old.do(queue.OpenDay{Clock: monday})
			old.account(false)
			old.give(3)
			backup := old.backup()
			old.give(5)

			fresh := newBoard(t, monday.Add(4*time.Hour))
			fresh.do(queue.OpenDay{Clock: fresh.at})
			fresh.papers(test.given)
			done := fresh.restored(backup, store.RestoreOptions{Gap: store.GapKnown, Now: fresh.at})
			if done.Former || !done.Foreign || done.Kept == "" {
				t.Errorf("the former journal: %+v", done)
			}
			if diff := cmp.Diff(test.want, done.Numbers); diff != "" {
				t.Errorf("numbers (-want +got):\n%s", diff)
			}
			if fresh.disabled() {
				t.Error("the account is another one")
			}
			if diff := cmp.Diff(test.want, fresh.give(1)); diff != "" {
				t.Errorf("next (-want +got):\n%s", diff)
			}
			fresh.sound()
		})
	}
}

// A series that is used up does not begin again where the backup stands.
func TestRestoreOfASeriesThatIsUsedUp(t *testing.T) {
	b := newBoard(t, queuetest.Monday())
	b.do(queue.OpenDay{Clock: b.at})
	b.give(12)
	backup := b.backup()
	b.give(8)
	done := b.restored(backup, store.RestoreOptions{Gap: store.GapKnown, Now: b.at})
	if diff := cmp.Diff([]string{"A021", "B20"}, done.Numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	b.sound()
}

// A clock that is not set yet does not choose the day on which numbers go on.
func TestRestoreWhileTheClockIsBehind(t *testing.T) {
	for _, gap := range []store.Gap{store.GapKnown, 50} {
		b := newBoard(t, queuetest.Monday().Add(-20*time.Hour))
		backup := b.backup()
		b.at = queuetest.Monday()
		b.do(queue.OpenDay{Clock: b.at})
		b.give(5)
		done := b.restored(backup, store.RestoreOptions{Gap: gap, Now: b.at.Add(-19 * time.Hour)})
		want := []string{"A006", "B06"}
		if gap > 0 {
			want = []string{"A101", "B11"}
		}
		if diff := cmp.Diff(want, done.Numbers); diff != "" {
			t.Errorf("numbers (-want +got):\n%s", diff)
		}
		b.do(queue.OpenDay{Clock: b.at})
		if diff := cmp.Diff(want, b.give(1)); diff != "" {
			t.Errorf("next (-want +got):\n%s", diff)
		}
		b.sound()
	}
}

// What a technician says does not make less of what the former journal knows.
func TestRestoreSkipsAtLeastWhatWasGiven(t *testing.T) {
	b := newBoard(t, queuetest.Monday())
	b.do(queue.OpenDay{Clock: b.at})
	b.give(3)
	backup := b.backup()
	b.papers(147)
	done := b.restored(backup, store.RestoreOptions{Gap: 3, Now: b.at})
	if diff := cmp.Diff([]string{"A151", "B12"}, done.Numbers); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	b.sound()
}

// A power cut after the former journal was set aside loses nothing of it. One that was set aside
// before the backup was made is no former one.
func TestRestoreAfterACutBetweenTheRenamings(t *testing.T) {
	for _, old := range []bool{false, true} {
		t.Run(fmt.Sprint("old ", old), func(t *testing.T) {
			b := newBoard(t, queuetest.Monday())
			b.do(queue.OpenDay{Clock: b.at})
			b.account(old)
			aside := filepath.Join(b.dir, "avanti.db.damaged-20261123T080000Z")
			if old {
				if err := b.s.Backup(t.Context(), aside); err != nil {
					t.Fatal(err)
				}
				b.account(false)
			}
			b.give(3)
			backup := b.backup()
			if !old {
				b.account(true)
				b.give(5)
			}
			closed(t, b.s)
			to := aside
			if old {
				to = filepath.Join(t.TempDir(), "gone")
			}
			if err := os.Rename(filepath.Join(b.dir, "avanti.db"), to); err != nil {
				t.Fatal(err)
			}
			done := b.restored(backup, store.RestoreOptions{Gap: store.GapKnown, Now: b.at})
			if done.Former == old || done.Foreign || (done.Kept == aside) == old {
				t.Errorf("the former journal: %+v", done)
			}
			want := []string{"A009", "B09"}
			if old {
				want = []string{"A301", "B12"}
			}
			if diff := cmp.Diff(want, done.Numbers); diff != "" {
				t.Errorf("numbers (-want +got):\n%s", diff)
			}
			if b.disabled() == old {
				t.Errorf("the account is shut out: %v", !old)
			}
			b.sound()
		})
	}
}

// The evidence of a slip belongs to a ticket whose id may be given again; the roll is the same one.
func TestRestoreForgetsWhichSlipHadBegun(t *testing.T) {
	b := newBoard(t, queuetest.Monday())
	backup := b.backup()
	for id, state := range map[string]string{
		"p-1": `{"used":7,"begun":{"ticket":9,"attempt":1,"evidence":"x"},"whole":80}`, "p-2": `{"used":7}`, "p-3": "not JSON",
	} {
		if err := b.s.SetDeviceState(t.Context(), id, []byte(state)); err != nil {
			t.Fatal(err)
		}
	}
	b.restored(backup, store.RestoreOptions{Gap: store.GapKnown, Now: b.at})
	for id, want := range map[string]string{"p-1": `{"used":7,"whole":80}`, "p-2": `{"used":7}`, "p-3": "not JSON"} {
		if state, err := b.s.DeviceState(t.Context(), id); err != nil || string(state) != want {
			t.Errorf("%s: %s %v, want %s", id, state, err, want)
		}
	}
}

// Of each table somebody has decided whether a restore takes it back.
func TestEveryTableIsBesideOrFollows(t *testing.T) {
	follows := []string{"event", "projection", "day", "ticket", "counter_interval", "promise", "quality", "figures"}
	want := append(follows, store.Beside()...)
	slices.Sort(want)
	if diff := cmp.Diff(want, store.Tables(t, open(t, store.Options{Dir: t.TempDir()}))); diff != "" {
		t.Errorf("tables (-decided +there):\n%s", diff)
	}
}
