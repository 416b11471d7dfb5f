// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"

	"github.com/avanti-queue/avanti/queue"
)

// Kiosk is a screen that gives tickets, with the printers that stand beside it. Its id is
// that of the actor who asks for the tickets.
type Kiosk struct {
	ID      string
	Printer string // "": its tickets have no paper
	Spare   string // "": none
}

// spares know which printer may do another's work: the one that the same citizen can reach.
type spares struct {
	engine   *queue.Engine
	kiosks   map[string]Kiosk
	printers map[string]*printing
}

func newSpares(o Options, printers map[string]*printing) *spares {
	s := &spares{engine: o.Engine, kiosks: map[string]Kiosk{}, printers: printers}
	for _, k := range o.Kiosks {
		s.kiosks[k.ID] = k
	}
	return s
}

// other returns the printer that stands beside the one of that id where the ticket was given,
// nil if there is none. A copy has no other: its original may still be in the first one.
func (s *spares) other(ctx context.Context, t *queue.Ticket, printer string) *printing {
	if t.Slip.MayExist || len(s.kiosks) == 0 {
		return nil
	}
	// A ticket's id is the place of the record that gave it.
	for r, err := range s.engine.Follow(ctx, queue.Seq(t.ID)-1) {
		if err != nil {
			return nil
		}
		switch k := s.kiosks[r.By.ID]; printer {
		case k.Printer:
			return s.printers[k.Spare]
		case k.Spare:
			return s.printers[k.Printer]
		}
		return nil
	}
	return nil
}
