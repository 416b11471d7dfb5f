// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// languages are those of people; every page is looked at in each.
func languages() []string { return []string{"it", "ro", "es", "en"} }

// in is the address of a page in a language.
func in(lang, path string) string {
	if strings.Contains(path, "?") {
		return path + "&lang=" + lang
	}
	return path + "?lang=" + lang
}

// place is a page and who stands before it.
type place struct {
	name, access, path string
	width, height      int64
	// arrive leads from the path to the address of the place, once; nil: that is the path.
	arrive func(tb *tab) string
	// act is done each time before the page is looked at; nil: nothing.
	act func(tb *tab)
}

// places are the pages of an office, at the size of the screens that they are made for.
func places(service queue.ServiceID) []place {
	return []place{
		{name: "index", path: "/", width: 1280, height: 800},
		{name: "enter", path: "/enter", width: 1280, height: 800},
		{name: "hall", path: "/hall", width: 1920, height: 1080},
		{name: "kiosk", access: "kiosk-1", path: "/kiosk", width: 1080, height: 1920},
		{name: "kiosk-service", access: "kiosk-1", path: "/kiosk?service=" + string(service), width: 1080, height: 1920},
		{name: "feedback", access: "hall", path: "/feedback?counter=c1", width: 1280, height: 800},
		{name: "counter", access: "desk-1", path: "/counter", width: 1280, height: 800},
		{name: "manager", access: "manager", path: "/manager", width: 1280, height: 800},
		{name: "devices", access: "manager", path: "/devices", width: 1280, height: 800},
		{name: "ticket", access: "kiosk-1", path: "/kiosk?service=" + string(service), width: 1080, height: 1920, arrive: takeNumber},
		{name: "phone", path: "/", width: 390, height: 844, arrive: ofCalled},
		{name: "admin", access: "admin", path: "/admin", width: 1280, height: 800},
	}
}

// further are what the places become when somebody has done something there.
func further() []place {
	return []place{
		{name: "hall-light", path: "/hall?screen=day", width: 1920, height: 1080},
		{name: "hall-shifted", path: "/hall", width: 1920, height: 1080, act: func(tb *tab) {
			tb.until("moved by some pixels", `document.body.dataset.shift = "1"`)
		}},
		{name: "kiosk-search", access: "kiosk-1", path: "/kiosk?q=carta", width: 1080, height: 1920, act: func(tb *tab) { tb.await(".tile", "") }},
		{name: "kiosk-priority", access: "kiosk-1", path: "/kiosk?service=identity-card&priority", width: 1080, height: 1920},
		{name: "kiosk-large", access: "kiosk-1", path: "/kiosk?see=lt", width: 1080, height: 1920},
		{name: "feedback-why", access: "hall", path: "/feedback?counter=c2", width: 1280, height: 800, arrive: voteRed},
		{name: "counter-dialog", access: "desk-1", path: "/counter", width: 1280, height: 800, act: func(tb *tab) {
			tb.await("[data-state=live] .link", "") // its script has come
			tb.click(`[data-dialog="transfer"]`)
			tb.until("the dialog is open", `document.querySelector("#dialog-transfer[open]")`)
		}},
		{name: "counter-closed", access: "desk-3", path: "/counter", width: 1280, height: 800},
	}
}

// visit goes to a place at its size, and returns the address at which it is in the end.
func (o *office) visit(t *testing.T, p place) (tb *tab, path string) {
	t.Helper()
	tb, path = o.tab(t, p.access, p.path), p.path
	tb.size(p.width, p.height)
	if p.arrive != nil {
		path = p.arrive(tb)
	}
	return tb, path
}

// takeNumber takes one on the kiosk's own screen, so that the kiosk may see it again.
func takeNumber(tb *tab) string {
	tb.click(".take-button")
	tb.until("the number", `location.pathname.startsWith("/kiosk/ticket/")`)
	return eval[string](tb, "location.pathname")
}

// ofCalled is the phone page of somebody who is called.
func ofCalled(tb *tab) string {
	for x := range tb.office.app.Office().View().Tickets() {
		if x.Status == queue.Called {
			return tb.office.phone(x.ID)
		}
	}
	tb.t.Fatal("nobody is called")
	return ""
}

// voteRed leads to the question why.
func voteRed(tb *tab) string {
	tb.click(`button[value="red"]`)
	tb.until("the question why", `location.search.includes("why=")`)
	return eval[string](tb, `location.pathname + location.search.replace(/[?&]lang=[a-z]*/, "")`)
}

