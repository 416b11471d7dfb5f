// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// hall is a real engine on a journal in memory, with printers that are ready or
// not, and the server on top of it.
type hall struct {
	*queue.Engine
	journal  *journal
	printer  error // of those that are not in printers
	printers map[string]error
	server   *web.Server
	handler  http.Handler
	log      *bytes.Buffer
}

// PrinterReady implements [web.Office].
func (h *hall) PrinterReady(id string) error {
	if err, ok := h.printers[id]; ok {
		return err
	}
	return h.printer
}

// journal is one that can be made to fail, as a full disk does.
type journal struct {
	queuetest.Memory
	mu   sync.Mutex
	full error
}

func (j *journal) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.full != nil {
		return 0, j.full
	}
	return j.Memory.Append(ctx, after, batch)
}

func (j *journal) fill(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.full = err
}

// The accesses of every test: their tokens are their ids.
func accesses() []web.Access {
	list := []web.Access{
		{ID: "kiosk-1", Role: web.RoleKiosk},
		{ID: "kiosk-2", Role: web.RoleKiosk, Printer: "lp"},
		{ID: "desk-1", Role: web.RoleCounter, Counter: "c1"},
		{ID: "desk-2", Role: web.RoleCounter, Counter: "c2"},
		{ID: "boss", Role: web.RoleManager},
		{ID: "wall", Role: web.RoleDisplay},
		{ID: "root", Role: web.RoleAdmin},
		{ID: "kiosk-3", Role: web.RoleKiosk, Printer: "lp", Spare: "lp2"},
		{ID: "kiosk-4", Role: web.RoleKiosk, Printer: "lp", Spare: "lp2", Refuses: true},
	}
	for i, a := range list {
		list[i].TokenSHA256 = sha256.Sum256([]byte(a.ID))
	}
	return list
}

func settings() queue.Settings {
	s := queuetest.Office(queue.PresetFIFO)
	s.Groups = append(s.Groups, queue.Group{ID: "cards", Name: queue.Texts{"it": "Carte", "ro": "Cărți", "es": "Carnés", "en": "Cards"}})
	s.Services[2].Group = "cards"
	return s
}

// open runs an office at ten o'clock of a working day, or, in a bubble, at the
// bubble's time, in which the day is open and one kiosk, three counters and four
// more accesses wait for what the test does.
func open(t testing.TB, now func() time.Time, change func(*web.Options)) *hall {
	t.Helper()
	if now == nil {
		begin := time.Now()
		now = func() time.Time { return queuetest.Monday().Add(2*time.Hour + time.Since(begin)) }
	}
	h := &hall{journal: &journal{}, log: &bytes.Buffer{}, printers: map[string]error{}}
	engine, err := queue.Open(t.Context(), h.journal, queue.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	h.Engine = engine
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() {
		if err := engine.Run(ctx); err != nil && !errors.Is(err, queue.ErrMoved) {
			t.Error(err)
		}
	})
	o := web.Options{
		Office: h, Access: accesses(), Hosts: []string{"Queue.Lan"}, Version: "test",
		Log:   slog.New(slog.NewTextHandler(h.log, nil)),
		Pages: citizen.Pages{Key: citizen.Key{1}, Address: "https://coda.example.it"},
	}
	if change != nil {
		change(&o)
	}
	if h.server, err = web.New(o); err != nil {
		t.Fatal(err)
	}
	h.handler = h.server.Handler()
	t.Cleanup(func() {
		h.server.Close()
		cancel()
		run.Wait()
	})
	h.do(t, queue.ChangeSettings{Settings: settings()})
	h.do(t, queue.OpenDay{Clock: now()})
	return h
}

func (h *hall) do(t testing.TB, c queue.Command) []queue.Record {
	t.Helper()
	records, err := h.Do(t.Context(), queue.Actor{Role: queue.RoleSystem, ID: "test"}, c)
	if err != nil {
		t.Fatalf("%T: %v", c, err)
	}
	return records
}

func (h *hall) seen(id queue.CounterID) queue.Revision {
	c, _ := h.View().Counter(id)
	return c.Seen
}

// request is one to be sent to the handler. Bodies are JSON unless the header says
// otherwise.
type request struct {
	method, path string // method "" is GET, or POST with a body
	as           string // id of an access, "" for the public
	key          string
	body         string
	header       map[string]string
}

func (h *hall) send(t testing.TB, q request) *httptest.ResponseRecorder {
	t.Helper()
	if q.method == "" {
		q.method = http.MethodGet
		if q.body != "" {
			q.method = http.MethodPost
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), q.method, q.path, strings.NewReader(q.body))
	r.Host = "localhost:8080"
	if q.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if q.as != "" {
		r.Header.Set("Authorization", "Bearer "+q.as)
	}
	if q.key != "" {
		r.Header.Set("Idempotency-Key", q.key)
	}
	for name, value := range q.header {
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// want checks the status of an answer and reads its body.
func want[T any](t testing.TB, w *httptest.ResponseRecorder, status int) T {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	var out T
	if err := json.NewDecoder(w.Body).Decode(&out); err != nil && !errors.Is(err, io.EOF) {
		t.Fatalf("body: %v", err)
	}
	return out
}

// problem is a [web.Problem] as it is read.
func problem(t testing.TB, w *httptest.ResponseRecorder, status int, code string) web.Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q of a problem: %s", got, w.Body)
	}
	p := want[web.Problem](t, w, status)
	if p.Code != code || p.Status != status || p.Title == "" || !strings.HasSuffix(p.Type, "#problem-"+code) {
		t.Errorf("problem %+v, want code %q", p, code)
	}
	return p
}

// issue gives a number for papers by the API.
func (h *hall) issue(t testing.TB, key string) web.Ticket {
	t.Helper()
	w := h.send(t, request{path: "/api/v1/tickets", as: "kiosk-1", key: key, body: `{"service":"papers"}`})
	return want[web.Ticket](t, w, http.StatusCreated)
}

// work gives a command at a counter by the API.
func (h *hall) work(t testing.TB, as string, id queue.CounterID, op, key string) web.CounterAnswer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"seen": h.seen(id)})
	if err != nil {
		t.Fatal(err)
	}
	w := h.send(t, request{path: "/api/v1/counters/" + string(id) + "/" + op, as: as, key: key, body: string(body)})
	return want[web.CounterAnswer](t, w, http.StatusOK)
}
