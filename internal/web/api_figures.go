// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// Publish says which feeds everybody may read. They tell of no citizen and no clerk.
type Publish struct {
	Status       bool // plain JSON
	QueueMonitor bool // NGSI-LD entities of FIWARE's data model QueueMonitor
	Forecasts    bool // how good the announced waits were
}

// maxReads is how often an address may read the public feeds in a minute.
const maxReads = 60

// publicInput knows where a request comes from.
type publicInput struct{ remote string }

// Resolve implements [huma.Resolver].
func (in *publicInput) Resolve(ctx huma.Context) []error {
	in.remote = ctx.RemoteAddr()
	if host, _, err := net.SplitHostPort(in.remote); err == nil {
		in.remote = host
	}
	return nil
}

// OpenHeaders let pages from elsewhere read an answer, and everybody keep it for a moment.
type OpenHeaders struct {
	Origin string `header:"Access-Control-Allow-Origin" doc:"Always *"`
	Cache  string `header:"Cache-Control"`
}

func openHeaders() OpenHeaders { return OpenHeaders{"*", "public, max-age=10"} }

// Status is how the office stands now, for everybody.
type Status struct {
	Office   queue.OfficeID  `json:"office"`
	Name     queue.Texts     `json:"name" doc:"By language"`
	At       time.Time       `json:"at"`
	Open     bool            `json:"open" doc:"The day is open"`
	Hours    []StatusHours   `json:"hours" doc:"Of today"`
	Counters int             `json:"counters_open"`
	Waiting  int             `json:"waiting"`
	Services []StatusService `json:"services"`
}

// StatusHours is an opening.
type StatusHours struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// StatusService is how it stands with a service.
type StatusService struct {
	ID       queue.ServiceID `json:"id"`
	Group    queue.GroupID   `json:"group"`
	Name     queue.Texts     `json:"name" doc:"By language"`
	Issuing  bool            `json:"issuing" doc:"A ticket would be given now"`
	Waiting  int             `json:"waiting"`
	Expected *Expected       `json:"expected" doc:"Wait of somebody who takes a ticket now"`
}

type statusOutput struct {
	OpenHeaders
	Body Status
}

type monitorOutput struct {
	OpenHeaders
	ContentType string `header:"Content-Type"`
	Body        []QueueMonitor
}

func (s *Server) registerPublic(api huma.API) {
	op := func(path, id, summary string) huma.Operation {
		return s.operation(api, huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1/public/" + path, Summary: summary, Tags: []string{"public"}})
	}
	huma.Register(api, op("status", "get-public-status", "How the office stands, where it publishes it"),
		func(_ context.Context, in *publicInput) (*statusOutput, error) {
			if err := s.mayRead(in, s.o.Publish.Status); err != nil {
				return nil, err
			}
			return &statusOutput{openHeaders(), s.status()}, nil
		})
	huma.Register(api, op("queue-monitor", "get-queue-monitor", "The same as NGSI-LD entities, where the office publishes it"),
		func(_ context.Context, in *publicInput) (*monitorOutput, error) {
			if err := s.mayRead(in, s.o.Publish.QueueMonitor); err != nil {
				return nil, err
			}
			return &monitorOutput{openHeaders(), "application/ld+json", monitors(s.status())}, nil
		})
	s.registerForecasts(api)
}

// mayRead refuses feeds that are not switched on and those who read too often.
func (s *Server) mayRead(in *publicInput, published bool) error {
	if !published || s.office.View().Settings() == nil {
		return &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "the office does not publish this"}
	}
	if wait := s.readers.note(in.remote); wait > 0 {
		return &Problem{Code: codeTooMany, Status: http.StatusTooManyRequests, Detail: "an address may ask once a second", retry: wait}
	}
	return nil
}

func (s *Server) status() Status {
	v, now := s.office.View(), s.office.Now()
	settings := v.Settings()
	out := Status{Office: settings.Office, Name: settings.Name, At: now.UTC(), Hours: []StatusHours{}}
	_, out.Open = v.Day()
	for _, o := range settings.Hours.On(now.In(v.Zone())) {
		out.Hours = append(out.Hours, StatusHours{o.From, o.To})
	}
	for c := range v.Counters() {
		if c.State == queue.CounterIsOpen {
			out.Counters++
		}
	}
	waiting := map[queue.ServiceID]int{}
	board := display.NewBoard(v, 1)
	out.Waiting = board.Waiting
	for _, g := range board.Groups {
		for _, x := range g.Services {
			waiting[x.ID] = x.Waiting
		}
	}
	f := s.o.Forecast()
	for _, x := range settings.Services {
		out.Services = append(out.Services, StatusService{
			ID: x.ID, Group: x.Group, Name: x.Name, Issuing: v.Issuing(x.ID, now) == nil, Waiting: waiting[x.ID], Expected: waitNow(f, x.ID).api(),
		})
	}
	return out
}
