// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/stats"
)

// sums add up the days of a period, in as few places as can be: each span once by group, waits
// once more by half hour; everything else is made of these at the end.
type sums struct {
	office  Office
	days    stats.Sum // without cells
	groups  map[queue.GroupID]*stats.Sum
	bands   [stats.Bands]stats.Sum
	hours   [7][stats.Bands]stats.Mean // of waits
	came    [7]int
	cells   map[hourOf]*stats.Sum
	classes map[queue.ClassID]*stats.Sum
	teams   map[stats.TeamID]*stats.Team
	reasons map[string]int
	visits  bool // somebody wants to know
}

// hourOf is a group's half hour of the week.
type hourOf struct {
	group queue.GroupID
	hour  stats.Hour
}

func newSums(o Office) *sums {
	return &sums{
		office: o, groups: map[queue.GroupID]*stats.Sum{}, cells: map[hourOf]*stats.Sum{},
		classes: map[queue.ClassID]*stats.Sum{}, teams: map[stats.TeamID]*stats.Team{}, reasons: map[string]int{},
		visits: slices.ContainsFunc(o.Promises, func(p stats.Promise) bool { return p.Measure == stats.MeasureVisit }),
	}
}

// at returns what is under a key, and puts a new one there.
func at[K comparable, V any](m map[K]*V, k K) *V {
	if m[k] == nil {
		m[k] = new(V)
	}
	return m[k]
}

func (s *sums) add(d *stats.Day) {
	s.days.AddDay(d)
	for reason, n := range d.OutOfOrder {
		s.reasons[reason] += n
	}
	weekday, ok := stats.Weekday(d.Date)
	var group *stats.Sum
	for i := range d.Cells {
		c := &d.Cells[i]
		if i == 0 || c.Group != d.Cells[i-1].Group {
			group = at(s.groups, c.Group)
		}
		group.AddWaits(c)
		group.AddServices(c)
		if s.visits {
			group.AddVisits(c)
		}
		s.bands[c.Band].AddWaits(c)
		if !ok {
			continue
		}
		s.hours[weekday][c.Band].Add(&c.Waits)
		s.came[weekday] += c.Issued
		if s.office.Fine {
			at(s.cells, hourOf{c.Group, stats.Hour{Day: weekday, Band: c.Band}}).AddWaits(c)
		}
	}
	for i := range d.Classes {
		at(s.classes, d.Classes[i].Class).AddClass(&d.Classes[i])
	}
	for i := range d.Teams {
		at(s.teams, d.Teams[i].Team).Join(&d.Teams[i])
	}
}

func (s *sums) report(p Period) *Report {
	all, hours, bands := s.days, map[stats.Hour]stats.Mean{}, map[stats.Band]*stats.Summary{}
	for _, g := range s.groups {
		all.Join(g)
	}
	for band := range stats.Band(stats.Bands) {
		bands[band] = s.bands[band].Summary()
		for weekday := range time.Saturday + 1 {
			hours[stats.Hour{Day: weekday, Band: band}] = s.hours[weekday][band]
		}
	}
	r := &Report{
		Period: p, office: s.office, Total: *all.Summary(), teams: s.teams, reasons: s.reasons,
		groups: summaries(s.groups), hours: hours, came: s.came, bands: bands, cells: summaries(s.cells), classes: summaries(s.classes),
		quality: map[queue.GroupID]*forecast.Score{},
	}
	for _, promise := range s.office.Promises {
		var of stats.Sum
		for id, g := range s.groups {
			if promise.For(id) {
				of.Join(g)
			}
		}
		r.Charter = append(r.Charter, promise.Judge(of.Summary()))
	}
	return r
}

func summaries[K comparable](sums map[K]*stats.Sum) map[K]*stats.Summary {
	out := make(map[K]*stats.Summary, len(sums))
	for k, s := range sums {
		out[k] = s.Summary()
	}
	return out
}
