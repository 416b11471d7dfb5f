// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const (
	// slipWait is how long an answer waits for what becomes of the paper: longer than a
	// slip takes at 9600 baud, shorter than a citizen's patience.
	slipWait = 8 * time.Second
	// againWait is how long it waits for another attempt at a paper that failed.
	againWait = time.Second
)

// settled returns a ticket once its paper has an outcome, or as it is when the wait
// is over. A paper that is asked for again, by the office's rule because nobody knows what
// became of the first, or because the first failed, is waited for as well.
func (s *Server) settled(ctx context.Context, t *Ticket) *Ticket {
	ctx, cancel := context.WithTimeout(ctx, slipWait)
	defer cancel()
	after := s.office.View().Seq()
	again := time.AfterFunc(slipWait, cancel)
	defer again.Stop()
	now := s.newest(t)
	if now.Paper.Outcome == failed {
		again.Reset(againWait)
	} else if now.Paper.Outcome != pending {
		return now
	}
	for r, err := range s.office.Follow(ctx, after) {
		if err != nil {
			break // what is known is told; the journal's trouble shows in health
		}
		if !isSlipOf(r.Event, t.ID) {
			continue
		}
		switch now = s.newest(t); now.Paper.Outcome {
		case pending:
			again.Stop()
		case failed:
			again.Reset(againWait)
		default:
			return now
		}
	}
	return now
}

const (
	pending = Outcome(queue.SlipResultPending)
	failed  = Outcome(queue.SlipResultFailed)
)

// newest returns a ticket as it is now, or as it was last if its day is over.
func (s *Server) newest(t *Ticket) *Ticket {
	v := s.office.View()
	if now := v.Ticket(t.ID); now != nil {
		return ticketOf(v, now)
	}
	return t
}

func isSlipOf(e queue.Event, id queue.TicketID) bool {
	switch e := e.(type) {
	case queue.SlipRequested:
		return e.Ticket == id
	case queue.SlipPrinted:
		return e.Ticket == id
	case queue.SlipSent:
		return e.Ticket == id
	case queue.SlipFailed:
		return e.Ticket == id
	case queue.SlipUnknown:
		return e.Ticket == id
	}
	return false
}
