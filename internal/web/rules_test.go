// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/web"
)

// matrix says once more, and independently of the code, who may use which route:
// the initials of kiosk, counter, manager, display; P is everybody without login.
// An admin may everything.
func matrix() map[string]string {
	m := map[string]string{
		"GET /{$}": "P", "GET /enter": "P", "POST /enter": "P", "POST /leave": "P",
		"GET /hall": "P", "GET /hall/board": "P", "POST /hall/sound": "d", "GET /sound/{name}": "P", "GET /read-aloud": "k",
		"GET /kiosk": "kcm", "GET /kiosk/choices": "kcm", "POST /kiosk/take": "kcm", "GET /kiosk/ticket/{id}": "kcm", "GET /kiosk/ticket/{id}/state": "kcm", "POST /kiosk/ticket/{id}/reprint": "kcm",
		"GET /feedback": "kcmd", "POST /feedback": "kcmd", "POST /feedback/why": "kcmd",
		"POST /t/{token}/cancel": "Pkcmd", "POST /t/{token}/pass": "Pkcmd", "POST /t/{token}/vote": "Pkcmd", "POST /t/{token}/why": "Pkcmd",
		"GET /t/{token}": "P", "GET /t/{token}/state": "P",
		"GET /counter": "cm", "GET /counter/panel": "cm",
		"GET /manager": "m", "GET /manager/panel": "m", "GET /manager/report": "m", "GET /manager/figures.csv": "m", "GET /manager/try": "m", "POST /manager/advice": "m",
		"GET /api/v1/public/status": "P", "GET /api/v1/public/queue-monitor": "P", "GET /api/v1/public/forecasts": "P",
		"GET /devices": "m", "GET /devices/panel": "m", "GET /devices/pairing": "m",
		"GET /static/{build}/{path...}": "P", "GET /firmware/{name}": "P", "GET /healthz": "P", "GET /readyz": "P", "GET /metrics": "P",
		"GET /api/v1/openapi.json": "P", "GET /api/v1/board": "P", "GET /api/v1/services": "P", "GET /api/v1/events": "P",
		"GET /api/v1/devices": "m", "POST /api/v1/devices/{id}/revoke": "m", "GET /api/v1/devices/trace": "",
		"GET /api/v1/pairing": "m", "POST /api/v1/pairing/open": "m", "POST /api/v1/pairing/confirm": "m", "POST /api/v1/pairing/cancel": "m",
		"GET /api/v1/warnings": "m", "POST /api/v1/day/open": "m", "POST /api/v1/day/close": "m",
		"POST /api/v1/tickets": "kcm", "GET /api/v1/tickets/{id}": "kcm", "POST /api/v1/tickets/{id}/cancel": "cm",
		"POST /api/v1/tickets/{id}/unpark": "cm", "POST /api/v1/tickets/{id}/class": "cm",
		"POST /api/v1/tickets/{id}/void": "m", "POST /api/v1/tickets/{id}/reprint": "kcm",
		"GET /api/v1/counters": "cm", "GET /api/v1/counters/{id}": "cm",
	}
	for _, route := range []string{
		"GET /admin", "GET /admin/{chapter}", "POST /admin/{chapter}", "POST /admin/printers/test", "GET /admin/access", "POST /admin/access",
		"GET /admin/people", "POST /admin/people", "GET /admin/file", "GET /admin/file/office.yaml", "POST /admin/file",
		"GET /admin/history", "GET /admin/history/{seq}", "GET /admin/backups", "POST /admin/backups", "POST /admin/backups/restore",
		"GET /api/v1/config", "PUT /api/v1/config", "GET /api/v1/config/history", "GET /api/v1/config/history/{seq}",
		"GET /api/v1/backups", "POST /api/v1/backups", "POST /api/v1/backups/{name}/restore",
		"GET /api/v1/accounts", "POST /api/v1/accounts", "POST /api/v1/accounts/{id}/secret", "POST /api/v1/accounts/{id}/disable", "POST /api/v1/accounts/{id}/enable",
	} {
		m[route] = "" // nobody but admins
	}
	for _, op := range []string{"open", "pause", "close", "next", "call", "recall", "start", "finish", "no-show", "return", "park", "transfer", "undo"} {
		m["POST /api/v1/counters/{id}/"+op] = "cm"
	}
	return m
}

func TestAccessMatrix(t *testing.T) {
	want := matrix()
	var routes []string
	for route := range want {
		routes = append(routes, route)
	}
	slices.Sort(routes)
	if diff := cmp.Diff(routes, web.Routes()); diff != "" {
		t.Fatalf("routes, -want +served:\n%s", diff)
	}
	h := open(t, nil, nil)
	h.server.Close() // streams end at once
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{$}", "", "{id}", "c1", "{build}", "x", "{path...}", "y").Replace(path)
		for as, initial := range map[string]string{"": "P", "kiosk-1": "k", "desk-1": "c", "boss": "m", "wall": "d", "root": "r"} {
			t.Run(fmt.Sprintf("%s as %q", route, as), func(t *testing.T) {
				w := h.send(t, request{method: method, path: path, as: as, key: "x"})
				allowed := initial == "r" || strings.Contains(want[route], "P") || strings.Contains(want[route], initial)
				refused := http.StatusForbidden
				if as == "" {
					refused = http.StatusUnauthorized
				}
				switch {
				case route == "POST /enter": // refuses for want of a token, whoever asks
				case allowed && (w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden):
					t.Errorf("refused with %d: %s", w.Code, w.Body)
				case !allowed && w.Code != refused:
					t.Errorf("answered %d, want %d", w.Code, refused)
				}
			})
		}
	}
}

