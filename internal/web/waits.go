// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// unknownLearning is why a wait is not known while the office itself is not known yet.
const unknownLearning forecast.Reason = "learning"

// Expected is how long people still wait for the call, as they may be told.
type Expected struct {
	From    *int            `json:"from,omitempty" doc:"Seconds: half wait no longer; left out with to when nothing is known"`
	To      *int            `json:"to,omitempty" doc:"Seconds: four in five wait no longer"`
	Today   string          `json:"today,omitempty" enum:"likely,doubtful,unlikely" doc:"Whether the call comes before the office closes; left out when nothing is known"`
	Unknown forecast.Reason `json:"unknown,omitempty" enum:"learning,nobody_serves,too_far,closed" doc:"Why nothing is known: learning: too little was seen of the office; nobody_serves: no counter that serves it is open or expected; too_far: the call is too far away, or too doubtful"`
}

// expectation is a range of waits, or why there is none.
type expectation struct {
	from, to time.Duration
	unknown  forecast.Reason
	today    forecast.Prospect
}

func expect(w forecast.Wait) expectation {
	from, to, _ := w.Range()
	return expectation{from, to, w.Unknown, w.Prospect()}
}

// with returns what is to be expected by who does not know yet which of two it will be.
func (e expectation) with(o expectation) expectation {
	switch {
	case o.unknown != "":
		return e
	case e.unknown != "":
		return o
	}
	return expectation{from: min(e.from, o.from), to: max(e.to, o.to), today: max(e.today, o.today)}
}

func (e expectation) api() *Expected {
	today := [...]string{
		forecast.ProspectUnknown: "", forecast.ProspectLikely: "likely", forecast.ProspectDoubtful: "doubtful", forecast.ProspectUnlikely: "unlikely",
	}[e.today]
	if e.unknown != "" {
		return &Expected{Unknown: e.unknown, Today: today}
	}
	from, to := int(e.from.Seconds()), int(e.to.Seconds())
	return &Expected{From: &from, To: &to, Today: today}
}

// Expect returns what people are told of a wait; "" is nothing.
func (t *texts) Expect(e expectation) string {
	from, to := int(e.from.Minutes()), int(e.to.Minutes())
	switch {
	case e.unknown == forecast.UnknownNobody, e.unknown == forecast.UnknownTooFar:
		return t.T("wait." + string(e.unknown))
	case e.unknown != "":
		return ""
	case from < to:
		return t.T("wait.range", "From", from, "To", to)
	}
	return t.T("wait.about", "N", max(1, from))
}

// Today answers, before a number is taken, whether its call will come today; "" is nobody knows.
func (t *texts) Today(e expectation) string {
	if today := e.api().Today; today != "" {
		return t.T("today." + today)
	}
	return ""
}

// Doubts reports whether the call may well not come today.
func (e expectation) Doubts() bool { return e.today > forecast.ProspectLikely }

// waitOf returns what the citizen of a ticket may expect.
func (s *Server) waitOf(t *queue.Ticket) expectation {
	f := s.o.Forecast()
	switch {
	case t.Status != queue.Waiting:
		return expectation{unknown: forecast.UnknownNotWaiting}
	case f == nil:
		return expectation{unknown: unknownLearning}
	}
	return expect(f.Of(t))
}

// waitNow returns what may be expected by who takes a ticket for a service now. F is nil
// when nothing is known.
func waitNow(f *forecast.Forecast, service queue.ServiceID) expectation {
	if f == nil {
		return expectation{unknown: unknownLearning}
	}
	return expect(f.Now(service, ""))
}

// turnedAway reports whether somebody who comes now gets no number, as the call would hardly
// come before the office closes. It is the office that chooses so; what is not known turns
// nobody away.
func (o *Options) turnedAway(f *forecast.Forecast, service queue.ServiceID, class queue.ClassID) bool {
	return o.Worst != forecast.ProspectUnknown && f != nil && f.Now(service, class).Prospect() > o.Worst
}
