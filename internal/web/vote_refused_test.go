// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// fullDisk keeps no vote.
type fullDisk struct{ web.Votes }

func (fullDisk) AddVote(context.Context, time.Time, queue.Date, string, stats.Vote) (int64, error) {
	return 0, errors.New("disk full")
}

// TestVoteThatIsNotKept is told on the page, with the faces still there to be touched again.
func TestVoteThatIsNotKept(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Votes = fullDisk{} })
	page := h.send(t, request{path: "/feedback", as: "wall"}).Body.String()
	_, rest, ok := strings.Cut(page, `name="ballot" value="`)
	if !ok {
		t.Fatalf("no ballot in:\n%s", page)
	}
	ballot, _, _ := strings.Cut(rest, `"`)
	w := h.form(t, "wall", "/feedback", url.Values{"ballot": {ballot}, "face": {"green"}})
	body := w.Body.String()
	if w.Code != http.StatusServiceUnavailable || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") ||
		!strings.Contains(body, `role="alert"`) || !strings.Contains(body, `name="face"`) || strings.Contains(body, "disk full") {
		t.Errorf("%d %s\n%s", w.Code, w.Header().Get("Content-Type"), body)
	}
	if !strings.Contains(h.log.String(), "disk full") {
		t.Error("the cause is not logged")
	}
}

// ExplainVote keeps no reason.
func (fullDisk) ExplainVote(context.Context, int64, string) (bool, error) {
	return false, errors.New("disk full")
}

// TestFormsThatFailArePages: whoever sends a form without scripts reads why it was not carried out, in
// their language, and can do it again; programs get the problem.
func TestFormsThatFailArePages(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Votes = fullDisk{} })
	served := h.take(t, queue.IssueTicket{Service: "papers"})
	h.work(t, "boss", "c1", "open", "")
	h.work(t, "boss", "c1", "next", "n")
	h.work(t, "boss", "c1", "finish", "")
	waits := h.take(t, queue.IssueTicket{Service: "papers"})
	h.journal.fill(errors.New("disk full"))
	day, _ := h.View().Day()
	key := citizen.Key{1}
	ticket, ofServed := "/t/"+tokenOf(waits), "/t/"+tokenOf(served)
	for _, test := range []struct {
		as, path string
		form     url.Values
		status   int
		again    string // what the page has for another try
	}{
		{"", ofServed + "/vote", url.Values{"face": {"green"}}, 503, `name="face" value="green"`},
		{"", ofServed + "/vote", url.Values{"face": {"blue"}}, 422, `name="face" value="green"`},
		{"", ofServed + "/why", url.Values{"reason": {"waiting"}, "receipt": {key.Receipt(day, tokenOf(served), 7)}}, 503, `name="reason" value="waiting"`},
		{"", ofServed + "/why", url.Values{"reason": {"waiting"}, "receipt": {"forged"}}, 403, `name="face"`},
		{"", ticket + "/vote", url.Values{"face": {"green"}}, 409, "A002"},
		{"", ticket + "/pass", url.Values{"passed": {"-1"}}, 422, "A002"},
		{"", ticket + "/cancel", url.Values{"sure": {"yes"}}, 503, "/cancel"},
		{"wall", "/feedback", url.Values{"face": {"blue"}}, 422, `name="face" value="red"`},
		{"wall", "/feedback/why", url.Values{"reason": {"staff"}, "receipt": {key.Receipt(day, "wall", 7)}}, 503, `name="reason" value="staff"`},
		{"wall", "/feedback/why", url.Values{"reason": {"x"}, "receipt": {key.Receipt(day, "wall", 7)}}, 422, `name="face"`},
		{"kiosk-1", "/kiosk/take", url.Values{"key": {"k"}, "service": {"papers"}}, 503, `class="tile"`},
		{"kiosk-1", "/kiosk/take", url.Values{"service": {"papers"}}, 422, `class="tile"`},
		{"kiosk-1", "/kiosk/take", url.Values{"key": {"k"}, "service": {"papers"}, "reason": {"none"}}, 422, `class="tile"`},
		{"kiosk-1", "/kiosk/take", url.Values{"key": {strings.Repeat("k", 70_000)}}, 400, `content="20;url=/kiosk"`},
		{"", "/kiosk/take", url.Values{"key": {"k"}, "service": {"papers"}}, 401, `href="/enter?next=%2Fkiosk"`},
		{"wall", "/kiosk/take", url.Values{"key": {"k"}, "service": {"papers"}}, 403, `href="/kiosk"`},
	} {
		for _, lang := range []string{"it", "ro"} {
			test.form.Set("lang", lang)
			w := h.form(t, test.as, test.path, test.form)
			body := w.Body.String()
			if w.Code != test.status || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				t.Errorf("%s %v: %d %s", test.path, test.form, w.Code, w.Header().Get("Content-Type"))
			}
			_, told, _ := strings.Cut(body, `role="alert">`)
			if told == "" || !strings.Contains(body, test.again) || strings.Contains(body, "disk full") {
				t.Errorf("%s %v: no fault, or no %q in:\n%s", test.path, test.form, test.again, body)
			}
			// What is fetched anew has no fault: the one that is told must not stand in it.
			if at := strings.Index(body, "data-region"); at >= 0 && strings.Index(body, `class="fault"`) > at {
				t.Errorf("%s: the fault goes away by itself", test.path)
			}
			if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: it is not said when to try again", test.path)
			}
		}
	}
	w := h.send(t, request{method: http.MethodPost, path: ofServed + "/vote", body: "face=green", header: map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost:8080",
	}})
	problem(t, w, http.StatusServiceUnavailable, "unavailable")
}
