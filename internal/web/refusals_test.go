// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// Each refusal that a request can meet, with the status and the field of its answer.
func TestRefusals(t *testing.T) {
	issue := func(body string) func(*testing.T, *hall) request {
		return func(*testing.T, *hall) request {
			return request{path: "/api/v1/tickets", as: "kiosk-1", key: "k", body: body}
		}
	}
	counter := func(id queue.CounterID, op, more string, prepare ...string) func(*testing.T, *hall) request {
		return func(t *testing.T, h *hall) request {
			for i, p := range prepare {
				h.work(t, "boss", id, p, fmt.Sprint("p", i))
			}
			body := fmt.Sprintf(`{"seen":%d%s}`, h.seen(id), more)
			return request{path: "/api/v1/counters/" + string(id) + "/" + op, as: "boss", key: "k", body: body}
		}
	}
	ticket := func(path, body string) func(*testing.T, *hall) request {
		return func(*testing.T, *hall) request {
			return request{path: "/api/v1/tickets/" + path, as: "boss", body: body}
		}
	}
	waiting := func(next func(*testing.T, *hall) request) func(*testing.T, *hall) request {
		return func(t *testing.T, h *hall) request {
			h.do(t, queue.IssueTicket{Service: "papers"})
			return next(t, h)
		}
	}
	tests := []struct {
		name   string
		ask    func(*testing.T, *hall) request
		status int
		code   queue.RefusalCode
		field  string
	}{
		{"unknown service", issue(`{"service":"pizza"}`), 422, queue.RefusedUnknownService, "body.service"},
		{"unknown class", issue(`{"service":"papers","class":"vip"}`), 422, queue.RefusedUnknownClass, "body.class"},
		{"language", issue(`{"service":"papers","language":"fr"}`), 422, queue.RefusedInvalid, "body.language"},
		{"slot of another day", issue(`{"service":"papers","slot":"2026-12-24T09:00:00Z"}`), 422, queue.RefusedInvalid, "body.slot"},
		{"quota", func(t *testing.T, h *hall) request {
			s := settings()
			s.Services[0].Quota = 1
			h.do(t, queue.ChangeSettings{Settings: s})
			h.do(t, queue.IssueTicket{Service: "papers"})
			return issue(`{"service":"papers"}`)(t, h)
		}, 409, queue.RefusedQuota, ""},
		{"exhausted", func(t *testing.T, h *hall) request {
			for range 20 {
				h.do(t, queue.IssueTicket{Service: "cards"})
			}
			return issue(`{"service":"cards"}`)(t, h)
		}, 409, queue.RefusedExhausted, ""},
		{"day closed", func(t *testing.T, h *hall) request {
			h.do(t, queue.CloseDay{})
			return issue(`{"service":"papers"}`)(t, h)
		}, 409, queue.RefusedDayClosed, ""},
		{"day open", func(*testing.T, *hall) request {
			return request{method: http.MethodPost, path: "/api/v1/day/open", as: "boss"}
		}, 409, queue.RefusedDayOpen, ""},
		{"unknown counter", func(*testing.T, *hall) request {
			return request{path: "/api/v1/counters/c9/open", as: "boss", body: `{"seen":0}`}
		}, 404, queue.RefusedUnknownCounter, "path.id"},
		{"unknown counter to read", func(*testing.T, *hall) request {
			return request{path: "/api/v1/counters/c9", as: "boss"}
		}, 404, queue.RefusedUnknownCounter, "path.id"},
		{"conflict", func(*testing.T, *hall) request {
			return request{path: "/api/v1/counters/c1/open", as: "boss", body: `{"seen":1}`}
		}, 409, queue.RefusedConflict, ""},
		{"counter closed", counter("c1", "next", ""), 409, queue.RefusedCounterClosed, ""},
		{"counter busy", waiting(counter("c1", "next", "", "open", "next")), 409, queue.RefusedCounterBusy, ""},
		{"counter free", counter("c1", "finish", "", "open"), 409, queue.RefusedCounterFree, ""},
		{"nobody waiting", counter("c1", "next", "", "open"), 409, queue.RefusedNobody, ""},
		{"counter open already", counter("c1", "open", "", "open"), 409, queue.RefusedStatus, ""},
		{"too early", waiting(counter("c1", "no-show", "", "open", "next")), 409, queue.RefusedTooEarly, ""},
		{"too late", waiting(counter("c1", "undo", "", "open", "next", "start")), 409, queue.RefusedTooLate, ""},
		{"outcome", waiting(counter("c1", "finish", `,"outcome":"lost"`, "open", "next")), 422, queue.RefusedInvalid, "body.outcome"},
		{"transfer to nobody", waiting(counter("c1", "transfer", `,"to":"c9"`, "open", "next")), 422, queue.RefusedUnknownCounter, "body.to"},
		{"transfer to nothing", waiting(counter("c1", "transfer", `,"service":"pizza"`, "open", "next")), 422, queue.RefusedUnknownService, "body.service"},
		{"pause till yesterday", counter("c1", "pause", `,"until":"2020-01-01T00:00:00Z"`, "open"), 422, queue.RefusedInvalid, "body.until"},
		{"call nobody", counter("c1", "call", `,"ticket":999,"reason":"x"`, "open"), 422, queue.RefusedUnknownTicket, "body.ticket"},
		{"not served", func(t *testing.T, h *hall) request {
			id := h.do(t, queue.IssueTicket{Service: "cards"})[0].Seq
			return counter("c1", "call", fmt.Sprintf(`,"ticket":%d,"reason":"x"`, id), "open")(t, h)
		}, 409, queue.RefusedNotServed, ""},
		{"unknown ticket", ticket("999/cancel", ""), 404, queue.RefusedUnknownTicket, "path.id"},
		{"unknown ticket to read", ticket("999", ""), 404, queue.RefusedUnknownTicket, "path.id"},
		{"ticket class", waiting(ticket("3/class", `{"class":"vip"}`)), 422, queue.RefusedUnknownClass, "body.class"},
		{"waits already", waiting(ticket("3/unpark", "")), 409, queue.RefusedStatus, ""},
		{"no printer", waiting(ticket("3/reprint", "{}")), 422, queue.RefusedInvalid, "body.printer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := open(t, nil, nil)
			q := test.ask(t, h)
			if q.body == "" && test.status != 404 || strings.HasSuffix(q.path, "cancel") {
				q.method = http.MethodPost
			}
			before := h.View().Seq()
			p := problem(t, h.send(t, q), test.status, string(test.code))
			field := ""
			if len(p.Errors) > 0 {
				field = p.Errors[0].Location
			}
			if field != test.field {
				t.Errorf("field %q, want %q: %+v", field, test.field, p)
			}
			if after := h.View().Seq(); after != before {
				t.Errorf("a refused request wrote %d records", after-before)
			}
		})
	}
}

