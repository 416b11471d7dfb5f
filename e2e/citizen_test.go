// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// phone is the path of a ticket's own page, as the symbol on its paper has it.
func (o *office) phone(id queue.TicketID) string {
	o.t.Helper()
	secret, err := os.ReadFile(filepath.Join(o.file.DataDir, "avanti.key"))
	if err != nil {
		o.t.Fatal(err)
	}
	day, _ := o.app.Office().View().Day()
	return "/t/" + citizen.Key(secret).Token(day, id)
}

// TestCitizen writes what has happened, is told what to bring, takes a number with a quick finger,
// follows it on the phone, lets one pass and gives it up.
func TestCitizen(t *testing.T) {
	o := startOffice(t, "small.yaml")
	kiosk := o.tab(t, "kiosk-1", "/kiosk")
	kiosk.size(1080, 1920)
	kiosk.click(".finder")
	kiosk.settle("/kiosk")
	kiosk.press("ho prso la carta") // a letter is missing
	kiosk.await(`.tile[data-service="identity-card"]`, "Carta d'identità")
	kiosk.click(`.tile[data-service="identity-card"]`)
	kiosk.await(".papers", "Una fototessera recente")
	kiosk.await(".lead", "0 persone in attesa")
	for range 3 {
		kiosk.do("a quick finger", clickNow(".take-button"))
	}
	kiosk.await("h1", "A001")
	kiosk.await(".symbol", "Seguite il vostro numero")
	kiosk.look()
	var mine queue.TicketID
	for x := range o.app.Office().View().Tickets() {
		if mine != 0 {
			t.Error("two tickets")
		}
		mine = x.ID
	}
	o.do(queue.IssueTicket{Service: "identity-card", Language: "it"})

	phone := o.tab(t, "", o.phone(mine))
	phone.size(390, 844)
	phone.await("h1", "A001")
	phone.look()
	phone.click(`[data-focus="pass"]`)
	phone.await(".tell", "Avete fatto passare 1 persona")
	phone.click(`[data-focus="cancel"]`)
	phone.await(".sure", "Volete davvero rinunciare?")
	phone.look()
	phone.click(`[data-focus="keep"]`)
	phone.gone(".sure")
	o.do(queue.OpenCounter{Counter: "c1", Seen: o.seen("c1")})
	o.do(queue.CallTicket{Counter: "c1", Ticket: mine, Reason: "story", Seen: o.seen("c1")})
	phone.await(".tell", "andate allo sportello")
	phone.until("the tab says so", `document.title.includes("È il vostro turno")`)
	o.do(queue.Finish{Counter: "c1", Seen: o.seen("c1")})
	phone.await(".feedback", "Come è andata oggi?")
	phone.look()
	phone.click(".face.is-green")
	phone.await(".thanks", "Grazie!")
}

// TestKioskWaitsForThePerson: it asks before it begins anew, goes away when somebody is there, and forgets the language.
func TestKioskWaitsForThePerson(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml", func(f *config.File) {
		f.Kiosks[0].Idle, f.Kiosks[0].Warning = time.Second, 2*time.Second
	})
	kiosk := o.tab(t, "kiosk-1", "/kiosk?lang=ro&group=registry&see=t")
	kiosk.size(1080, 1920)
	kiosk.await("#idle", "Mai am nevoie de timp")
	kiosk.axe("warning")
	kiosk.click("#idle button")
	kiosk.gone("#idle")
	kiosk.until("a fresh screen", `location.pathname === "/kiosk" && location.search === "" && document.documentElement.lang === "it"`)
}

// TestKioskWithKeys: whoever does not touch goes from the language to the number with Tab and Enter.
func TestKioskWithKeys(t *testing.T) {
	o := startOffice(t, "small.yaml")
	kiosk := o.tab(t, "kiosk-1", "/kiosk")
	kiosk.size(1080, 1920)
	kiosk.await("h1", "Che cosa vi serve?")
	for _, want := range []string{"Italiano", "Română", "Español", "English", "Cercate", "Anagrafe", "Cassa"} {
		kiosk.press(kb.Tab)
		kiosk.until("the focus is on "+want, `document.activeElement.innerText.includes("`+want+`")`)
	}
	kiosk.press(kb.Enter)
	kiosk.await(".take-button", "Prendi il numero")
	kiosk.until("there", `document.readyState === "complete"`)
	for range 5 {
		kiosk.press(kb.Tab)
	}
	kiosk.until("the focus is on the button", `document.activeElement.matches(".take-button")`)
	kiosk.press(kb.Enter)
	kiosk.await("h1", "P01")
}

// TestKioskIsForEverybody looks at every kind of screen, also as somebody has it who sees little.
func TestKioskIsForEverybody(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	busy(o, 6, 1)
	kiosk := o.tab(t, "kiosk-1", "/kiosk")
	kiosk.size(1080, 1920)
	for _, path := range []string{
		"/kiosk?group=registry&lang=ro", "/kiosk?q=carta&see=tc", "/kiosk?service=identity-card&lang=es&see=l", "/kiosk?service=payments&priority&lang=en",
	} {
		kiosk.open(path)
		kiosk.look()
	}
}

// TestTablet: one touch is a vote, a red face asks why, and the next one begins anew by itself.
func TestTablet(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	tablet := o.tab(t, "hall", "/feedback?counter=c1")
	tablet.size(1280, 800)
	tablet.await("h1", "Come è andata oggi?")
	tablet.look()
	tablet.click(".face.is-red")
	tablet.await("h1", "Che cosa non è andato?")
	tablet.look()
	tablet.click(`[name="reason"][value="waiting"]`)
	tablet.await("h1", "Grazie!")
	tablet.axe("thanks")
	tablet.untilIn(15*time.Second, "the question again", `document.querySelector(".faces") && location.search === "?counter=c1"`)
}

// clickNow clicks as often as it is told, whatever stands in the way by then.
func clickNow(css string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`document.querySelector("` + css + `")?.click()`)
}
