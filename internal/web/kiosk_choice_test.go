// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// told fills in what citizens are told, as a configuration does.
func told(o *web.Options) {
	o.Cards = map[queue.ServiceID]web.Card{"cards": {
		Documents: map[string][]string{"it": {"La vecchia carta", "Una fototessera"}, "en": {"Your old card"}},
		Cost:      queue.Texts{"it": "22,21 euro"}, Time: queue.Texts{"it": "6 giorni", "en": "6 days"},
	}}
	o.Words = map[queue.ServiceID]map[string][]string{
		"cards":  {"it": {"ho perso la carta", "documento smarrito"}, "ro": {"mi-am pierdut buletinul"}},
		"papers": {"it": {"stato di famiglia"}},
	}
	o.Priority = []web.Priority{{ID: "child", Name: queue.Texts{"it": "Aspetto un bambino"}, Class: "priority"}}
	o.Kiosks = map[string]web.Kiosk{"kiosk-2": {Idle: 90 * time.Second, Warning: 20 * time.Second, Languages: []string{"en", "ro"}, QR: "never"}}
}

// form sends a form in the name of an access, as its browser does.
func (h *hall) form(t *testing.T, as, path string, values url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return h.send(t, request{method: http.MethodPost, path: path, as: as, body: values.Encode(), header: map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost:8080", "Accept": "text/html",
	}})
}

// TestBeforeTheNumber: how many wait, what to bring, what it costs, until when, and in the language of
// the page as far as there is one.
func TestBeforeTheNumber(t *testing.T) {
	h := open(t, nil, told)
	h.do(t, queue.IssueTicket{Service: "cards"})
	h.shows(t, request{path: "/kiosk?service=cards", as: "kiosk-1"}, "1 persona in attesa", "")
	for _, text := range []string{"La vecchia carta", "Una fototessera", "22,21 euro", "6 giorni", "fino alle 18:00", `name="key"`} {
		h.shows(t, request{path: "/kiosk?service=cards", as: "kiosk-1"}, text, "")
	}
	for _, text := range []string{"Your old card", "22,21 euro", "6 days"} {
		h.shows(t, request{path: "/kiosk?service=cards&lang=en", as: "kiosk-1"}, text, "fototessera")
	}
	h.shows(t, request{path: "/kiosk?service=papers", as: "kiosk-1"}, `name="key"`, "Che cosa portare")
	h.shows(t, request{path: "/kiosk?service=none", as: "kiosk-1"}, "Che cosa vi serve?", `name="key"`)
	h.do(t, queue.CloseDay{Force: true})
	h.shows(t, request{path: "/kiosk?service=cards", as: "kiosk-1"}, "La vecchia carta", `name="key"`)
	h.shows(t, request{path: "/kiosk", as: "kiosk-1"}, "In questo momento non si danno numeri", "")
}

// TestSearch finds services by what people call them, in any language, and leads there.
func TestSearch(t *testing.T) {
	h := open(t, nil, told)
	first := regexp.MustCompile(`data-service="(\w+)"`)
	for wanted, service := range map[string]string{
		"ho perso la carta": "cards", "HO PRESO LA CARTA": "cards", "buletin": "cards", "fototesera": "cards", "stato famiglia": "papers", "tribut": "taxes",
	} {
		body := h.send(t, request{path: "/kiosk/choices?q=" + url.QueryEscape(wanted), as: "kiosk-1"}).Body.String()
		if m := first.FindStringSubmatch(body); m == nil || m[1] != service {
			t.Errorf("%q finds %v, want %s first:\n%s", wanted, m, service, body)
		}
	}
	for _, wanted := range []string{"xyzzy", `"><script>alert(1)</script>`, strings.Repeat("é", 3000)} {
		w := h.send(t, request{path: "/kiosk?q=" + url.QueryEscape(wanted), as: "kiosk-1"})
		if body := w.Body.String(); w.Code != http.StatusOK || strings.Contains(body, "<script>alert") || !strings.Contains(body, "Non abbiamo trovato nulla") {
			t.Errorf("%.20q: %d\n%s", wanted, w.Code, body)
		}
	}
	h.shows(t, request{path: "/kiosk?q=", as: "kiosk-1"}, `role="search"`, "Non abbiamo trovato nulla")
	s := settings()
	s.Services[0].Name["it"] = "Passaporti"
	h.do(t, queue.ChangeSettings{Settings: s})
	h.shows(t, request{path: "/kiosk/choices?q=passaporto", as: "kiosk-1"}, `data-service="papers"`, "")
}

