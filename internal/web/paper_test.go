// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

func TestPaperOutcomes(t *testing.T) {
	tests := []struct {
		name    string
		after   time.Duration // until the printer reports, 0: it never does
		result  queue.SlipResult
		want    web.Outcome
		waiting time.Duration // that the answer takes
	}{
		{"printed", time.Second, queue.SlipResultPrinted, "printed", time.Second},
		{"sent", 2 * time.Second, queue.SlipResultSent, "sent", 2 * time.Second},
		{"failed, and nobody tries again", 3 * time.Second, queue.SlipResultFailed, "failed", 4 * time.Second},
		{"late but in time", 7 * time.Second, queue.SlipResultPrinted, "printed", 7 * time.Second},
		{"never", 0, "", "pending", 8 * time.Second},
		{"too late", 9 * time.Second, queue.SlipResultPrinted, "pending", 8 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := open(t, nil, nil)
				begin := time.Now()
				if test.after > 0 {
					time.AfterFunc(test.after, func() {
						h.do(t, queue.ReportSlip{Ticket: queue.TicketID(h.View().Seq()), Attempt: 1, Result: test.result})
					})
				}
				w := h.send(t, request{path: "/api/v1/tickets", as: "kiosk-2", key: "k", body: `{"service":"papers"}`})
				got := want[web.Ticket](t, w, http.StatusCreated)
				if got.Paper.Outcome != test.want || got.Paper.Attempt != 1 {
					t.Errorf("paper %+v, want %s", got.Paper, test.want)
				}
				if took := time.Since(begin); took != test.waiting {
					t.Errorf("the answer took %v, want %v", took, test.waiting)
				}
				<-time.After(10 * time.Second) // let the printer finish
			})
		})
	}
}

// The deadline under which a body is read must not end the wait for the paper.
func TestPaperThroughTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		client := serve(t, h)
		time.AfterFunc(7*time.Second, func() {
			h.do(t, queue.ReportSlip{Ticket: queue.TicketID(h.View().Seq()), Attempt: 1, Result: queue.SlipResultPrinted})
		})
		r, err := http.NewRequest(http.MethodPost, "http://localhost/api/v1/tickets", strings.NewReader(`{"service":"papers"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer kiosk-2")
		r.Header.Set("Idempotency-Key", "k")
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var got web.Ticket
		if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || got.Paper.Outcome != "printed" {
			t.Errorf("status %d, paper %+v, %v", answer.StatusCode, got.Paper, err)
		}
	})
}

// A slip that nobody knows about is printed again by this office's rule: the answer
// waits for the copy.
func TestPaperCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		time.AfterFunc(time.Second, func() {
			id := queue.TicketID(h.View().Seq())
			h.do(t, queue.ReportSlip{Ticket: id, Attempt: 1, Result: queue.SlipResultUnknown})
			<-time.After(2 * time.Second)
			h.do(t, queue.ReportSlip{Ticket: id, Attempt: 2, Result: queue.SlipResultPrinted})
		})
		got := want[web.Ticket](t, h.send(t, request{path: "/api/v1/tickets", as: "kiosk-2", key: "k", body: `{"service":"papers"}`}), http.StatusCreated)
		if got.Paper != (web.Paper{Outcome: "printed", Attempt: 2, Copy: true, Printer: "lp"}) {
			t.Errorf("paper %+v, want a printed copy", got.Paper)
		}
		synctest.Wait()
	})
}

func TestPrinterNotReady(t *testing.T) {
	h := open(t, nil, nil)
	h.printer = errors.New("paper out")
	q := request{path: "/api/v1/tickets", as: "kiosk-2", key: "k1", body: `{"service":"papers"}`}
	if got := want[web.Ticket](t, h.send(t, q), http.StatusCreated); got.Paper.Outcome != "none" {
		t.Errorf("paper %+v, want none", got.Paper)
	}
	before := h.View().Seq()
	q.key, q.body = "k2", `{"service":"papers","paper":"required"}`
	for _, as := range []string{"kiosk-2", "kiosk-1"} { // the second has no printer at all
		q.as = as
		problem(t, h.send(t, q), http.StatusServiceUnavailable, "out_of_service")
	}
	if h.View().Seq() != before {
		t.Error("a number was consumed")
	}
	h.printer = nil
	q.as, q.key, q.body = "kiosk-2", "k3", `{"service":"papers","paper":"none"}`
	if got := want[web.Ticket](t, h.send(t, q), http.StatusCreated); got.Paper.Outcome != "none" {
		t.Errorf("paper %+v although none was wanted", got.Paper)
	}
}

// The paper may run out with the very slip whose answer was lost: asked again with
// the same key, the answer is still that ticket.
func TestRequiredPaperIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		q := request{path: "/api/v1/tickets", as: "kiosk-2", key: "k", body: `{"service":"papers","paper":"required"}`}
		time.AfterFunc(time.Second, func() {
			h.do(t, queue.ReportSlip{Ticket: queue.TicketID(h.View().Seq()), Attempt: 1, Result: queue.SlipResultPrinted})
		})
		first := want[web.Ticket](t, h.send(t, q), http.StatusCreated)
		h.printer = errors.New("paper out")
		if again := want[web.Ticket](t, h.send(t, q), http.StatusCreated); again.ID != first.ID || again.Paper.Outcome != "printed" {
			t.Errorf("again: %+v, want %+v", again, first)
		}
	})
}

func TestReprint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		ticket := h.issue(t, "k") // without paper
		time.AfterFunc(time.Second, func() {
			h.do(t, queue.ReportSlip{Ticket: ticket.ID, Attempt: 1, Result: queue.SlipResultPrinted})
		})
		q := request{path: fmt.Sprintf("/api/v1/tickets/%d/reprint", ticket.ID), as: "boss", body: `{"printer":"lp"}`}
		if got := want[web.Ticket](t, h.send(t, q), http.StatusOK); got.Paper != (web.Paper{Outcome: "printed", Attempt: 1, Printer: "lp"}) {
			t.Errorf("paper %+v", got.Paper)
		}
		time.AfterFunc(time.Second, func() {
			h.do(t, queue.ReportSlip{Ticket: ticket.ID, Attempt: 2, Result: queue.SlipResultPrinted})
		})
		q.body = `{}` // to the printer that it came from
		if got := want[web.Ticket](t, h.send(t, q), http.StatusOK); got.Paper != (web.Paper{Outcome: "printed", Attempt: 2, Copy: true, Printer: "lp"}) {
			t.Errorf("paper %+v, want a marked copy", got.Paper)
		}
		h.printer = errors.New("paper out")
		problem(t, h.send(t, q), http.StatusServiceUnavailable, "out_of_service")
	})
}
