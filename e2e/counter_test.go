// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// The clerks of the stories, and their PINs.
const (
	annasPIN = "407193"
	ionsPIN  = "880257"
)

// withClerks gives an office two clerks before it starts.
func withClerks(t *testing.T) func(*config.File) {
	return func(file *config.File) {
		s, err := store.Open(t.Context(), store.Options{Dir: file.DataDir})
		if err != nil {
			t.Fatal(err)
		}
		people, err := accounts.Open(t.Context(), accounts.Options{Memory: s})
		if err != nil {
			t.Fatal(err)
		}
		for name, pin := range map[string]string{"Anna Bianchi": annasPIN, "Ion Popescu": ionsPIN} {
			if _, err := people.Create(t.Context(), accounts.By{}, name, accounts.Clerk, "", pin); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// workplace is a browser at the first counter, in which somebody has to log in.
func workplace(t *testing.T, o *office) *tab {
	t.Helper()
	tb := o.tab(t, "desk-1", "/enter")
	tb.await("h2", "1")
	tb.open("/enter?lang=it&next=/counter%3Flang=it")
	tb.await("h2", "Sportello 1")
	return tb
}

// counter is the page of the first counter, of an office without accounts, once its day has begun.
func counter(t *testing.T, o *office) *tab {
	t.Helper()
	tb := o.tab(t, "desk-1", "/counter")
	tb.open("/counter?lang=it")
	tb.await(".op-open", "Apri")
	return tb
}

// waiting gives the office people that every counter may call.
func waiting(o *office, n int) {
	for range n {
		o.do(queue.IssueTicket{Service: "identity-card", Language: "ro"})
	}
}

// TestClerkMorning is one with keys only: log in, open, call, serve, undo, send on, park, pause.
func TestClerkMorning(t *testing.T) {
	o := startOffice(t, "small.yaml", withClerks(t))
	clerk := workplace(t, o)
	clerk.look()
	clerk.until("the choice has the focus", `document.activeElement.id === "clerk"`)
	clerk.press("a" + kb.Tab)
	clerk.press(annasPIN + kb.Enter)
	clerk.settle("/counter")
	clerk.await(".leave", "Anna Bianchi")
	clerk.await(".op-open", "Apri") // the day has begun
	waiting(o, 4)

	said := func(want string) { // and keys count again
		t.Helper()
		clerk.await("#said", want)
		clerk.until("it is done", `document.querySelector("#panel:not([aria-busy])") && !document.querySelector("dialog[open]")`)
	}
	say := func(key, want string) {
		t.Helper()
		clerk.press(key)
		said(want)
	}
	say("o", "Sportello aperto")
	say("n", "Chiamato A001")
	clerk.await("#number", "A001")
	clerk.await(".mark", "Română")
	clerk.look()
	say("s", "A001 è allo sportello")
	say("1", "A001 terminato") // the first outcome
	say("z", "Annullato: A001")
	clerk.await("#number", "A001")
	say("f", "A001 terminato")
	say("n", "Chiamato A002")
	clerk.press("t")
	clerk.until("the dialog is open", `document.querySelector("#dialog-transfer[open]")`)
	clerk.look()
	clerk.press(kb.Tab) // the service stays, the counter is another one
	clerk.press(kb.ArrowDown + kb.Enter)
	said("A002 trasferito")
	say("n", "Chiamato A003")
	say("p", "A003 messo da parte")
	clerk.await(".parked", "A003")
	clerk.press("b")
	clerk.until("the dialog is open", `document.querySelector("#dialog-pause[open]")`)
	clerk.press("caffè" + kb.Enter)
	said("Sportello in pausa")
	clerk.await(".state", "In pausa")
	if eval[bool](clerk, `document.activeElement === document.body`) {
		t.Error("the focus is lost")
	}
	say("o", "Sportello aperto")
	clerk.click("#keys") // and now keys do nothing
	clerk.press("n")
	clerk.await("#panel", "A004")
	if c, _ := o.app.Office().View().Counter("c1"); c.Ticket != 0 {
		t.Error("a key calls, although keys are off")
	}
}

// TestDoubleClick: a hand that trembles calls one citizen.
func TestDoubleClick(t *testing.T) {
	o := startOffice(t, "small.yaml")
	clerk := counter(t, o)
	waiting(o, 4)
	o.do(queue.OpenCounter{Counter: "c1", Seen: o.seen("c1")})
	clerk.await(".state", "Aperto")
	clerk.await(".lists", "A004")
	clerk.do("click twice", clickNow(`.op-next`), clickNow(`.op-next`))
	clerk.await("#number", "A001")
	clerk.do("and once more", clickNow(`.op-next`))
	clerk.until("it is done", `document.querySelector("#panel:not([aria-busy])")`)
	calls := 0
	for x := range o.app.Office().View().Tickets() {
		if x.Status != queue.Waiting {
			calls++
		}
	}
	if calls != 1 {
		t.Errorf("%d citizens called", calls)
	}
}

// TestTwoTabs: what one tab has not seen yet calls nobody.
func TestTwoTabs(t *testing.T) {
	o := startOffice(t, "small.yaml")
	first, second := counter(t, o), counter(t, o)
	waiting(o, 4)
	o.do(queue.OpenCounter{Counter: "c1", Seen: o.seen("c1")})
	first.await(".lists", "A004")
	second.await(".lists", "A004")
	second.await(".state", "Aperto")
	seen := o.seen("c1")
	first.click(`[data-op="next"]`)
	first.await("#number", "A001")
	second.await("#number", "A001")
	second.allow("409")
	eval[bool](second, fmt.Sprintf(`document.querySelector("[data-seen]").dataset.seen = %q, document.querySelector('[data-op="next"]').click(), true`, fmt.Sprint(seen)))
	second.await("#fault", "Nel frattempo lo sportello è cambiato")
	if got := o.app.Office().View(); got.Ticket(mustTicket(o, "A002")).Status != queue.Waiting {
		t.Error("a second citizen was called")
	}
}

func mustTicket(o *office, number string) queue.TicketID {
	o.t.Helper()
	for x := range o.app.Office().View().Tickets() {
		if x.Number == number {
			return x.ID
		}
	}
	o.t.Fatalf("no ticket %s", number)
	return 0
}

// TestWrongPIN: it slows down, and says so.
func TestWrongPIN(t *testing.T) {
	o := startOffice(t, "small.yaml", withClerks(t))
	clerk := workplace(t, o)
	clerk.allow("401", "429")
	for i, want := range []string{"non giusti", "non giusti", "non giusti", "Troppi tentativi"} {
		clerk.until("the choice is there", `document.querySelector("#clerk")`)
		eval[bool](clerk, `(document.querySelector("#clerk").selectedIndex = 1, document.querySelector("#pin").focus(), document.body.dataset.old = "yes", true)`)
		clerk.press("999123" + kb.Enter)
		clerk.until(fmt.Sprint("attempt ", i), `!document.body.dataset.old`)
		clerk.await("#fault-pin", want)
	}
	clerk.look()
}

// TestTakeover: the second browser at a counter is warned, and so is the first.
func TestTakeover(t *testing.T) {
	o := startOffice(t, "small.yaml", withClerks(t))
	first := workplace(t, o)
	first.allow("401")
	enter := func(tb *tab, who int, pin string) {
		eval[bool](tb, fmt.Sprintf(`(document.querySelector("#clerk").selectedIndex = %d, document.querySelector("#pin").focus(), true)`, who))
		tb.press(pin + kb.Enter)
		tb.settle("/counter")
	}
	enter(first, 1, annasPIN)
	first.await(".op-open", "Apri") // the day has begun
	second := workplace(t, o)
	second.await("#held", "In un altro browser qualcuno lavora")
	second.look()
	enter(second, 2, ionsPIN)
	waiting(o, 1) // which both pages want to show
	first.settle("/enter")
	first.await(".note", "da un altro browser")
}
