// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/internal/web"
)

// archive is a steward of a file that was changed once.
type archive struct {
	web.Steward
	text []byte
}

func (a archive) Configuration() (web.Configuration, error) {
	return web.Configuration{Name: "office.yaml", Text: a.text, Tag: "1", Pending: true}, nil
}

func (a archive) changes() []web.Past {
	at := time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)
	return []web.Past{{Seq: 2, At: at, By: "file", What: []string{"hours"}, Text: string(a.text)}, {Seq: 1, At: at, By: "setup", Text: string(a.text[:len(a.text)/2])}}
}

func (a archive) History(context.Context) ([]web.Past, error) { return a.changes(), nil }

func (a archive) Past(context.Context, int64) (now, before web.Past, err error) {
	return a.changes()[0], a.changes()[1], nil
}

func (a archive) Backups() ([]web.Backup, error) {
	return []web.Backup{{Name: "avanti-1.db", At: time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC), Bytes: 3 << 20}}, nil
}

func (a archive) Judge(text []byte) (web.Effect, error) {
	_, err := config.Parse("office.yaml", text)
	return web.Effect{Sections: []string{"hours"}, Restart: true}, err
}

func (a archive) Apply(_ context.Context, _, _ string, text []byte) (web.Effect, error) {
	return a.Judge(text)
}
func (a archive) Ports() []string    { return []string{"/dev/ttyUSB0"} }
func (a archive) Profiles() []string { return []string{"generic"} }

// TestNoTextForStaffIsForgotten: the manager's, the administration's and the first run's pages take
// all of their words from the texts. What package report says is held by a test of its own.
func TestNoTextForStaffIsForgotten(t *testing.T) {
	text := officeText(t, "small.yaml")
	past := mondays()
	s := openStaffed(t)
	h := open(t, nil, func(o *web.Options) { o.Figures, o.Steward, o.Accounts = past, archive{text: text}, s.people })
	if err := h.server.Exaggerate(); err != nil {
		t.Fatal(err)
	}
	theirs := names(t)
	for _, line := range ofReport(t, past) {
		theirs[line] = true
	}
	pages := map[string]string{
		"/manager?from=2026-10-26&to=2026-11-22": "boss", "/manager?from=2026-11-22&to=2026-10-26": "boss",
		"/manager/try": "boss", "/manager/try?day=1&from=24&to=20&counters=99&skill=leaves&desk=c1": "boss", "/manager/try?day=1&counters=1": "boss", "/manager/try?day=0": "boss",
		"/admin": "root", "/admin/access": "root", "/admin/people": "root", "/admin/file": "root", "/admin/history": "root", "/admin/history/2": "root", "/admin/backups": "root",
	}
	for _, chapter := range web.Chapters() {
		pages["/admin/"+chapter] = "root"
	}
	for _, saved := range []string{"now", "restart", "same", "backup", "tested"} {
		pages["/admin/office?saved="+saved] = "root"
	}
	for _, name := range officeNames(t, text) {
		theirs[name] = true
	}
	for path, as := range pages {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		w := h.send(t, request{path: path + sep + "lang=en", as: as, header: map[string]string{"Accept": "text/html"}})
		if w.Code != http.StatusOK && w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		accented(t, path, w.Body.String(), theirs)
	}
}

// ofReport lists what package report says on the manager's page, and what the calendar does.
func ofReport(t *testing.T, past *lived) (lines []string) {
	t.Helper()
	words, err := report.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := words["en"]
	add := func(page string) {
		for line := range strings.Lines(regexp.MustCompile(`<[^>]+>`).ReplaceAllString(page, "\n")) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	p := report.Period{From: "2026-10-26", To: "2026-11-22"}
	r, err := past.Report(t.Context(), p, false)
	if err != nil {
		t.Fatal(err)
	}
	body, err := w.Body(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	add(string(body))
	for _, m := range regexp.MustCompile(`aria-label="([^"]*)"`).FindAllStringSubmatch(string(body), -1) {
		lines = append(lines, m[1])
	}
	newest, _ := past.Newest()
	advice := w.Advice(newest.Reports, newest.Target)
	for _, x := range append(advice.Pays, advice.Spare...) {
		lines = append(lines, x.What, x.Effect)
	}
	return append(append(lines, advice.Silent...), advice.Aim, advice.Errors, w.Period(p), "points more", "points less")
}

// officeNames lists the texts and ids in a configuration, and what its programs are called.
func officeNames(t *testing.T, text []byte) (out []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`"([^"]{3,})"|\bid: ([a-z0-9-]{3,})`).FindAllSubmatch(text, -1) {
		out = append(out, string(m[1])+string(m[2]))
	}
	return append(out, "generic", "debug", "info", "warn", "error")
}

// TestNoTextOfTheFirstRunIsForgotten does the same with the set-up, step by step.
func TestNoTextOfTheFirstRunIsForgotten(t *testing.T) {
	pages := setUpPages(t)
	if err := pages.Exaggerate(); err != nil {
		t.Fatal(err)
	}
	cookie := ""
	send := func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
		r.Host = "127.0.0.1"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("Cookie", cookie)
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
	wrong, theirs := 0, map[string]bool{"127.0.0.1": true, "Europe/London": true, "localhost": true}
	accented(t, "/setup", send(http.MethodGet, "/setup", nil).Body.String(), nil)
	accented(t, "a wrong code", send(http.MethodPost, "/setup", url.Values{"code": {"x"}}).Body.String(), nil)
	w := send(http.MethodPost, "/setup", url.Values{"code": {"ABCD-EFGH"}})
	for _, c := range w.Result().Cookies() {
		cookie = c.Name + "=" + c.Value
	}
	for _, step := range web.Steps(pages) {
		shown := send(http.MethodGet, "/setup/"+step+"?lang=en", nil)
		if shown.Code != http.StatusOK {
			t.Errorf("%s: %d", step, shown.Code)
		}
		accented(t, step, shown.Body.String(), theirs)
		if refused := send(http.MethodPost, "/setup/"+step+"?lang=en", url.Values{}); refused.Code == http.StatusUnprocessableEntity {
			accented(t, step+", empty", refused.Body.String(), theirs)
			wrong++
		}
	}
	if wrong == 0 {
		t.Error("nothing was found wrong with empty forms")
	}
}
