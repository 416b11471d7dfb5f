// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// kioskTiles is how many choices stand on a screen at most: more are not read.
const (
	kioskTiles = 8
	kioskFound = 6 // above the letters of a keyboard
)

// kioskTile is something to choose: a group or a service.
type kioskTile struct {
	Group   queue.GroupID   // of a group, else ""
	Service queue.ServiceID // of a service, else ""
	Name    queue.Texts
	Link    string
	Waiting int // -1: not said
	Wait    expectation
	kioskIssue
}

// kioskIssue is whether something gives numbers now.
type kioskIssue struct {
	Issuing bool
	Opens   time.Time // else from when on, zero if not known
	Closed  string    // else why not, as id of a text
}

type kioskGroup struct {
	ID       queue.GroupID
	Name     queue.Texts
	Waiting  int
	Wait     expectation // of whichever of its services that gives tickets
	Services []kioskService
	kioskIssue
}

type kioskService struct {
	ID   queue.ServiceID
	Name queue.Texts
	Wait expectation
	Last time.Time // until when numbers are given today, zero if it does not say
	kioskIssue
}

// kioskGroups returns the groups that have services, with what each gives now.
func (o *Options) kioskGroups(v *queue.View, now time.Time, f *forecast.Forecast) []kioskGroup {
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
		service := kioskService{ID: x.ID, Name: x.Name, Wait: waitNow(f, x.ID), kioskIssue: kioskIssue{Issuing: true}}
		if refusal, ok := errors.AsType[*queue.Refusal](v.Issuing(x.ID, now)); ok {
			service.kioskIssue = kioskIssue{Opens: refusal.Until, Closed: "problem." + string(refusal.Code)}
		} else if o.turnedAway(f, x.ID, "") {
			service.kioskIssue = kioskIssue{Closed: "problem." + codeNotToday}
		} else {
			service.Last = lastIssue(settings, x, now.In(v.Zone()))
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

// lastIssue returns until when a service that gives numbers now does so.
func lastIssue(s *queue.Settings, x queue.Service, now time.Time) time.Time {
	hours := &s.Hours
	if x.Hours != nil {
		hours = x.Hours
	}
	for _, o := range hours.On(now) {
		if !now.Before(o.From) && now.Before(o.LastIssue) {
			return o.LastIssue
		}
	}
	return time.Time{}
}

// tiles returns the choices of a place; of a group with one service, the service is the choice.
func (s *Server) tiles(at kioskPlace, lang string, groups []kioskGroup) []kioskTile {
	var out []kioskTile
	service := func(x kioskService, waiting int) kioskTile {
		return kioskTile{Service: x.ID, Name: x.Name, Link: at.ToService(x.ID), Waiting: waiting, Wait: x.Wait, kioskIssue: x.kioskIssue}
	}
	switch {
	case at.Seeks:
		for _, id := range s.find(lang, at.Words, kioskFound) {
			if g, x := serviceIn(groups, id); x != nil {
				out = append(out, service(*x, g.Waiting))
			}
		}
	case at.Group != "":
		for _, g := range groups {
			if g.ID != at.Group {
				continue
			}
			for _, x := range g.Services {
				out = append(out, service(x, -1))
			}
		}
	default:
		for _, g := range groups {
			tile := kioskTile{Group: g.ID, Name: g.Name, Link: at.ToGroup(g.ID), Waiting: g.Waiting, Wait: g.Wait, kioskIssue: g.kioskIssue}
			if len(g.Services) == 1 {
				tile = service(g.Services[0], g.Waiting)
				tile.Name = g.Name
			}
			out = append(out, tile)
		}
	}
	return out
}

// serviceIn returns a service and its group, nil if there is none.
func serviceIn(groups []kioskGroup, id queue.ServiceID) (*kioskGroup, *kioskService) {
	for i := range groups {
		if j := slices.IndexFunc(groups[i].Services, func(x kioskService) bool { return x.ID == id }); j >= 0 {
			return &groups[i], &groups[i].Services[j]
		}
	}
	return nil, nil
}
