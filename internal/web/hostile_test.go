// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// TestOneVoteHoweverSpelt: a token can be written in many ways, and a ballot too; there is one vote.
func TestOneVoteHoweverSpelt(t *testing.T) {
	var kept *store.Store
	h := open(t, nil, voters(t, &kept))
	id := h.take(t, queue.IssueTicket{Service: "papers"})
	h.work(t, "boss", "c1", "open", "")
	h.work(t, "boss", "c1", "next", "n")
	h.work(t, "boss", "c1", "finish", "")
	token := tokenOf(id)
	for _, spelt := range []string{token, strings.ToLower(token), strings.ReplaceAll(token, "0", "O"), strings.ReplaceAll(token, "0", "o")} {
		if w := h.form(t, "", "/t/"+spelt+"/vote", url.Values{"face": {"green"}}); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", spelt, w.Code)
		}
	}
	if n := len(votes(t, kept)); n != 1 {
		t.Errorf("%d votes of one ticket", n)
	}
	_, rest, _ := strings.Cut(h.send(t, request{path: "/feedback", as: "wall"}).Body.String(), `name="ballot" value="`)
	ballot, _, _ := strings.Cut(rest, `"`)
	for _, spelt := range []string{ballot, ballot + "\n", "\r" + ballot} {
		h.form(t, "wall", "/feedback", url.Values{"ballot": {spelt}, "face": {"red"}})
	}
	if n := len(votes(t, kept)); n != 2 {
		t.Errorf("%d votes of one ticket and one ballot", n)
	}
}

// TestAnotherSecretEndsLogins: whoever got in with the old one is out, in every browser.
func TestAnotherSecretEndsLogins(t *testing.T) {
	s := openStaffed(t)
	thief := &browser{h: s.hall}
	if w := thief.post(t, "/enter", url.Values{"name": {"Rosa Chief"}, "password": {rosasWords}}); w.Code != http.StatusSeeOther || thief.status(t, "/manager") != http.StatusOK {
		t.Fatalf("log-in: %d", w.Code)
	}
	if _, err := s.people.Change(t.Context(), accounts.By{}, s.rosa.ID, "Rosa Boss", accounts.Manager, "it"); err != nil {
		t.Fatal(err)
	}
	if got := thief.status(t, "/manager"); got != http.StatusOK {
		t.Errorf("another name: %d", got)
	}
	if _, err := s.people.SetSecret(t.Context(), accounts.By{}, s.rosa.ID, "altre parole lunghe"); err != nil {
		t.Fatal(err)
	}
	if got := thief.status(t, "/manager"); got != http.StatusSeeOther {
		t.Errorf("another secret, and still there: %d", got)
	}
}

// TestAnAccessThatWasTakenAway does not let its old browsers in when there is one of its name again.
func TestAnAccessThatWasTakenAway(t *testing.T) {
	var kept web.Sessions
	kiosk := func(token string) web.Access {
		return web.Access{ID: "kiosk-1", Role: web.RoleKiosk, TokenSHA256: sha256.Sum256([]byte(token))}
	}
	boss := web.Access{ID: "boss", Role: web.RoleManager, TokenSHA256: sha256.Sum256([]byte("boss"))}
	run := func(list ...web.Access) *hall {
		return open(t, nil, func(o *web.Options) { o.Sessions, o.Access = &kept, list })
	}
	b := &browser{h: run(kiosk("leaked"), boss)}
	b.post(t, "/enter", url.Values{"token": {"leaked"}})
	if got := b.status(t, "/kiosk"); got != http.StatusOK {
		t.Fatalf("kiosk: %d", got)
	}
	b.h = run(boss)
	if got := b.status(t, "/kiosk"); got != http.StatusSeeOther {
		t.Errorf("taken away: %d", got)
	}
	b.h = run(kiosk("fresh"), boss)
	if got := b.status(t, "/kiosk"); got != http.StatusSeeOther {
		t.Errorf("with another token: %d", got)
	}
}

// TestStrangersLeaveRoomForTheOffice: one address cannot take all streams of strangers, and all strangers
// cannot take those of the office. The 500 pages of a hall behind one address have theirs.
func TestStrangersLeaveRoomForTheOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		client := serve(t, h)
		ask := func(as string, want int) {
			t.Helper()
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/api/v1/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			if as != "" {
				r.Header.Set("Authorization", "Bearer "+as)
			}
			w, err := client.Do(r) //nolint:bodyclose // the stream ends with the context
			if err != nil {
				t.Fatal(err)
			}
			if w.StatusCode != want {
				t.Errorf("a stream of %q: %d, want %d", as, w.StatusCode, want)
			}
		}
		take := func(stranger string, want int) {
			t.Helper()
			n := 0
			for h.server.Enter(stranger) {
				n++
			}
			if n != want {
				t.Errorf("%d streams of %q, want %d", n, stranger, want)
			}
		}
		const here = "pipe" // is the address of every connection in memory
		take(here, web.MaxOfAddress)
		ask("", http.StatusServiceUnavailable)
		take("192.0.2.2", web.MaxStreams-web.ForOffice-web.MaxOfAddress)
		take("192.0.2.3", 0)
		ask("wall", http.StatusOK)
		<-time.After(time.Minute) // the server notices that it has gone
		take("", web.ForOffice)
		ask("wall", http.StatusServiceUnavailable)
		if web.MaxOfAddress < 500 {
			t.Errorf("%d pages behind one address", web.MaxOfAddress)
		}
	})
}