func TestCounterWorksItselfOnly(t *testing.T) {
	h := open(t, nil, nil)
	w := h.send(t, request{path: "/api/v1/counters/c2/open", as: "desk-1", body: `{"seen":2}`})
	problem(t, w, http.StatusForbidden, "forbidden")
	for _, as := range []string{"desk-2", "boss", "root"} {
		h.work(t, as, "c2", "open", "")
		h.work(t, as, "c2", "close", "")
	}
	if got := want[struct{ Counters []web.Counter }](t, h.send(t, request{path: "/api/v1/counters", as: "desk-1"}), http.StatusOK); len(got.Counters) != 3 {
		t.Errorf("a clerk sees %d counters, want all 3, to transfer to", len(got.Counters))
	}
}

func TestKioskSeesItsOwnTicketsOnly(t *testing.T) {
	h := open(t, nil, nil)
	mine := fmt.Sprintf("/api/v1/tickets/%d", h.issue(t, "k").ID)
	for as, status := range map[string]int{"kiosk-1": 200, "desk-1": 200, "boss": 200, "kiosk-2": 404} {
		if w := h.send(t, request{path: mine, as: as}); w.Code != status {
			t.Errorf("%s: %d, want %d", as, w.Code, status)
		}
	}
	if w := h.send(t, request{path: mine + "/reprint", as: "kiosk-2", body: "{}"}); w.Code != http.StatusNotFound {
		t.Errorf("a kiosk reprints another's ticket: %d", w.Code)
	}
}

func TestHosts(t *testing.T) {
	h := open(t, nil, nil)
	for host, ok := range map[string]bool{
		"localhost": true, "localhost:8080": true, "LOCALHOST.": true, "127.0.0.1:80": true, "[::1]:8080": true, "[::1]": true,
		"192.168.1.7:8080": true, "queue.lan": true, "QUEUE.lan:8080": true, "": false,
		"evil.example": false, "queue.lan.evil.example": false, "localhost.evil.example:8080": false, "127.0.0.1.evil.example": false,
	} {
		w := h.send(t, request{path: "/api/v1/board", header: map[string]string{"Host": host}})
		if got := w.Code == http.StatusOK; got != ok {
			t.Errorf("host %q: status %d, want allowed %v", host, w.Code, ok)
		}
		if !ok {
			problem(t, w, http.StatusMisdirectedRequest, "unknown_host")
		}
	}
}

func TestForeignOrigin(t *testing.T) {
	h := open(t, nil, nil)
	body := `{"service":"papers"}`
	for name, header := range map[string]map[string]string{
		"origin": {"Origin": "http://evil.example"},
		"fetch":  {"Sec-Fetch-Site": "cross-site"},
	} {
		w := h.send(t, request{path: "/api/v1/tickets", as: "kiosk-1", key: name, body: body, header: header})
		problem(t, w, http.StatusForbidden, "foreign_origin")
	}
	same := map[string]string{"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}
	if w := h.send(t, request{path: "/api/v1/tickets", as: "kiosk-1", key: "same", body: body, header: same}); w.Code != http.StatusCreated {
		t.Errorf("same origin: %d %s", w.Code, w.Body)
	}
}

func TestWrongTokens(t *testing.T) {
	h := open(t, nil, nil)
	for _, header := range []string{"Bearer nobody", "Bearer", "Basic a2lvc2stMQ==", "Basic kiosk-1", "kiosk-1"} {
		w := h.send(t, request{path: "/api/v1/warnings", header: map[string]string{"Authorization": header}})
		problem(t, w, http.StatusUnauthorized, "unknown_token")
		if w.Header().Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%q: no WWW-Authenticate", header)
		}
	}
	for range 5 {
		h.send(t, request{path: "/api/v1/board", as: "nobody"})
	}
	w := h.send(t, request{path: "/api/v1/board", as: "nobody"})
	problem(t, w, http.StatusTooManyRequests, "too_many")
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if w := h.send(t, request{path: "/api/v1/warnings", as: "boss"}); w.Code != http.StatusOK {
		t.Errorf("a right token is held up by wrong ones: %d", w.Code)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	h := open(t, nil, nil)
	good := accesses()
	for name, change := range map[string]func(*web.Options){
		"no office":       func(o *web.Options) { o.Office = nil },
		"role":            func(o *web.Options) { o.Access[0].Role = "clerk" },
		"no counter":      func(o *web.Options) { o.Access[2].Counter = "" },
		"id":              func(o *web.Options) { o.Access[0].ID = "Kiosk 1" },
		"same id":         func(o *web.Options) { o.Access[1].ID = o.Access[0].ID },
		"same token":      func(o *web.Options) { o.Access[1].TokenSHA256 = o.Access[0].TokenSHA256 },
		"no token at all": func(o *web.Options) { o.Access[0].TokenSHA256 = [32]byte{} },
	} {
		o := web.Options{Office: h, Access: slices.Clone(good), Heartbeat: time.Second}
		change(&o)
		if _, err := web.New(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
