// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// ofToken returns the ticket of a request's token, nil if it leads nowhere today.
func (s *Server) ofToken(r *http.Request, v *queue.View) (t *queue.Ticket, day queue.Date) {
	day, open := v.Day()
	id, known := s.o.Pages.Key.Parse(day, r.PathValue("token"))
	t = v.Ticket(id)
	if !known || !open || t == nil {
		return nil, day
	}
	return t, day
}

// phoneForm reads a form of a ticket's own page. Without a ticket it has answered.
func (s *Server) phoneForm(w http.ResponseWriter, r *http.Request) (t *queue.Ticket, day queue.Date) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	v := s.office.View()
	if t, day = s.ofToken(r, v); t == nil {
		s.noPhone(w, r, v)
		return nil, day
	}
	lang := r.PostFormValue("lang")
	r.URL = &url.URL{Path: "/t/" + r.PathValue("token")}
	if lang != "" {
		r.URL.RawQuery = url.Values{"lang": {lang}}.Encode()
	}
	return t, day
}

// phoneCancel takes the ticket out of the queue once its citizen is sure.
func (s *Server) phoneCancel(w http.ResponseWriter, r *http.Request) {
	t, _ := s.phoneForm(w, r)
	if t == nil {
		return
	}
	if r.PostFormValue("sure") == "" {
		q := r.URL.Query()
		q.Set("ask", "cancel")
		http.Redirect(w, r, withQuery(r.URL.Path, q), http.StatusSeeOther)
		return
	}
	s.phoneDo(w, r, "", queue.Cancel{Ticket: t.ID})
}

// phonePass lets the one behind go first. A form that was sent twice does it once.
func (s *Server) phonePass(w http.ResponseWriter, r *http.Request) {
	t, _ := s.phoneForm(w, r)
	if t == nil {
		return
	}
	passed, err := strconv.Atoi(r.PostFormValue("passed"))
	if err != nil || passed < 0 || passed > t.Passed {
		s.phoneFault(w, r, &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Errors: []FieldError{{Location: "body.passed"}}})
		return
	}
	s.phoneDo(w, r, queue.RequestID(fmt.Sprintf("pass:%d:%d", t.ID, passed)), queue.LetPass{Ticket: t.ID})
}

// phoneDo gives a citizen's command. What the office does not allow any more shows on the page, which
// says how things stand.
func (s *Server) phoneDo(w http.ResponseWriter, r *http.Request, request queue.RequestID, c queue.Command) {
	_, err := s.office.Do(r.Context(), queue.Actor{Role: queue.RoleCitizen, Request: request}, c)
	refusal, refused := errors.AsType[*queue.Refusal](err)
	q := r.URL.Query()
	switch {
	case refused && refusal.Code == queue.RefusedClock, err != nil && !refused:
		s.phoneFault(w, r, s.failure(r.Context(), err))
		return
	case refused:
		q.Set("refused", "")
	}
	http.Redirect(w, r, withQuery(r.URL.Path, q), http.StatusSeeOther)
}

// phoneVote keeps what the citizen of a ticket that was served thought of it: once.
func (s *Server) phoneVote(w http.ResponseWriter, r *http.Request) {
	t, day := s.phoneForm(w, r)
	if t == nil {
		return
	}
	if err := s.checkVote(r, "face", faces()); err != nil {
		s.phoneFault(w, r, err)
		return
	}
	if t.End != queue.EndServed {
		s.phoneFault(w, r, &Problem{Code: string(queue.RefusedTooEarly), Status: http.StatusConflict, Detail: "the visit has not ended"})
		return
	}
	vote := stats.Vote{Face: stats.Face(r.PostFormValue("face"))}
	vote.Group, vote.Wait = visitOf(s.office.View(), t)
	ballot := s.o.Pages.Key.Token(day, t.ID) // the one that was typed may be spelt in another way
	id, err := s.vote(r.Context(), day, ballot, vote)
	if err != nil {
		s.phoneFault(w, r, err)
		return
	}
	s.redirectVoted(w, r, day, ballot, id, vote.Face)
}

// phoneWhy keeps the reason of a red vote.
func (s *Server) phoneWhy(w http.ResponseWriter, r *http.Request) {
	t, day := s.phoneForm(w, r)
	if t == nil {
		return
	}
	if err := s.explain(r, day, s.o.Pages.Key.Token(day, t.ID)); err != nil {
		s.phoneFault(w, r, err)
		return
	}
	s.redirectThanks(w, r)
}

// phoneFault shows the ticket's page with why a form was not carried out. What was asked is asked again.
func (s *Server) phoneFault(w http.ResponseWriter, r *http.Request, err error) {
	if !wantsPage(r) {
		s.fail(w, r, err)
		return
	}
	p := s.problemOf(r, err)
	p.head(w)
	askWhyAgain(r, p)
	s.showPhone(w, r, layout, p)
}
