// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// place is where a waiting ticket stands for one counter at one instant. Places
// are compared field by field; see [Rule].
type place struct {
	tier    tier
	urgency Millis // numerator: age plus credit
	target  Millis // denominator, above zero
	due     int64
	id      TicketID
}

type tier int

const (
	tierCapped    tier = iota // past its cap: only older ones go before
	tierPreferred             // what the counter is there for
	tierOverflow              // what it helps out with
	tierEarly                 // an appointment before its time
)

// before reports whether a is called before b.
func (a *place) before(b *place) bool {
	if a.tier != b.tier {
		return a.tier < b.tier
	}
	if a.tier == tierPreferred || a.tier == tierOverflow {
		// a.urgency/a.target > b.urgency/b.target without division: below 2^63,
		// as validation keeps every figure to some days.
		if x, y := a.urgency*b.target, b.urgency*a.target; x != y {
			return x > y
		}
	}
	if a.due != b.due {
		return a.due < b.due
	}
	return a.id < b.id
}

// standing is all that the rule knows of a waiting ticket.
type standing struct {
	weight
	due int64 // milliseconds since 1970
	id  TicketID
}

func (p *plan) standing(t *Ticket) standing {
	s := standing{weight: p.weights[t.class][t.service], due: t.Due.UnixMilli(), id: t.ID}
	if p.settings.Rule.Preset == PresetAppointments && !t.Slot.IsZero() && !p.late(t) {
		s.credit += strict
	}
	if t.Returned { // a no-show who came back has had a turn
		s.credit = 0
	}
	return s
}

// place returns where a ticket stands for a counter of that skill at an instant, in
// milliseconds since 1970.
func (s *standing) place(k skill, at int64) place {
	age := Millis(at - s.due)
	pl := place{urgency: age + s.credit, target: max(1, s.target), due: s.due, id: s.id}
	switch {
	case age < 0:
		pl.tier = tierEarly
	case age >= s.cap:
		pl.tier = tierCapped
	case k == overflow:
		pl.tier = tierOverflow
	default:
		pl.tier = tierPreferred
	}
	return pl
}

// may returns the skill with which counter number c may call t, 0 if it may not. What
// was sent to this very counter may always be served there.
func (p *plan) may(t *Ticket, c int) skill {
	if t.Status != Waiting || t.To != "" && t.To != p.settings.Counters[c].ID {
		return 0
	}
	if k := p.skills[c][t.service]; k != 0 || t.To == "" {
		return k
	}
	return preferred
}

// late reports whether an appointment came so late that it counts as a walk-in.
func (p *plan) late(t *Ticket) bool {
	after := p.settings.Rule.LateAfter
	return after > 0 && t.Issued.Sub(t.Slot) > after.Duration()
}

// due is t_eff of the rule: when a ticket that comes at instant at begins to count.
func (p *plan) due(at, slot time.Time) time.Time {
	if slot.IsZero() {
		return at
	}
	if early := slot.Add(-p.settings.Rule.Tolerance.Duration()); early.After(at) {
		return early
	}
	return at
}

// Next returns the waiting ticket that the rule names for a counter at an instant,
// nil if the counter may serve none of those that wait. It does not ask whether
// the counter is open or busy.
func (v *View) Next(counter CounterID, at time.Time) *Ticket {
	if v.plan == nil {
		return nil
	}
	c, ok := v.plan.counter[counter]
	if !ok {
		return nil
	}
	var best place
	var next *Ticket
	now := at.UnixMilli()
	for _, page := range v.open.pages {
		for _, t := range page {
			k := v.plan.may(t, c)
			if k == 0 {
				continue
			}
			s := v.plan.standing(t)
			if pl := s.place(k, now); next == nil || pl.before(&best) {
				best, next = pl, t
			}
		}
	}
	return next
}

// Serves reports whether a counter may call the ticket by the rule.
func (v *View) Serves(counter CounterID, t *Ticket) bool {
	if v.plan == nil {
		return false
	}
	c, ok := v.plan.counter[counter]
	return ok && (t.To == counter || t.To == "" && v.plan.skills[c][t.service] != 0)
}
