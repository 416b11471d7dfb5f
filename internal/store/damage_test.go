// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/mattn/go-sqlite3" // the driver by name

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// contents reads the files of a directory, by name.
func contents(tb testing.TB, dir string) map[string]string {
	tb.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		if e.Type().IsRegular() {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				tb.Fatal(err)
			}
			files[e.Name()] = string(b)
		}
	}
	return files
}

// closedJournal makes a journal of some hundred records and returns its directory.
func closedJournal(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	s := open(tb, store.Options{Dir: dir})
	day := newLife()
	end := day.begin(tb, s)
	for range 100 {
		var err error
		batch := []queue.Entry{day.next(end), day.next(end + 1), day.next(end + 2)}
		if end, err = s.Append(tb.Context(), end, batch); err != nil {
			tb.Fatal(err)
		}
	}
	closed(tb, s)
	return dir
}

// edit changes a closed journal as another program could.
func edit(query string) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		db, err := sql.Open("sqlite3", filepath.Join(dir, "avanti.db"))
		if err != nil {
			tb.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(tb.Context(), query); err != nil {
			tb.Fatal(err)
		}
	}
}

// unguarded is an edit behind the back of the triggers, which are put back.
func unguarded(query string) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		script, err := os.ReadFile("migrations/0001_journal.sql")
		if err != nil {
			tb.Fatal(err)
		}
		for _, name := range []string{"event_gapless", "event_no_update", "event_no_delete"} {
			at := strings.Index(string(script), "CREATE TRIGGER "+name)
			trigger, _, _ := strings.Cut(string(script[at:]), "END;")
			query = "DROP TRIGGER " + name + ";" + query + ";" + trigger + "END;"
		}
		edit(query)(tb, dir)
	}
}

func overwrite(name string, offset int64, text string) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
		if err != nil {
			tb.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteAt([]byte(text), offset); err != nil {
			tb.Fatal(err)
		}
	}
}

func truncate(size int64) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		path := filepath.Join(dir, "avanti.db")
		info, err := os.Stat(path)
		if err != nil {
			tb.Fatal(err)
		}
		if size < 0 {
			size += info.Size()
		}
		if err := os.Truncate(path, size); err != nil {
			tb.Fatal(err)
		}
	}
}

func remove(names ...string) func(testing.TB, string) {
	return func(tb testing.TB, dir string) {
		tb.Helper()
		for _, name := range names {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				tb.Fatal(err)
			}
		}
	}
}

// TestRefused makes one fault after another; each must be refused by name, at once,
// and nothing may be changed by the refusal.
func TestRefused(t *testing.T) {
	const hint = "avantictl restore -config /etc/avanti/avanti.yaml"
	for name, c := range map[string]struct {
		fault func(testing.TB, string)
		want  error
		says  string
	}{
		"Missing":        {remove("avanti.db"), store.ErrDamaged, "avanti.lock"},
		"MissingNotLog":  {lost, store.ErrDamaged, "avanti.db-wal"},
		"Empty":          {truncate(0), store.ErrDamaged, "0 bytes"},
		"Short":          {truncate(99), store.ErrDamaged, "99 bytes"},
		"Half":           {truncate(20 * 1024), store.ErrDamaged, ""},
		"LastPage":       {truncate(-1), store.ErrDamaged, "must have"},
		"Header":         {overwrite("avanti.db", 0, "SQLite format 2"), store.ErrDamaged, "header"},
		"PageSize":       {overwrite("avanti.db", 16, "\x20\x00"), store.ErrDamaged, ""},
		"SchemaPage":     {overwrite("avanti.db", 100, strings.Repeat("\xff", 900)), store.ErrDamaged, ""},
		"Foreign":        {edit("PRAGMA application_id = 7"), store.ErrForeign, "0x7"},
		"Newer":          {edit("PRAGMA user_version = 99"), store.ErrNewer, "its format is 99, this program knows "},
		"NoTrigger":      {edit("DROP TRIGGER event_no_delete"), store.ErrDamaged, "tables"},
		"OtherTable":     {edit("CREATE TABLE other (x)"), store.ErrDamaged, "tables"},
		"NewestBody":     {unguarded("UPDATE event SET body = '{\"ticket\":' WHERE seq = 300"), store.ErrDamaged, "record 300"},
		"MissingRecord":  {unguarded("DELETE FROM event WHERE seq = 290"), store.ErrDamaged, "record 290 is missing"},
		"UnknownEvent":   {unguarded("UPDATE event SET kind = 'moon_rose' WHERE seq = 300"), nil, "moon_rose"},
		"NewerEvent":     {unguarded("UPDATE event SET body = '{\"moon\":1}' WHERE seq = 300"), nil, "moon"},
		"NotARegularOne": {directory, store.ErrForeign, "regular"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := closedJournal(t)
			c.fault(t, dir)
			before := contents(t, dir)
			s, err := store.Open(t.Context(), store.Options{Dir: dir, Config: "/etc/avanti/avanti.yaml"})
			if err == nil {
				closed(t, s)
				t.Fatal("was opened")
			}
			if c.want != nil && !errors.Is(err, c.want) || c.want == nil && errors.Is(err, store.ErrDamaged) {
				t.Errorf("want %v, have: %v", c.want, err)
			}
			if damage := errors.Is(err, store.ErrDamaged); damage != strings.Contains(err.Error(), hint) {
				t.Errorf("the hint belongs to damage alone: %v", err)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("want %q in: %v", c.says, err)
			}
			after := contents(t, dir)
			delete(before, "avanti.db-shm") // an index, made anew at each start
			delete(after, "avanti.db-shm")
			if _, ok := before["avanti.lock"]; !ok {
				delete(after, "avanti.lock") // without its mark
			}
			for name := range after {
				if before[name] != after[name] {
					t.Errorf("the refusal changed %s", name)
				}
			}
			if d := cmp.Diff(len(before), len(after)); d != "" {
				t.Errorf("the refusal added or removed files: %v", d)
			}
		})
	}
}

