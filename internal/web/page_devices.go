// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"github.com/avanti-queue/avanti/internal/fleet"
)

type devicesPage struct {
	Devices  []Device
	Pairing  Pairing
	Counters []Counter
	Kinds    []fleet.Kind // that the piece may be
}

func (s *Server) devicesScreen(r *http.Request) *screen {
	v := s.office.View()
	page := devicesPage{
		Devices: s.o.Fleet.Devices(), Pairing: s.pairing().Body, Counters: allCounters(v),
		Kinds: []fleet.Kind{fleet.KindBox, fleet.KindPanel, fleet.KindHall},
	}
	switch page.Pairing.Kind {
	case string(fleet.KindBox):
		page.Kinds = page.Kinds[:1]
	case string(fleet.KindPanel):
		page.Kinds = page.Kinds[1:]
	}
	sc := s.screen(r, s.ofStaff(r), v, page)
	sc.Private = true
	return sc
}

func (s *Server) devices(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "devices", layout, s.devicesScreen(r))
}

func (s *Server) devicesPanel(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "devices", "devices-panel", s.devicesScreen(r))
}

func (s *Server) devicesPairing(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "devices", "devices-pairing", s.devicesScreen(r))
}
