// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/queue"
)

// SeenBody is in every request at a counter.
type SeenBody struct {
	Seen queue.Revision `json:"seen" minimum:"0" doc:"The counter's seen that the clerk had on screen; if the counter has moved on, nothing is done and the answer is 409 with the code conflict"`
}

// Counter requests with nothing else, by name in the schema.
type (
	counterBody struct{ SeenBody }
	pauseBody   struct {
		SeenBody
		Reason string    `json:"reason,omitempty" maxLength:"200" doc:"Recorded; write no names"`
		Until  time.Time `json:"until,omitzero" required:"false" doc:"Expected return"`
	}
	callBody struct {
		SeenBody
		Ticket queue.TicketID `json:"ticket" minimum:"1"`
		Reason string         `json:"reason" minLength:"1" maxLength:"200" doc:"Why out of order. Recorded; write no names"`
	}
	finishBody struct {
		SeenBody
		Outcome string `json:"outcome,omitempty" maxLength:"32" doc:"One of the office's codes"`
	}
	parkBody struct {
		SeenBody
		Reason string `json:"reason,omitempty" maxLength:"200" doc:"Recorded; write no names"`
	}
	transferBody struct {
		SeenBody
		Service   queue.ServiceID `json:"service,omitempty" maxLength:"32" doc:"Left out: unchanged"`
		To        queue.CounterID `json:"to,omitempty" maxLength:"32" doc:"The only counter that may call it; left out: any that serves it"`
		KeepPlace bool            `json:"keep_place,omitempty" doc:"Keep the place in time, else go last"`
	}
)

type counterInput[B any] struct {
	KeyHeader
	ID   queue.CounterID `path:"id" maxLength:"32"`
	Body B
}

type nextInput struct {
	KeyRequired
	ID   queue.CounterID `path:"id" maxLength:"32"`
	Body counterBody
}

type counterIDInput struct {
	ID queue.CounterID `path:"id" maxLength:"32"`
}

// CounterAnswer is what became of a command at a counter.
type CounterAnswer struct {
	Counter Counter `json:"counter"`
	Ticket  *Ticket `json:"ticket,omitempty" doc:"That the command was about. Of next: the one called, left out if nobody follows the one who was finished"`
}

type counterOutput struct {
	ReplayHeader
	Body CounterAnswer
}

type countersOutput struct {
	Body struct {
		Counters []Counter `json:"counters"`
	}
}

type oneCounterOutput struct{ Body Counter }

func counterPlaces() map[queue.RefusalCode]string {
	return map[queue.RefusalCode]string{
		queue.RefusedUnknownTicket:  "body.ticket",
		queue.RefusedUnknownService: "body.service",
		queue.RefusedUnknownCounter: "body.to",
	}
}

func (s *Server) registerCounters(api huma.API) {
	huma.Register(api, s.operation(api, huma.Operation{
		OperationID: "list-counters", Method: http.MethodGet, Path: "/api/v1/counters", Summary: "All counters", Tags: []string{"counters"},
	}), func(context.Context, *struct{}) (*countersOutput, error) {
		var out countersOutput
		out.Body.Counters = allCounters(s.office.View())
		return &out, nil
	})
	huma.Register(api, s.operation(api, huma.Operation{
		OperationID: "get-counter", Method: http.MethodGet, Path: "/api/v1/counters/{id}", Summary: "One counter", Tags: []string{"counters"},
	}), func(_ context.Context, in *counterIDInput) (*oneCounterOutput, error) {
		c, ok := counterByID(s.office.View(), in.ID)
		if !ok {
			return nil, unknownCounter(in.ID)
		}
		return &oneCounterOutput{Body: c}, nil
	})

	huma.Register(api, s.counterOperation(api, "next", "Call whom the rule names"),
		func(ctx context.Context, in *nextInput) (*counterOutput, error) {
			return s.atCounter(ctx, "next", in.Key, in.ID, queue.CallNext{Counter: in.ID, Seen: in.Body.Seen})
		})
	counterCommand(s, api, "open", "Begin to call, or end a pause", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.OpenCounter{Counter: id, Seen: b.Seen}
	})
	counterCommand(s, api, "pause", "Stop calling for a while", func(id queue.CounterID, b pauseBody) queue.Command {
		return queue.PauseCounter{Counter: id, Reason: b.Reason, Until: b.Until, Seen: b.Seen}
	})
	counterCommand(s, api, "close", "Stop calling", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.CloseCounter{Counter: id, Seen: b.Seen}
	})
	counterCommand(s, api, "call", "Call a certain ticket, out of order", func(id queue.CounterID, b callBody) queue.Command {
		return queue.CallTicket{Counter: id, Ticket: b.Ticket, Reason: b.Reason, Seen: b.Seen}
	})
	counterCommand(s, api, "recall", "Call the same citizen once more", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.Recall{Counter: id, Seen: b.Seen}
	})
	counterCommand(s, api, "start", "The citizen has come", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.Start{Counter: id, Seen: b.Seen}
	})
	counterCommand(s, api, "finish", "The citizen is served", func(id queue.CounterID, b finishBody) queue.Command {
		return queue.Finish{Counter: id, Outcome: b.Outcome, Seen: b.Seen}
	})
	counterCommand(s, api, "no-show", "Give up a citizen who did not come", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.GiveUp{Counter: id, Seen: b.Seen}
	})
	counterCommand(s, api, "return", "Put the citizen back into the queue", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.Return{Counter: id, Seen: b.Seen}
	})
	counterCommand(s, api, "park", "Set the citizen aside", func(id queue.CounterID, b parkBody) queue.Command {
		return queue.Park{Counter: id, Reason: b.Reason, Seen: b.Seen}
	})
	counterCommand(s, api, "transfer", "Send the citizen on", func(id queue.CounterID, b transferBody) queue.Command {
		return queue.Transfer{Counter: id, Service: b.Service, To: b.To, KeepPlace: b.KeepPlace, Seen: b.Seen}
	})
	counterCommand(s, api, "undo", "Take the newest step back, within 5 s", func(id queue.CounterID, b counterBody) queue.Command {
		return queue.Undo{Counter: id, Seen: b.Seen}
	})
}

