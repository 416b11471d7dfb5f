// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/avanti-queue/avanti/queue"
)

const (
	apiVersion = "1.0.0" // of the contract, not of the program
	apiRest    = "/api/"
	maxBody    = 64 << 10 // bytes of a request
)

// registerAPI builds /api/v1. Schema links, content negotiation beyond JSON and
// the built-in documentation pages are left out: they cost time on every request
// and load scripts from elsewhere.
func (s *Server) registerAPI(r *routes) {
	plain := huma.Format{Marshal: marshal, Unmarshal: json.Unmarshal}
	api := humago.New(r, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Avanti", Version: apiVersion,
				Description: "The queue of a public office. docs/api.md tells the story; errors are problem documents (RFC 9457).",
				License:     &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token":   {Type: "http", Scheme: "bearer", Description: "The token of an access in the configuration"},
					"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "What /enter gives to a browser"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": plain, "json": plain}, // the second is of application/problem+json
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{s.transform},
	})
	s.registerTickets(api)
	s.registerCounters(api)
	s.registerOffice(api)
	s.registerEvents(api)
	s.registerDevices(api)
	s.registerSettings(api)
	s.registerPublic(api)
	r.server.mux.HandleFunc(apiRest, s.missing)

	s.spec = sync.OnceValues(func() ([]byte, error) { return document(api.OpenAPI()) })
	r.HandleFunc("GET /api/v1/openapi.json", func(w http.ResponseWriter, r *http.Request) {
		spec, err := s.spec()
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(spec) // the client may have gone
	})
}

// document writes the contract down.
func document(o *huma.OpenAPI) ([]byte, error) {
	schemas := o.Components.Schemas.Map() // with the machinery's own form of errors, which ours replaces
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	spec, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("web: openapi: %w", err)
	}
	return append(spec, '\n'), nil
}

func marshal(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// operation fills in what all operations share.
func (s *Server) operation(api huma.API, o huma.Operation) huma.Operation {
	o.MaxBodyBytes = maxBody + 1 // the machinery refuses a body that is as long as this
	problem := api.OpenAPI().Components.Schemas.Schema(typeOf[Problem](), true, "Problem")
	o.Responses = map[string]*huma.Response{"default": {
		Description: "Not done, and why",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
	}}
	if rules()[o.Method+" "+o.Path]&public == 0 {
		o.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	}
	return o
}

// KeyHeader is the header that names a request: the same key gives the same answer.
type KeyHeader struct {
	Key string `header:"Idempotency-Key" maxLength:"100" pattern:"^[!-~]*$" doc:"Names this request; sent again with the same key, it gives the same answer and does nothing twice"`
}

// KeyRequired is [KeyHeader] where leaving it out would be a danger.
type KeyRequired struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"100" pattern:"^[!-~]+$" doc:"Names this request; sent again with the same key, it gives the same answer and does nothing twice"`
}

// ReplayHeader is the header that marks an answer as one that was given before.
type ReplayHeader struct {
	Replay string `header:"Idempotent-Replay" doc:"true if this request was answered before"`
}

// requestID names a request for the journal: "" for one without a key.
func requestID(operation, key string) queue.RequestID {
	if key == "" {
		return ""
	}
	return queue.RequestID(operation + ":" + key)
}

// answer is what became of a command.
type answer struct {
	records []queue.Record
	view    *queue.View // knows the records
	replay  ReplayHeader
}

// do gives a command to the office for whoever asks.
func (s *Server) do(ctx context.Context, operation, key string, c queue.Command, places map[queue.RefusalCode]string) (answer, error) {
	before := s.office.View().Seq()
	records, err := s.office.Do(ctx, accessOf(ctx).actor(requestID(operation, key)), c)
	if err != nil {
		return answer{}, s.refused(ctx, err, places)
	}
	a := answer{records: records, view: s.office.View()}
	if len(records) > 0 && records[0].Seq <= before {
		a.replay.Replay = "true"
	}
	return a, nil
}

// reused answers a key that names another request than the first time.
func reused() error {
	return &Problem{
		Code: string(queue.RefusedReused), Status: statusOf(queue.RefusedReused),
		Detail: "the first request with this key asked for something else",
		Errors: []FieldError{{Location: "header.Idempotency-Key"}},
	}
}