// TestPriority: the reason gives the class and is counted, and stands neither on the ticket, nor on its
// page, nor in the journal.
func TestPriority(t *testing.T) {
	r := prometheus.NewRegistry()
	h := open(t, nil, func(o *web.Options) {
		told(o)
		o.Registerer, o.Gatherer = r, r
	})
	h.shows(t, request{path: "/kiosk?service=papers", as: "kiosk-1"}, "Ho diritto alla precedenza", "Aspetto un bambino")
	h.shows(t, request{path: "/kiosk?service=papers&priority", as: "kiosk-1"}, "Aspetto un bambino", "")
	form := url.Values{"key": {"one"}, "service": {"papers"}, "reason": {"child"}}
	for range 2 { // the second touch is the same wish
		if w := h.form(t, "kiosk-1", "/kiosk/take", form); w.Code != http.StatusSeeOther {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
	}
	ticket := h.View().Ticket(3)
	if ticket == nil || ticket.Class != "priority" || ticket.Number != "A001" {
		t.Fatalf("ticket %+v", ticket)
	}
	page := h.send(t, request{path: "/kiosk/ticket/3", as: "kiosk-1"}).Body.String()
	if strings.Contains(page, "bambino") || strings.Contains(strings.ToLower(page), "precedenza") {
		t.Errorf("the page tells of it:\n%s", page)
	}
	for record, err := range h.journal.Records(t.Context(), 2) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(fmt.Sprintf("%+v", record), "child") {
			t.Errorf("the journal tells of it: %+v", record)
		}
	}
	want := "# HELP avanti_priority_tickets_total Tickets that kiosks gave for a reason of priority.\n" +
		"# TYPE avanti_priority_tickets_total counter\navanti_priority_tickets_total{reason=\"child\"} 1\n"
	if err := testutil.GatherAndCompare(r, strings.NewReader(want), "avanti_priority_tickets_total"); err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct {
		as     string
		form   url.Values
		status int
	}{
		"no such reason":             {"kiosk-1", url.Values{"reason": {"rich"}}, http.StatusUnprocessableEntity},
		"a class without a reason":   {"kiosk-1", url.Values{"class": {"priority"}}, http.StatusForbidden},
		"a class by staff":           {"desk-1", url.Values{"class": {"priority"}}, http.StatusSeeOther},
		"no such class":              {"boss", url.Values{"class": {"vip"}}, http.StatusUnprocessableEntity},
		"without login":              {"", url.Values{"reason": {"child"}}, http.StatusUnauthorized},
		"by the screen in the hall":  {"wall", url.Values{"reason": {"child"}}, http.StatusForbidden},
		"a screen without its key":   {"kiosk-1", url.Values{"key": {""}}, http.StatusUnprocessableEntity},
		"with a key that is no key":  {"kiosk-1", url.Values{"key": {strings.Repeat("k", 101)}}, http.StatusUnprocessableEntity},
		"an ordinary one by a clerk": {"desk-1", nil, http.StatusSeeOther},
	} {
		form := url.Values{"key": {name}, "service": {"papers"}}
		for k, v := range test.form {
			form[k] = v
		}
		if w := h.form(t, test.as, "/kiosk/take", form); w.Code != test.status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, test.status, w.Body)
		}
	}
	h.shows(t, request{path: "/kiosk?service=papers", as: "desk-1"}, "Prendi il numero: ", "data-idle")
}

