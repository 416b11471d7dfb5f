// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"context"

	"github.com/avanti-queue/avanti/queue"
)

// Compare holds a live view against the checker's model: I2 and I9.
func (c *Checker) Compare(v *queue.View) error {
	if v.Seq() != c.last.Seq {
		return violated("I9", "the view is at record %d, the journal at %d", v.Seq(), c.last.Seq)
	}
	if _, open := v.Day(); !open {
		return nil
	}
	waiting := 0
	for t := range v.Tickets() {
		m := c.tickets[t.ID]
		switch {
		case m == nil:
			return violated("I9", "the view has ticket %s, the journal has not", t.Number)
		case t.Alive() != (m.closed == ""), t.AtCounter() != (m.counter != ""), (t.Status == queue.Parked) != m.parked:
			return violated("I9", "ticket %s is %v in the view, not in the journal", t.Number, t.Status)
		case !t.Due.Equal(m.since) && t.Alive():
			return violated("I9", "ticket %s is due %v in the view, %v in the journal", t.Number, t.Due, m.since)
		}
		if t.Status == queue.Waiting {
			waiting++
		}
	}
	if waiting != len(c.waiting) {
		return violated("I9", "%d wait in the view, %d in the journal", waiting, len(c.waiting))
	}
	for s := range v.Counters() {
		if c.holds[s.ID] != s.Ticket {
			return violated("I2", "counter %s has %d in the view, %d in the journal", s.ID, s.Ticket, c.holds[s.ID])
		}
	}
	return nil
}

// Replayed checks I9: what a fresh start makes of the journal equals the live view.
func Replayed(ctx context.Context, j queue.Journal, live *queue.View) error {
	w, err := queue.OpenWriter(ctx, j)
	if err != nil {
		return err
	}
	if d := live.Difference(w.View()); d != "" {
		return violated("I9", "live and replayed state differ: %s", d)
	}
	return nil
}

// Journal checks every record of a journal and returns the checker for more.
func Journal(ctx context.Context, j queue.Journal) (*Checker, error) {
	c := NewChecker()
	for r, err := range j.Records(ctx, 0) {
		if err != nil {
			return c, err
		}
		if err := c.Record(r); err != nil {
			return c, err
		}
	}
	return c, nil
}
