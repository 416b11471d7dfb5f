// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

type kioskBody struct {
	Group   *kioskGroup  // whose services are shown; nil: the groups are
	Groups  []kioskGroup // that have services
	Key     string       // of this screen: however often it is touched, it gives one ticket
	NoPaper bool         // no printer is ready: numbers stand on the screen only
	Refuses bool         // no printer is ready, and without one there are no numbers
	Fault   string       // why the last touch gave no ticket
}

type kioskGroup struct {
	ID       queue.GroupID
	Name     queue.Texts
	Waiting  int
	Wait     expectation // of whichever of its services that gives tickets
	Services []kioskService
	Issuing  bool      // at least one service gives tickets
	Opens    time.Time // else when the first one does, zero if not known
	Closed   string    // else why
}

type kioskService struct {
	ID      queue.ServiceID
	Name    queue.Texts
	Wait    expectation
	Issuing bool
	Opens   time.Time
	Closed  string // why not, as id of a text
}

func (s *Server) kioskScreen(r *http.Request, fault string) *screen {
	v, now := s.office.View(), s.office.Now()
	sc := s.screen(r, s.ofPublic(r), v, nil)
	body := kioskBody{Groups: kioskGroups(v, now, s.o.Forecast()), Key: rand.Text(), Fault: fault}
	if a := accessOf(r.Context()); (a.Printer != "" || a.Refuses) && s.printerOf(a) == "" {
		body.NoPaper, body.Refuses = !a.Refuses, a.Refuses
	}
	for i, g := range body.Groups {
		if string(g.ID) == r.URL.Query().Get("group") {
			body.Group = &body.Groups[i]
		}
	}
	sc.Body = body
	return sc
}

// kioskGroups returns the groups that have services, with what each gives now.
func kioskGroups(v *queue.View, now time.Time, f *forecast.Forecast) []kioskGroup {
	settings := v.Settings()
	if settings == nil {
		return nil
	}
	waiting := map[queue.GroupID]int{}
	for _, g := range display.NewBoard(v, 1).Groups {
		waiting[g.ID] = g.Waiting
	}
	services := map[queue.GroupID][]kioskService{}
	for _, x := range settings.Services {
		service := kioskService{ID: x.ID, Name: x.Name, Wait: waitNow(f, x.ID), Issuing: true}
		if refusal, ok := errors.AsType[*queue.Refusal](v.Issuing(x.ID, now)); ok {
			service.Issuing, service.Opens, service.Closed = false, refusal.Until, "problem."+string(refusal.Code)
		}
		services[x.Group] = append(services[x.Group], service)
	}
	var out []kioskGroup
	for _, g := range settings.Groups {
		if len(services[g.ID]) == 0 {
			continue
		}
		group := kioskGroup{ID: g.ID, Name: g.Name, Waiting: waiting[g.ID], Wait: expectation{unknown: forecast.UnknownClosed}, Services: services[g.ID]}
		for _, x := range group.Services {
			group.Issuing = group.Issuing || x.Issuing
			group.Closed = x.Closed
			if x.Issuing {
				group.Wait = group.Wait.with(x.Wait)
			}
			if !x.Opens.IsZero() && (group.Opens.IsZero() || x.Opens.Before(group.Opens)) {
				group.Opens = x.Opens
			}
		}
		out = append(out, group)
	}
	return out
}

func (s *Server) kiosk(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "kiosk", layout, s.kioskScreen(r, ""))
}

func (s *Server) kioskChoices(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "kiosk", "kiosk-choices", s.kioskScreen(r, ""))
}

// kioskTake gives a number and shows it. It works as a plain form, too.
func (s *Server) kioskTake(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the form cannot be read"})
		return
	}
	lang := r.PostFormValue("lang")
	r.URL.RawQuery = url.Values{"lang": {lang}, "group": {r.PostFormValue("group")}}.Encode()
	t := s.ofPublic(r)
	key := r.PostFormValue("key")
	if key == "" || len(key) > 100 {
		s.fail(w, r, &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Errors: []FieldError{{Location: "body.key"}}})
		return
	}
	ticket, _, err := s.issue(r.Context(), key, IssueRequest{Service: queue.ServiceID(r.PostFormValue("service")), Language: t.Lang})
	if p, ok := errors.AsType[*Problem](err); ok {
		fault := t.T("problem." + p.Code)
		sc := s.kioskScreen(r, "")
		if !p.Until.IsZero() {
			fault += " " + t.T("opens.at", "Time", sc.Opens(p.Until))
		}
		s.render(w, r, p.Status, "kiosk", layout, s.kioskScreen(r, fault))
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/kiosk/ticket/"+strconv.FormatInt(int64(ticket.ID), 10)+"?lang="+url.QueryEscape(t.Lang), http.StatusSeeOther)
}
