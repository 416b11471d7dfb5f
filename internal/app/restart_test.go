// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/web"
)

// served is a daemon on a real port that is run anew when its pages ask for it.
type served struct {
	t    *testing.T
	base string
	file string
	http *http.Client
}

func listenAnywhere(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l.(*net.TCPListener)
}

// serve runs the small office until the test ends.
func serve(t *testing.T) *served {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	replaced := strings.NewReplacer(
		"data_dir: var/small", "data_dir: "+filepath.Join(dir, "data"),
		"listen: \"127.0.0.1:8080\"", `listen: "127.0.0.1:0"`,
		"path: /dev/avanti/printer-1", "path: "+filepath.Join(dir, "printer"),
		"{id: admin, role: admin}", fmt.Sprintf("{id: admin, role: admin, token_sha256: \"%x\"}", hash("admin")),
	).Replace(string(text))
	s := &served{t: t, file: filepath.Join(dir, "office.yaml"), http: &http.Client{Timeout: 20 * time.Second}}
	if err := os.WriteFile(s.file, []byte(replaced), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := config.Load(s.file, app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	l := listenAnywhere(t)
	s.base = "http://" + l.Addr().String()
	run(t, func(ctx context.Context) error {
		return app.Serve(ctx, app.ServeOptions{Config: file, Log: slog.New(slog.DiscardHandler), Listener: l})
	})
	return s
}

// run runs something until the test ends.
func run(t *testing.T, do func(context.Context) error) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the daemon ended with %v", err)
		}
	})
}

// ask sends a request as the admin's access and reads the answer into out.
func (s *served) ask(method, path, tag, body string, want int, out any) http.Header {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+"/api/v1/"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret("admin"))
	r.Header.Set("Content-Type", "application/json")
	if tag != "" {
		r.Header.Set("If-Match", tag)
	}
	w, err := s.http.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	data, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != want {
		s.t.Fatalf("%s %s: %d, want %d: %s (%v)", method, path, w.StatusCode, want, data, err)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, data)
		}
	}
	return w.Header
}

// settings returns the configuration and its tag.
func (s *served) settings() (web.Settings, string) {
	s.t.Helper()
	var c web.Settings
	return c, s.ask(http.MethodGet, "config", "", "", 200, &c).Get("ETag")
}

func (s *served) put(tag, text string, want int) (e web.SettingsEffect) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		s.t.Fatal(err)
	}
	if want == 200 {
		s.ask(http.MethodPut, "config", tag, string(body), want, &e)
	} else {
		s.ask(http.MethodPut, "config", tag, string(body), want, nil)
	}
	return e
}

