// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestRoll holds a roll against a map, and every roll of the past against what it was.
func TestRoll(t *testing.T) {
	type moment struct {
		roll roll
		want map[TicketID]*Ticket
	}
	rapid.Check(t, func(t *rapid.T) {
		now := moment{want: map[TicketID]*Ticket{}}
		var past []moment
		put := func(id TicketID) {
			ticket := &Ticket{ID: id}
			now.roll, now.want[id] = now.roll.with(ticket), ticket
		}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			past = append(past, moment{now.roll, maps.Clone(now.want)})
			id := TicketID(rapid.IntRange(-3, 900).Draw(t, "id"))
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0: // a morning
				for i := range TicketID(rapid.IntRange(1, 3*pageSize).Draw(t, "issued")) {
					put(id + 2*i)
				}
			case 1: // some come back
				for i := range TicketID(rapid.IntRange(1, 40).Draw(t, "returned")) {
					put(id + i)
				}
			case 2:
				put(id)
			case 3: // some go
				for i := range TicketID(rapid.IntRange(1, 2*pageSize).Draw(t, "gone")) {
					now.roll = now.roll.without(id + i)
					delete(now.want, id+i)
				}
			case 4:
				now.roll = now.roll.without(id)
				delete(now.want, id)
			}
		}
		for i, m := range append(past, now) {
			ids := slices.Sorted(maps.Keys(m.want))
			if m.roll.n != len(ids) {
				t.Fatalf("moment %d: %d tickets, want %d", i, m.roll.n, len(ids))
			}
			for ticket := range m.roll.all() {
				if len(ids) == 0 || ticket.ID != ids[0] || ticket != m.want[ticket.ID] || m.roll.get(ticket.ID) != ticket {
					t.Fatalf("moment %d: ticket %d is not the one, want %v", i, ticket.ID, ids[:min(1, len(ids))])
				}
				ids = ids[1:]
			}
			if len(ids) > 0 || m.roll.get(-4) != nil || m.roll.get(10_000) != nil {
				t.Fatalf("moment %d: %d tickets are missing", i, len(ids))
			}
			for _, page := range m.roll.pages {
				if len(page) == 0 || len(page) > pageSize {
					t.Fatalf("moment %d: a page of %d", i, len(page))
				}
			}
		}
	})
}
