// SPDX-License-Identifier: EUPL-1.2

package e2e

import "testing"

// sheets wants a printer to have cut so many papers.
func (o *office) sheets(tb *tab, printer string, n int) {
	o.t.Helper()
	if got := o.sims[printer].Counters().Sheets; got != n {
		o.t.Errorf("%d papers, want %d; the page says:\n%s", got, n, tb.words())
	}
}

// TestPaperThatDidNotCome: the roll is empty, so the number stands on the screen; a new roll, and the citizen
// prints the ticket there and then. Who loses it gets a second one from the clerk.
func TestPaperThatDidNotCome(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	o.sims["printer-1"].PaperOut(0)
	kiosk := o.tab(t, "kiosk-1", "/kiosk?service=identity-card")
	kiosk.size(1080, 1920)
	kiosk.await(".note", "il numero appare sullo schermo")
	kiosk.click(".take-button")
	kiosk.await("h1", "A001")
	kiosk.await(".symbol", "Seguite il vostro numero")
	if n := kiosk.count(".reprint"); n != 0 {
		t.Error("the paper is offered although there is none")
	}
	o.sims["printer-1"].LoadPaper()
	kiosk.until("the printer is ready again", `fetch(location).then((r) => r.text()).then((t) => { window.ready ||= t.includes("/reprint") }) && window.ready`)
	kiosk.open(eval[string](kiosk, `location.href`))
	kiosk.await(".reprint", "Stampa il biglietto")
	kiosk.look()
	kiosk.click(".reprint")
	kiosk.await(".ticket-paper.is-printed", "Ritirate il biglietto stampato")
	if n := kiosk.count(".reprint"); n != 0 {
		t.Error("the paper is offered once more although it came out")
	}
	o.sheets(kiosk, "printer-1", 1)

	clerk := counter(t, o)
	clerk.click(".op-reprint")
	clerk.await("#dialog-reprint", "Ristampa un biglietto")
	clerk.look()
	clerk.until("the ticket is there to be chosen", `document.querySelector("#reprint-ticket").selectedOptions[0]?.textContent.includes("A001")`)
	clerk.click("#dialog-reprint [value=do]")
	clerk.await("#said", "il biglietto è alla stampante")
	o.sheets(clerk, "printer-1", 2)
	for x := range o.app.Office().View().Tickets() {
		if !x.Slip.Copy || x.Slip.Attempt != 2 {
			t.Errorf("slip %+v, want a marked copy", x.Slip)
		}
	}
}

// TestTestSlip: an admin sees with one press whether a printer prints.
func TestTestSlip(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	admin := o.tab(t, "admin", "/admin/printers?lang=it")
	admin.click(`form[action^="/admin/printers/test"] button`)
	admin.await(".note", "Il biglietto di prova è uscito.")
	o.sheets(admin, "printer-1", 1)
}
