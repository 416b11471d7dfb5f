// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/queue"
)

// problemTypes is where the kinds of problems are described; the code follows.
const problemTypes = "https://github.com/avanti-queue/avanti/blob/main/docs/api.md#problem-"

// Codes of problems that are not refusals of the office.
const (
	codeInvalid       = string(queue.RefusedInvalid)
	codeForeign       = "foreign_origin"
	codeForbidden     = "forbidden"
	codeHost          = "unknown_host"
	codeLogin         = "login_required"
	codeMedia         = "media_type"
	codeMethod        = "method"
	codeNotFound      = "not_found"
	codeNotToday      = "not_today"
	codeOutOfPaper    = "out_of_service"
	codeTimeout       = "timeout"
	codeToken         = "unknown_token"
	codeTooLarge      = "too_large"
	codeTooMany       = "too_many"
	codeUnavailable   = "unavailable"
	codePairing       = "pairing"
	codePerson        = "wrong_person"
	codeUnknownDevice = "unknown_device"
	codeChanged       = "changed"
	codeLocked        = "locked"
	codeUnsure        = "unsure"
)

// retryAfter is how long a program had better wait when the office cannot answer.
const retryAfter = 5 * time.Second

// Problem is why a request was not carried out (RFC 9457). Nothing was changed, or, where the
// office failed (5xx), nobody knows; with the code unsure it was.
type Problem struct {
	Type    string       `json:"type" format:"uri" doc:"Names the kind of problem; the fragment is the code"`
	Title   string       `json:"title" doc:"For people, in the language asked for"`
	Status  int          `json:"status"`
	Detail  string       `json:"detail,omitempty" doc:"More about this case, in English"`
	Code    string       `json:"code" doc:"The kind of problem, for programs"`
	Subject string       `json:"subject,omitempty" doc:"The service, counter, ticket or field it is about"`
	Until   time.Time    `json:"until,omitzero" required:"false" doc:"From when it would be allowed, where that is known"`
	Errors  []FieldError `json:"errors,omitempty" doc:"The fields that are at fault"`

	retry time.Duration // of the header Retry-After; 0: none
}

// FieldError is a part of a request that is at fault.
type FieldError struct {
	Location string `json:"location" doc:"For example body.service, path.id or header.Idempotency-Key"`
	Message  string `json:"message,omitempty" doc:"What would be right, in English"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Cache-Control": {"no-store"}}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retry+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// head writes the headers into an answer that shows the problem.
func (p *Problem) head(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// told returns the problem as it is sent: with type and title.
func (p *Problem) told(t *texts) *Problem {
	out := *p
	out.Type, out.Title = problemTypes+p.Code, t.T("problem."+p.Code)
	return &out
}

// problem answers a request that does not go through the API's machinery.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.head(w)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	// The client may have gone; there is nobody else to tell.
	_ = json.NewEncoder(w).Encode(p.told(s.texts.accepted(r.Header.Get("Accept-Language"))))
}

// missing answers for the parts of the API that do not exist.
func (s *Server) missing(w http.ResponseWriter, r *http.Request) {
	probe := *r
	for _, probe.Method = range []string{http.MethodGet, http.MethodPost} {
		if _, pattern := s.mux.Handler(&probe); pattern != apiRest {
			w.Header().Set("Allow", probe.Method)
			s.problem(w, r, &Problem{Code: codeMethod, Status: http.StatusMethodNotAllowed, Detail: "want " + probe.Method})
			return
		}
	}
	s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound})
}

// refused answers an error of Office.Do. The places say which field of the request
// a refusal is about.
func (s *Server) refused(ctx context.Context, err error, places map[queue.RefusalCode]string) error {
	refusal, ok := errors.AsType[*queue.Refusal](err)
	if !ok {
		return s.failure(ctx, err)
	}
	p := &Problem{
		Code: string(refusal.Code), Status: statusOf(refusal.Code),
		Detail: refusal.Error(), Subject: refusal.Subject, Until: refusal.Until,
	}
	place, ok := places[refusal.Code]
	switch {
	case ok:
		p.Errors = []FieldError{{Location: place}}
		if place == pathID {
			p.Status = http.StatusNotFound
		}
	case refusal.Code == queue.RefusedInvalid:
		p.Errors = []FieldError{{Location: "body." + refusal.Subject}}
	case refusal.Code == queue.RefusedReused:
		p.Errors = []FieldError{{Location: "header.Idempotency-Key"}}
	}
	return p
}

// pathID is the place of the id in an address: what it names is not there, rather
// than wrongly filled in.
const pathID = "path.id"

func statusOf(code queue.RefusalCode) int {
	switch code {
	case queue.RefusedInvalid, queue.RefusedReused, queue.RefusedUnknownService, queue.RefusedUnknownCounter,
		queue.RefusedUnknownTicket, queue.RefusedUnknownClass:
		return http.StatusUnprocessableEntity
	case queue.RefusedClock:
		return http.StatusServiceUnavailable
	case queue.RefusedSettings, queue.RefusedDayOpen, queue.RefusedDayClosed, queue.RefusedHours, queue.RefusedQuota,
		queue.RefusedExhausted, queue.RefusedConflict, queue.RefusedCounterClosed, queue.RefusedCounterBusy,
		queue.RefusedCounterFree, queue.RefusedNobody, queue.RefusedNotServed, queue.RefusedStatus, queue.RefusedTooEarly, queue.RefusedTooLate:
		return http.StatusConflict
	}
	return http.StatusConflict
}

// transform gives every error of the API our form, also those that the machinery
// found itself. Values that were sent are not sent back.
func (s *Server) transform(ctx huma.Context, _ string, v any) (any, error) {
	switch v := v.(type) {
	case *Problem:
		return v.told(s.texts.accepted(ctx.Header("Accept-Language"))), nil
	case *huma.ErrorModel:
		p := &Problem{Code: codeOf(v.Status), Status: v.Status, Detail: v.Detail}
		for _, e := range v.Errors {
			p.Errors = append(p.Errors, FieldError{Location: e.Location, Message: e.Message})
		}
		return p.told(s.texts.accepted(ctx.Header("Accept-Language"))), nil
	}
	return v, nil
}

func codeOf(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return codeTooLarge
	case http.StatusUnsupportedMediaType:
		return codeMedia
	case http.StatusRequestTimeout:
		return codeTimeout
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return codeInvalid
	}
	return codeUnavailable
}
