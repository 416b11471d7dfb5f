// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// TestCancelOnThePhone asks first, and a second time does no harm.
func TestCancelOnThePhone(t *testing.T) {
	h := open(t, nil, nil)
	id := h.take(t, queue.IssueTicket{Service: "papers", Language: "en"})
	path := "/t/" + tokenOf(id)
	w := h.form(t, "", path+"/cancel", url.Values{"lang": {"en"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?ask=cancel&lang=en" || !h.View().Ticket(id).Alive() {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	h.shows(t, request{path: path + "?ask=cancel&lang=en"}, "Are you sure?", "Let the next person")
	for range 2 {
		if w := h.form(t, "", path+"/cancel", url.Values{"sure": {"yes"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
	}
	if got := h.View().Ticket(id); got.End != queue.EndCancelled {
		t.Errorf("ticket %+v", got)
	}
	h.shows(t, request{path: path}, "This number was cancelled", "Give up my number")
}

// TestLetPassOnThePhone: a form that is sent twice lets one pass, and an office that does not allow it
// does not offer it.
func TestLetPassOnThePhone(t *testing.T) {
	h := open(t, nil, nil) // its settings allow two
	one := h.take(t, queue.IssueTicket{Service: "papers", Language: "en"})
	path := "/t/" + tokenOf(one)
	h.shows(t, request{path: path}, "", "Let the next person go first")
	<-time.After(2 * time.Millisecond)
	two := h.take(t, queue.IssueTicket{Service: "papers"})
	<-time.After(2 * time.Millisecond)
	h.take(t, queue.IssueTicket{Service: "papers"})
	h.shows(t, request{path: path}, "Let the next person go first", "1 person ahead")
	for range 2 {
		if w := h.form(t, "", path+"/pass", url.Values{"passed": {"0"}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
			t.Fatalf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
		}
	}
	h.shows(t, request{path: path}, "You let 1 person go first", "2 people ahead")
	h.shows(t, request{path: path}, "1 person ahead", "")
	if v := h.View(); v.Ticket(one).Passed != 1 || !v.Ticket(two).Due.Before(v.Ticket(one).Due) {
		t.Errorf("tickets %+v and %+v", v.Ticket(one), v.Ticket(two))
	}
	for _, passed := range []string{"", "2", "-1", "x"} {
		if w := h.form(t, "", path+"/pass", url.Values{"passed": {passed}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("passed %q: %d", passed, w.Code)
		}
	}
	s := settings()
	s.LetPass = 0
	h.do(t, queue.ChangeSettings{Settings: s})
	h.shows(t, request{path: path}, "", "Let the next person go first")
	if w := h.form(t, "", path+"/pass", url.Values{"passed": {"1"}}); w.Header().Get("Location") != path+"?refused=" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	h.shows(t, request{path: path + "?refused="}, "no longer possible", "")
}

// TestPhoneFormsAreGuarded: whoever has no ticket's token, or asks from another site, changes nothing and
// learns nothing.
func TestPhoneFormsAreGuarded(t *testing.T) {
	h := open(t, nil, voters(t, nil))
	id := h.take(t, queue.IssueTicket{Service: "papers"})
	before := h.View().Seq()
	unknown := h.send(t, request{path: "/t/" + strings.Repeat("0", citizen.Length)}).Body.String()
	for _, act := range []string{"/cancel", "/pass", "/vote", "/why"} {
		for _, token := range []string{strings.Repeat("0", citizen.Length), citizen.Key{2}.Token("2026-11-23", id), citizen.Key{1}.Token("2026-11-20", id)} {
			w := h.form(t, "", "/t/"+token+act, url.Values{"sure": {"yes"}, "passed": {"0"}, "face": {"red"}, "reason": {"staff"}})
			if code := w.Code; code != http.StatusNotFound && code != http.StatusTooManyRequests || same(w.Body.String()) != same(unknown) {
				t.Errorf("%s: %d\n%s", act, code, w.Body)
			}
		}
		w := h.send(t, request{method: http.MethodPost, path: "/t/" + tokenOf(id) + act, body: "sure=yes&passed=0&face=red", header: map[string]string{
			"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://evil.example",
		}})
		problem(t, w, http.StatusForbidden, "foreign_origin")
		w = h.form(t, "", "/t/"+tokenOf(id)+act, url.Values{"junk": {strings.Repeat("x", 1<<20)}})
		if w.Code == http.StatusInternalServerError {
			t.Errorf("%s with a megabyte: %d", act, w.Code)
		}
	}
	if h.View().Seq() != before {
		t.Error("something was done")
	}
}

// voters gives a test a store that keeps its votes.
func voters(t *testing.T, to **store.Store) func(*web.Options) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if to != nil {
		*to = s
	}
	return func(o *web.Options) { o.Votes = s }
}

// votes returns what is kept of all days.
func votes(t *testing.T, s *store.Store) []stats.Vote {
	t.Helper()
	all, err := s.Votes(context.Background(), time.Time{}, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var out []stats.Vote
	for _, v := range all {
		out = append(out, v.Vote)
	}
	return out
}

// TestVoteOnThePhone: once, after the service, with a reason after a red face, and what is kept knows the
// group and a band of waits.
func TestVoteOnThePhone(t *testing.T) {
	var kept *store.Store
	r := prometheus.NewRegistry()
	box := voters(t, &kept)
	h := open(t, nil, func(o *web.Options) {
		box(o)
		o.Registerer = r
	})
	id := h.take(t, queue.IssueTicket{Service: "cards", Language: "en"})
	path := "/t/" + tokenOf(id)
	if w := h.form(t, "", path+"/vote", url.Values{"face": {"green"}}); w.Code != http.StatusConflict {
		t.Errorf("before the service: %d", w.Code)
	}
	h.shows(t, request{path: path}, "", "How was it")
	h.work(t, "boss", "c2", "open", "")
	h.work(t, "boss", "c2", "next", "n")
	h.work(t, "boss", "c2", "finish", "")
	h.shows(t, request{path: path}, "How was it today?", "")
	w := h.form(t, "", path+"/vote", url.Values{"face": {"red"}, "lang": {"en"}})
	why := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.Contains(why, "why=") {
		t.Fatalf("%d to %q", w.Code, why)
	}
	h.shows(t, request{path: why}, "I have to come back", "")
	receipt := strings.TrimPrefix(why, path+"?lang=en&why=")
	for range 2 {
		h.form(t, "", path+"/why", url.Values{"receipt": {receipt}, "reason": {"return"}})
	}
	if w := h.form(t, "", path+"/vote", url.Values{"face": {"green"}}); !strings.Contains(w.Header().Get("Location"), "thanks") {
		t.Errorf("a second time: %d to %q", w.Code, w.Header().Get("Location"))
	}
	h.shows(t, request{path: path + "?thanks="}, "Thank you!", "How was it today?")
	want := []stats.Vote{{Group: "cards", Wait: 5 * time.Minute, Face: stats.FaceRed, Reason: "return"}}
	if diff := cmp.Diff(want, votes(t, kept)); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	other := h.take(t, queue.IssueTicket{Service: "cards"})
	if w := h.form(t, "", "/t/"+tokenOf(other)+"/why", url.Values{"receipt": {receipt}, "reason": {"staff"}}); w.Code != http.StatusForbidden {
		t.Errorf("another ticket's receipt: %d", w.Code)
	}
	lines := "# HELP avanti_feedback_total Faces that people chose, by group of services; none: not known.\n" +
		"# TYPE avanti_feedback_total counter\navanti_feedback_total{face=\"red\",group=\"cards\"} 1\n"
	if err := testutil.GatherAndCompare(r, strings.NewReader(lines), "avanti_feedback_total"); err != nil {
		t.Error(err)
	}
}

// TestTablet: a vote before the counter is on the visit that just ended there; each ballot counts once;
// forged ones and those of another tablet do not; too many are too many.
func TestTablet(t *testing.T) {
	var kept *store.Store
	h := open(t, nil, voters(t, &kept))
	ballot := func(as, query string) string {
		t.Helper()
		body := h.send(t, request{path: "/feedback" + query, as: as}).Body.String()
		_, rest, ok := strings.Cut(body, `name="ballot" value="`)
		if !ok {
			t.Fatalf("no ballot in:\n%s", body)
		}
		out, _, _ := strings.Cut(rest, `"`)
		return out
	}
	give := func(as string, form url.Values) *httptest.ResponseRecorder { return h.form(t, as, "/feedback", form) }
	h.take(t, queue.IssueTicket{Service: "papers"})
	h.work(t, "boss", "c1", "open", "")
	h.work(t, "boss", "c1", "next", "n")
	h.work(t, "boss", "c1", "start", "")
	first := ballot("wall", "?counter=c1")
	var answers sync.WaitGroup
	for range 4 { // fingers are quick
		answers.Go(func() { give("wall", url.Values{"ballot": {first}, "counter": {"c1"}, "face": {"yellow"}}) })
	}
	answers.Wait()
	give("desk-1", url.Values{"ballot": {ballot("desk-1", "")}, "face": {"green"}})   // its own counter
	give("kiosk-1", url.Values{"ballot": {ballot("kiosk-1", "")}, "face": {"green"}}) // at no counter
	want := []stats.Vote{
		{Group: "desk", Wait: 5 * time.Minute, Face: stats.FaceYellow},
		{Group: "desk", Wait: 5 * time.Minute, Face: stats.FaceGreen},
		{Wait: stats.WaitUnknown, Face: stats.FaceGreen},
	}
	if diff := cmp.Diff(want, votes(t, kept)); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct {
		form   url.Values
		status int
	}{
		"forged":            {url.Values{"ballot": {strings.Repeat("0", 32)}, "face": {"red"}}, http.StatusForbidden},
		"another tablet's":  {url.Values{"ballot": {ballot("kiosk-1", "")}, "face": {"red"}}, http.StatusForbidden},
		"none":              {url.Values{"face": {"red"}}, http.StatusForbidden},
		"no face":           {url.Values{"ballot": {ballot("wall", "")}}, http.StatusUnprocessableEntity},
		"a face of its own": {url.Values{"ballot": {ballot("wall", "")}, "face": {"<b>"}}, http.StatusUnprocessableEntity},
	} {
		if w := give("wall", test.form); w.Code != test.status {
			t.Errorf("%s: %d, want %d", name, w.Code, test.status)
		}
	}
	status := 0
	for i := 0; i < 20 && status != http.StatusTooManyRequests; i++ {
		w := give("kiosk-2", url.Values{"ballot": {ballot("kiosk-2", "")}, "face": {"red"}})
		if status = w.Code; status == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Error("it does not say when to come back")
		}
	}
	if n := len(votes(t, kept)); status != http.StatusTooManyRequests || n > 3+12 {
		t.Errorf("a child plays: status %d, %d votes", status, n)
	}
	h.shows(t, request{path: "/feedback?thanks", as: "wall"}, `data-after="5"`, `name="face"`)
	without := open(t, nil, nil)
	if w := without.send(t, request{path: "/feedback", as: "wall"}); w.Code != http.StatusNotFound {
		t.Errorf("where nobody is asked: %d", w.Code)
	}
}

// TestFeedbackInEveryLanguage: no text is missing at any step.
func TestFeedbackInEveryLanguage(t *testing.T) {
	h := open(t, nil, voters(t, nil))
	missing := regexp.MustCompile(`>\s*(` + strings.Join(ids(t), "|") + `)\s*<`)
	for _, lang := range []string{"it", "ro", "es", "en"} {
		for _, step := range []string{"", "&why=x", "&thanks"} {
			w := h.send(t, request{path: "/feedback?lang=" + lang + step, as: "wall"})
			if found := missing.FindString(w.Body.String()); w.Code != http.StatusOK || found != "" || w.Header().Get("Content-Language") != lang {
				t.Errorf("%s%s: %d, missing %q", lang, step, w.Code, found)
			}
		}
	}
}
