// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-sqlite3"

	"github.com/avanti-queue/avanti/internal/store"
)

// TestMigrate takes one more step, and another one that fails half-way.
func TestMigrate(t *testing.T) {
	shipped, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(shipped) == 0 {
		t.Fatal(shipped, err)
	}
	steps := fstest.MapFS{}
	for _, name := range shipped {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: data}
	}
	more, fault := len(shipped)+1, len(shipped)+2
	steps[fmt.Sprintf("migrations/%04d_more.sql", more)] = &fstest.MapFile{Data: []byte("CREATE TABLE more (x INTEGER) STRICT;\nINSERT INTO more VALUES (1);")}
	steps[fmt.Sprintf("migrations/%04d_fault.sql", fault)] = &fstest.MapFile{Data: []byte("DROP TABLE more;\nINSERT INTO nowhere VALUES (1);")}
	s, _ := filled(t, t.TempDir(), 3)
	want := all(t, s)
	if n, err := store.Migrate(s, steps); n != 1 || err == nil || !strings.Contains(err.Error(), fmt.Sprintf("migration %04d", fault)) {
		t.Errorf("%d steps, %v; want one, and the fault of the next", n, err)
	}
	err = store.Connections(t.Context(), s, func(c *sqlite3.SQLiteConn) error {
		for query, want := range map[string]int64{"PRAGMA user_version": int64(more), "SELECT x FROM more": 1} {
			if got, err := store.Integer(c, query); err != nil || got != want {
				t.Errorf("%s is %d (%v), want %d", query, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if d := cmp.Diff(want, all(t, s)); d != "" {
		t.Error(d)
	}
}

func TestMigrationNames(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	for _, name := range []string{"0002_second.sql", "one_first.sql", "0000_none.sql"} {
		if _, err := store.Migrate(s, fstest.MapFS{"migrations/" + name: {}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlans holds every statement to an index: none may become slower with the years.
func TestPlans(t *testing.T) {
	plans := store.Plans(t, open(t, store.Options{Dir: t.TempDir()}))
	if len(plans) < 15 {
		t.Errorf("only %d statements looked at", len(plans))
	}
	for query, steps := range plans {
		for _, step := range steps {
			if strings.HasSuffix(step, "USING INDEX counter_interval_current") {
				continue // has only what lasts: one row a counter at most
			}
			if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s: %s", strings.Join(strings.Fields(query), " "), step)
			}
		}
	}
}
