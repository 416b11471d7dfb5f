// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// kiosk is what a kiosk's program sees of an answer.
type kiosk struct {
	ID     queue.TicketID
	Number string
	End    string
	Code   string
	Paper  struct{ Outcome, Printer string }
}

func (r *rig) touch(kiosk, key string) (got kiosk) {
	r.t.Helper()
	body := strings.NewReader(`{"service":"desk"}`)
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, "http://localhost:8080/api/v1/tickets", body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", key)
	r.ask(kiosk, req, &got)
	return got
}

// page fetches a page of a name of the office's and returns its text.
func (r *rig) page(access, url string) (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	if access != "" {
		req.Header.Set("Authorization", "Bearer "+secret(access))
	}
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// TestTwoPrinters: a printer is opened, both run out, one is loaded; who stands at which kiosk gets
// what is promised there.
func TestTwoPrinters(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "two-printers.yaml", at(8, 0), dir)
		defer r.stop()
		rest := func() { pass(10 * time.Second); synctest.Wait() }
		rest()
		if got := r.touch("kiosk-1", "1"); got.Paper.Outcome != "printed" || got.Paper.Printer != "door" {
			t.Errorf("both well: %+v", got)
		}
		rest()
		r.sims["door"].Cover(true)
		rest()
		if got := r.touch("kiosk-1", "2"); got.Paper.Outcome != "printed" || got.Paper.Printer != "stairs" {
			t.Errorf("the first one open: %+v", got)
		}
		_, metrics := r.page("", "http://localhost:8080/metrics")
		for _, line := range []string{
			`avanti_printer_fault{fault="cover_open",printer="door"} 1`, `avanti_printer_fault{fault="cover_open",printer="stairs"} 0`,
			`avanti_slips_total{level="B",printer="door",result="printed"} 1`, `avanti_slips_total{level="B",printer="stairs",result="printed"} 1`,
		} {
			if !strings.Contains(metrics, line+"\n") {
				t.Errorf("no %s in /metrics", line)
			}
		}
		if !regexp.MustCompile(`avanti_printer_paper_meters_left\{printer="door"\} 49\.\d+\n`).MatchString(metrics) {
			t.Error("no metres of paper in /metrics")
		}
		_, manager := r.page("manager", "http://localhost:8080/manager?lang=ro")
		if !strings.Contains(manager, "Capacul imprimantei este deschis") || !strings.Contains(manager, "circa 50 m") {
			t.Errorf("the manager does not see the printers:\n%s", manager)
		}
		rest()
		r.sims["stairs"].PaperOut(0)
		rest()
		before := r.app.Office().View().Seq()
		if got := r.touch("kiosk-2", "3"); got.Code != "out_of_service" {
			t.Errorf("the second kiosk without its printer: %+v", got)
		}
		if _, page := r.page("kiosk-2", "http://localhost:8080/kiosk"); !strings.Contains(page, "Senza stampante non si danno numeri") {
			t.Error("its page does not say so")
		}
		if r.app.Office().View().Seq() != before {
			t.Error("a number was consumed")
		}
		if got := r.touch("kiosk-1", "4"); got.Paper.Outcome != "none" || got.Number == "" {
			t.Errorf("the first kiosk without both: %+v", got)
		}
		r.sims["stairs"].LoadPaper()
		rest()
		if got := r.touch("kiosk-2", "5"); got.Paper.Outcome != "printed" || got.Paper.Printer != "stairs" {
			t.Errorf("loaded: %+v", got)
		}
		if n := len(r.papers()); n != 3 {
			t.Errorf("%d sheets, want three: nobody is printed for who has gone", n)
		}
	})
	checkJournal(t, dir)
}

// TestVoidByRule: the printer goes off in the middle of a slip, the number is void by the office's
// rule, and the kiosk says to take a new one. What came out leads to a page that says the same.
func TestVoidByRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "two-printers.yaml", at(8, 0), t.TempDir())
		defer r.stop()
		pass(10 * time.Second)
		r.sims["stairs"].PaperOut(200)
		ticket := r.touch("kiosk-2", "1")
		pass(time.Minute)
		synctest.Wait()
		_, page := r.page("kiosk-2", fmt.Sprintf("http://localhost:8080/kiosk/ticket/%d", ticket.ID))
		if !strings.Contains(page, "Questo numero non vale") || !strings.Contains(page, `data-settled="true"`) {
			t.Errorf("the kiosk shows:\n%s", page)
		}
		if end := r.app.Office().View().Ticket(ticket.ID).End; end != queue.EndVoid {
			t.Errorf("the ticket's end is %q", end)
		}
	})
}

// TestPhoneFromTheSlip: the symbol on the paper leads to the ticket, under the name that the office
// gives there, until the day ends; and the key outlives a restart.
func TestPhoneFromTheSlip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "two-printers.yaml", at(8, 0), t.TempDir())
		defer r.stop()
		pass(10 * time.Second)
		ticket := r.touch("kiosk-1", "1")
		m := regexp.MustCompile(`\[QR (http://coda\.example\.it/t/[0-9A-Z]+)\]`).FindStringSubmatch(r.papers()[0].Text)
		if m == nil {
			t.Fatalf("no symbol on the slip:\n%s", r.papers()[0].Text)
		}
		if status, page := r.page("", m[1]); status != http.StatusOK || !strings.Contains(page, ticket.Number) || !strings.Contains(page, "tra i prossimi") {
			t.Errorf("status %d:\n%s", status, page)
		}
		if status, _ := r.page("", "http://queue.example.com/t/x"); status != http.StatusMisdirectedRequest {
			t.Errorf("under another name: %d", status)
		}
		r.stopDaemon()
		r.startApp()
		if status, _ := r.page("", m[1]); status != http.StatusOK {
			t.Errorf("after a restart: %d", status)
		}
		if _, err := r.app.Office().Do(t.Context(), queue.Actor{Role: queue.RoleManager, ID: "manager"}, queue.CloseDay{Force: true}); err != nil {
			t.Fatal(err)
		}
		if status, _ := r.page("", m[1]); status != http.StatusNotFound {
			t.Errorf("after the day: %d", status)
		}
	})
}

// TestRollOutlivesARestart: what is known of the roll is kept in the journal's file.
func TestRollOutlivesARestart(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "two-printers.yaml", at(8, 0), dir)
		defer r.stop()
		pass(10 * time.Second)
		for i := range 5 {
			r.touch("kiosk-1", fmt.Sprint(i))
		}
		used := r.app.Office().PrinterStates()[0].Used
		r.stopDaemon()
		r.startApp()
		pass(10 * time.Second)
		if got := r.app.Office().PrinterStates()[0].Used; used < 100 || got != used {
			t.Errorf("%d mm used, %d before the restart", got, used)
		}
	})
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	state, err := s.DeviceState(t.Context(), "door")
	if err != nil || !strings.Contains(string(state), `"used_mm":`) {
		t.Errorf("state %s, %v", state, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if keys, err := filepath.Glob(filepath.Join(dir, "*.key")); err != nil || len(keys) != 1 {
		t.Errorf("keys %v, %v", keys, err)
	}
}
