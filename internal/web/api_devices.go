// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/queue"
)

// Pairing is how far the pairing of a new device is.
type Pairing struct {
	Stage    fleet.Stage `json:"stage" enum:"closed,waiting,compare,done,failed"`
	Ends     time.Time   `json:"ends_at,omitzero" required:"false" doc:"Of waiting and compare"`
	Piece    string      `json:"piece,omitempty" doc:"The maker's name of the piece"`
	Number   string      `json:"number,omitempty" doc:"Four digits, to be compared with what the piece shows"`
	Kind     string      `json:"kind,omitempty" doc:"What the piece says that it is: box or panel"`
	Firmware string      `json:"firmware,omitempty"`
	Hardware string      `json:"hardware,omitempty"`
	Device   string      `json:"device,omitempty" doc:"As whom it was taken in"`
	Fault    string      `json:"fault,omitempty" doc:"Of failed: expired, codes, exchange or rejected"`
}

// TraceEvent is a message as it passed the daemon's link to the broker.
type TraceEvent struct {
	At       time.Time `json:"at"`
	Sent     bool      `json:"sent" doc:"By the daemon; else received"`
	Retained bool      `json:"retained,omitempty" doc:"The broker had kept it"`
	Topic    string    `json:"topic"`
	Hex      string    `json:"hex,omitempty" doc:"The payload; left out where it is secret"`
	Message  string    `json:"message,omitempty" doc:"Type and fields"`
	Fault    string    `json:"fault,omitempty" doc:"Why it is not understood"`
	Missed   int       `json:"missed,omitempty" doc:"Messages before it that were not told, because the reader was too slow"`
}

type (
	devicesOutput struct {
		Body struct {
			Devices []Device `json:"devices"`
		}
	}
	revokeInput struct {
		KeyHeader
		ID string `path:"id" maxLength:"32"`
	}
	pairingOutput    struct{ Body Pairing }
	openPairingInput struct {
		KeyHeader
		Body struct {
			Code string `json:"code" maxLength:"64" doc:"The code on the label of the piece"`
		}
	}
	confirmPairingInput struct {
		KeyHeader
		Body struct {
			Number  string          `json:"number" pattern:"^[0-9]{4}$" doc:"That was compared"`
			ID      string          `json:"id" pattern:"^[a-z0-9][a-z0-9-]{0,31}$" doc:"As whom the piece is taken in; it takes the place of a device that has this id"`
			Kind    fleet.Kind      `json:"kind" enum:"box,panel,hall"`
			Counter queue.CounterID `json:"counter,omitempty" maxLength:"32" doc:"Of a box or panel"`
		}
	}
	cancelPairingInput struct{ KeyHeader }
)

func (s *Server) registerDevices(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return s.operation(api, huma.Operation{
			OperationID: id, Method: method, Path: "/api/v1/" + path, Summary: summary, Tags: []string{"devices"},
		})
	}
	huma.Register(api, op(http.MethodGet, "devices", "list-devices", "The boxes and displays of the hall"),
		func(context.Context, *struct{}) (*devicesOutput, error) { return s.listDevices(), nil })
	huma.Register(api, op(http.MethodPost, "devices/{id}/revoke", "revoke-device", "Shut a device out, at once"),
		func(ctx context.Context, in *revokeInput) (*devicesOutput, error) {
			if err := s.o.Fleet.Revoke(ctx, accessOf(ctx).ID, in.ID); err != nil {
				return nil, s.fleetProblem(ctx, err, in.ID)
			}
			return s.listDevices(), nil
		})
	huma.Register(api, op(http.MethodGet, "pairing", "get-pairing", "How far the pairing of a new device is"),
		func(context.Context, *struct{}) (*pairingOutput, error) { return s.pairing(), nil })
	huma.Register(api, op(http.MethodPost, "pairing/open", "open-pairing", "Wait two minutes for a new device"),
		func(ctx context.Context, in *openPairingInput) (*pairingOutput, error) {
			if err := s.o.Fleet.OpenPairing(accessOf(ctx).ID, in.Body.Code); err != nil {
				return nil, s.fleetProblem(ctx, err, "code")
			}
			return s.pairing(), nil
		})
	huma.Register(api, op(http.MethodPost, "pairing/confirm", "confirm-pairing", "Take the piece in that shows the number"),
		s.confirmPairing)
	huma.Register(api, op(http.MethodPost, "pairing/cancel", "cancel-pairing", "End a pairing: the numbers differ, or nobody wants it"),
		func(ctx context.Context, _ *cancelPairingInput) (*pairingOutput, error) {
			if err := s.o.Fleet.CancelPairing(); err != nil {
				return nil, s.fleetProblem(ctx, err, "")
			}
			return s.pairing(), nil
		})
	s.registerTrace(api)
}

