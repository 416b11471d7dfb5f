// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/avanti-queue/avanti/queue"
)

// The events of the stream. Each says what is worth fetching anew; only a call
// carries all there is to announce. Version is the newest record that the event
// knows, and the id of the event; it never goes back.
type (
	// HeartbeatEvent comes at once and then steadily. Silence means that the
	// stream is broken, whatever the browser says.
	HeartbeatEvent struct {
		Version queue.Seq `json:"version"`
		At      time.Time `json:"at" doc:"The office's time now"`
		Build   string    `json:"build" doc:"Of the pages; another one means: load the page anew"`
	}
	// CallEvent says that a citizen is called to a counter, for the first time or again.
	CallEvent struct {
		Version queue.Seq       `json:"version"`
		At      time.Time       `json:"at" doc:"Of the call"`
		Key     string          `json:"key" doc:"Of the call; a call that comes again under the same key is the same"`
		Ticket  queue.TicketID  `json:"ticket"`
		Number  string          `json:"number"`
		Counter queue.CounterID `json:"counter"`
		Label   string          `json:"label" doc:"Of the counter"`
		Count   int             `json:"calls" doc:"1, or more for a recall"`
		Sound   *CallSound      `json:"sound,omitempty" doc:"What a hall plays of it; left out: nothing"`
	}
	// UndoneEvent takes back the call of a ticket: it is not announced any more.
	UndoneEvent struct {
		Version queue.Seq       `json:"version"`
		At      time.Time       `json:"at"`
		Ticket  queue.TicketID  `json:"ticket"`
		Counter queue.CounterID `json:"counter"`
	}
	// BoardEvent says that who is called, served or waits has changed.
	BoardEvent struct {
		Version queue.Seq `json:"version"`
		At      time.Time `json:"at"`
	}
	// CountersEvent says which counters have changed. Only staff get it.
	CountersEvent struct {
		Version  queue.Seq         `json:"version"`
		At       time.Time         `json:"at"`
		Counters []queue.CounterID `json:"counters"`
	}
	// OfficeEvent says that the day was opened or closed or the settings were changed.
	OfficeEvent struct {
		Version queue.Seq `json:"version"`
		At      time.Time `json:"at"`
	}
	// WarningsEvent says that the warnings have changed, among them those of printers.
	// Staff and kiosks get it.
	WarningsEvent struct {
		Version queue.Seq `json:"version"`
		At      time.Time `json:"at"`
	}
)

func (s *Server) registerEvents(api huma.API) {
	op := s.operation(api, huma.Operation{
		OperationID: "follow-events", Method: http.MethodGet, Path: "/api/v1/events", Summary: "Follow what happens",
		Description: "Server-sent events. The stream begins with the present: what happened before is not sent again, " +
			"so after a break fetch what you show anew. Counters come to staff only, warnings to staff and kiosks.",
		Tags: []string{"office"},
	})
	op.Responses["200"] = &huma.Response{
		Description: "Each event has the name of its schema's title, its version as id and its data as JSON",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: eventSchema(api)}},
	}
	huma.Register(api, op, func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			s.stream(w, r)
		}}, nil
	})
}

// eventSchema lists the data of the events; OpenAPI 3.1 cannot say more of a stream.
func eventSchema(api huma.API) *huma.Schema {
	out := &huma.Schema{}
	for _, e := range []struct {
		name string
		data any
	}{
		{"heartbeat", HeartbeatEvent{}},
		{"call", CallEvent{}},
		{"undone", UndoneEvent{}},
		{"board", BoardEvent{}},
		{"counters", CountersEvent{}},
		{"office", OfficeEvent{}},
		{"warnings", WarningsEvent{}},
	} {
		schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(e.data), true, e.name)
		out.OneOf = append(out.OneOf, &huma.Schema{Title: e.name, AllOf: []*huma.Schema{schema}})
	}
	return out
}
