// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// TestKioskPrintsAgain: whoever got no paper gets one, once for each touch, as long as none is known to
// have come out; a number that is printed is printed again by the staff only.
func TestKioskPrintsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		rules := settings()
		rules.Slips = queue.SlipPolicy{OnUnknown: queue.UnknownKeep} // nothing by itself
		h.do(t, queue.ChangeSettings{Settings: rules})
		h.printer = errPaper
		h.printers["lp"] = nil
		r, err := h.Do(t.Context(), queue.Actor{Role: queue.RoleKiosk, ID: "kiosk-2"}, queue.IssueTicket{Service: "papers", Printer: "lp"})
		if err != nil {
			t.Fatal(err)
		}
		id := queue.TicketID(r[0].Seq)
		path := fmt.Sprintf("/kiosk/ticket/%d", id)
		offers := func(as string, want bool) {
			t.Helper()
			if body := h.send(t, request{path: path + "?lang=ro", as: as}).Body.String(); strings.Contains(body, "Tipărește din nou biletul") != want {
				t.Errorf("%s is offered the paper again: %v, want %v", as, !want, want)
			}
		}
		again := func(as string, attempt, status int) {
			t.Helper()
			w := h.form(t, as, path+"/reprint", url.Values{"lang": {"ro"}, "see": {"t"}, "attempt": {fmt.Sprint(attempt)}})
			if w.Code != status {
				t.Errorf("attempt %d of %s: %d, want %d: %s", attempt, as, w.Code, status, w.Body)
			}
			if at := w.Header().Get("Location"); status == http.StatusSeeOther && as == "kiosk-2" && at != path+"?lang=ro&see=t" {
				t.Errorf("leads to %q", at)
			}
			if body := w.Body.String(); status == http.StatusConflict && !strings.Contains(body, `class="fault"`) {
				t.Errorf("no fault in:\n%s", body)
			}
		}
		printed := func(attempt int, result queue.SlipResult) {
			time.AfterFunc(time.Second, func() { h.do(t, queue.ReportSlip{Ticket: id, Attempt: attempt, Result: result}) })
		}
		papers := func(want int) {
			t.Helper()
			if got := h.View().Ticket(id).Slip.Attempt; got != want {
				t.Errorf("%d papers were asked for, want %d", got, want)
			}
		}
		offers("kiosk-2", false) // it is on its way
		h.do(t, queue.ReportSlip{Ticket: id, Attempt: 1, Result: queue.SlipResultFailed})
		offers("kiosk-2", true)
		printed(2, queue.SlipResultUnknown)
		again("kiosk-2", 1, http.StatusSeeOther)
		again("kiosk-2", 1, http.StatusSeeOther) // the finger trembles
		papers(2)
		again("kiosk-1", 2, http.StatusSeeOther) // another kiosk's: it leads to its own start
		papers(2)
		printed(3, queue.SlipResultPrinted)
		again("kiosk-2", 2, http.StatusSeeOther)
		if slip := h.View().Ticket(id).Slip; slip.Attempt != 3 || !slip.Copy {
			t.Errorf("slip %+v, want a third one that is marked: nobody knows of the second", slip)
		}
		again("kiosk-2", 2, http.StatusSeeOther) // the answer was lost, and the paper came out
		offers("kiosk-2", false)
		again("kiosk-2", 3, http.StatusConflict)
		papers(3)
		printed(4, queue.SlipResultUnknown)
		w := h.send(t, request{path: fmt.Sprintf("/api/v1/tickets/%d/reprint", id), as: "desk-1", key: "k", body: "{}"})
		want[web.Ticket](t, w, http.StatusOK)
		papers(4)
		h.printers["lp"] = errPaper // it was the last one of the roll
		w = h.send(t, request{path: fmt.Sprintf("/api/v1/tickets/%d/reprint", id), as: "desk-1", key: "k", body: "{}"})
		if want[web.Ticket](t, w, http.StatusOK); w.Header().Get(replayed) != "true" {
			t.Error("the same request prints another paper")
		}
		w = h.send(t, request{path: fmt.Sprintf("/api/v1/tickets/%d/reprint", id), as: "boss", key: "k", body: "{}"})
		problem(t, w, http.StatusServiceUnavailable, "out_of_service") // the key of somebody else
		h.printers["lp"] = nil
		papers(4)
		offers("kiosk-2", false) // that is enough for a kiosk
		again("kiosk-2", 4, http.StatusConflict)
		papers(4)
	})
}

// TestCounterPrintsAgain: a clerk finds those first whose paper nobody knows of, and prints also what was
// given without any.
func TestCounterPrintsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, func(o *web.Options) {
			o.Printers = func() []web.Printer { return []web.Printer{{ID: "lp"}, {ID: "lp2", Ready: true}} }
		})
		failed := h.take(t, queue.IssueTicket{Service: "papers", Printer: "lp"})
		h.do(t, queue.ReportSlip{Ticket: failed, Attempt: 1, Result: queue.SlipResultFailed})
		bare := h.take(t, queue.IssueTicket{Service: "papers"})
		body := h.send(t, request{path: "/counter/panel?lang=en", as: "desk-1"}).Body.String()
		_, list, _ := strings.Cut(body, `<template id="papers">`)
		list, _, _ = strings.Cut(list, `</template>`)
		if first := fmt.Sprintf(`<option value="%d">A001 · Certificati · no paper</option><option value="%d">A002`, failed, bare); !strings.HasPrefix(list, first) {
			t.Errorf("papers %s\nwant first %s", list, first)
		}
		time.AfterFunc(time.Second, func() {
			h.do(t, queue.ReportSlip{Ticket: bare, Attempt: 1, Result: queue.SlipResultPrinted})
		})
		w := h.send(t, request{path: fmt.Sprintf("/api/v1/tickets/%d/reprint", bare), as: "desk-1", key: "k", body: "{}"})
		if got := want[web.Ticket](t, w, http.StatusOK); got.Paper.Printer != "lp2" || got.Paper.Copy {
			t.Errorf("paper %+v, want an unmarked one of the printer that is ready", got.Paper)
		}
	})
}
