// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

// kioskPlace is where somebody stands in the kiosk: what its addresses say. Nothing of it is kept
// anywhere else, so that the next one begins at the beginning.
type kioskPlace struct {
	Lang    string // that was chosen, "": none was
	Looks   string // of [looks], those that are on
	Group   queue.GroupID
	Service queue.ServiceID
	Asks    bool   // for priority
	Seeks   bool   // by words
	Words   string // that are sought
	Page    int    // of the choices, from 0
	Ticket  queue.TicketID
}

// looks are the ways in which a kiosk changes for somebody: controls lower, text larger, more
// contrast, read aloud.
const looks = "ltca"

func placeOf(r *http.Request) kioskPlace {
	q := r.URL.Query()
	p := kioskPlace{
		Lang: q.Get("lang"), Group: queue.GroupID(q.Get("group")), Service: queue.ServiceID(q.Get("service")),
		Asks: q.Has("priority"), Seeks: q.Has("q"), Words: cut(strings.TrimSpace(q.Get("q")), maxWords),
	}
	for _, l := range looks {
		if strings.ContainsRune(q.Get("see"), l) {
			p.Looks += string(l)
		}
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil {
		p.Page = max(0, min(n, maxPage))
	}
	return p
}

const (
	maxWords = 80 // letters of what is sought
	maxPage  = 99
)

// cut returns the first n letters of a text.
func cut(s string, n int) string {
	letters := []rune(s)
	return string(letters[:min(len(letters), n)])
}

// query returns the place as an address has it.
func (p kioskPlace) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("lang", p.Lang)
	set("see", p.Looks)
	set("group", string(p.Group))
	set("service", string(p.Service))
	if p.Asks {
		q.Set("priority", "")
	}
	if p.Seeks {
		q.Set("q", p.Words)
	}
	if p.Page > 0 {
		q.Set("page", strconv.Itoa(p.Page))
	}
	return q
}

// To returns the place's own address.
func (p kioskPlace) To() string {
	path := "/kiosk"
	if p.Ticket != 0 {
		path += "/ticket/" + strconv.FormatInt(int64(p.Ticket), 10)
	}
	return withQuery(path, p.query())
}

// start is the beginning, in the same language and the same look.
func (p kioskPlace) start() kioskPlace { return kioskPlace{Lang: p.Lang, Looks: p.Looks} }

// ToStart leads to the beginning.
func (p kioskPlace) ToStart() string { return p.start().To() }

// ToGroup leads to the services of a group.
func (p kioskPlace) ToGroup(id queue.GroupID) string {
	q := p.start()
	q.Group = id
	return q.To()
}

// ToService leads to the last step before a number.
func (p kioskPlace) ToService(id queue.ServiceID) string {
	p.Service, p.Asks = id, false
	return p.To()
}

// ToSearch leads to the search.
func (p kioskPlace) ToSearch() string {
	q := p.start()
	q.Seeks = true
	return q.To()
}

// ToPriority leads to the reasons for priority.
func (p kioskPlace) ToPriority() string {
	p.Asks = true
	return p.To()
}

// ToPage leads to another page of the choices.
func (p kioskPlace) ToPage(n int) string {
	p.Page = n
	return p.To()
}

// Back leads to where a step back is.
func (p kioskPlace) Back() string {
	switch {
	case p.Asks:
		p.Asks = false
	case p.Service != "":
		p.Service = ""
	default:
		return p.ToStart()
	}
	return p.To()
}

// IsStart reports whether this is where everybody begins.
func (p kioskPlace) IsStart() bool { return p == kioskPlace{} }

// Region is the address of the part that changes, for a screen with a key.
func (p kioskPlace) Region(key string) string {
	q := p.query()
	if key != "" {
		q.Set("key", key)
	}
	return withQuery("/kiosk/choices", q)
}

// Has reports whether a look is on.
func (p kioskPlace) Has(look string) bool { return strings.Contains(p.Looks, look) }

// Toggle leads to the same place with a look switched.
func (p kioskPlace) Toggle(look string) string {
	switched := ""
	for _, l := range strings.Split(looks, "") {
		if p.Has(l) != (l == look) {
			switched += l
		}
	}
	p.Looks = switched
	return p.To()
}

// ofKiosk returns the texts of a kiosk's page and the languages that it offers: in the one that was
// chosen, else in the first.
func (s *Server) ofKiosk(r *http.Request) (*texts, []string) {
	offered := s.texts.spoken(s.office.View().Settings())
	if own := s.kioskOf(accessOf(r.Context())).Languages; own != nil {
		known := slices.DeleteFunc(slices.Clone(own), func(l string) bool { return !slices.Contains(offered, l) })
		if len(known) > 0 {
			offered = known
		}
	}
	if lang := r.URL.Query().Get("lang"); slices.Contains(offered, lang) {
		return s.texts.byTag[lang], offered
	}
	return s.texts.byTag[offered[0]], offered
}
