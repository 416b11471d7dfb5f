// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"net/http"
	"time"

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

// firmware gives a device the image that it was offered. It is no secret, and who made it
// has signed it.
func (s *Server) firmware(w http.ResponseWriter, r *http.Request) {
	image, ok := s.o.Firmware(r.URL.Path)
	if !ok {
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(image)) // a device may go on where it was cut off
}
