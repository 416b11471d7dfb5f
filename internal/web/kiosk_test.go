// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

var errPaper = errors.New("out of paper")

// TestSpareIsAskedInTurn: the kiosk's own printer before its spare, and without either a number on
// the screen.
func TestSpareIsAskedInTurn(t *testing.T) {
	for i, test := range []struct {
		first, spare error
		want         string
	}{{nil, nil, "lp"}, {nil, errPaper, "lp"}, {errPaper, nil, "lp2"}, {errPaper, errPaper, ""}} {
		synctest.Test(t, func(t *testing.T) {
			h := open(t, nil, nil)
			h.printers["lp"], h.printers["lp2"] = test.first, test.spare
			time.AfterFunc(time.Second, func() {
				if id := queue.TicketID(h.View().Seq()); test.want != "" {
					h.do(t, queue.ReportSlip{Ticket: id, Attempt: 1, Result: queue.SlipResultPrinted})
				}
			})
			q := request{path: "/api/v1/tickets", as: "kiosk-3", key: fmt.Sprint(i), body: `{"service":"papers"}`}
			if got := want[web.Ticket](t, h.send(t, q), http.StatusCreated); got.Paper.Printer != test.want {
				t.Errorf("first %v, spare %v: paper %+v, want %q", test.first, test.spare, got.Paper, test.want)
			}
			<-time.After(2 * time.Second)
		})
	}
}

// TestOutOfService: a kiosk that gives no number without paper says so, to people and to programs,
// and the journal does not know that it was touched.
func TestOutOfService(t *testing.T) {
	h := open(t, nil, nil)
	h.printer = errPaper
	b := &browser{h: h}
	b.post(t, "/enter", url.Values{"token": {"kiosk-4"}})
	before := h.View().Seq()
	page := b.get(t, "/kiosk?lang=es")
	if body := page.Body.String(); !strings.Contains(body, "no se dan números") || strings.Contains(body, "/kiosk/take") {
		t.Errorf("the kiosk offers numbers:\n%s", body)
	}
	w := b.post(t, "/kiosk/take", url.Values{"key": {"k"}, "lang": {"es"}, "service": {"papers"}})
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "no se dan números") {
		t.Errorf("status %d:\n%s", w.Code, w.Body)
	}
	q := request{path: "/api/v1/tickets", as: "kiosk-4", key: "k1", body: `{"service":"papers"}`}
	p := problem(t, h.send(t, q), http.StatusServiceUnavailable, "out_of_service")
	if p.Subject != "lp" {
		t.Errorf("problem %+v", p)
	}
	if h.View().Seq() != before {
		t.Error("a number was consumed")
	}
	q.body = `{"service":"papers","paper":"none"}` // the program asks for a number alone
	if got := want[web.Ticket](t, h.send(t, q), http.StatusCreated); got.Paper.Outcome != "none" {
		t.Errorf("paper %+v", got.Paper)
	}
	if body := h.send(t, request{path: "/kiosk?lang=it", as: "kiosk-3"}).Body.String(); !strings.Contains(body, "il numero appare sullo schermo") {
		t.Errorf("the other kiosk does not say that numbers stand on the screen only:\n%s", body)
	}
	h.printers["lp2"] = nil
	if body := b.get(t, "/kiosk?lang=es").Body.String(); strings.Contains(body, "no se dan números") {
		t.Error("out of service, although the spare is ready")
	}
}

// TestSecondAttemptIsWaitedFor: the first printer fails, the spare prints, and the citizen is told
// where.
func TestSecondAttemptIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		time.AfterFunc(time.Second, func() {
			id := queue.TicketID(h.View().Seq())
			h.do(t, queue.ReportSlip{Ticket: id, Attempt: 1, Result: queue.SlipResultFailed})
			<-time.After(100 * time.Millisecond)
			h.do(t, queue.Reprint{Ticket: id, Printer: "lp2"})
			<-time.After(2 * time.Second)
			h.do(t, queue.ReportSlip{Ticket: id, Attempt: 2, Result: queue.SlipResultPrinted})
		})
		got := want[web.Ticket](t, h.send(t, request{path: "/api/v1/tickets", as: "kiosk-3", key: "k", body: `{"service":"papers"}`}), http.StatusCreated)
		if got.Paper != (web.Paper{Outcome: "printed", Attempt: 2, Printer: "lp2"}) {
			t.Errorf("paper %+v, want one from the spare", got.Paper)
		}
		body := h.send(t, request{path: fmt.Sprintf("/kiosk/ticket/%d?lang=it", got.ID), as: "kiosk-3"}).Body.String()
		if !strings.Contains(body, "altra stampante") || strings.Contains(body, `class="symbol"`) {
			t.Errorf("the kiosk does not say where the ticket is:\n%s", body)
		}
	})
}