// TestOnlyScreensTellOfTheirSound: an admin's browser, which has a new name at each log-in, makes no
// series of its own.
func TestOnlyScreensTellOfTheirSound(t *testing.T) {
	r := prometheus.NewRegistry()
	s := openStaffed(t)
	if _, err := s.people.Create(t.Context(), accounts.By{}, "Ada", accounts.Admin, "", rosasWords); err != nil {
		t.Fatal(err)
	}
	s.hall = open(t, nil, func(o *web.Options) { o.Accounts, o.Registerer, o.Gatherer = s.people, r, r })
	for range 2 {
		b := &browser{h: s.hall}
		b.post(t, "/enter", url.Values{"name": {"Ada"}, "password": {rosasWords}})
		if w := b.post(t, "/hall/sound", url.Values{"sound": {"plays"}}); w.Code != http.StatusNoContent {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
	}
	s.form(t, "wall", "/hall/sound", url.Values{"sound": {"plays"}})
	if n, err := testutil.GatherAndCount(r, "avanti_web_screen_sound"); err != nil || n != 1 {
		t.Errorf("%d series, %v; want that of the wall", n, err)
	}
}

// TestAddressesOfOneNetwork: whoever has an IPv6 network has more addresses than anybody can count.
func TestAddressesOfOneNetwork(t *testing.T) {
	s := openStaffed(t)
	status := 0
	for i := range 14 {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/enter",
			strings.NewReader(url.Values{"name": {fmt.Sprint("nobody ", i)}, "password": {"a long password"}}.Encode()))
		r.Host, r.RemoteAddr = "localhost:8080", fmt.Sprintf("[2001:db8::%x]:4711", i+1)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		status = w.Code
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the fourteenth: %d", status)
	}
}

// setUpPages are the pages of a first run whose code is known.
func setUpPages(t *testing.T) *web.Setup {
	t.Helper()
	pages, err := web.NewSetup(web.SetupOptions{
		Code: "ABCD-EFGH", Listen: "127.0.0.1:8080", DataDir: t.TempDir(), Ports: func() []string { return nil },
		Check:  func([]byte) error { return nil },
		Test:   func(context.Context, config.Printer) error { return nil },
		Finish: func(context.Context, web.SetupResult) error { return nil },
		Log:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// TestNobodyHoldsTheSetUp: a stranger who sends a form and never ends it keeps nobody waiting.
func TestNobodyHoldsTheSetUp(t *testing.T) {
	pages := setUpPages(t)
	send := func(body io.Reader) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/setup", body)
		r.Host = "127.0.0.1"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w.Code
	}
	body, stranger := io.Pipe()
	gone, answered := make(chan int, 1), make(chan int, 1)
	go func() { gone <- send(body) }()
	if _, err := stranger.Write([]byte("code=")); err != nil { // it returns once it is read
		t.Fatal(err)
	}
	go func() { answered <- send(strings.NewReader("code=abcd+efgh")) }()
	select {
	case status := <-answered:
		if status != http.StatusSeeOther {
			t.Errorf("status %d", status)
		}
	case <-time.After(20 * time.Second):
		t.Error("the one with the code waits for a stranger")
	}
	_ = stranger.Close()
	if status := <-gone; status != http.StatusUnauthorized {
		t.Errorf("the stranger: %d", status)
	}
}

// TestUndoneCallsAreTakenBack: a hall is told, in the order of what happened.
func TestUndoneCallsAreTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		r := read(t, serve(t, h), "")
		defer r.leave()
		r.want("heartbeat")
		h.do(t, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
		h.do(t, queue.IssueTicket{Service: "papers"})
		r.want("board")
		h.do(t, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
		call := r.want("call", "board")[0]
		h.do(t, queue.Undo{Counter: "c1", Seen: h.seen("c1")})
		undone := r.want("undone", "board")[0]
		if undone.Data["ticket"] != call.Data["ticket"] || undone.Data["version"] != 6.0 {
			t.Errorf("%+v takes back %+v", undone.Data, call.Data)
		}
		<-time.After(time.Second)
		h.do(t, queue.CallNext{Counter: "c1", Seen: h.seen("c1")}) // the first of a burst is told at once
		r.want("call", "board")
		h.do(t, queue.Undo{Counter: "c1", Seen: h.seen("c1")})
		h.do(t, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
		h.do(t, queue.Undo{Counter: "c1", Seen: h.seen("c1")})
		h.do(t, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
		events := r.want("undone", "undone", "call", "board")
		if got := events[2].Data["version"]; got != 11.0 {
			t.Errorf("the call of record %v, want 11", got)
		}
	})
}