// TestPagesAreForEverybody looks at every page in every language, with people waiting, called
// and served.
func TestPagesAreForEverybody(t *testing.T) {
	o := startOffice(t, "small.yaml", func(f *config.File) {
		f.Hall.Screens = append(f.Hall.Screens, config.HallScreen{ID: "day", Diagonal: 55, Distance: 8, Theme: config.ThemeLight})
	})
	busy(o, 9, 2)
	all := append(places("identity-card"), further()...)
	admin := o.tab(t, "admin", "/admin")
	for _, path := range eval[[]string](admin, `[...new Set([...document.querySelectorAll("a[href^='/admin/']")].map((a) => new URL(a.href).pathname))]`) {
		all = append(all, place{name: strings.ReplaceAll(path[1:], "/", "-"), access: "admin", path: path, width: 1280, height: 800})
	}
	if want := len(places("")) + len(further()) + 8; len(all) < want {
		t.Fatalf("%d pages, want %d: those of the administration are not found", len(all), want)
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			tb, path := o.visit(t, p)
			for _, lang := range languages() {
				tb.open(in(lang, path))
				if p.act != nil {
					p.act(tb)
				}
				tb.look()
				if lang == languages()[0] {
					tb.forced()
				}
			}
		})
	}
}

// TestSetUpIsForEverybody looks at the first page that anybody sees, and at the first form.
func TestSetUpIsForEverybody(t *testing.T) {
	o, code := startProgram(t)
	tb := o.tab(t, "", "/setup")
	for _, lang := range languages() {
		tb.open(in(lang, "/setup"))
		tb.look()
	}
	tb.put("#code", code)
	tb.click("button.primary")
	tb.settle("/setup/office")
	for _, lang := range languages() {
		tb.open(in(lang, "/setup/office"))
		tb.look()
	}
}

// busy gives the office some people: tickets for one service after the other in all languages,
// and counters of which each has called somebody and every second one serves.
func busy(o *office, tickets, counters int) {
	o.t.Helper()
	settings := o.file.Settings()
	for i := range tickets {
		s := settings.Services[i*7%len(settings.Services)]
		o.do(queue.IssueTicket{Service: s.ID, Language: languages()[i%4]})
	}
	for i, c := range settings.Counters[:counters] {
		o.do(queue.OpenCounter{Counter: c.ID, Seen: o.seen(c.ID)})
		o.do(queue.CallNext{Counter: c.ID, Seen: o.seen(c.ID)})
		if i%2 == 0 {
			o.do(queue.Start{Counter: c.ID, Seen: o.seen(c.ID)})
		}
	}
}

// TestRightToLeft turns each page round, as a language written that way would, and looks whether
// anything sticks out or was placed by hand.
func TestRightToLeft(t *testing.T) {
	o := startOffice(t, "small.yaml")
	busy(o, 9, 2)
	for _, p := range places("identity-card") {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			tb, path := o.visit(t, p)
			tb.open(in("es", path))
			tb.turn("rtl")
			tb.fits("from right to left")
			tb.narrow()
		})
	}
}

// TestLongWords writes every text of each page longer by 40 %, as some language would, and looks
// whether anything sticks out of the screen that the page is made for.
func TestLongWords(t *testing.T) {
	o := startOffice(t, "small.yaml")
	busy(o, 9, 2)
	for _, p := range places("identity-card") {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			tb, path := o.visit(t, p)
			tb.open(in("en", path))
			if n := eval[int](tb, lengthen); n < 3 {
				t.Errorf("%d texts", n)
			}
			tb.fits("with long words")
		})
	}
}

// lengthen makes words longer, and returns how many texts it found. Numbers and codes stay.
const lengthen = `(() => {
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let n = 0;
	for (let text = walk.nextNode(); text; text = walk.nextNode()) {
		if (text.parentElement.closest("script, style, bdi, kbd")) continue;
		const long = text.data.replace(/\p{L}{3,}/gu, (word) => word + "åéîøü".repeat(9).slice(0, Math.ceil(word.length * .4)));
		if (long !== text.data) n++;
		text.data = long;
	}
	return n;
})()`

// turn sets the direction in which the page is written.
func (tb *tab) turn(dir string) {
	tb.t.Helper()
	if got := eval[string](tb, fmt.Sprintf(`(document.documentElement.dir = %q, getComputedStyle(document.body).direction)`, dir)); got != dir {
		tb.t.Errorf("%s: the page runs %s", tb.where(), got)
	}
}
