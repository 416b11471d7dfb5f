// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// tokenOf is that of a ticket of the day on which the tests' offices are open.
func tokenOf(id queue.TicketID) string { return citizen.Key{1}.Token("2026-11-23", id) }

// take gives a ticket in a language.
func (h *hall) take(t *testing.T, c queue.IssueTicket) queue.TicketID {
	t.Helper()
	return queue.TicketID(h.do(t, c)[0].Seq)
}

// TestPhoneFollowsItsTicket: what the citizen reads at each step of the way.
func TestPhoneFollowsItsTicket(t *testing.T) {
	h := open(t, nil, nil)
	first := h.take(t, queue.IssueTicket{Service: "papers", Language: "es"})
	id := h.take(t, queue.IssueTicket{Service: "papers", Language: "es"})
	shows := func(id queue.TicketID, texts ...string) {
		t.Helper()
		w := h.send(t, request{path: "/t/" + tokenOf(id)})
		for _, text := range texts {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), text) {
				t.Errorf("status %d, no %q in:\n%s", w.Code, text, w.Body)
			}
		}
		state := h.send(t, request{path: "/t/" + tokenOf(id) + "/state"}).Body.String()
		if strings.Contains(state, "<html") || !strings.Contains(state, texts[len(texts)-1]) {
			t.Errorf("state:\n%s", state)
		}
		for name, value := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Content-Language": "es"} {
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s: %q, want %q", name, got, value)
			}
		}
	}
	shows(first, "A001", "Usted es de los próximos")
	shows(id, "A002", "Certificati", "1 persona delante de usted")
	h.work(t, "boss", "c2", "open", "")
	h.work(t, "boss", "c2", "next", "n1")
	shows(first, "vaya a la ventanilla", `<p class="desk"><bdi>2</bdi></p>`)
	h.work(t, "boss", "c2", "start", "")
	shows(first, "Está en la ventanilla")
	h.work(t, "boss", "c2", "park", "")
	shows(first, "se ha apartado")
	h.work(t, "boss", "c2", "next", "n2")
	h.work(t, "boss", "c2", "finish", "")
	shows(id, "Ha terminado")
	h.do(t, queue.Cancel{Ticket: first})
	shows(first, "se ha anulado")
	voided := h.take(t, queue.IssueTicket{Service: "papers", Language: "es"})
	h.do(t, queue.Void{Ticket: voided, Reason: "test"})
	shows(voided, "no es válido")
	early := h.take(t, queue.IssueTicket{Service: "cards", Language: "es", Slot: h.Now().Add(time.Hour), Channel: queue.ChannelAppointment})
	shows(early, "Su cita es a las")
}

// TestPhoneSpeaks the chosen language, else the ticket's.
func TestPhoneSpeaks(t *testing.T) {
	h := open(t, nil, nil)
	path := "/t/" + tokenOf(h.take(t, queue.IssueTicket{Service: "papers", Language: "ro"}))
	for _, test := range []struct{ query, accept, want string }{
		{"", "", "ro"}, {"", "en", "ro"}, {"?lang=en", "", "en"}, {"?lang=xx", "es", "ro"},
	} {
		w := h.send(t, request{path: path + test.query, header: map[string]string{"Accept-Language": test.accept}})
		if got := w.Header().Get("Content-Language"); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
	w := h.send(t, request{path: "/t/none", header: map[string]string{"Accept-Language": "es"}})
	if got := w.Header().Get("Content-Language"); got != "es" {
		t.Errorf("without a ticket: %s", got)
	}
}

// TestTokensThatLeadNowhere are answered alike, whatever is wrong with them.
func TestTokensThatLeadNowhere(t *testing.T) {
	h := open(t, nil, nil)
	id := h.take(t, queue.IssueTicket{Service: "papers"})
	paths := map[string]string{
		"never made":    "/t/" + strings.Repeat("0", citizen.Length),
		"of yesterday":  "/t/" + citizen.Key{1}.Token("2026-11-20", id),
		"of elsewhere":  "/t/" + citizen.Key{2}.Token("2026-11-23", id),
		"of no ticket":  "/t/" + tokenOf(2),
		"of the future": "/t/" + tokenOf(1<<30),
		"too short":     "/t/x",
		"a part":        "/t/" + tokenOf(2) + "/state",
	}
	answer := h.send(t, request{path: "/t/x", as: "boss"}).Body.String()
	if !strings.Contains(answer, "Nessun biglietto di oggi") && !strings.Contains(answer, "No ticket of today") {
		t.Fatalf("answer:\n%s", answer)
	}
	for name, path := range paths {
		w := h.send(t, request{path: path})
		if w.Code != http.StatusNotFound || same(w.Body.String()) != same(answer) || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d\n%s", name, w.Code, w.Body)
		}
	}
	h.do(t, queue.CloseDay{Force: true})
	if w := h.send(t, request{path: "/t/" + tokenOf(id)}); w.Code != http.StatusNotFound {
		t.Errorf("after the day: %d", w.Code)
	}
	unkeyed := open(t, nil, func(o *web.Options) { o.Pages = citizen.Pages{} })
	id = unkeyed.take(t, queue.IssueTicket{Service: "papers"})
	if w := unkeyed.send(t, request{path: "/t/" + citizen.Key{}.Token("2026-11-23", id)}); w.Code != http.StatusNotFound {
		t.Errorf("a token of no key: %d", w.Code)
	}
}