// TestKioskOptions: languages, times and the symbol are as the office wants them, and what somebody
// needs to read and touch the screen goes along from screen to screen.
func TestKioskOptions(t *testing.T) {
	h := open(t, nil, told)
	h.printers["lp"] = errPaper
	h.shows(t, request{path: "/kiosk", as: "kiosk-2"}, "What do you need?", "Italiano")
	h.shows(t, request{path: "/kiosk?lang=it", as: "kiosk-2"}, "What do you need?", "Che cosa")
	h.shows(t, request{path: "/kiosk?lang=ro", as: "kiosk-2"}, `data-idle="90" data-warning="20"`, "")
	h.shows(t, request{path: "/kiosk", as: "kiosk-1"}, "Italiano", "data-idle")
	h.shows(t, request{path: "/kiosk?see=tlx", as: "kiosk-1"}, `class="kiosk is-low is-large"`, "is-contrast")
	h.shows(t, request{path: "/kiosk?see=lt&lang=ro", as: "kiosk-1"}, `href="/kiosk?lang=ro&amp;see=ltc"`, "")
	h.shows(t, request{path: "/kiosk?see=lt&lang=ro", as: "kiosk-1"}, `href="/kiosk?group=desk&amp;lang=ro&amp;see=lt"`, "")
	h.shows(t, request{path: "/kiosk?see=lt&lang=ro", as: "kiosk-1"}, `href="/kiosk?lang=ro&amp;see=t"`, "")
	w := h.form(t, "kiosk-2", "/kiosk/take", url.Values{"key": {"k"}, "service": {"papers"}, "lang": {"ro"}, "see": {"lt"}})
	if got := w.Header().Get("Location"); got != "/kiosk/ticket/3?lang=ro&see=lt" {
		t.Errorf("led to %q", got)
	}
	h.shows(t, request{path: "/kiosk/ticket/3?lang=ro&see=lt", as: "kiosk-2"}, `href="/kiosk/ticket/3?lang=ro&amp;see=l"`, `class="symbol"`)
}

// TestScreensHaveEightChoices, the rest is on further pages, and a screen's key stays its own while the
// part that shows waits is fetched again.
func TestScreensHaveEightChoices(t *testing.T) {
	h := open(t, nil, nil)
	s := settings()
	for i := range 10 {
		id := fmt.Sprintf("more-%d", i)
		s.Services = append(s.Services, queue.Service{ID: queue.ServiceID(id), Group: "desk", Series: "a", Name: queue.Texts{"it": "Altro " + id}})
		s.Counters[0].Preferred = append(s.Counters[0].Preferred, queue.ServiceID(id))
	}
	h.do(t, queue.ChangeSettings{Settings: s})
	tiles := func(path string) int {
		return strings.Count(h.send(t, request{path: path, as: "kiosk-1"}).Body.String(), `class="tile"`)
	}
	if a, b := tiles("/kiosk?group=desk"), tiles("/kiosk?group=desk&page=1"); a != 8 || b != 4 {
		t.Errorf("%d and %d choices", a, b)
	}
	for _, page := range []string{"-1", "99", "x", "9999999999999999999"} {
		if w := h.send(t, request{path: "/kiosk?group=desk&page=" + page, as: "kiosk-1"}); w.Code != http.StatusOK {
			t.Errorf("page %s: %d", page, w.Code)
		}
	}
	page := h.send(t, request{path: "/kiosk?service=papers", as: "kiosk-1"}).Body.String()
	region := regexp.MustCompile(`data-region="([^"]+)"`).FindStringSubmatch(page)
	key := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(page)
	part := h.send(t, request{path: strings.ReplaceAll(region[1], "&amp;", "&"), as: "kiosk-1"}).Body.String()
	if !strings.Contains(part, `name="key" value="`+key[1]+`"`) {
		t.Errorf("the key %s has changed:\n%s", key[1], part)
	}
}
