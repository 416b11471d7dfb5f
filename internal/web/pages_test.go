// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// busy lets everything happen that a page can show.
func busy(t *testing.T) *hall {
	var readings atomic.Int64 // each reading of the clock is a little later than the one before
	now := func() time.Time {
		return queuetest.Monday().Add(2*time.Hour + time.Duration(readings.Add(1))*10*time.Millisecond)
	}
	h := open(t, now, func(o *web.Options) {
		o.Warnings = func() []web.Warning {
			return []web.Warning{
				{Name: "paper_out", Subject: "<lp>", Severity: "critical", Cause: "no paper", Hint: "load a roll"},
				{Name: "printer_cover", Subject: "<lp>", Severity: "critical", Cause: "DLE EOT 2: 36", Hint: "close it"},
			}
		}
		o.Printers = func() []web.Printer {
			return []web.Printer{
				{ID: "<lp>", Needs: []string{"printer_cover", "printer_roll_low"}, Left: 3400, Known: true},
				{ID: "stairs", Ready: true},
				{ID: "attic"},
			}
		}
	})
	for range 30 {
		h.do(t, queue.IssueTicket{Service: "papers"})
	}
	h.do(t, queue.IssueTicket{Service: "cards", Slot: h.Now().Add(time.Hour), Channel: queue.ChannelAppointment})
	h.work(t, "boss", "c1", "open", "")
	h.work(t, "boss", "c1", "next", "n1")
	h.work(t, "boss", "c1", "park", "")
	h.work(t, "boss", "c1", "next", "n2")
	h.work(t, "boss", "c2", "open", "")
	h.work(t, "boss", "c2", "next", "n3")
	h.work(t, "boss", "c2", "start", "")
	h.work(t, "boss", "c1", "recall", "")
	h.work(t, "boss", "c3", "open", "")
	h.work(t, "boss", "c3", "pause", "")
	return h
}

// Every page in every language, in an office that is busy, one that is closed and
// one that has no settings yet. A text that is missing would show its id.
func TestPagesInEveryLanguage(t *testing.T) {
	closed := open(t, nil, nil)
	closed.do(t, queue.CloseDay{})
	offices := map[string]*hall{"busy": busy(t), "closed": closed}
	phone := "/t/" + citizen.Key{1}.Token("2026-11-23", 3)
	pages := map[string]string{
		"/": "", "/enter": "", "/hall": "", "/hall/board": "",
		"/kiosk": "kiosk-1", "/kiosk?group=desk": "kiosk-1", "/kiosk?q=carta": "kiosk-1", "/kiosk?service=papers": "kiosk-1", "/kiosk?service=papers&priority": "kiosk-1", "/kiosk?service=papers&see=ltc": "boss", "/kiosk/choices?group=desk": "kiosk-1", "/kiosk/ticket/3": "root",
		"/kiosk/ticket/3/state": "root", "/t/nobody": "", phone: "", phone + "/state": "",
		"/counter": "boss", "/counter?counter=c1": "boss", "/counter?counter=c2": "boss", "/counter?counter=c3": "boss", "/counter/panel": "desk-1",
		"/manager": "boss", "/manager/panel": "boss",
	}
	id := regexp.MustCompile(`>\s*(` + strings.Join(ids(t), "|") + `)\s*<`)
	for name, h := range offices {
		for path, as := range pages {
			for _, lang := range []string{"it", "ro", "es", "en"} {
				t.Run(name+path+" "+lang, func(t *testing.T) {
					if name == "closed" && (strings.HasPrefix(path, "/kiosk/ticket") || strings.HasPrefix(path, phone)) {
						return // no ticket was given
					}
					status := http.StatusOK
					if path == "/t/nobody" {
						status = http.StatusNotFound
					}
					sep := "?"
					if strings.Contains(path, "?") {
						sep = "&"
					}
					w := h.send(t, request{path: path + sep + "lang=" + lang, as: as, header: map[string]string{"Accept": "text/html"}})
					body := w.Body.String()
					if w.Code != status || w.Header().Get("Content-Language") != lang {
						t.Fatalf("status %d, language %q: %s", w.Code, w.Header().Get("Content-Language"), body)
					}
					if found := id.FindString(body); found != "" {
						t.Errorf("a text is missing: %s", found)
					}
					if strings.Contains(body, "<no value>") || strings.Contains(body, "ZgotmplZ") || strings.Contains(body, "<lp>") {
						t.Errorf("not rendered well:\n%s", body)
					}
					if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") {
						t.Errorf("policy %q", csp)
					}
					for _, file := range regexp.MustCompile(`/static/[^"]+`).FindAllString(body, -1) {
						if w := h.send(t, request{path: file}); w.Code != http.StatusOK {
							t.Errorf("%s: %d", file, w.Code)
						}
					}
					if strings.Contains(body, " style=") || strings.Contains(body, "<style") || strings.Contains(body, " onclick") {
						t.Error("something inline, which the policy forbids")
					}
				})
			}
		}
	}
}

func TestFragmentsAreTagged(t *testing.T) {
	h := busy(t)
	w := h.send(t, request{path: "/hall/board"})
	if got := w.Header().Get("Avanti-Version"); got != fmt.Sprint(h.View().Seq()) {
		t.Errorf("version %q, want %d", got, h.View().Seq())
	}
	again := request{path: "/hall/board", header: map[string]string{"If-None-Match": w.Header().Get("ETag")}}
	if w := h.send(t, again); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
		t.Errorf("unchanged: %d with %d bytes", w.Code, w.Body.Len())
	}
	h.work(t, "boss", "c1", "start", "")
	if w := h.send(t, again); w.Code != http.StatusOK {
		t.Errorf("changed: %d", w.Code)
	}
}

