// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

type managerPage struct {
	Board    display.Board
	Counters []Counter
	Warnings []Warning
	Printers []Printer
	Panels   []Panel
	Open     int // counters that call
}

func (s *Server) managerScreen(r *http.Request) *screen {
	v := s.office.View()
	page := managerPage{Board: display.NewBoard(v, 0), Counters: allCounters(v), Warnings: s.o.Warnings(), Printers: s.o.Printers(), Panels: s.o.Panels()}
	for _, c := range page.Counters {
		if c.State == queue.CounterIsOpen.String() {
			page.Open++
		}
	}
	return s.screen(r, s.ofStaff(r), v, page)
}

func (s *Server) manager(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "manager", layout, s.managerScreen(r))
}

func (s *Server) managerPanel(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "manager", "manager-panel", s.managerScreen(r))
}

// Metres returns how much paper a printer has left, in whole metres.
func (p Printer) Metres() int { return (p.Left + 500) / 1000 }