// same leaves out of a page what changes with the moment.
func same(page string) string {
	var out []string
	for line := range strings.Lines(page) {
		if !strings.Contains(line, "data-now=") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// TestGuessing is slowed down, by address; whoever has a token is not held up by it.
func TestGuessing(t *testing.T) {
	h := open(t, nil, nil)
	id := h.take(t, queue.IssueTicket{Service: "papers"})
	for i := range 10 {
		if w := h.send(t, request{path: fmt.Sprintf("/t/%024d", i)}); w.Code != http.StatusNotFound {
			t.Fatalf("guess %d: %d", i, w.Code)
		}
	}
	w := h.send(t, request{path: "/t/x"})
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("guess 11: %d %v", w.Code, w.Header())
	}
	if w := h.send(t, request{path: "/t/" + tokenOf(id)}); w.Code != http.StatusOK {
		t.Errorf("a right token: %d", w.Code)
	}
	if w := h.send(t, request{path: "/api/v1/warnings", as: "boss"}); w.Code != http.StatusOK {
		t.Errorf("a login: %d", w.Code)
	}
}

// TestStaffSeeThePrinters: what they need and how much paper they have.
func TestStaffSeeThePrinters(t *testing.T) {
	h := busy(t)
	manager := h.send(t, request{path: "/manager?lang=en", as: "boss"}).Body.String()
	for _, text := range []string{"The printer&#39;s cover is open", "Close the cover until it clicks.", "about 3 m", "Few metres of paper are left", "Ready", "Not heard yet"} {
		if !strings.Contains(manager, text) {
			t.Errorf("the manager is not told %q:\n%s", text, manager)
		}
	}
	counter := h.send(t, request{path: "/counter/panel?lang=en", as: "desk-1"}).Body.String()
	if !strings.Contains(counter, "cover is open") || !strings.Contains(counter, "&lt;lp&gt;") || strings.Contains(counter, "load a roll") {
		t.Errorf("the clerk is told:\n%s", counter)
	}
}

// broken is an office in which something goes wrong inside.
type broken struct{ web.Office }

func (broken) View() *queue.View { panic("broken") }

// TestTokensStayOutOfTheLog: the log is read by others than the citizen.
func TestTokensStayOutOfTheLog(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Office = broken{o.Office} })
	for _, path := range []string{"/t/" + tokenOf(1), "/t/" + tokenOf(1) + "/state?lang=it"} {
		func() {
			defer func() {
				if cause, ok := recover().(error); !ok || !errors.Is(cause, http.ErrAbortHandler) {
					t.Errorf("%s: %v", path, cause)
				}
			}()
			h.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://queue.lan"+path, nil))
		}()
	}
	log := h.log.String()
	if !strings.Contains(log, "request failed") || !strings.Contains(log, "GET /t/{token}/state") || strings.Contains(log, tokenOf(1)) {
		t.Errorf("log:\n%s", log)
	}
}
