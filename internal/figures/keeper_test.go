// SPDX-License-Identifier: EUPL-1.2

package figures_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// collected is what one collector makes of a whole journal.
func collected(records []queue.Record) (days []*stats.Day) {
	var c stats.Collector
	for _, r := range records {
		if d := c.Apply(r); d != nil {
			days = append(days, d)
		}
	}
	if d := c.Today(); d != nil {
		days = append(days, d)
	}
	return days
}

func same(t *testing.T, want, got []*stats.Day) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-one collector +the keeper:\n%.3000s", diff)
	}
}

// place returns the first record behind a share of the journal that has such an event.
func place[E queue.Event](t *testing.T, records []queue.Record, share float64) int {
	t.Helper()
	from := int(share * float64(len(records)))
	i := slices.IndexFunc(records[from:], func(r queue.Record) bool { _, ok := r.Event.(E); return ok })
	if i < 0 {
		t.Fatal("no such event")
	}
	return from + i
}

// A keeper that is started anew again and again, at whatever moment, keeps what one keeps that
// never ended: in mid-day, with and without a day that has just ended, while an undo is possible.
func TestKeeperAfterRestarts(t *testing.T) {
	records := lived(t, 7)
	closed := place[queue.DayClosed](t, records, .3)
	for name, cuts := range map[string][]int{
		"never":                   nil,
		"at once":                 {1, 2},
		"in mid-day":              {place[queue.TicketCalled](t, records, .1), place[queue.ServiceStarted](t, records, .6)},
		"before a day's end":      {closed},
		"after a day's end":       {closed + 1, place[queue.DayOpened](t, records, .5) + 1},
		"every day":               {len(records) / 5, len(records) / 5 * 2, len(records) / 5 * 3, len(records) / 5 * 4},
		"in the day that goes on": {place[queue.TicketCalled](t, records, .85)},
	} {
		t.Run(name, func(t *testing.T) {
			dir, from := t.TempDir(), 0
			end := place[queue.TicketCalled](t, records, .9) // the last day goes on
			for _, cut := range append(cuts, end) {
				write(t, dir, records[from:cut])
				same(t, collected(records[:cut]), keptIn(t, dir))
				from = cut
			}
		})
	}
}

// Figures that another version of the definitions has written are made anew.
func TestKeeperOfAnotherVersion(t *testing.T) {
	records, dir := lived(t, 6), t.TempDir()
	write(t, dir, records)
	want := keptIn(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	db, err := sql.Open("sqlite3", "file:"+files[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "UPDATE figures SET body = CAST(x'7e' || substr(body, 2) AS BLOB)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if len(want) < 3 {
		t.Fatalf("%d days", len(want))
	}
	same(t, want, keptIn(t, dir))
	same(t, collected(records), want)
}
