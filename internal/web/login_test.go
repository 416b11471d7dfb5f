// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

const (
	annasPIN   = "407193"
	ionsPIN    = "880257"
	rosasWords = "una frase lunga"
)

// staffed is a hall in which two clerks and a manager have accounts.
type staffed struct {
	*hall
	people          *accounts.Register
	anna, ion, rosa accounts.Account
	registry        *prometheus.Registry
}

func openStaffed(t *testing.T) *staffed {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &staffed{registry: prometheus.NewRegistry()}
	if s.people, err = accounts.Open(t.Context(), accounts.Options{Memory: db}); err != nil {
		t.Fatal(err)
	}
	add := func(name string, role accounts.Role, secret string) accounts.Account {
		a, err := s.people.Create(t.Context(), accounts.By{}, name, role, "", secret)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	s.anna = add("Anna Bianchi", accounts.Clerk, annasPIN)
	s.ion = add("Ion Popescu", accounts.Clerk, ionsPIN)
	s.rosa = add("Rosa Chief", accounts.Manager, rosasWords)
	s.hall = open(t, nil, func(o *web.Options) { o.Accounts, o.Registerer, o.Gatherer = s.people, s.registry, s.registry })
	return s
}

// workplace is a browser that is the workplace of an access.
func (s *staffed) workplace(t *testing.T, token string) *browser {
	t.Helper()
	b := &browser{h: s.hall}
	b.post(t, "/enter", url.Values{"token": {token}})
	return b
}

// enter logs a clerk in and returns where that leads, or the status.
func (s *staffed) enter(t *testing.T, b *browser, who accounts.Account, pin string, more ...string) string {
	t.Helper()
	form := url.Values{"clerk": {who.ID}, "pin": {pin}, "next": {"/counter"}}
	for _, name := range more {
		form.Set(name, "yes")
	}
	w := b.post(t, "/enter", form)
	if to := w.Header().Get("Location"); to != "" {
		return to
	}
	return http.StatusText(w.Code)
}

func (b *browser) status(t *testing.T, path string) int { return b.get(t, path).Code }

// next calls from a browser, as the counter page does.
func (b *browser) next(t *testing.T, counter string, key string) int {
	t.Helper()
	status, _ := b.h.View().Counter(queue.CounterID(counter))
	return b.h.send(t, request{
		path: "/api/v1/counters/" + counter + "/next", key: key, body: fmt.Sprintf(`{"seen":%d}`, status.Seen),
		header: map[string]string{"Cookie": b.cookie, "Origin": "http://localhost:8080"},
	}).Code
}

func TestClerkLogsIn(t *testing.T) {
	s := openStaffed(t)
	s.do(t, queue.OpenCounter{Counter: "c1", Seen: 2})
	s.do(t, queue.IssueTicket{Service: "papers"})
	b := s.workplace(t, "desk-1")
	if w := b.get(t, "/counter"); w.Header().Get("Location") != "/enter?next=%2Fcounter" {
		t.Errorf("a workplace alone is let in: %d %s", w.Code, w.Header())
	}
	if got := b.next(t, "c1", "k1"); got != http.StatusUnauthorized {
		t.Errorf("a workplace alone calls: %d", got)
	}
	page := b.get(t, "/enter?next=/counter&lang=it").Body.String()
	for _, text := range []string{"Anna Bianchi", "Ion Popescu", "Sportello", `name="pin"`, `name="password"`} {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	if strings.Contains(page, "Rosa") {
		t.Error("the page tells who the manager is")
	}
	if strings.Contains((&browser{h: s.hall}).get(t, "/enter").Body.String(), "Anna") {
		t.Error("strangers read who works here")
	}
	if got := s.enter(t, b, s.anna, "999123"); got != "Unauthorized" {
		t.Errorf("a wrong PIN: %s", got)
	}
	if got := s.enter(t, b, s.rosa, rosasWords); got != "Unauthorized" {
		t.Errorf("a manager at the clerks' form: %s", got)
	}
	before := b.cookie
	if got := s.enter(t, b, s.anna, annasPIN); got != "/counter" || b.cookie == before {
		t.Fatalf("led to %s under cookie %s", got, b.cookie)
	}
	if got := (&browser{h: s.hall, cookie: before}).status(t, "/counter"); got == http.StatusOK {
		t.Error("the session of before is somebody's still")
	}
	if got := b.status(t, "/counter"); got != http.StatusOK {
		t.Errorf("counter: %d", got)
	}
	if got := b.next(t, "c1", "k1"); got != http.StatusOK {
		t.Errorf("next: %d", got)
	}
	if got := b.next(t, "c2", "k2"); got != http.StatusForbidden {
		t.Errorf("next at another counter: %d", got)
	}
	if got := b.status(t, "/manager"); got != http.StatusForbidden {
		t.Errorf("manager: %d", got)
	}
	b.post(t, "/leave", nil)
	if got := b.status(t, "/counter"); got != http.StatusSeeOther {
		t.Errorf("after leaving: %d", got)
	}
	if page := b.get(t, "/enter").Body.String(); !strings.Contains(page, "Anna Bianchi") {
		t.Error("the browser is no workplace any more")
	}
	for r, err := range s.journal.Records(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(r.By.ID, "Anna") || r.By.ID == s.anna.ID {
			t.Errorf("the journal knows a person: %+v", r.By)
		}
	}
	if strings.Contains(s.log.String(), "Anna") || strings.Contains(s.log.String(), s.anna.ID) {
		t.Errorf("the log knows a person:\n%s", s.log)
	}
	if body := s.send(t, request{path: "/metrics"}).Body.String(); strings.Contains(body, "Anna") || strings.Contains(body, s.anna.ID) {
		t.Error("the metrics know a person")
	}
	s.wantAudit(t, "login-wrong login logout")
}

func (s *staffed) wantAudit(t *testing.T, want string) {
	t.Helper()
	entries, err := s.people.Audit(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if e.Action != "account-create" {
			got = append([]string{e.Action}, got...)
		}
	}
	if d := cmp.Diff(want, strings.Join(got, " ")); d != "" {
		t.Errorf("audit (-want +got):\n%s", d)
	}
}

// TestWrongPINsSlowDown: also for the right one, until the time has passed; the page says how long.
func TestWrongPINsSlowDown(t *testing.T) {
	s := openStaffed(t)
	b := s.workplace(t, "desk-1")
	for range 3 {
		if got := s.enter(t, b, s.anna, "999123"); got != "Unauthorized" {
			t.Fatal(got)
		}
	}
	w := b.post(t, "/enter?lang=en", url.Values{"clerk": {s.anna.ID}, "pin": {annasPIN}})
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "try again in 5 seconds") {
		t.Errorf("%d %v\n%s", w.Code, w.Header(), w.Body)
	}
	if strings.Contains(w.Body.String(), annasPIN) {
		t.Error("the page has the PIN")
	}
	if got := s.enter(t, s.workplace(t, "desk-2"), s.ion, ionsPIN); got != "/counter" {
		t.Errorf("a colleague: %s", got)
	}
}

// TestTakeover: one person a counter. The second one is warned, and so is the first.
func TestTakeover(t *testing.T) {
	s := openStaffed(t)
	first, second := s.workplace(t, "desk-1"), s.workplace(t, "desk-1")
	if got := s.enter(t, first, s.anna, annasPIN); got != "/counter" {
		t.Fatal(got)
	}
	if page := second.get(t, "/enter?lang=en").Body.String(); !strings.Contains(page, "In another browser somebody works") || !strings.Contains(page, `name="take"`) {
		t.Errorf("no warning:\n%s", page)
	}
	if got := s.enter(t, second, s.ion, ionsPIN); got != "Conflict" {
		t.Errorf("without having seen the warning: %s", got)
	}
	if got := first.status(t, "/counter"); got != http.StatusOK {
		t.Errorf("the first one has left: %d", got)
	}
	if got := s.enter(t, second, s.ion, ionsPIN, "take"); got != "/counter" {
		t.Fatal(got)
	}
	if got := first.status(t, "/counter/panel"); got != http.StatusSeeOther {
		t.Errorf("both are there: %d", got)
	}
	if page := first.get(t, "/enter?lang=en").Body.String(); !strings.Contains(page, "has logged in at this counter from another browser") {
		t.Errorf("the first one is told nothing:\n%s", page)
	}
	elsewhere := s.workplace(t, "desk-2")
	if got := s.enter(t, elsewhere, s.ion, ionsPIN); got != "/counter" {
		t.Fatal(got)
	}
	if page := second.get(t, "/enter?lang=en").Body.String(); !strings.Contains(page, "You have logged in at another counter") {
		t.Errorf("one clerk at two counters:\n%s", page)
	}
	s.wantAudit(t, "login login logout-taken login logout-moved")
}

// TestManagerLogsIn: with a password, at a workplace or at none.
func TestManagerLogsIn(t *testing.T) {
	s := openStaffed(t)
	b := &browser{h: s.hall}
	if page := b.get(t, "/enter").Body.String(); !strings.Contains(page, `name="password"`) || !strings.Contains(page, `name="token"`) {
		t.Errorf("the page lacks a form:\n%s", page)
	}
	form := url.Values{"name": {"rosa chief"}, "password": {rosasWords}}
	if w := b.post(t, "/enter", form); w.Header().Get("Location") != "/manager" {
		t.Fatalf("led to %q: %s", w.Header().Get("Location"), w.Body)
	}
	if got := b.status(t, "/manager"); got != http.StatusOK {
		t.Errorf("manager: %d", got)
	}
	if got := b.status(t, "/api/v1/devices/trace"); got != http.StatusForbidden {
		t.Errorf("what only admins may: %d", got)
	}
	w := b.h.send(t, request{path: "/api/v1/day/close", body: `{}`, header: map[string]string{"Cookie": b.cookie, "Origin": "http://localhost:8080"}})
	if w.Code != http.StatusOK {
		t.Errorf("close the day: %d %s", w.Code, w.Body)
	}
	last := queue.Record{}
	for r, err := range s.journal.Records(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		last = r
	}
	if !strings.HasPrefix(last.By.ID, "desk-") || last.By.Role != queue.RoleManager {
		t.Errorf("the journal says that %+v closed the day", last.By)
	}
	if got := (&browser{h: s.hall}).post(t, "/enter", url.Values{"name": {"Anna Bianchi"}, "password": {annasPIN}}).Code; got != http.StatusUnauthorized {
		t.Errorf("a clerk from anywhere: %d", got)
	}
	if w := s.workplace(t, "boss").get(t, "/manager"); w.Code != http.StatusSeeOther {
		t.Errorf("the manager's workplace alone: %d", w.Code)
	}
	if w := s.send(t, request{path: "/api/v1/warnings", as: "boss"}); w.Code != http.StatusOK {
		t.Errorf("a program with the manager's token: %d", w.Code)
	}
	if w := s.workplace(t, "kiosk-1").get(t, "/kiosk"); w.Code != http.StatusOK {
		t.Errorf("a kiosk: %d", w.Code)
	}
}

// TestLocks: a clerk who does nothing, and one whose day is closed, has to log in again. What the
// page fetches by itself is not the clerk.
func TestLocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openStaffed(t)
		b := s.workplace(t, "desk-1")
		if got := s.enter(t, b, s.anna, annasPIN); got != "/counter" {
			t.Fatal(got)
		}
		for range 3 {
			<-time.After(14 * time.Minute)
			if got := b.status(t, "/counter"); got != http.StatusOK {
				t.Fatalf("a clerk who works: %d", got)
			}
		}
		for range 16 {
			<-time.After(time.Minute)
			s.send(t, request{path: "/counter/panel", header: map[string]string{"Cookie": b.cookie}})
		}
		if page := b.get(t, "/enter?lang=en").Body.String(); !strings.Contains(page, "because nobody used it") || b.status(t, "/counter") == http.StatusOK {
			t.Errorf("not locked:\n%s", page)
		}
		if got := s.enter(t, b, s.anna, annasPIN); got != "/counter" {
			t.Fatal(got)
		}
		<-time.After(time.Minute)
		s.do(t, queue.CloseDay{})
		if got := b.status(t, "/counter"); got != http.StatusSeeOther {
			t.Errorf("behind the day's close: %d", got)
		}
		if page := b.get(t, "/enter?lang=en").Body.String(); !strings.Contains(page, "The day is closed") {
			t.Errorf("no reason:\n%s", page)
		}
		if got := s.enter(t, b, s.anna, annasPIN); got != "/counter" {
			t.Fatal(got)
		}
		if got := b.status(t, "/counter"); got != http.StatusOK {
			t.Errorf("before the next day: %d", got)
		}
		if _, err := s.people.Disable(t.Context(), accounts.By{}, s.anna.ID); err != nil {
			t.Fatal(err)
		}
		if got := b.status(t, "/counter"); got != http.StatusSeeOther {
			t.Errorf("disabled, and still there: %d", got)
		}
	})
}
