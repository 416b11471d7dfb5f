// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

func (c *Checker) ticketIssued(r queue.Record, e queue.TicketIssued) error {
	if queue.Seq(e.Ticket) != r.Seq {
		return violated("I1", "ticket id %d is not the record's place", e.Ticket)
	}
	var series queue.Series
	for _, s := range c.settings.Series {
		if s.ID == e.Series {
			series = s
		}
	}
	if e.Ordinal < series.First || e.Ordinal > series.Last {
		return violated("I1", "number %d is outside series %s", e.Ordinal, e.Series)
	}
	if was := c.number[e.Number]; was != 0 {
		wrapped := c.issued[e.Series] >= series.Last-series.First+1
		t := c.tickets[was] // nil: given before the day was closed and opened again
		if t != nil && t.closed == "" || !wrapped {
			return violated("I1", "number %s exists already, on ticket %d", e.Number, was)
		}
	}
	next, some := c.next[e.Series]
	if some && e.Ordinal < next && next <= series.Last && !c.allAlive(series, next) {
		return violated("I1", "number %d comes before %d, from which series %s goes on", e.Ordinal, next, e.Series)
	}
	c.number[e.Number] = e.Ticket
	c.issued[e.Series]++
	c.next[e.Series] = e.Ordinal + 1
	t := &ticket{TicketIssued: e, since: e.Due}
	if e.Printer != "" {
		t.attempt, t.pending = 1, true
	}
	c.tickets[e.Ticket], c.waiting[e.Ticket] = t, t
	return nil
}

func (c *Checker) ticketCalled(r queue.Record, e queue.TicketCalled) error {
	t := c.waiting[e.Ticket]
	switch {
	case t == nil:
		return violated("I2", "ticket %d does not wait", e.Ticket)
	case c.holds[e.Counter] != 0:
		return violated("I2", "counter %s has ticket %d already", e.Counter, c.holds[e.Counter])
	case !c.calling[e.Counter]:
		return violated("I6", "counter %s is not open", e.Counter)
	case e.Wait < 0 || e.Wait.Duration() > 24*time.Hour:
		return violated("I9", "ticket %s waited %v", t.Number, e.Wait.Duration())
	}
	if e.Reason == "" {
		want := c.named(e.Counter, r.At)
		if want == nil {
			return violated("I6", "counter %s calls %s, which it may not serve", e.Counter, t.Number)
		}
		if want != t {
			return violated("I6", "counter %s calls %s, the rule names %s", e.Counter, t.Number, want.Number)
		}
		if o := c.overtaken(t, e.Counter, r.At); o != nil {
			return violated("I7", "%s overtakes %s, which waits since %v, longer than its cap", t.Number, o.Number, o.since)
		}
	}
	delete(c.waiting, e.Ticket)
	c.holds[e.Counter] = e.Ticket
	t.counter, t.to = e.Counter, ""
	return nil
}

// held returns a counter's ticket if it is the one named.
func (c *Checker) held(id queue.CounterID, t queue.TicketID) (*ticket, error) {
	if c.holds[id] != t || t == 0 {
		return nil, violated("I2", "counter %s has ticket %d, not %d", id, c.holds[id], t)
	}
	return c.tickets[t], nil
}

func (c *Checker) letGo(id queue.CounterID, t queue.TicketID) (*ticket, error) {
	x, err := c.held(id, t)
	if err == nil {
		c.holds[id], x.counter = 0, ""
	}
	return x, err
}

func (c *Checker) ticketMoves(e queue.Event) error {
	switch e := e.(type) {
	case queue.TicketRecalled:
		_, err := c.held(e.Counter, e.Ticket)
		return err
	case queue.ServiceStarted:
		_, err := c.held(e.Counter, e.Ticket)
		return err
	case queue.TicketReturned:
		return c.ticketReturned(e)
	case queue.TicketParked:
		t, err := c.letGo(e.Counter, e.Ticket)
		if err == nil {
			t.parked = true
		}
		return err
	case queue.TicketTransferred:
		t, err := c.letGo(e.Counter, e.Ticket)
		if err == nil {
			t.Service, t.to, t.since = e.Service, e.To, e.Due
			c.waiting[e.Ticket] = t
		}
		return err
	case queue.TicketPassed:
		return c.ticketPassed(e)
	case queue.TicketReclassified:
		if t := c.tickets[e.Ticket]; t != nil && t.closed == "" {
			t.Class = e.Class
			return nil
		}
		return violated("I2", "ticket %d is not alive", e.Ticket)
	case queue.TicketClosed:
		return c.ticketClosed(e)
	}
	return violated("I9", "a fact that this checker does not know")
}

