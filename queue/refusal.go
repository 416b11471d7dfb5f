// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"errors"
	"time"
)

// ErrMoved is returned by [Journal.Append] when the journal does not end where the
// writer thinks: a second writer is at work.
var ErrMoved = errors.New("queue: the journal has moved on: is a second daemon running on this data directory?")

// Refusal is the answer to a command that the office's rules do not allow. Nothing
// was changed. Texts for people are made from Code, by id.
type Refusal struct {
	Code    RefusalCode
	Subject string    // the service, counter, ticket or field it is about
	Until   time.Time // from when it would be allowed, where that is known
}

// RefusalCode says why, for programs.
type RefusalCode string

// The reasons for a refusal.
const (
	RefusedInvalid        RefusalCode = "invalid"         // a field is missing or out of range
	RefusedUnknownService RefusalCode = "unknown_service" // no such service in this office
	RefusedUnknownCounter RefusalCode = "unknown_counter"
	RefusedUnknownTicket  RefusalCode = "unknown_ticket" // never issued, or on another day
	RefusedUnknownClass   RefusalCode = "unknown_class"
	RefusedSettings       RefusalCode = "settings"       // the settings are faulty or would pull a chair away
	RefusedClock          RefusalCode = "clock"          // the clock cannot be right
	RefusedDayOpen        RefusalCode = "day_open"       // a day is open already
	RefusedDayClosed      RefusalCode = "day_closed"     // no day is open
	RefusedHours          RefusalCode = "hours"          // outside the hours of issue
	RefusedQuota          RefusalCode = "quota"          // no more tickets for this service today
	RefusedExhausted      RefusalCode = "exhausted"      // every number of the series is alive
	RefusedConflict       RefusalCode = "conflict"       // the counter has moved on
	RefusedCounterClosed  RefusalCode = "counter_closed" // or paused
	RefusedCounterBusy    RefusalCode = "counter_busy"   // a citizen is there
	RefusedCounterFree    RefusalCode = "counter_free"   // no citizen is there
	RefusedNobody         RefusalCode = "nobody_waiting" // for this counter
	RefusedNotServed      RefusalCode = "not_served"     // the counter may not serve this ticket
	RefusedStatus         RefusalCode = "status"         // not in the ticket's or counter's present status
	RefusedTooEarly       RefusalCode = "too_early"
	RefusedTooLate        RefusalCode = "too_late"       // to be undone
	RefusedReused         RefusalCode = "request_reused" // the request id belongs to another actor
)

// Error says code and subject in English, for logs.
func (r *Refusal) Error() string {
	s := "refused: " + string(r.Code)
	if r.Subject != "" {
		s += " (" + r.Subject + ")"
	}
	if !r.Until.IsZero() {
		s += ", possible from " + r.Until.UTC().Format(time.RFC3339)
	}
	return s
}

func refuse(code RefusalCode, subject string) error {
	return &Refusal{Code: code, Subject: subject}
}
