// SPDX-License-Identifier: EUPL-1.2

package display

import "github.com/avanti-queue/avanti/queue"

// Ahead counts who waits for the same group of services and got a number before the ticket
// did. That is what slips and phones tell; whom a counter calls next is the rule's matter.
func Ahead(v *queue.View, t *queue.Ticket) int {
	service, _ := v.Service(t.Service)
	n := 0
	for o := range v.Waiting() {
		if o.ID >= t.ID {
			break
		}
		if s, _ := v.Service(o.Service); s.Group == service.Group {
			n++
		}
	}
	return n
}
