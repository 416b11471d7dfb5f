// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// openAhead is open for an office that knows what is going to happen, once it is told to.
func openAhead(t *testing.T, change ...func(*web.Options)) (h *hall, known *bool) {
	known = new(bool)
	f, l := forecast.New(forecast.Options{}), forecast.NewLearner(forecast.Priors{})
	h = open(t, nil, func(o *web.Options) {
		o.Forecast = func() *forecast.Forecast {
			if !*known {
				return nil
			}
			return f.Forecast(h.View(), h.Now(), l, nil)
		}
		for _, c := range change {
			c(o)
		}
	})
	return h, known
}

func (h *hall) shows(t *testing.T, q request, has, lacks string) {
	t.Helper()
	body := h.send(t, q).Body.String()
	if has != "" && !strings.Contains(body, has) {
		t.Errorf("%s: no %q in:\n%s", q.path, has, body)
	}
	if lacks != "" && strings.Contains(body, lacks) {
		t.Errorf("%s: %q in:\n%s", q.path, lacks, body)
	}
}

// TestWaitsAreTold before the choice, after it, on the phone and to programs: a range, or
// why there is none.
func TestWaitsAreTold(t *testing.T) {
	h, known := openAhead(t)
	ticket := h.issue(t, "k")
	path := fmt.Sprintf("/api/v1/tickets/%d", ticket.ID)
	expected := func() web.Expected {
		t.Helper()
		got := want[web.Ticket](t, h.send(t, request{path: path, as: "boss"}), http.StatusOK).Expected
		if got == nil {
			return web.Expected{}
		}
		return *got
	}
	kiosk := request{path: "/kiosk/choices?lang=en", as: "kiosk-1"}
	phone := request{path: "/t/" + tokenOf(ticket.ID) + "/state?lang=en"}
	after := request{path: fmt.Sprintf("/kiosk/ticket/%d/state?lang=en", ticket.ID), as: "kiosk-1"}
	for _, q := range []request{kiosk, phone, after} {
		h.shows(t, q, "", "ait not known")
		h.shows(t, q, "", "Expected wait")
	}
	if got := expected(); got.Unknown != "learning" {
		t.Errorf("expected %+v", got)
	}

	*known = true
	for _, q := range []request{kiosk, phone, after} {
		h.shows(t, q, "Wait not known: no counter is open for it", "Expected wait")
	}
	if diff := cmp.Diff(web.Expected{Unknown: "nobody_serves"}, expected()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	h.work(t, "boss", "c2", "open", "")
	for range 3 {
		h.take(t, queue.IssueTicket{Service: "papers"})
	}
	h.work(t, "boss", "c2", "next", "n1")
	if got := expected(); got != (web.Expected{}) {
		t.Errorf("of one who was called: %+v", got)
	}
	h.shows(t, phone, "It is your turn", "Expected wait")

	last := h.take(t, queue.IssueTicket{Service: "papers"})
	path, phone = fmt.Sprintf("/api/v1/tickets/%d", last), request{path: "/t/" + tokenOf(last) + "/state"}
	got := expected()
	if got.From == nil || got.To == nil || *got.From < 600 || *got.To <= *got.From || *got.To%60 != 0 {
		t.Fatalf("expected %+v", got)
	}
	from, to := *got.From/60, *got.To/60
	for lang, text := range map[string]string{
		"it": "Attesa prevista: %d–%d min", "ro": "Așteptare estimată: %d–%d min",
		"es": "Espera prevista: %d–%d min", "en": "Expected wait: %d–%d min",
	} {
		h.shows(t, request{path: phone.path + "?lang=" + lang}, fmt.Sprintf(text, from, to), "")
		now := strings.SplitN(text, ":", 2)[0]
		h.shows(t, request{path: "/kiosk/choices?lang=" + lang, as: "kiosk-1"}, now, "")
	}
	answer := h.send(t, request{path: "/api/v1/tickets", as: "kiosk-1", key: "k", body: `{"service":"papers"}`})
	if strings.Contains(answer.Body.String(), `"expected"`) {
		t.Error("a run for every number that is given")
	}
}

// TestTodayIsTold before the number is taken: whether the call will still come today, as far as that is known.
func TestTodayIsTold(t *testing.T) {
	h, known := openAhead(t)
	card := func(lang string) request { return request{path: "/kiosk?service=papers&lang=" + lang, as: "kiosk-1"} }
	h.work(t, "boss", "c2", "open", "")
	h.shows(t, card("it"), `class="take"`, `class="today`)
	*known = true
	h.shows(t, card("it"), "Con ogni probabilità sarete chiamati oggi.", "is-doubtful")
	for range 80 {
		h.take(t, queue.IssueTicket{Service: "papers"})
	}
	for lang, text := range map[string]string{
		"it": "È improbabile che siate chiamati", "ro": "Este puțin probabil să fiți chemat",
		"es": "Es poco probable que le llamemos", "en": "You will probably not be called",
	} {
		h.shows(t, card(lang), `is-doubtful">`+text, "")
		h.shows(t, card(lang), `class="take"`, "") // the office gives numbers all the same
	}
}

// TestClosedServicesTellNoWait: nobody may take a number for them now.
func TestClosedServicesTellNoWait(t *testing.T) {
	h, known := openAhead(t)
	*known = true
	h.work(t, "boss", "c2", "open", "")
	kiosk := request{path: "/kiosk/choices?lang=en", as: "kiosk-1"}
	h.shows(t, kiosk, "Expected wait", "")
	h.do(t, queue.CloseDay{Force: true})
	h.shows(t, kiosk, "", "Expected wait")
	h.shows(t, kiosk, "", "Wait not known")
}

// TestNoNumberForNothing: an office that chooses so gives no numbers to those who would hardly
// be called today, and says why; whoever has one already keeps it, and staff decide themselves.
func TestNoNumberForNothing(t *testing.T) {
	h, known := openAhead(t, func(o *web.Options) { o.Worst = forecast.ProspectDoubtful })
	take := func(key, as string) request {
		return request{path: "/api/v1/tickets", as: as, key: key, body: `{"service":"papers"}`}
	}
	h.work(t, "boss", "c2", "open", "")
	first := want[web.Ticket](t, h.send(t, take("early", "kiosk-1")), http.StatusCreated)
	for range 80 {
		h.take(t, queue.IssueTicket{Service: "papers"})
	}
	unknown := want[web.Ticket](t, h.send(t, take("unknown", "kiosk-1")), http.StatusCreated)
	if unknown.ID == 0 {
		t.Error("nothing is known, and no number is given")
	}
	*known = true
	problem(t, h.send(t, take("late", "kiosk-1")), http.StatusConflict, "not_today")
	card := request{path: "/kiosk?lang=it&service=papers", as: "kiosk-1"}
	h.shows(t, card, "Oggi non si danno più numeri", `class="take"`)
	kiosk := request{path: "/kiosk/choices?lang=it&group=desk", as: "kiosk-1"}
	h.shows(t, kiosk, "Oggi non si danno più numeri", "")
	if again := want[web.Ticket](t, h.send(t, take("early", "kiosk-1")), http.StatusCreated); again.ID != first.ID {
		t.Errorf("the same request gives %d, had given %d", again.ID, first.ID)
	}
	if got := want[web.Ticket](t, h.send(t, take("clerk", "boss")), http.StatusCreated); got.ID == 0 {
		t.Error("staff are refused")
	}
	got := want[web.Ticket](t, h.send(t, request{path: fmt.Sprintf("/api/v1/tickets/%d", unknown.ID), as: "boss"}), http.StatusOK)
	if got.Expected == nil || got.Expected.Today != "unlikely" {
		t.Errorf("expected %+v", got.Expected)
	}
	if got := want[web.Ticket](t, h.send(t, request{path: fmt.Sprintf("/api/v1/tickets/%d", first.ID), as: "boss"}), http.StatusOK); got.Expected == nil || got.Expected.Today != "likely" {
		t.Errorf("of the first, expected %+v", got.Expected)
	}
}
