// SPDX-License-Identifier: EUPL-1.2

package figures_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// TestNoFiguresOfClerks lives some days in which every clerk has an unmistakable name, keeps all
// there is to keep of them, and looks for that name in every column of every table, whose names
// must not be about people either.
func TestNoFiguresOfClerks(t *testing.T) {
	const clerk = "Xaveria-Quindici"
	// Who logs in, who did what at which workplace, and whose wish a record was: nothing that
	// managers read is made of these.
	people := regexp.MustCompile(`^(accounts\..+|audit\..+|event\.actor|configurations\.by)$`)
	personal := regexp.MustCompile(`(?i)actor|account|clerk|operator|user|person|people|employee|staff|worker|login|owner|author|[._](by|who)$`)
	path := filepath.Join(t.TempDir(), "avanti.db")
	records := lived(t, 4)
	for i := range records {
		if records[i].By.Role != queue.RoleSystem {
			records[i].By.ID = clerk
		}
	}
	write(t, filepath.Dir(path), records)
	if days := keptIn(t, filepath.Dir(path)); len(days) < 2 {
		t.Fatalf("%d days", len(days))
	}
	administer(t, filepath.Dir(path), clerk)
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var found []string
	for _, table := range texts(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'") {
		for _, column := range texts(t, db, "SELECT name FROM pragma_table_info(?)", table) {
			place := table + "." + column
			if personal.MatchString(place) && !people.MatchString(place) {
				t.Errorf("%s is about a person", place)
			}
			var n int
			query := fmt.Sprintf("SELECT count(*) FROM %q WHERE instr(CAST(%q AS BLOB), CAST(? AS BLOB))", table, column)
			if err := db.QueryRowContext(t.Context(), query, clerk).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				found = append(found, place)
			}
			if n > 0 && !people.MatchString(place) {
				t.Errorf("%d rows of %s name a clerk", n, place)
			}
		}
	}
	if want := []string{"accounts.id", "accounts.name", "audit.account", "configurations.by", "event.actor"}; !slices.Equal(slices.Sorted(slices.Values(found)), want) {
		t.Errorf("the name is in %s, want it in %s", found, want)
	}
	if n := texts(t, db, "SELECT count(*) FROM figures"); n[0] == "0" {
		t.Error("no figures were kept")
	}
}

// administer writes what is kept of people who work in the office, and a vote.
func administer(t *testing.T, dir, clerk string) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.January, 7, 9, 0, 0, 0, time.UTC)
	_, err = s.AddVote(t.Context(), at, "2026-01-07", "ballot", stats.Vote{Group: "identity", Wait: time.Minute, Face: stats.FaceGreen})
	for _, err := range []error{
		err,
		s.SetAccount(t.Context(), store.AccountRow{ID: clerk, Name: clerk, Role: "clerk", Made: at}),
		s.AddAudit(t.Context(), store.AuditEntry{At: at, Account: clerk, Action: "login", Ends: at.Add(time.Hour)}),
		s.AddConfiguration(t.Context(), store.Configuration{At: at, By: clerk, Text: "office: {}"}),
		s.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// texts returns the only column of a query.
func texts(t *testing.T, db *sql.DB, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