func TestHoursSayWhenItOpens(t *testing.T) {
	night := queuetest.Monday().Add(12 * time.Hour)
	h := open(t, func() time.Time { return night }, nil)
	w := h.send(t, request{path: "/api/v1/tickets", as: "kiosk-1", key: "k", body: `{"service":"papers"}`})
	p := problem(t, w, http.StatusConflict, "hours")
	if want := queuetest.Monday().Add(24 * time.Hour); !p.Until.Equal(want) {
		t.Errorf("until %v, want %v", p.Until, want)
	}
}

func TestImplausibleClock(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Built = queuetest.Monday().Add(24 * time.Hour) })
	h.do(t, queue.CloseDay{})
	w := h.send(t, request{method: http.MethodPost, path: "/api/v1/day/open", as: "boss"})
	problem(t, w, http.StatusServiceUnavailable, "clock")
}

// A journal that cannot be written to, for example on a full disk, gives a clear
// answer that tells a stranger nothing, and all goes on when there is room again.
func TestFullDisk(t *testing.T) {
	h := open(t, nil, nil)
	h.journal.fill(errors.New("/var/lib/secret: no space left"))
	q := request{path: "/api/v1/tickets", as: "kiosk-1", key: "k", body: `{"service":"papers"}`}
	w := h.send(t, q)
	if strings.Contains(w.Body.String(), "secret") {
		t.Errorf("the answer tells where the journal is: %s", w.Body)
	}
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	problem(t, w, http.StatusServiceUnavailable, "unavailable")
	if !strings.Contains(h.log.String(), "no space left") {
		t.Errorf("nothing in the log: %s", h.log)
	}
	h.journal.fill(nil)
	if w := h.send(t, q); w.Code != http.StatusCreated || w.Header().Get("Idempotent-Replay") != "" {
		t.Errorf("with room again: %d %s", w.Code, w.Body)
	}
}

func TestTitlesAreTranslated(t *testing.T) {
	h := open(t, nil, nil)
	for lang, want := range map[string]string{
		"it-IT,it;q=0.9": "Serve un codice di accesso.", "ro": "Este necesar un cod de acces.", "es-MX": "Se necesita un código de acceso.",
		"": "An access token is needed.", "de": "An access token is needed.", ";;;": "An access token is needed.",
	} {
		p := problem(t, h.send(t, request{path: "/api/v1/warnings", header: map[string]string{"Accept-Language": lang}}), 401, "login_required")
		if p.Title != want {
			t.Errorf("%q: %q, want %q", lang, p.Title, want)
		}
	}
}