func (c *Checker) ticketReturned(e queue.TicketReturned) error {
	t := c.tickets[e.Ticket]
	switch {
	case t == nil:
		return violated("I2", "ticket %d does not exist", e.Ticket)
	case e.Counter != "":
		if _, err := c.letGo(e.Counter, e.Ticket); err != nil {
			return err
		}
	case t.closed == queue.EndNoShow && !t.returned:
		t.closed, t.returned = "", true
		c.number[t.Number] = t.Ticket
	case !t.parked:
		return violated("I2", "ticket %s comes back from nowhere", t.Number)
	}
	t.parked = false
	c.waiting[e.Ticket] = t
	return nil
}

// ticketPassed checks I7 where two change places: both wait, for the same counters and with the same
// figures, and the one who goes first now was directly behind.
func (c *Checker) ticketPassed(e queue.TicketPassed) error {
	a, b := c.waiting[e.Ticket], c.waiting[e.By]
	switch {
	case a == nil || b == nil || a == b:
		return violated("I2", "tickets %d and %d do not both wait", e.Ticket, e.By)
	case a.passed >= c.settings.LetPass:
		return violated("I7", "%s lets one pass for the time no. %d", a.Number, a.passed+1)
	case !c.sameLine(a, b):
		return violated("I7", "%s lets %s pass, who waits for something else", a.Number, b.Number)
	}
	places := func() map[*ticket]int {
		out := map[*ticket]int{}
		for _, t := range c.waiting {
			for _, o := range c.waiting {
				if c.sameLine(t, a) && c.sameLine(o, a) && (o.since.Before(t.since) || o.since.Equal(t.since) && o.Ticket < t.Ticket) {
					out[t]++
				}
			}
		}
		return out
	}
	want := places()
	if want[b] != want[a]+1 {
		return violated("I7", "%s lets %s pass, who is not directly behind", a.Number, b.Number)
	}
	want[a], want[b] = want[b], want[a]
	a.since, b.since, a.passed = b.since, a.since, a.passed+1
	for t, place := range places() {
		if want[t] != place {
			return violated("I7", "%s has place %d after %s let %s pass, want %d", t.Number, place, a.Number, b.Number, want[t])
		}
	}
	return nil
}

// sameLine reports whether the rule tells two tickets apart by their places in time alone.
func (c *Checker) sameLine(a, b *ticket) bool {
	creditA, targetA := c.figures(a)
	creditB, targetB := c.figures(b)
	if creditA != creditB || targetA != targetB || c.cap(a) != c.cap(b) || a.to != b.to {
		return false
	}
	for _, serves := range c.serves {
		x, y := serves[a.Service], serves[b.Service]
		if c.settings.Rule.Preset != queue.PresetOwnClass {
			x, y = min(x, 1), min(y, 1)
		}
		if x != y {
			return false
		}
	}
	return true
}

func (c *Checker) ticketClosed(e queue.TicketClosed) error {
	t := c.tickets[e.Ticket]
	if t == nil || t.closed != "" {
		return violated("I2", "ticket %d is not alive", e.Ticket)
	}
	if t.counter != "" {
		if _, err := c.letGo(e.Counter, e.Ticket); err != nil {
			return err
		}
	}
	if (e.End == queue.EndServed || e.End == queue.EndNoShow) && e.Counter == "" {
		return violated("I2", "ticket %s ends as %s at no counter", t.Number, e.End)
	}
	delete(c.waiting, e.Ticket)
	t.closed, t.parked = e.End, false
	return nil
}

// slip checks that at most one unmarked paper of a number can exist.
func (c *Checker) slip(e queue.Event) error {
	switch e := e.(type) {
	case queue.SlipRequested:
		t := c.tickets[e.Ticket]
		switch {
		case t == nil || t.pending || e.Attempt != t.attempt+1:
			return violated("I4", "attempt %d does not follow", e.Attempt)
		case !e.Copy && t.unmarked > 0:
			return violated("I4", "a second unmarked paper of %s", t.Number)
		}
		t.attempt, t.pending, t.copied = e.Attempt, true, e.Copy
		return nil
	case queue.SlipPrinted:
		return c.outcome(e.Ticket, e.Attempt, true)
	case queue.SlipSent:
		return c.outcome(e.Ticket, e.Attempt, true)
	case queue.SlipUnknown:
		return c.outcome(e.Ticket, e.Attempt, true)
	case queue.SlipFailed:
		return c.outcome(e.Ticket, e.Attempt, false)
	}
	return nil
}

func (c *Checker) outcome(id queue.TicketID, attempt int, paper bool) error {
	t := c.tickets[id]
	if t == nil || !t.pending || attempt != t.attempt {
		return violated("I4", "an outcome of a paper that nobody asked for")
	}
	t.pending = false
	if paper && !t.copied {
		t.unmarked++
	}
	if t.unmarked > 1 {
		return violated("I4", "%d unmarked papers of %s", t.unmarked, t.Number)
	}
	return nil
}