// TestVoidOnTheKiosk: by the office's rule a number whose paper nobody knows about is void. The
// screen waits for that and says what to do.
func TestVoidOnTheKiosk(t *testing.T) {
	h := open(t, nil, nil)
	s := settings()
	s.Slips.OnUnknown = queue.UnknownVoid
	h.do(t, queue.ChangeSettings{Settings: s})
	r, err := h.Do(t.Context(), queue.Actor{Role: queue.RoleKiosk, ID: "kiosk-3"}, queue.IssueTicket{Service: "papers", Printer: "lp"})
	if err != nil {
		t.Fatal(err)
	}
	id := queue.TicketID(r[0].Seq)
	path := fmt.Sprintf("/kiosk/ticket/%d", id)
	page := h.send(t, request{path: path + "?lang=en", as: "kiosk-3"}).Body.String()
	if !strings.Contains(page, `data-settled="false"`) || !strings.Contains(page, `http-equiv="refresh"`) {
		t.Errorf("the page does not wait for the paper:\n%s", page)
	}
	h.do(t, queue.ReportSlip{Ticket: id, Attempt: 1, Result: queue.SlipResultUnknown})
	state := h.send(t, request{path: path + "/state?lang=en", as: "kiosk-3"}).Body.String()
	for _, text := range []string{`data-settled="true"`, "not valid", "Take a new number", `href="/kiosk?lang=en"`} {
		if !strings.Contains(state, text) {
			t.Errorf("no %q in:\n%s", text, state)
		}
	}
	if strings.Contains(state, `class="symbol"`) || strings.Contains(state, "<html") {
		t.Errorf("too much:\n%s", state)
	}
	if w := h.send(t, request{path: path + "/state", as: "kiosk-1"}); w.Code != http.StatusNotFound {
		t.Errorf("another kiosk's ticket: %d", w.Code)
	}
}

// TestSymbolOnTheKiosk: a number without paper comes with the way to its page, which a phone can read.
func TestSymbolOnTheKiosk(t *testing.T) {
	h := open(t, nil, nil)
	ticket := h.issue(t, "k")
	body := h.send(t, request{path: fmt.Sprintf("/kiosk/ticket/%d", ticket.ID), as: "kiosk-1"}).Body.String()
	want := "https://coda.example.it/t/" + citizen.Key{1}.Token("2026-11-23", ticket.ID)
	if got := readSymbol(t, body); got != want {
		t.Errorf("the symbol leads to %q, want %q", got, want)
	}
	without := open(t, nil, func(o *web.Options) { o.Pages.Address = "" })
	ticket = without.issue(t, "k")
	if body := without.send(t, request{path: fmt.Sprintf("/kiosk/ticket/%d", ticket.ID), as: "kiosk-1"}).Body.String(); strings.Contains(body, `class="symbol"`) {
		t.Error("a symbol that leads nowhere")
	}
}

// readSymbol draws the page's SVG and reads it as a phone does.
func readSymbol(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`viewBox="0 0 (\d+) \d+"[^>]*><path d="([^"]+)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no symbol in:\n%s", page)
	}
	const scale = 4
	side, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(m[2], -1) {
		var n [4]int
		for i := range n {
			if n[i], err = strconv.Atoi(run[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		if n[2] != n[3] {
			t.Fatalf("the run %s does not close", run[0])
		}
		for y := n[1] * scale; y < (n[1]+1)*scale; y++ {
			for x := n[0] * scale; x < (n[0]+n[2])*scale; x++ {
				picture.Set(x, y, color.Black)
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("nobody can read it: %v", err)
	}
	return result.GetText()
}