func (s *served) text() string {
	s.t.Helper()
	text, err := os.ReadFile(s.file)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

func TestConfigurationIsChangedWhileTheOfficeRuns(t *testing.T) {
	s := serve(t)
	_, tag := s.settings()
	first := s.text()

	// What only the queue has to know is in force at once.
	e := s.put(tag, strings.Replace(first, `en: "Certificates"`, `en: "Papers"`, 1), 200)
	if e.Restart || !slices.Equal(e.Sections, []string{"services"}) {
		t.Errorf("effect: %+v", e)
	}
	var services struct{ Services []web.Service }
	s.ask(http.MethodGet, "services", "", "", 200, &services)
	if got := services.Services[0].Name["en"]; got != "Papers" {
		t.Errorf("the service is called %q", got)
	}

	// Somebody else who has not seen it changes nothing.
	s.put(tag, strings.Replace(first, "keep: 7", "keep: 9", 1), 412)
	s.put(`"x"`, "office: {", 412)
	if strings.Contains(s.text(), "keep: 9") {
		t.Error("a change of an older configuration was written")
	}

	// Faults and another office are refused.
	_, tag = s.settings()
	s.put(tag, strings.Replace(s.text(), "Europe/Rome", "Europe/Room", 1), 422)
	s.put(tag, strings.Replace(s.text(), "id: small", "id: other", 1), 422)
	s.put(tag, strings.Replace(s.text(), "data_dir: ", "data_dir: /tmp", 1), 422)

	// For the rest the office starts anew. The port stays; whoever asks meanwhile waits.
	began := time.Now()
	if e := s.put(tag, strings.Replace(s.text(), "keep: 7", "keep: 9", 1), 200); !e.Restart {
		t.Errorf("effect: %+v", e)
	}
	if now, _ := s.settings(); now.Pending || !strings.Contains(now.Text, "keep: 9") {
		t.Errorf("after the restart: %+v", now)
	}
	if took := time.Since(began); took > 8*time.Second { // under 2 s on an idle machine
		t.Errorf("the restart took %v", took)
	}
	var history struct{ Configurations []web.FormerSettings }
	s.ask(http.MethodGet, "config/history", "", "", 200, &history)
	var told []string
	for _, c := range history.Configurations {
		told = append(told, c.By+": "+strings.Join(c.What, " "))
	}
	if len(told) != 3 || told[0] != "admin: backup" || told[1] != "admin: services" || !strings.HasPrefix(told[2], "file: office") {
		t.Errorf("history: %q", told)
	}
}

// A configuration with which the daemon does not start is taken back, and the page says so.
func TestConfigurationIsTakenBack(t *testing.T) {
	s := serve(t)
	taken := listenAnywhere(t)
	defer func() { _ = taken.Close() }()
	_, tag := s.settings()
	before := s.text()
	s.put(tag, strings.Replace(before, `listen: "127.0.0.1:0"`, `listen: "`+taken.Addr().String()+`"`, 1), 200)
	// The former port was given up for the new one; the office takes another one.
	s.wait(func() bool { return s.text() == before })
}

// wait asks again until something holds.
func (s *served) wait(holds func() bool) {
	s.t.Helper()
	for ctx := s.t.Context(); !holds(); {
		select {
		case <-ctx.Done():
			s.t.Fatal("it never comes")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestBackupIsRestored(t *testing.T) {
	s := serve(t)
	var b web.BackupFile
	s.ask(http.MethodPost, "backups", "", "", 200, &b)
	_, tag := s.settings()
	s.put(tag, strings.Replace(s.text(), `en: "Certificates"`, `en: "Papers"`, 1), 200)
	s.ask(http.MethodPost, "backups/"+b.Name+"/restore", "", `{"confirm":"yes"}`, 422, nil)
	s.ask(http.MethodPost, "backups/nothing/restore", "", `{"confirm":"nothing"}`, 404, nil)
	s.ask(http.MethodPost, "backups/"+b.Name+"/restore", "", fmt.Sprintf(`{"confirm":%q}`, b.Name), 204, nil)
	s.wait(func() bool { // the answer comes before the restart does
		kept, err := filepath.Glob(filepath.Join(filepath.Dir(s.file), "data", "avanti.db.damaged-*"))
		return err == nil && len(kept) > 0
	})
	var history struct{ Configurations []web.FormerSettings }
	s.ask(http.MethodGet, "config/history", "", "", 200, &history)
	if c := history.Configurations; len(c) != 2 || c[0].By != "admin" || !slices.Equal(c[0].What, []string{"services"}) {
		t.Errorf("the history after the restore: %+v", c)
	}
}

// A backup that is to be restored is not forgotten because somebody asks for another restart
// before the first one has come.
func TestTwoOrdersAreOneRestart(t *testing.T) {
	for _, tc := range []struct{ first, later, want string }{
		{"", "", ""}, {"monday", "", "monday"}, {"", "monday", "monday"}, {"monday", "tuesday", "tuesday"},
	} {
		if got := (app.Order{Restore: tc.first}).And(app.Order{Restore: tc.later}); got.Restore != tc.want {
			t.Errorf("%q and %q: %q, want %q", tc.first, tc.later, got.Restore, tc.want)
		}
	}
}

// visitor is a browser that fills in forms.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
}

func (v *visitor) send(path string, form url.Values, want int) string {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", v.base)
	w, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	data, err := io.ReadAll(w.Body)
	if err != nil || w.StatusCode != want {
		v.t.Fatalf("%s: %d, want %d: %s (%v)", path, w.StatusCode, want, data, err)
	}
	return string(data)
}

func TestSetUp(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	l := listenAnywhere(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: "http://" + l.Addr().String(), http: &http.Client{
		Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	var out bytes.Buffer
	run(t, func(ctx context.Context) error {
		log := slog.New(slog.DiscardHandler)
		file, err := app.SetUp(ctx, app.SetUpOptions{Dir: dir, Listener: l, Out: &out, Log: log})
		if err != nil {
			return err
		}
		return app.Serve(ctx, app.ServeOptions{Config: file, Log: log, Listener: l})
	})
	code := func() string {
		data, err := os.ReadFile(filepath.Join(dir, "setup-code"))
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(data))
	}
	(&served{t: t}).wait(func() bool { return code() != "" })
	if info, err := os.Stat(filepath.Join(dir, "setup-code")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the code's file: %v %v", info.Mode(), err)
	}

	// Without the code there is nothing.
	v.send("/setup/office?lang=en", url.Values{"form": {"office"}}, 303)
	v.send("/setup?lang=en", url.Values{"code": {"AAAA-AAAA"}}, 401)
	v.send("/setup?lang=en", url.Values{"code": {strings.ToLower(strings.ReplaceAll(code(), "-", " "))}}, 303)

	v.send("/setup/office?lang=en", url.Values{"form": {"office"}, "office.languages": {"en"}, "office.languages.own": {"en"}, "office.name.en": {" "}, "office.zone": {"Mars"}}, 422)
	office := url.Values{"form": {"office"}, "office.languages": {"en"}, "office.languages.own": {"en"}, "office.name.en": {"Test hall"}, "office.zone": {"Europe/Rome"}}
	v.send("/setup/office?lang=en", office, 303)
	v.send("/setup/hours?lang=en", url.Values{"form": {"hours"}}, 303)
	v.send("/setup/services?lang=en", url.Values{"template": {"casino"}}, 422)
	v.send("/setup/services?lang=en", url.Values{"template": {"onestop"}}, 200)
	v.send("/setup/printers?lang=en", url.Values{"form": {"printers"}}, 303)
	page := v.send("/setup/screens?lang=en", url.Values{"make": {"1"}}, 200)
	if n := strings.Count(page, "/enter#"); n != 5 {
		t.Errorf("%d links, want those of a kiosk, a hall and three counters", n)
	}
	v.send("/setup/summary?lang=en", nil, 422) // nobody could log in
	v.send("/setup/account?lang=en", url.Values{"name": {"Ada"}, "language": {"en"}, "password": {"short"}, "repeat": {"short"}}, 422)
	v.send("/setup/account?lang=en", url.Values{"name": {"Ada"}, "language": {"en"}, "password": {"a long password"}, "repeat": {"a long password"}}, 303)
	v.send("/setup/summary?lang=en", nil, 200)

	// The same process is the office now.
	v.send("/enter?lang=en", url.Values{"name": {"Ada"}, "password": {"a long password"}, "next": {"/admin"}}, 303)
	v.send("/admin/hours?lang=en", url.Values{"form": {"office"}}, 404)
	if code() != "" {
		t.Error("the code is still there")
	}
	text, err := os.ReadFile(filepath.Join(dir, "office.yaml"))
	if err != nil || strings.Contains(string(text), "a long password") {
		t.Errorf("the configuration: %v\n%s", err, text)
	}
	if !strings.Contains(out.String(), v.base) {
		t.Errorf("nobody was told where the set-up is: %s", out.String())
	}
}
