// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Card is what citizens are told of a service before they take a number.
type Card struct {
	Documents map[string][]string // what to bring, by language
	Cost      queue.Texts
	Time      queue.Texts // how long it takes until it is done
}

// Priority is a reason for which a kiosk gives tickets of another class. How often one is given
// is counted; whose it was stands nowhere.
type Priority struct {
	ID    string
	Name  queue.Texts
	Class queue.ClassID
}

// Kiosk is how the kiosk of an access behaves. The zero value is the ordinary way.
type Kiosk struct {
	Idle      time.Duration // without a touch until it asks whether somebody is there; 0: 45 s
	Warning   time.Duration // from then until it begins anew; 0: 15 s
	Languages []string      // that it offers, the first one at the start; nil: the office's
	QR        string        // when it shows the way to the ticket's page: always, never; else as long as no paper is known to have come out
}

// Votes keeps what people thought of the service.
type Votes interface {
	// AddVote keeps a vote and uses up its ballot; id 0: the ballot was used before.
	AddVote(ctx context.Context, at time.Time, day queue.Date, ballot string, v stats.Vote) (id int64, err error)
	// ExplainVote gives a red vote its reason, ok false if it has one already.
	ExplainVote(ctx context.Context, id int64, reason string) (ok bool, err error)
}

// kioskOf returns how the kiosk of an access behaves.
func (s *Server) kioskOf(a *Access) Kiosk {
	k := s.o.Kiosks[a.ID]
	if k.Idle == 0 {
		k.Idle = 45 * time.Second
	}
	if k.Warning == 0 {
		k.Warning = 15 * time.Second
	}
	return k
}
