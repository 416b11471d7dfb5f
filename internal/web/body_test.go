// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/queue"
)

func TestBadBodies(t *testing.T) {
	h := open(t, nil, nil)
	before := h.View().Seq()
	tests := []struct {
		name, path, body string
		status           int
		code, field      string
	}{
		{"unknown field", "tickets", `{"service":"papers","name":"Rossi"}`, 422, "invalid", "body.name"},
		{"wrong type", "tickets", `{"service":7}`, 422, "invalid", "body.service"},
		{"missing", "tickets", `{}`, 422, "invalid", "body"},
		{"empty", "tickets", `{"service":""}`, 422, "invalid", "body.service"},
		{"enum", "tickets", `{"service":"papers","paper":"golden"}`, 422, "invalid", "body.paper"},
		{"time", "tickets", `{"service":"papers","slot":"tomorrow"}`, 422, "invalid", "body.slot"},
		{"no JSON", "tickets", `{"service"`, 400, "invalid", "body"},
		{"array", "tickets", `[]`, 422, "invalid", "body"},
		{"null", "tickets", `null`, 422, "invalid", "body"},
		{"nothing", "tickets", ``, 400, "invalid", ""},
		{"seen", "counters/c1/next", `{"seen":"1"}`, 422, "invalid", "body.seen"},
		{"negative", "counters/c1/next", `{"seen":-1}`, 422, "invalid", "body.seen"},
		{"reason", "counters/c1/call", `{"seen":1,"ticket":1,"reason":""}`, 422, "invalid", "body.reason"},
		{"too long", "counters/c1/pause", `{"seen":1,"reason":"` + strings.Repeat("x", 201) + `"}`, 422, "invalid", "body.reason"},
		{"ticket id", "tickets/x/cancel", `{}`, 422, "invalid", "path.id"},
		{"64 KiB and a byte", "tickets", `{"service":"` + strings.Repeat("x", 64<<10-12) + `"}`, 413, "too_large", ""},
		{"64 KiB", "tickets", `{"service":"` + strings.Repeat("x", 64<<10-14) + `"}`, 422, "invalid", "body.service"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := h.send(t, request{method: http.MethodPost, path: "/api/v1/" + test.path, as: "root", key: "k", body: test.body})
			p := problem(t, w, test.status, test.code)
			field := ""
			if len(p.Errors) > 0 {
				field = p.Errors[0].Location
			}
			if field != test.field {
				t.Errorf("field %q, want %q: %+v", field, test.field, p)
			}
			if strings.Contains(w.Body.String(), "Rossi") {
				t.Error("the answer repeats what was sent")
			}
		})
	}
	w := h.send(t, request{path: "/api/v1/tickets", as: "root", key: "k", body: `service=papers`, header: map[string]string{"Content-Type": "text/plain"}})
	problem(t, w, http.StatusUnsupportedMediaType, "media_type")
	if after := h.View().Seq(); after != before {
		t.Errorf("bad requests wrote %d records", after-before)
	}
}

func TestNoSuchAddress(t *testing.T) {
	h := open(t, nil, nil)
	problem(t, h.send(t, request{path: "/api/v1/nothing", as: "root"}), http.StatusNotFound, "not_found")
	problem(t, h.send(t, request{path: "/api/v2/tickets", as: "root"}), http.StatusNotFound, "not_found")
	w := h.send(t, request{method: http.MethodPut, path: "/api/v1/tickets", as: "root"})
	problem(t, w, http.StatusMethodNotAllowed, "method")
	if w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("Allow: %q", w.Header().Get("Allow"))
	}
	w = h.send(t, request{method: http.MethodDelete, path: "/api/v1/counters/c1", as: "root"})
	problem(t, w, http.StatusMethodNotAllowed, "method")
}

// Whatever is sent, the answer is one of the API's own, and what is refused
// changes nothing.
func fuzz(f *testing.F, path string, granted int) {
	h := open(f, nil, nil)
	h.do(f, queue.IssueTicket{Service: "papers"})
	f.Fuzz(func(t *testing.T, body, key, kind string) {
		if strings.ContainsAny(key+kind, "\r\n\x00") {
			return // not a header that a client can send
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		r.Host = "localhost"
		r.Header.Set("Authorization", "Bearer root")
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Idempotency-Key", key)
		before := h.View().Seq()
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		switch w.Code {
		case granted:
		case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("content type %q of a problem", got)
			}
			if after := h.View().Seq(); after != before {
				t.Errorf("a refused request wrote %d records", after-before)
			}
		default:
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	})
}

func FuzzIssue(f *testing.F) {
	for _, body := range []string{
		`{"service":"papers"}`, `{"service":"cards","class":"priority","language":"ro","paper":"none"}`,
		`{"service":"papers","slot":"2026-11-23T10:00:00+01:00"}`, `{}`, `[`, `null`, `{"service":null}`, "\xff", `{"service":"papers","service":7}`,
	} {
		f.Add(body, "key", "application/json")
	}
	f.Add(`{}`, "", "text/plain")
	fuzz(f, "/api/v1/tickets", http.StatusCreated)
}

func FuzzCounter(f *testing.F) {
	for _, body := range []string{
		`{"seen":2,"ticket":3,"reason":"wheelchair"}`, `{"seen":2}`, `{"seen":1e3}`, `{"seen":9223372036854775808}`, `{"seen":2.5,"ticket":3,"reason":"x"}`,
	} {
		f.Add(body, "", "application/json")
	}
	fuzz(f, "/api/v1/counters/c1/call", http.StatusOK)
}
