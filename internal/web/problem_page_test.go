// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/web"
)

// TestOnlyWhatIsKnownIsSaid: that nothing was changed where that is certain, and that a session has
// ended to those who had one.
func TestOnlyWhatIsKnownIsSaid(t *testing.T) {
	const unchanged, ended, login = "Nothing was changed", "Your session has ended", "You have to log in"
	broken := open(t, nil, func(o *web.Options) { o.Steward = noDisk{o.Steward} })
	well := open(t, nil, nil)
	for name, test := range map[string]struct {
		h           *hall
		as, path    string
		cookie      string
		status      int
		has, hasNot []string
	}{
		"an office that fails": {broken, "root", "/admin/access", "", 503, []string{"Go back"}, []string{unchanged}},
		"a role too low":       {well, "wall", "/kiosk/take", "", 403, []string{unchanged, "Go back"}, nil},
		"a stranger":           {well, "", "/kiosk/take", "", 401, []string{login, unchanged}, []string{ended, "Go back"}},
		"an old session":       {well, "", "/kiosk/take", "avanti=old", 401, []string{ended, unchanged}, []string{login, "Go back"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := test.h.send(t, request{method: http.MethodPost, path: test.path, as: test.as, body: "key=k&lang=en", header: map[string]string{
				"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost:8080", "Accept": "text/html", "Cookie": test.cookie, "Accept-Language": "en",
			}})
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			for _, text := range test.has {
				if !strings.Contains(w.Body.String(), text) {
					t.Errorf("no %q in:\n%s", text, w.Body)
				}
			}
			for _, text := range test.hasNot {
				if strings.Contains(w.Body.String(), text) {
					t.Errorf("%q in:\n%s", text, w.Body)
				}
			}
		})
	}
}

// noDisk is a steward whose file cannot be read.
type noDisk struct{ web.Steward }

func (noDisk) Configuration() (web.Configuration, error) {
	return web.Configuration{}, errors.New("input/output error")
}

// TestFormsThatCannotBeRead are refused for what they are, and not taken for empty ones.
func TestFormsThatCannotBeRead(t *testing.T) {
	h := open(t, nil, nil)
	const plain, files = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	long := "form=office&x=" + strings.Repeat("x", 1<<20)
	for name, test := range map[string]struct {
		kind, body, code string
		status           int
	}{
		"too long":            {plain, long, "too_large", 413},
		"no escape":           {plain, "form=office&x=%zz", "invalid", 400},
		"no parts":            {files, "zz", "invalid", 400},
		"too long in parts":   {files, "--x\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n" + long + "\r\n--x--\r\n", "too_large", 413},
		"another form's name": {plain, "form=hours", "not_found", 404},
	} {
		t.Run(name, func(t *testing.T) {
			q := request{method: http.MethodPost, path: "/admin/office", as: "root", body: test.body, header: map[string]string{"Content-Type": test.kind}}
			problem(t, h.send(t, q), test.status, test.code)
		})
	}
}

// TestSetUpRefusesBrokenForms of strangers: with a problem, as there is no office yet that a page could show,
// and without taking them for wrong codes.
func TestSetUpRefusesBrokenForms(t *testing.T) {
	pages := setUpPages(t)
	send := func(path, kind, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		r.Host = "127.0.0.1"
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Accept", "text/html")
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
	const plain = "application/x-www-form-urlencoded"
	for range 12 { // more than the wrong codes of one address
		for _, path := range []string{"/setup", "/setup/office"} {
			problem(t, send(path, "multipart/form-data; boundary=x", "zz"), http.StatusBadRequest, "invalid")
			problem(t, send(path, plain, "code=%zz"), http.StatusBadRequest, "invalid")
		}
	}
	problem(t, send("/setup", plain, "code="+strings.Repeat("x", 1<<20)), http.StatusRequestEntityTooLarge, "too_large")
	if w := send("/setup", plain, url.Values{"code": {"wrong"}}.Encode()); w.Code != http.StatusUnauthorized {
		t.Errorf("the first wrong code: %d", w.Code)
	}
	if w := send("/setup", plain, url.Values{"code": {"abcd efgh"}}.Encode()); w.Code != http.StatusSeeOther {
		t.Errorf("the right code: %d", w.Code)
	}
}
