// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/queue"
)

type issueInput struct {
	KeyRequired
	Body IssueRequest
}

// IssueRequest asks for a ticket.
type IssueRequest struct {
	Service  queue.ServiceID `json:"service" minLength:"1" maxLength:"32"`
	Class    queue.ClassID   `json:"class,omitempty" maxLength:"32" doc:"Left out: the office's ordinary class"`
	Language string          `json:"language,omitempty" maxLength:"16" doc:"Of the slip; left out: the office's own"`
	Slot     time.Time       `json:"slot,omitzero" required:"false" doc:"Of an appointment, today"`
	Paper    string          `json:"paper,omitempty" enum:"auto,required,none" doc:"auto, or left out: paper if the printer is ready, else only a number; required: paper or no ticket at all"`
}

// ByTicket is in the address of every request about one ticket.
type ByTicket struct {
	ID queue.TicketID `path:"id" minimum:"1"`
}

// TicketInput is a request about one ticket.
type TicketInput struct {
	KeyHeader
	ByTicket
}

type classInput struct {
	TicketInput
	Body struct {
		Class queue.ClassID `json:"class" minLength:"1" maxLength:"32"`
	}
}

type voidInput struct {
	TicketInput
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"Recorded; write no names"`
	}
}

type reprintInput struct {
	TicketInput
	Body struct {
		Printer string `json:"printer,omitempty" maxLength:"32" doc:"Left out: the access's own, else the ticket's first one"`
	}
}

type ticketOutput struct {
	ReplayHeader
	Body Ticket
}

// ticketPlaces says which fields the refusals of a request about a ticket are about.
func ticketPlaces() map[queue.RefusalCode]string {
	return map[queue.RefusalCode]string{
		queue.RefusedUnknownTicket:  pathID,
		queue.RefusedUnknownService: "body.service",
		queue.RefusedUnknownClass:   "body.class",
	}
}

func (s *Server) registerTickets(api huma.API) {
	op := func(method, path, id, summary string, status int) huma.Operation {
		return s.operation(api, huma.Operation{
			OperationID: id, Method: method, Path: "/api/v1/tickets" + path, Summary: summary,
			Tags: []string{"tickets"}, DefaultStatus: status,
		})
	}
	huma.Register(api, op(http.MethodPost, "", "issue-ticket", "Give a number", http.StatusCreated), s.postTicket)
	huma.Register(api, op(http.MethodGet, "/{id}", "get-ticket", "One ticket of today", http.StatusOK), s.getTicket)
	huma.Register(api, op(http.MethodPost, "/{id}/cancel", "cancel-ticket", "Take a ticket out of the queue", http.StatusOK),
		func(ctx context.Context, in *TicketInput) (*ticketOutput, error) {
			return s.changeTicket(ctx, "cancel", in, queue.Cancel{Ticket: in.ID})
		})
	huma.Register(api, op(http.MethodPost, "/{id}/unpark", "unpark-ticket", "Bring a parked ticket or a no-show back into the queue", http.StatusOK),
		func(ctx context.Context, in *TicketInput) (*ticketOutput, error) {
			return s.changeTicket(ctx, "unpark", in, queue.Unpark{Ticket: in.ID})
		})
	huma.Register(api, op(http.MethodPost, "/{id}/class", "reclassify-ticket", "Move a ticket to another class", http.StatusOK),
		func(ctx context.Context, in *classInput) (*ticketOutput, error) {
			return s.changeTicket(ctx, "class", &in.TicketInput, queue.ChangeClass{Ticket: in.ID, Class: in.Body.Class})
		})
	huma.Register(api, op(http.MethodPost, "/{id}/void", "void-ticket", "Withdraw a number that should not have been given", http.StatusOK),
		func(ctx context.Context, in *voidInput) (*ticketOutput, error) {
			return s.changeTicket(ctx, "void", &in.TicketInput, queue.Void{Ticket: in.ID, Reason: in.Body.Reason})
		})
	huma.Register(api, op(http.MethodPost, "/{id}/reprint", "reprint-ticket", "Print the slip once more", http.StatusOK), s.reprint)
}

func (s *Server) postTicket(ctx context.Context, in *issueInput) (*ticketOutput, error) {
	t, again, err := s.issue(ctx, in.Key, in.Body)
	if err != nil {
		return nil, err
	}
	return &ticketOutput{ReplayHeader: again, Body: *t}, nil
}

// issue gives a number and, with paper, waits a while for what becomes of it.
func (s *Server) issue(ctx context.Context, key string, in IssueRequest) (*Ticket, ReplayHeader, error) {
	a := accessOf(ctx)
	c := queue.IssueTicket{
		Service: in.Service, Class: in.Class, Channel: channelOf(a.Role, in.Slot), Language: in.Language, Slot: in.Slot,
	}
	if in.Paper != "none" {
		c.Printer = s.printerOf(a)
	}
	// The paper may have run out with the very slip whose answer was lost.
	required := in.Paper == "required" || a.Refuses && in.Paper != "none"
	if required && c.Printer == "" && !s.papers.has(requestID("issue", key)) {
		return nil, ReplayHeader{}, &Problem{
			Code: codeOutOfPaper, Status: http.StatusServiceUnavailable, Subject: a.Printer,
			Detail: "no paper would come out; no number was given", retry: retryAfter,
		}
	}
	byItself := c.Channel == queue.ChannelKiosk || c.Channel == queue.ChannelAPI
	if byItself && s.o.turnedAway(s.o.Forecast(), in.Service, in.Class) && !s.papers.has(requestID("issue", key)) {
		return nil, ReplayHeader{}, &Problem{
			Code: codeNotToday, Status: http.StatusConflict, Subject: string(in.Service),
			Detail: "the call would hardly come before the office closes; no number was given",
		}
	}
	did, err := s.do(ctx, "issue", key, c, ticketPlaces())
	if err != nil {
		return nil, ReplayHeader{}, err
	}
	e, ok := did.records[0].Event.(queue.TicketIssued)
	if !ok || e.Service != in.Service {
		return nil, ReplayHeader{}, reused()
	}
	s.papers.note(requestID("issue", key))
	t := issuedTicket(did.view, did.records[0].At, e)
	if t.Paper.Outcome == pending {
		t = s.settled(ctx, t)
	}
	return t, did.replay, nil
}

// printerOf returns the printer that would print what an access issues, its own before its
// spare; "": neither would.
func (s *Server) printerOf(a *Access) string {
	for _, printer := range []string{a.Printer, a.Spare} {
		if printer != "" && s.office.PrinterReady(printer) == nil {
			return printer
		}
	}
	return ""
}

func channelOf(r Role, slot time.Time) queue.Channel {
	switch {
	case !slot.IsZero():
		return queue.ChannelAppointment
	case r == RoleKiosk:
		return queue.ChannelKiosk
	case r == RoleCounter || r == RoleManager:
		return queue.ChannelCounter
	}
	return queue.ChannelAPI
}

func (s *Server) getTicket(ctx context.Context, in *ByTicket) (*ticketOutput, error) {
	v := s.office.View()
	t := v.Ticket(in.ID)
	if t == nil || !s.maySee(ctx, in.ID) {
		return nil, unknownTicket()
	}
	out := &ticketOutput{Body: *ticketOf(v, t)}
	if t.Status == queue.Waiting {
		out.Body.Expected = s.waitOf(t).api()
	}
	return out, nil
}

func unknownTicket() error {
	return &Problem{
		Code: string(queue.RefusedUnknownTicket), Status: http.StatusNotFound,
		Detail: "no such ticket today", Errors: []FieldError{{Location: pathID}},
	}
}

// maySee reports whether whoever asks may know of a ticket: a kiosk only of those
// that it issued. A ticket's id is the place of the record that says who did.
func (s *Server) maySee(ctx context.Context, id queue.TicketID) bool {
	a := accessOf(ctx)
	if a.Role != RoleKiosk {
		return true
	}
	for r, err := range s.office.Follow(ctx, queue.Seq(id)-1) {
		return err == nil && r.By.ID == a.ID && r.By.Role == queue.RoleKiosk
	}
	return false
}

// changeTicket gives a command about one ticket.
func (s *Server) changeTicket(ctx context.Context, operation string, in *TicketInput, c queue.Command) (*ticketOutput, error) {
	did, err := s.do(ctx, operation, in.Key, c, ticketPlaces())
	if err != nil {
		return nil, err
	}
	t := did.view.Ticket(in.ID)
	if t == nil {
		return nil, unknownTicket()
	}
	return &ticketOutput{ReplayHeader: did.replay, Body: *ticketOf(did.view, t)}, nil
}

func (s *Server) reprint(ctx context.Context, in *reprintInput) (*ticketOutput, error) {
	t := s.office.View().Ticket(in.ID)
	if t == nil || !s.maySee(ctx, in.ID) {
		return nil, unknownTicket()
	}
	printer, a := in.Body.Printer, accessOf(ctx)
	// The paper may have come out, or run out, with the very request whose answer was lost.
	request := queue.RequestID(fmt.Sprintf("%s/%d/%s", a.ID, in.ID, requestID("reprint", in.Key)))
	again := in.Key != "" && s.papers.has(request)
	if !again && !mayReprint(a, t) {
		return nil, &Problem{
			Code: string(queue.RefusedStatus), Status: http.StatusConflict, Subject: t.Number,
			Detail: "the paper came out, or was asked for often enough: the staff may print another one",
		}
	}
	switch {
	case a.Role == RoleKiosk, printer == "" && a.Printer != "":
		printer = cmp.Or(s.printerOf(a), a.Printer)
	case printer == "":
		printer = cmp.Or(t.Slip.Printer, s.anyPrinter())
	}
	if printer != "" && !again {
		if err := s.office.PrinterReady(printer); err != nil {
			return nil, &Problem{
				Code: codeOutOfPaper, Status: http.StatusServiceUnavailable, Subject: printer,
				Detail: "no paper would come out", retry: retryAfter,
			}
		}
	}
	out, err := s.changeTicket(ctx, "reprint", &in.TicketInput, queue.Reprint{Ticket: in.ID, Printer: printer})
	if err != nil {
		return nil, err
	}
	if in.Key != "" {
		s.papers.note(request)
	}
	if out.Body.Paper.Outcome == pending {
		out.Body = *s.settled(ctx, &out.Body)
	}
	return out, nil
}

// kioskPapers is how many papers of one number a kiosk prints: whoever has none by then needs help.
const kioskPapers = 4

// mayReprint reports whether an access may have a ticket's paper printed once more. Staff may; a kiosk,
// before which anybody may stand, only as long as none is known to have come out.
func mayReprint(a *Access, t *queue.Ticket) bool {
	return a.Role != RoleKiosk || t.Slip.Result != queue.SlipResultPrinted && t.Slip.Attempt < kioskPapers
}

// anyPrinter returns one that would print now, "" if none would.
func (s *Server) anyPrinter() string {
	for _, p := range s.o.Printers() {
		if p.Ready {
			return p.ID
		}
	}
	return ""
}
