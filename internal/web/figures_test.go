// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// What the office publishes is for every page of the world, says nothing of a citizen, and is
// not there unless it is switched on.
func TestPublicFeeds(t *testing.T) {
	const status, monitor = "/api/v1/public/status", "/api/v1/public/queue-monitor"
	shy := open(t, nil, nil)
	for _, path := range []string{status, monitor} {
		w := shy.send(t, request{path: path})
		problem(t, w, http.StatusNotFound, "not_found")
		if w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: for everybody, though nothing is published", path)
		}
	}
	h := open(t, nil, func(o *web.Options) { o.Publish = web.Publish{Status: true, QueueMonitor: true} })
	for range 3 {
		h.do(t, queue.IssueTicket{Service: "papers"})
	}
	w := h.send(t, request{path: status})
	got := want[web.Status](t, w, http.StatusOK)
	if !got.Open || got.Waiting != 3 || len(got.Services) == 0 || len(got.Hours) == 0 || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("status %+v, header %v", got, w.Header())
	}
	w = h.send(t, request{path: monitor})
	entities := want[[]web.QueueMonitor](t, w, http.StatusOK)
	waiting := 0
	for _, e := range entities {
		waiting += e.Left.Value
		if e.Type != "QueueMonitor" || !strings.HasPrefix(e.ID, "urn:ngsi-ld:QueueMonitor:") || len(e.Context) != 2 || e.State.Type != "Property" {
			t.Errorf("entity %+v", e)
		}
	}
	if waiting != 3 || w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/ld+json") {
		t.Errorf("%d wait, header %v", waiting, w.Header())
	}
	if number := h.View().Ticket(firstTicket(h)).Number; strings.Contains(w.Body.String(), number) {
		t.Errorf("the feed tells number %s", number)
	}
	if w := h.send(t, request{path: "/api/v1/board"}); w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("more than the feeds is open to pages from elsewhere")
	}
	for range 60 {
		w = h.send(t, request{path: status})
	}
	problem(t, w, http.StatusTooManyRequests, "too_many")
}

func firstTicket(h *hall) queue.TicketID {
	for x := range h.View().Tickets() {
		return x.ID
	}
	return 0
}