// browser keeps a session's cookie.
type browser struct {
	h      *hall
	cookie string
}

func (b *browser) get(t *testing.T, path string) *httptest.ResponseRecorder {
	return b.h.send(t, request{path: path, header: map[string]string{"Cookie": b.cookie, "Accept": "text/html"}})
}

func (b *browser) post(t *testing.T, path string, form url.Values) *httptest.ResponseRecorder {
	w := b.h.send(t, request{method: http.MethodPost, path: path, body: form.Encode(), header: map[string]string{
		"Cookie": b.cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost:8080", "Accept": "text/html",
	}})
	for _, c := range w.Result().Cookies() {
		b.cookie = c.Name + "=" + c.Value
	}
	return w
}

func TestKioskGivesOneNumber(t *testing.T) {
	h := open(t, nil, nil)
	b := &browser{h: h}
	if w := b.post(t, "/enter", url.Values{"token": {"kiosk-1"}}); w.Header().Get("Location") != "/kiosk" {
		t.Fatalf("log-in leads to %q: %s", w.Header().Get("Location"), w.Body)
	}
	key := regexp.MustCompile(`name="key" value="([^"]+)"`)
	first := key.FindStringSubmatch(b.get(t, "/kiosk?lang=es&group=desk&service=papers").Body.String())
	second := key.FindStringSubmatch(b.get(t, "/kiosk?lang=es&group=desk&service=papers").Body.String())
	if first == nil || second == nil || first[1] == second[1] {
		t.Fatalf("keys of two screens: %q and %q", first, second)
	}
	form := url.Values{"key": {first[1]}, "lang": {"es"}, "group": {"desk"}, "service": {"papers"}}
	w := b.post(t, "/kiosk/take", form)
	if again := b.post(t, "/kiosk/take", form); again.Header().Get("Location") != w.Header().Get("Location") {
		t.Errorf("a double tap leads to %q and %q", w.Header().Get("Location"), again.Header().Get("Location"))
	}
	page := b.get(t, w.Header().Get("Location"))
	for _, text := range []string{"A001", "Su número", "Sin tique de papel"} {
		if !strings.Contains(page.Body.String(), text) {
			t.Errorf("the ticket's page lacks %q:\n%s", text, page.Body)
		}
	}
	if got := h.View().Ticket(3); got == nil || got.Language != "es" || got.Channel != queue.ChannelKiosk {
		t.Errorf("ticket: %+v", got)
	}
	form.Set("key", second[1])
	h.do(t, queue.CloseDay{})
	if w := b.post(t, "/kiosk/take", form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "La jornada no está abierta") {
		t.Errorf("closed: %d %s", w.Code, w.Body)
	}
	form.Del("key")
	if w := b.post(t, "/kiosk/take", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a key: %d", w.Code)
	}
}

func TestSessions(t *testing.T) {
	h := open(t, nil, nil)
	b := &browser{h: h}
	if w := b.get(t, "/counter?lang=it"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/enter?next=%2Fcounter%3Flang%3Dit" {
		t.Fatalf("without log-in: %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := b.post(t, "/enter", url.Values{"token": {"wrong"}}); w.Code != http.StatusUnauthorized || b.cookie != "" {
		t.Errorf("wrong token: %d, cookie %q", w.Code, b.cookie)
	}
	w := b.post(t, "/enter", url.Values{"token": {" desk-1 "}, "next": {"/counter?lang=it"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/counter?lang=it" {
		t.Fatalf("log-in: %d to %q", w.Code, w.Header().Get("Location"))
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || len(c.Value) < 40 {
		t.Errorf("cookie: %+v", c)
	}
	if w := b.get(t, "/counter?lang=it"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `data-counter="c1"`) {
		t.Errorf("counter: %d %s", w.Code, w.Body)
	}
	if w := b.get(t, "/counter?counter=c2"); !strings.Contains(w.Body.String(), `data-counter="c1"`) {
		t.Error("a clerk opens another counter's page")
	}
	if w := b.get(t, "/manager"); w.Code != http.StatusForbidden {
		t.Errorf("a clerk's manager page: %d", w.Code)
	}
	old := b.cookie
	if w := b.post(t, "/leave", nil); w.Code != http.StatusSeeOther {
		t.Errorf("leave: %d", w.Code)
	}
	b.cookie = old
	if w := b.get(t, "/counter"); w.Code != http.StatusSeeOther {
		t.Errorf("after leaving the old cookie still works: %d", w.Code)
	}
	b.cookie = "avanti=forged"
	if w := b.get(t, "/counter"); w.Code != http.StatusSeeOther {
		t.Errorf("a forged cookie: %d", w.Code)
	}
}

func TestLogInLeadsNowhereElse(t *testing.T) {
	h := open(t, nil, nil)
	for next, want := range map[string]string{
		"": "/manager", "/hall": "/hall", "//evil.example": "/manager", "https://evil.example/": "/manager", `/\evil.example`: "/manager",
		"javascript:alert(1)": "/manager", "/enter": "/manager", "/counter?counter=c2": "/counter?counter=c2", "hall": "/manager",
	} {
		w := (&browser{h: h}).post(t, "/enter", url.Values{"token": {"boss"}, "next": {next}})
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
	}
	for as, want := range map[string]string{"kiosk-1": "/kiosk", "desk-1": "/counter", "wall": "/hall", "root": "/"} {
		if got := (&browser{h: h}).post(t, "/enter", url.Values{"token": {as}}).Header().Get("Location"); got != want {
			t.Errorf("%s lands at %q, want %q", as, got, want)
		}
	}
}
