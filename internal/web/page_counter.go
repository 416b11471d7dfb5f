// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// waitingRows is how many of those who wait a clerk sees.
const waitingRows = 12

type counterPage struct {
	Counter  *Counter // nil: there is one to choose
	Counters []Counter
	Services []queue.Service
	Classes  []queue.Class
	Outcomes []string

	Service  queue.Texts // of the citizen in hand
	Language string      // of the citizen, by its own name; "": the page's
	Class    queue.Texts // empty: the ordinary one
	Waited   time.Duration
	Card     *Card  // nil: there is none
	Waiting  []line // that this counter may call, in the order of issue
	More     int    // that do not fit
	Aside    []line // parked, and those who did not come and may still
	Needs    []need
	Day      bool
	FinishOn bool   // "next" finishes whoever is there
	Undo     bool   // there is something to undo
	Papers   []line // that may be printed once more, those first that nobody has
}

// line is one ticket in a list.
type line struct {
	ID      queue.TicketID
	Number  string
	Service queue.Texts
	Class   queue.Texts // empty: the ordinary one
	Lang    string      // of the citizen
	Since   time.Time
	Early   bool // an appointment that is not due yet
	Absent  bool // did not come
	Bare    bool // no paper is known to have come out, though one was asked for
}

// maxPapers is how many tickets can be printed once more from a counter: those without a paper, and the newest.
const maxPapers = 60

// counterScreen shows the counter that an access works, or the one that a manager
// chose.
func (s *Server) counterScreen(r *http.Request) *screen {
	v := s.office.View()
	sc := s.screen(r, s.ofStaff(r), v, nil)
	a := accessOf(r.Context())
	id := queue.CounterID(r.URL.Query().Get("counter"))
	if id == "" || a.Role == RoleCounter {
		id = a.Counter
	}
	page := counterPage{Counters: allCounters(v)}
	_, page.Day = v.Day()
	c, ok := counterByID(v, id)
	if !ok {
		sc.Body = page
		return sc
	}
	settings := v.Settings()
	page.Counter, page.FinishOn = &c, settings.FinishOnNext
	page.Services, page.Classes, page.Outcomes = settings.Services, settings.Classes, settings.Outcomes
	page.Undo = c.Undo.After(s.office.Now())
	page.Needs = s.needs(sc, c)
	if c.Ticket != nil {
		s.inHand(&page, sc, v)
	}
	for t := range v.Tickets() {
		s.listed(&page, sc, v, t)
		if t.Alive() && t.Slip.Result != queue.SlipResultPending {
			service, _ := v.Service(t.Service)
			page.Papers = append(page.Papers, line{ID: t.ID, Number: t.Number, Service: service.Name, Bare: bare(t)})
		}
	}
	slices.SortFunc(page.Papers, func(a, b line) int {
		if a.Bare != b.Bare {
			return map[bool]int{true: -1, false: 1}[a.Bare]
		}
		return cmp.Compare(b.ID, a.ID)
	})
	page.Papers = page.Papers[:min(len(page.Papers), maxPapers)]
	sc.Body = page
	return sc
}

// bare reports whether a ticket's citizen may have no paper, though one was asked for.
func bare(t *queue.Ticket) bool {
	return t.Slip.Result == queue.SlipResultFailed || t.Slip.Result == queue.SlipResultUnknown
}

// inHand tells of the citizen at the counter what the clerk needs.
func (s *Server) inHand(page *counterPage, sc *screen, v *queue.View) {
	t := page.Counter.Ticket
	service, _ := v.Service(t.Service)
	page.Service, page.Class = service.Name, special(v.Settings(), t.Class)
	if texts := s.texts.byTag[t.Language]; texts != nil && t.Language != sc.Lang {
		page.Language = texts.T("language.name")
	}
	page.Waited = t.Called.Sub(t.Since)
	if card, ok := s.o.Cards[t.Service]; ok {
		page.Card = &card
	}
}

// special returns the name of a class that is not the ordinary one. Why somebody is in it
// stands nowhere.
func special(s *queue.Settings, id queue.ClassID) queue.Texts {
	for i, c := range s.Classes {
		if c.ID == id && i > 0 {
			return c.Name
		}
	}
	return nil
}

// listed puts a ticket into the list that it belongs to, if the counter has to do with it.
func (s *Server) listed(page *counterPage, sc *screen, v *queue.View, t *queue.Ticket) {
	if !v.Serves(page.Counter.ID, t) {
		return
	}
	service, _ := v.Service(t.Service)
	l := line{
		ID: t.ID, Number: t.Number, Service: service.Name, Class: special(v.Settings(), t.Class), Since: t.Since,
		Early: t.Since.After(sc.Now), Absent: v.MayReturn(t, sc.Now), Bare: bare(t),
	}
	if t.Language != sc.Lang {
		l.Lang = t.Language
	}
	switch {
	case t.Status == queue.Waiting && len(page.Waiting) < waitingRows:
		page.Waiting = append(page.Waiting, l)
	case t.Status == queue.Waiting:
		page.More++
	case l.Absent:
		l.Since = t.Closed
		page.Aside = append(page.Aside, l)
	case t.Status == queue.Parked:
		page.Aside = append(page.Aside, l)
	}
}

// Documents are what a citizen needs for the procedure, in the language of the page.
func (sc *screen) Documents(c *Card) []string {
	for _, lang := range append([]string{sc.Lang}, spokenTags(sc)...) {
		if list := c.Documents[lang]; len(list) > 0 {
			return list
		}
	}
	return nil
}

func spokenTags(sc *screen) (tags []string) {
	for _, t := range sc.Tongues {
		tags = append(tags, t.Lang)
	}
	return tags
}

// Finish is the body of a request to finish with an outcome, less what the clerk saw.
func (counterPage) Finish(outcome string) (string, error) {
	body, err := json.Marshal(map[string]string{"outcome": outcome})
	return string(body), err
}

// Digit is the key of an outcome; "" where there are no more keys.
func (counterPage) Digit(i int) string {
	if i > 8 {
		return ""
	}
	return string(rune('1' + i))
}

// Said are the commands of which the page says aloud that they were done.
func (counterPage) Said() []string {
	return []string{
		"open", "pause", "close", "next", "call", "recall", "start", "finish", "no-show", "return", "park", "transfer", "undo", "unpark",
		"issue", "nobody", "reprint", "bare",
	}
}

func (s *Server) counter(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "counter", layout, s.counterScreen(r))
}

func (s *Server) counterPanel(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "counter", "counter-panel", s.counterScreen(r))
}
