// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// Service is something citizens come for, and whether tickets are given now.
type Service struct {
	ID      queue.ServiceID   `json:"id"`
	Group   queue.GroupID     `json:"group"`
	Name    queue.Texts       `json:"name" doc:"By language"`
	Issuing bool              `json:"issuing" doc:"A ticket would be given now"`
	Closed  queue.RefusalCode `json:"closed,omitempty" doc:"Why not"`
	Opens   time.Time         `json:"opens_at,omitzero" required:"false" doc:"From when, where that is known"`
}

// Group is a set of services that stand together.
type Group struct {
	ID   queue.GroupID `json:"id"`
	Name queue.Texts   `json:"name" doc:"By language"`
}

// Class is a kind of ticket.
type Class struct {
	ID   queue.ClassID `json:"id"`
	Name queue.Texts   `json:"name" doc:"By language"`
}

type servicesOutput struct {
	Body struct {
		Groups   []Group   `json:"groups"`
		Services []Service `json:"services"`
		Classes  []Class   `json:"classes" doc:"The first one is given to tickets that name none"`
	}
}

type boardInput struct {
	Rows int `query:"rows" minimum:"0" maximum:"200" doc:"Newest calls at most; 0 or left out: all"`
}

type boardOutput struct{ Body display.Board }

type warningsOutput struct {
	Body struct {
		Warnings []Warning `json:"warnings"`
	}
}

// Day is a day of the office.
type Day struct {
	Date queue.Date `json:"date"`
	Open bool       `json:"open"`
}

type dayOutput struct {
	ReplayHeader
	Body Day
}

type openDayInput struct{ KeyHeader }

type closeDayInput struct {
	KeyHeader
	Body struct {
		Force bool `json:"force,omitempty" doc:"Also while a counter has a citizen, whose ticket then expires"`
	}
}

func (s *Server) registerOffice(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return s.operation(api, huma.Operation{
			OperationID: id, Method: method, Path: "/api/v1/" + path, Summary: summary, Tags: []string{"office"},
		})
	}
	huma.Register(api, op(http.MethodGet, "services", "list-services", "What citizens come for"),
		func(context.Context, *struct{}) (*servicesOutput, error) { return s.services(), nil })
	huma.Register(api, op(http.MethodGet, "board", "get-board", "What the hall reads"),
		func(_ context.Context, in *boardInput) (*boardOutput, error) {
			return &boardOutput{Body: display.NewBoard(s.office.View(), in.Rows)}, nil
		})
	huma.Register(api, op(http.MethodGet, "warnings", "list-warnings", "What staff should know of"),
		func(context.Context, *struct{}) (*warningsOutput, error) {
			var out warningsOutput
			out.Body.Warnings = append([]Warning{}, s.o.Warnings()...)
			return &out, nil
		})
	huma.Register(api, op(http.MethodPost, "day/open", "open-day", "Open the day"),
		func(ctx context.Context, in *openDayInput) (*dayOutput, error) {
			return s.changeDay(ctx, "open-day", in.Key, queue.OpenDay{Clock: s.office.Now(), Built: s.o.Built})
		})
	huma.Register(api, op(http.MethodPost, "day/close", "close-day", "Close the day; those who wait are sent home"),
		func(ctx context.Context, in *closeDayInput) (*dayOutput, error) {
			return s.changeDay(ctx, "close-day", in.Key, queue.CloseDay{Force: in.Body.Force})
		})
}

func (s *Server) changeDay(ctx context.Context, operation, key string, c queue.Command) (*dayOutput, error) {
	did, err := s.do(ctx, operation, key, c, nil)
	if err != nil {
		return nil, err
	}
	out := &dayOutput{ReplayHeader: did.replay}
	out.Body.Date, out.Body.Open = did.view.Day()
	return out, nil
}

func (s *Server) services() *servicesOutput {
	var out servicesOutput
	v, now := s.office.View(), s.office.Now()
	out.Body.Groups, out.Body.Services, out.Body.Classes = []Group{}, []Service{}, []Class{}
	settings := v.Settings()
	if settings == nil {
		return &out
	}
	for _, g := range settings.Groups {
		out.Body.Groups = append(out.Body.Groups, Group{ID: g.ID, Name: g.Name})
	}
	for _, c := range settings.Classes {
		out.Body.Classes = append(out.Body.Classes, Class{ID: c.ID, Name: c.Name})
	}
	for _, x := range settings.Services {
		service := Service{ID: x.ID, Group: x.Group, Name: x.Name, Issuing: true}
		if refusal, ok := errors.AsType[*queue.Refusal](v.Issuing(x.ID, now)); ok {
			service.Issuing, service.Closed, service.Opens = false, refusal.Code, refusal.Until
		}
		out.Body.Services = append(out.Body.Services, service)
	}
	return &out
}
