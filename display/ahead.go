// SPDX-License-Identifier: EUPL-1.2

package display

import "github.com/avanti-queue/avanti/queue"

// Ahead counts who waits for the same group of services and has an older place than the ticket.
// That is what slips and phones tell; whom a counter calls next is the rule's matter.
func Ahead(v *queue.View, t *queue.Ticket) int {
	service, _ := v.Service(t.Service)
	n := 0
	for o := range v.Waiting() {
		older := o.Due.Before(t.Due) || o.Due.Equal(t.Due) && o.ID < t.ID
		if s, _ := v.Service(o.Service); older && s.Group == service.Group {
			n++
		}
	}
	return n
}
