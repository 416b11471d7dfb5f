// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// lesson is what was learned from the journal up to a record.
type lesson struct {
	learner *forecast.Learner
	heard   queue.Seq

	promises map[queue.TicketID]store.Promise // of the past, not come to yet

	date          queue.Date
	today, before int // citizens served
}

func newLesson(settings []queue.Record, after queue.Seq, p forecast.Priors, promises map[queue.TicketID]store.Promise) *lesson {
	l := &lesson{learner: forecast.NewLearner(p), heard: after, promises: promises}
	for _, r := range settings {
		l.learner.Apply(r)
	}
	return l
}

// catchUp learns from all that has happened, unless ctx ends before.
func (l *lesson) catchUp(ctx context.Context, e figures.Journal, due func(forecast.Outcome)) error {
	end := e.View().Seq()
	if l.heard >= end {
		return nil
	}
	for r, err := range e.Follow(ctx, l.heard) {
		if err != nil {
			return err
		}
		if l.apply(r, due); r.Seq >= end {
			break
		}
	}
	return nil
}

// apply learns from a record, once.
func (l *lesson) apply(r queue.Record, due func(forecast.Outcome)) {
	if r.Seq <= l.heard {
		return
	}
	l.heard = r.Seq
	switch e := r.Event.(type) {
	case queue.DayOpened:
		if e.Date != l.date {
			l.date, l.before, l.today = e.Date, l.before+l.today, 0
		}
	case queue.TicketClosed:
		if e.End == queue.EndServed {
			l.today++
		}
	}
	if outcome, ok := l.learner.Apply(r); ok {
		due(outcome)
	}
	if e, ok := r.Event.(queue.TicketIssued); ok {
		if p, ok := l.promises[e.Ticket]; ok {
			delete(l.promises, e.Ticket)
			l.learner.Promise(e.Ticket, p.At, p.Wait)
		}
	}
}
