// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// waitingRows is how many of those who wait a clerk sees.
const waitingRows = 12

type counterPage struct {
	Counter  *Counter // nil: there is one to choose
	Service  queue.Texts
	Counters []Counter // to choose from
	Waiting  []line    // that this counter may call, in the order of issue
	More     int       // that do not fit
	Parked   []line
	Printers []Warning // what the printers need
	Day      bool
	FinishOn bool // "next" finishes whoever is there
}

// line is one ticket in a list.
type line struct {
	ID      queue.TicketID
	Number  string
	Service queue.Texts
	Since   time.Time
	Early   bool // an appointment that is not due yet
}

// counterScreen shows the counter that an access works, or the one that a manager
// chose.
func (s *Server) counterScreen(r *http.Request) *screen {
	v := s.office.View()
	sc := s.screen(r, s.ofStaff(r), v, nil)
	a := accessOf(r.Context())
	id := queue.CounterID(r.URL.Query().Get("counter"))
	if a.Role == RoleCounter {
		id = a.Counter
	}
	page := counterPage{}
	_, page.Day = v.Day()
	c, ok := counterByID(v, id)
	if !ok {
		page.Counters = allCounters(v)
		sc.Body = page
		return sc
	}
	page.Counter, page.FinishOn = &c, v.Settings().FinishOnNext
	for _, w := range s.o.Warnings() {
		if strings.HasPrefix(w.Name, "printer_") {
			page.Printers = append(page.Printers, w)
		}
	}
	if c.Ticket != nil {
		service, _ := v.Service(c.Ticket.Service)
		page.Service = service.Name
	}
	for t := range v.Open() {
		if !v.Serves(id, t) {
			continue
		}
		service, _ := v.Service(t.Service)
		l := line{ID: t.ID, Number: t.Number, Service: service.Name, Since: t.Since, Early: t.Since.After(sc.Now)}
		switch {
		case t.Status == queue.Parked:
			page.Parked = append(page.Parked, l)
		case t.Status == queue.Waiting && len(page.Waiting) < waitingRows:
			page.Waiting = append(page.Waiting, l)
		case t.Status == queue.Waiting:
			page.More++
		}
	}
	sc.Body = page
	return sc
}

func (s *Server) counter(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "counter", layout, s.counterScreen(r))
}

func (s *Server) counterPanel(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "counter", "counter-panel", s.counterScreen(r))
}

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
