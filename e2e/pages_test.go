// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"strings"
	"testing"

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
}

// places are the pages of an office, at the size of the screens that they are made for.
func places(service queue.ServiceID) []place {
	return []place{
		{"index", "", "/", 1280, 800},
		{"enter", "", "/enter", 1280, 800},
		{"hall", "", "/hall", 1920, 1080},
		{"kiosk", "kiosk-1", "/kiosk", 1080, 1920},
		{"kiosk-service", "kiosk-1", "/kiosk?service=" + string(service), 1080, 1920},
		{"feedback", "hall", "/feedback?counter=c1", 1280, 800},
		{"counter", "desk-1", "/counter", 1280, 800},
		{"manager", "manager", "/manager", 1280, 800},
		{"devices", "manager", "/devices", 1280, 800},
	}
}

// TestPagesAreForEverybody looks at every page in every language, with people waiting, called
// and served.
func TestPagesAreForEverybody(t *testing.T) {
	o := startOffice(t, "small.yaml")
	busy(o, 9, 2)
	for _, p := range places("identity-card") {
		t.Run(p.name, func(t *testing.T) {
			tb := o.tab(t, p.access, p.path)
			tb.size(p.width, p.height)
			for _, lang := range languages() {
				tb.open(in(lang, p.path))
				tb.look()
			}
		})
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