func (s *Server) registerTrace(api huma.API) {
	op := s.operation(api, huma.Operation{
		OperationID: "trace-devices", Method: http.MethodGet, Path: "/api/v1/devices/trace", Summary: "Watch the messages of the devices",
		Description: "Server-sent events, for the role admin only. Each is a message as it passed the daemon's link to the broker, decoded. " +
			"Secrets are left out. Four can watch at a time.",
		Tags: []string{"devices"},
	})
	schema := api.OpenAPI().Components.Schemas.Schema(typeOf[TraceEvent](), true, "message")
	op.Responses["200"] = &huma.Response{
		Description: "Events of the name message, with their data as JSON",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: schema}},
	}
	huma.Register(api, op, func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			s.trace(w, r)
		}}, nil
	})
}

// trace sends what passes until the reader leaves or the server closes.
func (s *Server) trace(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() {
		select {
		case <-s.closed:
			cancel()
		case <-ctx.Done():
		}
	}()
	out := openStream(w)
	if out.flush() != nil {
		return
	}
	for p := range s.o.Fleet.Watch(ctx) {
		out.event("message", s.office.View().Seq(), TraceEvent(p))
		if out.flush() != nil {
			return
		}
	}
}

func (s *Server) listDevices() *devicesOutput {
	var out devicesOutput
	out.Body.Devices = append([]Device{}, s.o.Fleet.Devices()...)
	return &out
}

func (s *Server) pairing() *pairingOutput {
	p := s.o.Fleet.Pairing()
	out := Pairing{
		Stage: p.Stage, Ends: p.Ends.UTC(), Piece: p.Maker, Number: p.Number, Firmware: p.Firmware, Hardware: p.Hardware,
		Device: p.Device, Fault: p.Fault,
	}
	if p.Ends.IsZero() {
		out.Ends = time.Time{}
	}
	if p.Kind != 0 {
		out.Kind = p.Kind.String()
	}
	return &pairingOutput{Body: out}
}

func (s *Server) confirmPairing(ctx context.Context, in *confirmPairingInput) (*pairingOutput, error) {
	b := in.Body
	wrong := func(field, detail string) error {
		return &Problem{
			Code: codeInvalid, Status: http.StatusUnprocessableEntity, Detail: detail, Subject: field,
			Errors: []FieldError{{Location: "body." + field}},
		}
	}
	known := false
	if settings := s.office.View().Settings(); settings != nil {
		for _, c := range settings.Counters {
			known = known || c.ID == b.Counter
		}
	}
	switch kind := s.o.Fleet.Pairing().Kind; {
	case b.Kind == fleet.KindHall && b.Counter != "":
		return nil, wrong("counter", "a hall panel stands at no counter")
	case b.Kind != fleet.KindHall && !known:
		return nil, wrong("counter", "a box or panel stands at one of the office's counters")
	case kind == fwproto.KindBox && b.Kind != fleet.KindBox, kind == fwproto.KindPanel && b.Kind == fleet.KindBox:
		return nil, wrong("kind", "the piece says that it is a "+kind.String())
	}
	who := fleet.Identity{ID: b.ID, Kind: b.Kind, Counter: b.Counter}
	if err := s.o.Fleet.ConfirmPairing(ctx, accessOf(ctx).ID, b.Number, who); err != nil {
		return nil, s.fleetProblem(ctx, err, b.ID)
	}
	return s.pairing(), nil
}
