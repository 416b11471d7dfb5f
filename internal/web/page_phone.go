// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// phoneBody is a number on its citizen's own phone.
type phoneBody struct {
	Token   string
	Here    string // address of the page as it is
	Number  string
	Service queue.Texts
	Status  string    // waiting, called, serving, parked or ended
	End     queue.End // of an ended one
	Ahead   int
	Wait    expectation
	Due     time.Time // of an appointment that is not due yet, else zero
	Counter string    // label of the counter that calls or serves

	MayCancel bool
	MayPass   bool
	Passed    int          // how often it has let one pass
	Asks      bool         // whether the citizen is sure to cancel
	Refused   bool         // the last wish could not be granted any more
	Feedback  feedbackBody // of one who was served
	Votes     bool         // feedback is asked for
	Hit       int          // how many in 100 announced waits were good; 0: nothing is said
	Fault     string       // why the last form was not carried out
}

func (s *Server) phone(w http.ResponseWriter, r *http.Request) { s.showPhone(w, r, layout, nil) }

func (s *Server) phoneState(w http.ResponseWriter, r *http.Request) {
	s.showPhone(w, r, "phone-state", nil)
}

// showPhone shows the ticket of a token to whoever has it. A token that was never made, one of
// another day and one whose day is over are answered alike. P is why a form was not carried out, nil if
// there was none.
func (s *Server) showPhone(w http.ResponseWriter, r *http.Request, part string, p *Problem) {
	w.Header().Set("X-Robots-Tag", "noindex")
	v := s.office.View()
	token, q := r.PathValue("token"), r.URL.Query()
	t, _ := s.ofToken(r, v)
	if t == nil {
		s.noPhone(w, r, v)
		return
	}
	sc := s.screen(r, s.ofPhone(r, t.Language), v, nil)
	service, _ := v.Service(t.Service)
	body := phoneBody{
		Token: token, Here: withQuery(r.URL.Path, q), Number: t.Number, Service: service.Name, Status: t.Status.String(), End: t.End,
		Ahead: display.Ahead(v, t), Wait: s.waitOf(t), Counter: labelOf(v, t.Counter),
		MayCancel: t.Status == queue.Waiting || t.Status == queue.Parked, MayPass: v.MayLetPass(t, sc.Now), Passed: t.Passed,
		Refused: q.Has("refused"), Votes: s.o.Votes != nil && t.End == queue.EndServed,
		Feedback: feedbackBody{Action: "/t/" + token, In: true, Receipt: q.Get("why"), Thanks: q.Has("thanks")},
	}
	body.Asks = body.MayCancel && q.Get("ask") == "cancel"
	if t.Slot.After(sc.Now) {
		body.Due = t.Slot
	}
	if t.Status == queue.Waiting && body.Wait.unknown == "" && body.Due.IsZero() {
		body.Hit = s.hit(r.Context())
	}
	status := http.StatusOK
	if p != nil {
		status, body.Fault = p.Status, sc.T("problem."+p.Code)
	}
	sc.Body, sc.Private = body, true
	s.render(w, r, status, "phone", part, sc)
}

// noPhone answers a token that leads nowhere. Nobody can guess one; who tries too often is slowed
// down all the same.
func (s *Server) noPhone(w http.ResponseWriter, r *http.Request, v *queue.View) {
	status := http.StatusNotFound
	if wait := s.guessed.note(remote(r)); wait > 0 {
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	sc := s.screen(r, s.ofPhone(r, ""), v, nil)
	sc.Private, sc.Tongues = true, nil // links would repeat the address
	s.render(w, r, status, "phone", layout, sc)
}

// ofPhone returns the texts of a citizen's own page: in the language that was chosen with ?lang=,
// else in the ticket's, else in the browser's, as far as the office speaks them.
func (s *Server) ofPhone(r *http.Request, ticket string) *texts {
	spoken := s.texts.spoken(s.office.View().Settings())
	for _, lang := range []string{r.URL.Query().Get("lang"), ticket, s.texts.accepted(r.Header.Get("Accept-Language")).Lang} {
		if slices.Contains(spoken, lang) {
			return s.texts.byTag[lang]
		}
	}
	return s.texts.byTag[spoken[0]]
}
