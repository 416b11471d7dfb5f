// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// A change that is in force, and that the disk has not confirmed, is told as just that: a new token is shown,
// for nobody would ever see it again, and nothing says that nothing was changed.
func TestUnsureChangeIsTold(t *testing.T) {
	name := officeOf(t, t.TempDir())
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	admin := fmt.Sprintf("{id: admin, role: admin, token_sha256: \"%x\"}", hash("admin"))
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), "{id: admin, role: admin}", admin, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	a, _ := running(t, name)
	defer a.WatchDisk(func(step string) error {
		if step == "renamed" {
			return errDisk
		}
		return nil
	})()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(method, path, kind, body string, status int) (page string, header http.Header) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+a.Addr().String()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		_, tag, _ := strings.Cut(path, "#")
		r.Header.Set("If-Match", tag)
		r.Header.Set("Authorization", "Bearer "+secret("admin"))
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Content-Type", kind)
		w, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = w.Body.Close() }()
		data, err := io.ReadAll(w.Body)
		if err != nil || w.StatusCode != status {
			t.Fatalf("%s %s: %d, want %d: %v\n%s", method, path, w.StatusCode, status, err, data)
		}
		return string(data), w.Header
	}
	const told, form = "In force, but the disk did not confirm it", "application/x-www-form-urlencoded"
	change := func(do string, status int) (page string, header http.Header) {
		t.Helper()
		page, _ = send(http.MethodGet, "/admin/access?lang=en", "", "", http.StatusOK)
		tag := regexp.MustCompile(`name="tag" value="([^"]+)"`).FindStringSubmatch(page)[1]
		return send(http.MethodPost, "/admin/access?lang=en", form, url.Values{"tag": {tag}, "id": {"hall"}, "do": {do}}.Encode(), status)
	}
	hall := func() string {
		t.Helper()
		now, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`.*id: "?hall"?,.*`).FindString(string(now))
	}

	page, _ := change("make", http.StatusOK)
	link := regexp.MustCompile(`/enter#([\w-]{43})<`).FindStringSubmatch(page)
	if link == nil || !strings.Contains(page, `role="alert">`+told) || strings.Contains(page, "Nothing was changed") {
		t.Fatalf("of a new token the page tells:\n%s", page)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(link[1]))); !strings.Contains(hall(), sum) {
		t.Errorf("the token that is shown is not that of the file: %s", hall())
	}
	_, header := change("revoke", http.StatusSeeOther)
	if page, _ := send(http.MethodGet, header.Get("Location"), "", "", http.StatusOK); !strings.Contains(page, told) || strings.Contains(hall(), "token") {
		t.Errorf("%s, and the page tells:\n%s", hall(), page)
	}

	now, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, header = send(http.MethodGet, "/api/v1/config", "", "", http.StatusOK)
	body := fmt.Sprintf(`{"text":%q}`, strings.Replace(string(now), "keep: 7", "keep: 9", 1))
	if problem, _ := send(http.MethodPut, "/api/v1/config#"+header.Get("ETag"), "application/json", body, http.StatusInternalServerError); !strings.Contains(problem, `"code":"unsure"`) {
		t.Errorf("programs are told %s", problem)
	}
	if now, err = os.ReadFile(name); err != nil || !strings.Contains(string(now), "keep: 9") {
		t.Errorf("it is not in the file: %v", err)
	}
}
