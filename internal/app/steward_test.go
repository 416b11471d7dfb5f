// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/web"
)

// officeOf writes the small office's file with data beside it.
func officeOf(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	replaced := strings.NewReplacer("data_dir: var/small", "data_dir: "+filepath.Join(dir, "data"),
		"path: /dev/avanti/printer-1", "path: "+filepath.Join(dir, "printer")).Replace(string(text))
	name := filepath.Join(dir, "office.yaml")
	if err := os.WriteFile(name, []byte(replaced), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// running is a daemon whose steward a test talks to. It runs until the test ends.
func running(t *testing.T, name string) (a *app.App, restarts *int) {
	t.Helper()
	file, err := config.Load(name, app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	restarts = new(int)
	a, err = app.New(t.Context(), app.Options{
		Config: file, Log: slog.New(slog.DiscardHandler), Listener: listenAnywhere(t), Restart: func(app.Order) { *restarts++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	run(t, a.Run)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+a.Addr().String()+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := http.DefaultClient.Do(r) // answered once all runs
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Body.Close()
	return a, restarts
}

// changes are a change that only the queue has to know, and one that needs a restart as well.
func changes(t *testing.T, name string) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	papers := strings.Replace(string(text), `en: "Certificates"`, `en: "Papers"`, 1)
	return map[string][]byte{"queue": []byte(papers), "restart": []byte(strings.Replace(papers, "keep: 7", "keep: 9", 1))}
}

var errDisk = errors.New("no space left")

// agree holds the file, what is in force and the queue against each other.
func agree(t *testing.T, a *app.App, name string) *config.File {
	t.Helper()
	file, err := config.Load(name, app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	if now, ok := a.Settings(file); !ok {
		t.Errorf("the queue has %v, the file %v", now.Services[0].Name, file.Settings().Services[0].Name)
	}
	if beside, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*")); err != nil || len(beside) > 0 {
		t.Errorf("beside the file: %v %v", beside, err)
	}
	return file
}

// A disk that fails at any step leaves the file, the queue and what is in force as they were; only
// where the file has its name already, all of them are the new ones, and nobody is told that it will last.
func TestDiskFailsWhileChanging(t *testing.T) {
	for _, kind := range []string{"queue", "restart"} {
		for _, at := range []string{"write", "written", "rename", "renamed", "synced"} {
			t.Run(kind+" "+at, func(t *testing.T) {
				t.Parallel()
				name := officeOf(t, t.TempDir())
				text := changes(t, name)[kind]
				a, restarts := running(t, name)
				_, err := a.ApplyOn(t.Context(), func(step string) error {
					if step == at {
						return errDisk
					}
					return nil
				}, text)
				done := at == "renamed" || at == "synced"
				if !errors.Is(err, errDisk) || errors.Is(err, web.ErrLocked) == done || errors.Is(err, web.ErrUnsure) != done {
					t.Errorf("the page is told: %v", err)
				}
				file := agree(t, a, name)
				if changed := string(file.Text()) == string(text); changed != done {
					t.Errorf("the file has changed: %v, want %v", changed, done)
				}
				if wants := done && kind == "restart"; (*restarts == 1) != wants {
					t.Errorf("%d restarts, want one: %v", *restarts, wants)
				}
				if pending, err := a.Pending(); err != nil || pending != (*restarts == 1) {
					t.Errorf("the file is not in force: %v %v", pending, err)
				}
				if done {
					return
				}
				if _, err := a.ApplyOn(t.Context(), func(string) error { return nil }, text); err != nil {
					t.Errorf("once the disk is well: %v", err)
				}
				agree(t, a, name)
			})
		}
	}
}

// Whenever the daemon is killed, the file is the former or the new one, and after the next start
// the queue and the history have just that.
func TestKilledWhileChanging(t *testing.T) {
	if dir := os.Getenv("AVANTI_TEST_KILLED_IN"); dir != "" {
		a, _ := running(t, filepath.Join(dir, "office.yaml"))
		_, err := a.ApplyOn(t.Context(), func(step string) error {
			if step == os.Getenv("AVANTI_TEST_KILLED_AT") {
				return syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
			return nil
		}, changes(t, filepath.Join(dir, "office.yaml"))["queue"])
		t.Fatalf("it was not killed: %v", err)
	}
	for _, at := range []string{"write", "written", "rename", "renamed", "synced"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			name := officeOf(t, dir)
			text := changes(t, name)["queue"]
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWhileChanging$")
			child.Env = append(os.Environ(), "AVANTI_TEST_KILLED_IN="+dir, "AVANTI_TEST_KILLED_AT="+at)
			out, err := child.CombinedOutput()
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				t.Fatalf("the daemon: %v\n%s", err, out)
			}
			a, _ := running(t, name)
			file := agree(t, a, name)
			if changed := string(file.Text()) == string(text); changed != slices.Contains([]string{"renamed", "synced"}, at) {
				t.Errorf("the file has changed: %v", changed)
			}
		})
	}
}

// A change is in force as a whole also where the history cannot be written; the next start notes it.
func TestHistoryCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	name := officeOf(t, dir)
	text := changes(t, name)["queue"]
	a, _ := running(t, name)
	db, err := sql.Open("sqlite3", filepath.Join(dir, "data", "avanti.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	execute(t, db, "CREATE TRIGGER full BEFORE INSERT ON configurations BEGIN SELECT RAISE(FAIL, 'the disk is full'); END")
	if _, err := a.ApplyOn(t.Context(), func(string) error { return nil }, text); err != nil {
		t.Fatal(err)
	}
	execute(t, db, "DROP TRIGGER full")
	agree(t, a, name)
	if pending, err := a.Pending(); pending || err != nil {
		t.Errorf("the file is not in force: %v", err)
	}
}

func execute(t *testing.T, db *sql.DB, text string) {
	t.Helper()
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), text); err != nil {
		t.Fatal(err)
	}
}

// A disk that really cannot be written: something stands where the next text is written down.
func TestFileCannotBeWritten(t *testing.T) {
	s := serve(t)
	_, tag := s.settings()
	first := s.text()
	if err := os.MkdirAll(filepath.Join(filepath.Dir(s.file), ".office.yaml.new", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.put(tag, strings.Replace(first, `en: "Certificates"`, `en: "Papers"`, 1), 409)
	var services struct{ Services []web.Service }
	s.ask(http.MethodGet, "services", "", "", 200, &services)
	if got := services.Services[0].Name["en"]; got != "Certificates" || s.text() != first {
		t.Errorf("the service is called %q", got)
	}
}

// What a page may not name is refused before it is opened, also on trial and on the way back to an
// older configuration.
func TestPagesNameNothingOutside(t *testing.T) {
	s := serve(t)
	_, tag := s.settings()
	fifo := filepath.Join(t.TempDir(), "profile") // whoever opened it would never come back
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"sound: {program: /bin/sh}", "sound: {program: poweroff}", "sound: {clips: /etc}", "firmware: {key: \"" + strings.Repeat("ab", 32) + "\"}",
		"mqtt: {url: \"mqtt://elsewhere:1883\"}",
	} {
		text := s.text() + "\n" + line + "\n"
		s.put(tag, text, 422)
		s.ask(http.MethodPut, "config?dry_run=true", tag, fmt.Sprintf(`{"text":%q}`, text), 422, nil)
	}
	dir := filepath.Dir(s.file)
	s.put(tag, strings.Replace(s.text(), "profile: generic", "profile: "+fifo, 1), 422)
	s.put(tag, strings.Replace(s.text(), "path: "+dir+"/printer", "path: "+dir+"/data/avanti.db", 1), 422)

	// By hand everything goes, and then pages leave it as it is.
	if err := os.WriteFile(s.file, []byte(s.text()+"\nsound: {program: /usr/bin/true}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, tag = s.settings()
	s.put(tag, strings.Replace(s.text(), `en: "Certificates"`, `en: "Papers"`, 1), 200)
}

// As long as a day has numbers that were left out, a warning says so, also after a restart.
func TestSkippedNumbersAreWarnedOf(t *testing.T) {
	name := officeOf(t, t.TempDir())
	t.Run("as it happens", func(t *testing.T) {
		a, _ := running(t, name)
		if _, is := a.Warned("numbers_skipped"); is {
			t.Error("a warning without a cause")
		}
		if err := a.Skip(t.Context(), "a", 301); err != nil {
			t.Fatal(err)
		}
		(&served{t: t}).wait(func() bool { _, is := a.Warned("numbers_skipped"); return is })
	})
	a, _ := running(t, name)
	(&served{t: t}).wait(func() bool { _, is := a.Warned("numbers_skipped"); return is })
	if cause, _ := a.Warned("numbers_skipped"); !strings.Contains(cause, "A301") {
		t.Errorf("the cause: %s", cause)
	}
}

// withBroker gives the office an external broker, by hand.
func (s *served) withBroker(url, comment string) {
	s.t.Helper()
	text := regexp.MustCompile(`(?m)^mqtt:.*\n(?: .*\n)*`).ReplaceAllString(s.text(), "") + "\nmqtt: {url: \"" + url + "\"} " + comment + "\n"
	if err := os.WriteFile(s.file, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// Of the password of an external broker pages see nothing, and what they send back keeps it.
func TestBrokersPasswordStaysInTheFile(t *testing.T) {
	s := serve(t)
	const url = "mqtt://avanti:kr@sh17:x@127.0.0.1:1"
	s.withBroker(url, "# once mqtt://avanti:older@elsewhere:1")
	c, tag := s.settings()
	if strings.Contains(c.Text, "sh17") || strings.Contains(c.Text, "older") || !strings.Contains(c.Text, "mqtt://avanti:********@127.0.0.1:1") {
		t.Fatalf("a page is shown:\n%s", c.Text)
	}
	s.put(tag, strings.Replace(c.Text, "keep: 7", "keep: 9", 1), 200)
	if now, _ := s.settings(); now.Pending || !strings.Contains(now.Text, "keep: 9") {
		t.Errorf("after the change: %+v", now)
	}
	if text := s.text(); !strings.Contains(text, url) {
		t.Errorf("the file has lost the password:\n%s", text)
	}
	var past web.FormerSettings
	s.ask(http.MethodGet, "config/history/2", "", "", 200, &past)
	if strings.Contains(past.Text, "sh17") {
		t.Errorf("the history shows it:\n%s", past.Text)
	}
	_, tag = s.settings()
	s.put(tag, strings.Replace(c.Text, "127.0.0.1:1", "127.0.0.1:2", 1), 422)
}

// Whoever may change the configuration cannot read the password by that: not in the text that is shown, not in
// a fault, and not where citizens read what has been sent.
func TestBrokersPasswordIsNotReadByChanges(t *testing.T) {
	for name, test := range map[string]struct{ url, shown string }{
		"plain":      {"mqtt://avanti:sh17@127.0.0.1:1", "mqtt://avanti:********@127.0.0.1:1"},
		"upper case": {"MQTT://avanti:sh17@127.0.0.1:1", "MQTT://avanti:********@127.0.0.1:1"},
		"a quote":    {"mqtt://avanti:it's-sh17@127.0.0.1:1", "mqtt://avanti:********@127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.withBroker(test.url, "")
			c, tag := s.settings()
			if strings.Contains(c.Text, "sh17") || !strings.Contains(c.Text, test.shown) {
				t.Errorf("a page is shown:\n%s", c.Text)
			}
			wrong, err := json.Marshal(map[string]string{"text": strings.Replace(c.Text, "127.0.0.1:0", test.shown, 1)})
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{"config?dry_run=true", "config"} {
				var problem json.RawMessage
				s.ask(http.MethodPut, path, tag, string(wrong), 422, &problem)
				if strings.Contains(string(problem), "sh17") || !strings.Contains(string(problem), "http.listen") {
					t.Errorf("the fault: %s", problem)
				}
			}
			s.put(tag, strings.Replace(c.Text, `en: "Certificates"`, `en: "`+test.shown+`"`, 1), 200)
			if text := s.text(); strings.Count(text, "sh17") != 1 || !strings.Contains(text, `mqtt: {url: "`+test.url+`"}`) {
				t.Errorf("the file:\n%s", text)
			}
			var services struct{ Services []web.Service }
			s.wait(func() bool { // the daemon starts again, with the broker
				now, _ := s.settings()
				return !now.Pending
			})
			s.ask(http.MethodGet, "services", "", "", 200, &services)
			if got := services.Services[0].Name["en"]; got != test.shown {
				t.Errorf("the service is called %q", got)
			}
		})
	}
}
