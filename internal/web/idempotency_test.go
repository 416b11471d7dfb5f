// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

const replayed = "Idempotent-Replay"

func TestSameKeySameTicket(t *testing.T) {
	h := open(t, nil, nil)
	q := request{path: "/api/v1/tickets", as: "kiosk-1", key: "screen-7", body: `{"service":"papers"}`}
	first := want[web.Ticket](t, h.send(t, q), http.StatusCreated)
	before := h.View().Seq()
	again := h.send(t, q)
	if again.Header().Get(replayed) != "true" {
		t.Error("the answer is not marked as a replay")
	}
	if got := want[web.Ticket](t, again, http.StatusCreated); got.ID != first.ID || got.Number != first.Number {
		t.Errorf("again: %+v, want %+v", got, first)
	}

	other := q
	other.body = `{"service":"taxes"}`
	p := problem(t, h.send(t, other), http.StatusUnprocessableEntity, "request_reused")
	if p.Errors[0].Location != "header.Idempotency-Key" {
		t.Errorf("errors: %+v", p.Errors)
	}
	other = q
	other.as = "kiosk-2"
	problem(t, h.send(t, other), http.StatusUnprocessableEntity, "request_reused")
	if h.View().Seq() != before {
		t.Error("a repeated request wrote something")
	}
}

// Twins that arrive together: a double tap, or a client that hurries.
func TestTwinsGetOneTicket(t *testing.T) {
	h := open(t, nil, nil)
	var all sync.WaitGroup
	ids := make([]queue.TicketID, 20)
	for i := range ids {
		all.Go(func() { ids[i] = h.issue(t, "one-tap").ID })
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("several tickets for one key: %v", ids)
		}
	}
}

func TestSameKeyCallsOneCitizen(t *testing.T) {
	h := open(t, nil, nil)
	h.do(t, queue.IssueTicket{Service: "papers"})
	h.do(t, queue.IssueTicket{Service: "papers"})
	h.work(t, "desk-1", "c1", "open", "")
	q := request{path: "/api/v1/counters/c1/next", as: "desk-1", key: "press", body: fmt.Sprintf(`{"seen":%d}`, h.seen("c1"))}
	first := want[web.CounterAnswer](t, h.send(t, q), http.StatusOK)
	h.work(t, "desk-1", "c1", "finish", "")
	again := h.send(t, q)
	if again.Header().Get(replayed) != "true" {
		t.Error("the answer is not marked as a replay")
	}
	got := want[web.CounterAnswer](t, again, http.StatusOK)
	if got.Ticket.ID != first.Ticket.ID || got.Counter.Ticket != nil {
		t.Errorf("again: %+v, and nobody new is called", got)
	}
	// The same key at another counter is another request.
	h.do(t, queue.OpenCounter{Counter: "c2", Seen: h.seen("c2")})
	q.as, q.path = "boss", "/api/v1/counters/c2/next"
	problem(t, h.send(t, q), http.StatusUnprocessableEntity, "request_reused")
}

// A press that was sent before somebody else pressed calls nobody.
func TestOldRevisionCallsNobody(t *testing.T) {
	h := open(t, nil, nil)
	h.do(t, queue.IssueTicket{Service: "papers"})
	h.work(t, "desk-1", "c1", "open", "")
	old := h.seen("c1")
	h.work(t, "boss", "c1", "next", "boss-press")
	q := request{path: "/api/v1/counters/c1/next", as: "desk-1", key: "late", body: fmt.Sprintf(`{"seen":%d}`, old)}
	problem(t, h.send(t, q), http.StatusConflict, "conflict")
}

func TestReplayOfYesterday(t *testing.T) {
	at := queuetest.Monday().Add(9 * time.Hour)
	h := open(t, func() time.Time { return at }, nil)
	q := request{path: "/api/v1/tickets", as: "kiosk-1", key: "evening", body: `{"service":"papers"}`}
	first := want[web.Ticket](t, h.send(t, q), http.StatusCreated)
	h.do(t, queue.CloseDay{})
	at = at.Add(15 * time.Hour)
	h.do(t, queue.OpenDay{Clock: at})
	got := want[web.Ticket](t, h.send(t, q), http.StatusCreated)
	if got.ID != first.ID || got.Number != first.Number || got.Status != "ended" || got.Group != "desk" {
		t.Errorf("the day after: %+v, want ticket %d", got, first.ID)
	}
}

func TestKeysAreRequired(t *testing.T) {
	h := open(t, nil, nil)
	h.do(t, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
	for path, body := range map[string]string{
		"/api/v1/tickets":          `{"service":"papers"}`,
		"/api/v1/counters/c1/next": fmt.Sprintf(`{"seen":%d}`, h.seen("c1")),
	} {
		for _, key := range []string{"", "white space", "ü", string(make([]byte, 101))} {
			q := request{path: path, as: "root", body: body, header: map[string]string{}}
			if key != "" {
				q.header["Idempotency-Key"] = key
			}
			p := problem(t, h.send(t, q), http.StatusUnprocessableEntity, "invalid")
			if len(p.Errors) == 0 || p.Errors[0].Location != "header.Idempotency-Key" {
				t.Errorf("%s with key %q: %+v", path, key, p)
			}
		}
	}
}
