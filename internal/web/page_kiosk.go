// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// kioskBody is one screen of a kiosk.
type kioskBody struct {
	At      kioskPlace
	Key     string // of this screen: however often it is touched, it gives one ticket
	Tiles   []kioskTile
	More    int // choices behind these, on further pages
	Opens   time.Time
	Closed  bool // nothing gives numbers now; it does from Opens on, zero if not known
	NoPaper bool // no printer is ready: numbers stand on the screen only
	Refuses bool // no printer is ready, and without one there are no numbers
	Fault   string
	Staff   bool // somebody of the office takes numbers for citizens
	Speaks  bool // texts of this language can be heard

	Group   *kioskGroup   // of the service, or whose services are shown; nil: none
	Service *kioskService // that was chosen; nil: none
	Card    *Card         // of the service; nil: it has none
	Reasons []Priority    // for which priority is given
	Classes []queue.Class // that staff may give, besides the ordinary one

	Idle, Warning int // seconds
}

// kioskScreen returns the screen of a place. Key is the screen's own, "" for a new screen.
func (s *Server) kioskScreen(r *http.Request, key, fault string) *screen {
	v, now, a := s.office.View(), s.office.Now(), accessOf(r.Context())
	t, offered := s.ofKiosk(r)
	sc := s.screen(r, t, v, nil)
	sc.Tongues = slices.DeleteFunc(sc.Tongues, func(o tongue) bool { return !slices.Contains(offered, o.Lang) })
	if key == "" {
		key = rand.Text()
	}
	groups, k := s.o.kioskGroups(v, now, s.o.Forecast()), s.kioskOf(a)
	body := kioskBody{
		At: placeOf(r), Key: key, Fault: fault, Staff: a.Role != RoleKiosk, Speaks: s.readsAloud(t.Lang), Reasons: s.o.Priority,
		Idle: int(k.Idle.Seconds()), Warning: int(k.Warning.Seconds()),
	}
	if (a.Printer != "" || a.Refuses) && s.printerOf(a) == "" {
		body.NoPaper, body.Refuses = !a.Refuses, a.Refuses
	}
	if !slices.Contains(offered, body.At.Lang) {
		body.At.Lang = ""
	}
	body.Closed = true
	for i, g := range groups {
		body.Closed = body.Closed && !g.Issuing
		if !g.Opens.IsZero() && (body.Opens.IsZero() || g.Opens.Before(body.Opens)) {
			body.Opens = g.Opens
		}
		if g.ID == body.At.Group {
			body.Group = &groups[i]
		}
	}
	if len(groups) == 1 && len(groups[0].Services) == 1 && body.At.Service == "" {
		body.At.Service = groups[0].Services[0].ID
	}
	body.choose(s, groups, t.Lang)
	sc.Body = body
	return sc
}

// choose fills in what is to be chosen at the body's place.
func (b *kioskBody) choose(s *Server, groups []kioskGroup, lang string) {
	if g, x := serviceIn(groups, b.At.Service); x != nil {
		b.Group, b.Service = g, x
		if card, ok := s.o.Cards[x.ID]; ok {
			b.Card = &card
		}
		if settings := s.office.View().Settings(); b.Staff {
			b.Classes = settings.Classes[1:]
		}
		return
	}
	b.At.Service, b.At.Asks = "", false
	tiles := s.tiles(b.At, lang, groups)
	from := min(b.At.Page*kioskTiles, len(tiles))
	to := min(from+kioskTiles, len(tiles))
	b.Tiles, b.More = tiles[from:to], len(tiles)-to
}

// Lacks reports whether the words that are sought are found nowhere.
func (b kioskBody) Lacks() bool { return b.At.Seeks && b.At.Words != "" && len(b.Tiles) == 0 }

// NextPage leads to the choices behind these.
func (b kioskBody) NextPage() string { return b.At.ToPage(b.At.Page + 1) }

// PageBefore leads to the choices before these.
func (b kioskBody) PageBefore() string { return b.At.ToPage(b.At.Page - 1) }

// List returns what to bring in the language of the page, else in the office's own.
func (sc *screen) List(by map[string][]string) []string {
	if list := by[sc.Lang]; len(list) > 0 {
		return list
	}
	for _, o := range sc.Tongues {
		if list := by[o.Lang]; len(list) > 0 {
			return list
		}
	}
	return nil
}

func (s *Server) kiosk(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "kiosk", layout, s.kioskScreen(r, "", ""))
}

func (s *Server) kioskChoices(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "kiosk", "kiosk-choices", s.kioskScreen(r, cut(r.URL.Query().Get("key"), maxKey), ""))
}

// maxKey bounds the key of a screen, in letters.
const maxKey = 100

// kioskTake gives a number and shows it. It works as a plain form, too.
func (s *Server) kioskTake(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the form cannot be read"})
		return
	}
	// A refusal is shown at the place that was left.
	r.URL = &url.URL{Path: "/kiosk", RawQuery: url.Values{
		"lang": {r.PostFormValue("lang")}, "see": {r.PostFormValue("see")}, "group": {r.PostFormValue("group")},
	}.Encode()}
	at := placeOf(r)
	t, _ := s.ofKiosk(r)
	key := r.PostFormValue("key")
	if key == "" || len(key) > maxKey {
		s.kioskFault(w, r, t, &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Errors: []FieldError{{Location: "body.key"}}})
		return
	}
	class, reason, err := s.classFor(r)
	if err != nil {
		s.kioskFault(w, r, t, err)
		return
	}
	ticket, again, err := s.issue(r.Context(), key, IssueRequest{Service: queue.ServiceID(r.PostFormValue("service")), Class: class, Language: t.Lang})
	if err != nil {
		s.kioskFault(w, r, t, err)
		return
	}
	if reason != "" && again.Replay == "" {
		s.metrics.priority.WithLabelValues(reason).Inc()
	}
	next := at.start().query()
	next.Set("lang", t.Lang)
	http.Redirect(w, r, withQuery("/kiosk/ticket/"+strconv.FormatInt(int64(ticket.ID), 10), next), http.StatusSeeOther)
}

// kioskFault shows the choices with why no number was given, in the language of the form.
func (s *Server) kioskFault(w http.ResponseWriter, r *http.Request, t *texts, err error) {
	p := s.problemOf(r, err)
	fault := t.T("problem." + p.Code)
	if !p.Until.IsZero() {
		fault += " " + t.T("opens.at", "Time", s.screen(r, t, s.office.View(), nil).Opens(p.Until))
	}
	p.head(w)
	s.render(w, r, p.Status, "kiosk", layout, s.kioskScreen(r, "", fault))
}

// classFor returns the class that a form asks for: that of one of the office's reasons, or, for its
// staff, any.
func (s *Server) classFor(r *http.Request) (class queue.ClassID, reason string, err error) {
	reason, class = r.PostFormValue("reason"), queue.ClassID(r.PostFormValue("class"))
	if class != "" && accessOf(r.Context()).Role == RoleKiosk {
		return "", "", &Problem{Code: codeForbidden, Status: http.StatusForbidden, Detail: "a kiosk gives classes for reasons only"}
	}
	if reason == "" {
		return class, "", nil
	}
	for _, p := range s.o.Priority {
		if p.ID == reason {
			return p.Class, p.ID, nil
		}
	}
	return "", "", &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Errors: []FieldError{{Location: "body.reason"}}}
}
