// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// feedbackBody is a step of the question how it was: the faces, after a red one the reasons, thanks.
type feedbackBody struct {
	Action  string // of the forms, see the template
	In      bool   // it stands within another page
	Counter queue.CounterID
	Ballot  string
	Receipt string // of a red vote that has no reason yet; "": none
	Thanks  bool
	Again   string // address of the first step
	Fault   string
}

// faces are those that one can choose.
func faces() []string {
	return []string{string(stats.FaceGreen), string(stats.FaceYellow), string(stats.FaceRed)}
}

// reasons are those of a red face.
func reasons() []string { return []string{"waiting", "staff", "return", "negative"} }

// Faces are those that one can choose.
func (feedbackBody) Faces() []string { return faces() }

// Reasons are those of a red face.
func (feedbackBody) Reasons() []string { return reasons() }

// recently is how long after a citizen has left a counter its tablet's votes are on that visit.
const recently = 5 * time.Minute

func (s *Server) feedback(w http.ResponseWriter, r *http.Request) {
	s.showFeedback(w, r, http.StatusOK, "")
}

// showFeedback shows a step; fault is the id of a text that says why the last touch was no vote, "": it was.
func (s *Server) showFeedback(w http.ResponseWriter, r *http.Request, status int, fault string) {
	v, a, q := s.office.View(), accessOf(r.Context()), r.URL.Query()
	if s.o.Votes == nil {
		s.fail(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "nobody is asked how it was"})
		return
	}
	day, _ := v.Day()
	body := feedbackBody{
		Action: "/feedback", Counter: cmp.Or(queue.CounterID(q.Get("counter")), a.Counter), Ballot: s.o.Pages.Key.Ballot(day, a.ID),
		Receipt: q.Get("why"), Thanks: q.Has("thanks"),
	}
	t := s.ofPublic(r)
	again := url.Values{}
	if body.Counter != a.Counter {
		again.Set("counter", string(body.Counter))
	}
	body.Again = withQuery("/feedback", again) // the next one may read another language
	if fault != "" {
		body.Fault = t.T(fault)
	}
	s.render(w, r, status, "feedback", layout, s.screen(r, t, v, body))
}

// feedbackGive keeps a vote that was given before a tablet or a kiosk.
func (s *Server) feedbackGive(w http.ResponseWriter, r *http.Request) {
	v, a := s.office.View(), accessOf(r.Context())
	day, _ := v.Day()
	s.feedbackForm(w, r)
	if err := s.checkVote(r, "face", faces()); err != nil {
		s.feedbackFault(w, r, err)
		return
	}
	ballot := r.PostFormValue("ballot")
	if !s.o.Pages.Key.Counts(day, a.ID, ballot) {
		s.showFeedback(w, r, http.StatusForbidden, "feedback.again") // perhaps of yesterday
		return
	}
	if wait := s.voted.note(a.ID); wait > 0 {
		w.Header().Set("Retry-After", "60")
		s.showFeedback(w, r, http.StatusTooManyRequests, "feedback.slow")
		return
	}
	vote := stats.Vote{Face: stats.Face(r.PostFormValue("face")), Wait: stats.WaitUnknown}
	if t := lastAt(v, cmp.Or(queue.CounterID(r.PostFormValue("counter")), a.Counter), s.office.Now()); t != nil {
		vote.Group, vote.Wait = visitOf(v, t)
	}
	id, err := s.vote(r.Context(), day, ballot, vote)
	if err != nil {
		s.feedbackFault(w, r, err)
		return
	}
	s.redirectVoted(w, r, day, a.ID, id, vote.Face)
}

// feedbackWhy keeps the reason of a red vote.
func (s *Server) feedbackWhy(w http.ResponseWriter, r *http.Request) {
	day, _ := s.office.View().Day()
	s.feedbackForm(w, r)
	if err := s.explain(r, day, accessOf(r.Context()).ID); err != nil {
		s.feedbackFault(w, r, err)
		return
	}
	s.redirectThanks(w, r)
}

