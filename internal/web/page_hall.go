// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"time"

	"github.com/avanti-queue/avanti/display"
)

// hallRows is how many calls fit the hall's screen: the newest, large, and the rest.
const hallRows = 7

type hallBody struct {
	First   *display.Call // the newest; nil: nobody is called
	Recent  []display.Call
	Groups  []display.GroupQueue
	Waiting int
	Open    bool      // the day is open
	Opens   time.Time // when tickets are given next; zero: now, or not known
}

func (s *Server) hallScreen(r *http.Request) *screen {
	v := s.office.View()
	b := display.NewBoard(v, hallRows)
	body := hallBody{Open: b.DayOpen, Waiting: b.Waiting, Groups: b.Groups}
	if len(b.Calls) > 0 {
		body.First, body.Recent = &b.Calls[0], b.Calls[1:]
	}
	sc := s.screen(r, s.ofPublic(r), v, nil)
	if settings := v.Settings(); settings != nil {
		if now, next := settings.Hours.Issuing(sc.Now); !now {
			body.Opens = next
		}
	}
	sc.Body = body
	return sc
}

func (s *Server) hall(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "hall", layout, s.hallScreen(r))
}

func (s *Server) hallBoard(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "hall", "hall-board", s.hallScreen(r))
}
