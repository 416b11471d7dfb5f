// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// kioskTicketBody is a number on the kiosk that gave it, with what became of its paper.
type kioskTicketBody struct {
	Ticket  *Ticket
	Service queue.Texts
	Waiting int // in the ticket's group, itself included
	Wait    expectation
	Paper   string
	Settled bool    // more will not be known of the paper
	Void    bool    // nobody is called by this number
	Again   bool    // the paper may be asked for once more
	Fault   string  // why it was not printed again
	Symbol  *symbol // of the page for phones; nil: the paper has it, or there is none
	At      kioskPlace
	Idle    int  // seconds until the next one may begin
	Warning int  // seconds
	Speaks  bool // texts of this language can be heard
	Staff   bool // somebody of the office takes numbers for citizens
}

func (s *Server) kioskTicket(w http.ResponseWriter, r *http.Request) {
	s.showTicket(w, r, layout, nil)
}

func (s *Server) kioskTicketState(w http.ResponseWriter, r *http.Request) {
	s.showTicket(w, r, "kiosk-ticket", nil)
}

// kioskReprint asks for the paper once more, for somebody who got none. The same form gives one paper,
// however often it is sent.
func (s *Server) kioskReprint(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	q := url.Values{"lang": {r.PostFormValue("lang")}}
	if see := r.PostFormValue("see"); see != "" {
		q.Set("see", see)
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	attempt, bad := strconv.Atoi(r.PostFormValue("attempt"))
	r.URL = &url.URL{Path: "/kiosk/ticket/" + r.PathValue("id"), RawQuery: q.Encode()}
	if err != nil || bad != nil {
		s.showTicket(w, r, layout, &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Errors: []FieldError{{Location: "body.attempt"}}})
		return
	}
	in := &reprintInput{TicketInput: TicketInput{ByTicket: ByTicket{ID: queue.TicketID(id)}}}
	in.Key = fmt.Sprintf("kiosk-%d-%d", id, attempt)
	if _, err := s.reprint(r.Context(), in); err != nil {
		s.showTicket(w, r, layout, s.problemOf(r, err))
		return
	}
	http.Redirect(w, r, r.URL.String(), http.StatusSeeOther)
}

// showTicket shows a number and what became of its paper. P is why it was not printed again, nil if nobody
// asked for that.
func (s *Server) showTicket(w http.ResponseWriter, r *http.Request, part string, p *Problem) {
	v := s.office.View()
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	t := v.Ticket(queue.TicketID(id))
	if t == nil || !s.maySee(r.Context(), t.ID) {
		if part != layout {
			http.NotFound(w, r) // the page around it goes where this would lead
			return
		}
		http.Redirect(w, r, "/kiosk", http.StatusSeeOther)
		return
	}
	texts, _ := s.ofKiosk(r)
	body := s.kioskTicketBody(accessOf(r.Context()), v, t)
	body.At, body.Speaks = placeOf(r).start(), s.readsAloud(texts.Lang)
	body.At.Ticket = t.ID
	status := http.StatusOK
	if p != nil {
		p.head(w)
		status, body.Fault = p.Status, texts.T("problem."+p.Code)
	}
	s.render(w, r, status, "ticket", part, s.screen(r, texts, v, body))
}

func (s *Server) kioskTicketBody(a *Access, v *queue.View, t *queue.Ticket) kioskTicketBody {
	service, _ := v.Service(t.Service)
	ticket := ticketOf(v, t)
	outcome, k := ticket.Paper.Outcome, s.kioskOf(a)
	body := kioskTicketBody{
		Ticket: ticket, Service: service.Name, Wait: s.waitOf(t), Paper: "kiosk.paper." + string(outcome),
		Settled: outcome != pending, Void: t.End == queue.EndVoid,
		Idle: int(k.Idle.Seconds()), Warning: int(k.Warning.Seconds()), Staff: a.Role != RoleKiosk,
	}
	body.Again = body.Settled && t.Alive() && mayReprint(a, t) && s.printerOf(a) != ""
	if outcome == Outcome(queue.SlipResultPrinted) && a.Spare != "" && ticket.Paper.Printer != a.Printer {
		body.Paper = "kiosk.paper.elsewhere"
	}
	if (outcome != Outcome(queue.SlipResultPrinted) || k.QR == "always") && k.QR != "never" && !body.Void {
		if day, open := v.Day(); open {
			body.Symbol = newSymbol(s.o.Pages.URL(day, t.ID))
		}
	}
	for _, g := range display.NewBoard(v, 1).Groups {
		if g.ID == service.Group {
			body.Waiting = g.Waiting
		}
	}
	return body
}