// feedbackForm reads a form of the page, and makes the request one for the place where it was filled in.
func (s *Server) feedbackForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	r.URL = &url.URL{Path: "/feedback", RawQuery: url.Values{"lang": {r.PostFormValue("lang")}, "counter": {r.PostFormValue("counter")}}.Encode()}
}

// feedbackFault shows the step again with why the form was not carried out.
func (s *Server) feedbackFault(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problemOf(r, err)
	p.head(w)
	askWhyAgain(r, p)
	s.showFeedback(w, r, p.Status, "problem."+p.Code)
}

// askWhyAgain lets the page ask for a reason that could not be kept once more.
func askWhyAgain(r *http.Request, p *Problem) {
	if receipt := r.PostFormValue("receipt"); receipt != "" && p.Status >= http.StatusInternalServerError {
		q := r.URL.Query()
		q.Set("why", receipt)
		r.URL.RawQuery = q.Encode()
	}
}

// checkVote returns why a form is no vote (a face) or no reason of one, nil if it is.
func (s *Server) checkVote(r *http.Request, field string, known []string) error {
	switch {
	case s.o.Votes == nil:
		return &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "nobody is asked how it was"}
	case !slices.Contains(known, r.PostFormValue(field)):
		return &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Errors: []FieldError{{Location: "body." + field}}}
	}
	return nil
}

// vote keeps a vote and counts it, unless its ballot was used before.
func (s *Server) vote(ctx context.Context, day queue.Date, ballot string, v stats.Vote) (id int64, err error) {
	id, err = s.o.Votes.AddVote(ctx, s.office.Now(), day, ballot, v)
	if err != nil {
		return 0, s.failure(ctx, err)
	}
	if id > 0 {
		s.metrics.feedback.WithLabelValues(string(v.Group), string(v.Face)).Inc()
	}
	return id, nil
}

// redirectVoted leads on from a vote: after a red face to the reasons, else to the thanks.
func (s *Server) redirectVoted(w http.ResponseWriter, r *http.Request, day queue.Date, holder string, id int64, face stats.Face) {
	q := r.URL.Query()
	q.Set("thanks", "")
	if face == stats.FaceRed && id > 0 {
		q.Del("thanks")
		q.Set("why", s.o.Pages.Key.Receipt(day, holder, id))
	}
	http.Redirect(w, r, withQuery(r.URL.Path, q), http.StatusSeeOther)
}

// explain keeps the reason of a vote whose receipt the form has.
func (s *Server) explain(r *http.Request, day queue.Date, holder string) error {
	if err := s.checkVote(r, "reason", reasons()); err != nil {
		return err
	}
	id, known := s.o.Pages.Key.Vote(day, holder, r.PostFormValue("receipt"))
	reason := r.PostFormValue("reason")
	if !known {
		return &Problem{Code: codeForbidden, Status: http.StatusForbidden, Detail: "the receipt was not given out here today"}
	}
	fresh, err := s.o.Votes.ExplainVote(r.Context(), id, reason)
	if err != nil {
		return s.failure(r.Context(), err)
	}
	if fresh {
		s.metrics.reasons.WithLabelValues(reason).Inc()
	}
	return nil
}

func (s *Server) redirectThanks(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	q.Set("thanks", "")
	http.Redirect(w, r, withQuery(r.URL.Path, q), http.StatusSeeOther)
}

// lastAt returns whom a counter serves or has served a moment ago, nil if nobody.
func lastAt(v *queue.View, counter queue.CounterID, now time.Time) *queue.Ticket {
	var last *queue.Ticket
	for t := range v.Tickets() {
		served := t.Status == queue.Serving || t.End == queue.EndServed && now.Sub(t.Closed) <= recently
		if counter != "" && t.Counter == counter && served && (last == nil || t.CalledAt.After(last.CalledAt)) {
			last = t
		}
	}
	return last
}

// visitOf returns all that is told of a visit beside a vote: the group of services and the wait.
func visitOf(v *queue.View, t *queue.Ticket) (queue.GroupID, time.Duration) {
	service, _ := v.Service(t.Service)
	if t.CalledAt.IsZero() {
		return service.Group, stats.WaitUnknown
	}
	return service.Group, max(0, t.CalledAt.Sub(t.Since))
}