func (s *Server) counterOperation(api huma.API, name, summary string) huma.Operation {
	return s.operation(api, huma.Operation{
		OperationID: "counter-" + name, Method: http.MethodPost, Path: "/api/v1/counters/{id}/" + name,
		Summary: summary, Tags: []string{"counters"},
	})
}

// counterCommand registers a command at a counter whose key may be left out: sent
// twice, it is refused the second time, because the counter has moved on.
func counterCommand[B any](s *Server, api huma.API, name, summary string, command func(queue.CounterID, B) queue.Command) {
	huma.Register(api, s.counterOperation(api, name, summary),
		func(ctx context.Context, in *counterInput[B]) (*counterOutput, error) {
			return s.atCounter(ctx, name, in.Key, in.ID, command(in.ID, in.Body))
		})
}

// atCounter gives a command at a counter for somebody who may work it.
func (s *Server) atCounter(ctx context.Context, operation, key string, id queue.CounterID, c queue.Command) (*counterOutput, error) {
	if a := accessOf(ctx); !a.works(id) {
		return nil, &Problem{
			Code: codeForbidden, Status: http.StatusForbidden, Subject: string(id),
			Detail: "this access works the counter " + string(a.Counter) + " only",
		}
	}
	if _, ok := s.office.View().Counter(id); !ok {
		return nil, unknownCounter(id)
	}
	did, err := s.do(ctx, operation, key, c, counterPlaces())
	if err != nil {
		return nil, err
	}
	about, counter := subject(did.records, operation == "next" || operation == "call")
	if counter != id {
		return nil, reused()
	}
	out := &counterOutput{ReplayHeader: did.replay}
	out.Body.Counter, _ = counterByID(did.view, id)
	out.Body.Ticket = ticketOf(did.view, did.view.Ticket(about))
	return out, nil
}

func unknownCounter(id queue.CounterID) error {
	return &Problem{
		Code: string(queue.RefusedUnknownCounter), Status: http.StatusNotFound,
		Detail: "this office has no such counter", Subject: strings.ToValidUTF8(string(id), ""),
		Errors: []FieldError{{Location: pathID}},
	}
}

// subject returns the ticket and the counter that the records of one command are
// about; of a call only a ticket that was called.
func subject(records []queue.Record, call bool) (t queue.TicketID, counter queue.CounterID) {
	for _, r := range records {
		switch e := r.Event.(type) {
		case queue.CounterOpened:
			counter = e.Counter
		case queue.CounterPaused:
			counter = e.Counter
		case queue.CounterClosed:
			counter = e.Counter
		case queue.TicketCalled:
			t, counter = e.Ticket, e.Counter
		case queue.TicketRecalled:
			t, counter = e.Ticket, e.Counter
		case queue.ServiceStarted:
			t, counter = e.Ticket, e.Counter
		case queue.TicketReturned:
			t, counter = e.Ticket, e.Counter
		case queue.TicketParked:
			t, counter = e.Ticket, e.Counter
		case queue.TicketTransferred:
			t, counter = e.Ticket, e.Counter
		case queue.CallUndone:
			t, counter = e.Ticket, e.Counter
		case queue.StepUndone:
			t, counter = e.Ticket, e.Counter
		case queue.TicketClosed:
			counter = e.Counter
			if !call {
				t = e.Ticket
			}
		}
	}
	return t, counter
}