// lost has nothing left but the log.
func lost(tb testing.TB, dir string) {
	tb.Helper()
	remove("avanti.db", "avanti.lock")(tb, dir)
	if err := os.WriteFile(filepath.Join(dir, "avanti.db-wal"), []byte("log"), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func directory(tb testing.TB, dir string) {
	tb.Helper()
	remove("avanti.db")(tb, dir)
	if err := os.Mkdir(filepath.Join(dir, "avanti.db"), 0o700); err != nil {
		tb.Fatal(err)
	}
}

// TestRefusedBackups has nothing left but backups.
func TestRefusedBackups(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "backups"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "backups", "avanti-20261122T041500Z.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Options{Dir: dir}); !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "restore -config FILE") {
		t.Errorf("open: %v, want ErrDamaged with the command", err)
	}
}

// TestUnfinished has the remains of a creation that a power cut ended.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"avanti.db.new", "avanti.db.new-journal", "avanti.db.new-wal", "avanti.lock"} {
		text := "half"
		if name == "avanti.lock" {
			text = "" // no mark yet
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, store.Options{Dir: dir})
	newLife().begin(t, s)
	for name := range contents(t, dir) {
		if strings.Contains(name, ".new") {
			t.Errorf("%s is still there", name)
		}
	}
}

// TestCheck finds what a start cannot look at: an old record.
func TestCheck(t *testing.T) {
	sound := open(t, store.Options{Dir: closedJournal(t)})
	if err := sound.Check(t.Context()); err != nil {
		t.Errorf("a sound journal: %v", err)
	}
	for name, fault := range map[string]func(testing.TB, string){
		"Record": unguarded("DELETE FROM event WHERE seq = 5"),
		"Page":   brokenPage,
	} {
		t.Run(name, func(t *testing.T) {
			dir := closedJournal(t)
			fault(t, dir)
			s := open(t, store.Options{Dir: dir})
			if err := s.Check(t.Context()); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("check: %v, want ErrDamaged", err)
			}
			var failed error
			for _, err := range s.Records(t.Context(), 0) {
				failed = err
			}
			if !errors.Is(failed, store.ErrDamaged) {
				t.Errorf("records: %v, want ErrDamaged", failed)
			}
		})
	}
}

// brokenPage destroys the page that holds one of the first records.
func brokenPage(tb testing.TB, dir string) {
	tb.Helper()
	text := contents(tb, dir)["avanti.db"]
	at := strings.LastIndex(text, `{"settings":`) // the first one may be a remnant in an inner page
	if at < 0 {
		tb.Fatal("no settings in the file")
	}
	overwrite("avanti.db", int64(at/1024*1024), strings.Repeat("\x00", 1024))(tb, dir)
}

// FuzzDamage changes bytes of a journal. Whatever they are, the program must not
// crash and what it still reads must be in order.
func FuzzDamage(f *testing.F) {
	dir := closedJournal(f)
	sound := contents(f, dir)["avanti.db"]
	for page := range 12 {
		f.Add(uint32(page*1024), []byte{0xff, 0x00, 0xff})
		f.Add(uint32(page*1024+5), []byte{0x00, 0x01})
		f.Add(uint32(page*1024+600), []byte("\x80\x80\x80\x80"))
	}
	f.Fuzz(func(t *testing.T, offset uint32, change []byte) {
		damaged := []byte(sound)
		copy(damaged[int(offset)%len(damaged):], change)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "avanti.db"), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			return
		}
		defer s.Close()
		next := 1
		for r, err := range s.Records(t.Context(), 0) {
			if err != nil {
				return
			}
			if int(r.Seq) != next {
				t.Fatalf("record %d where %d was expected", r.Seq, next)
			}
			next++
		}
	})
}
