// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Day is what happened on a day. Days of the same date, from an office that was closed
// and opened again, may stand side by side: all figures add up.
type Day struct {
	Date  queue.Date `json:"date"`
	Cells []Cell     `json:"cells,omitempty"` // by group, then half hour
	Teams []Team     `json:"teams,omitempty"` // by team, then half hour

	Classes []Class `json:"classes,omitempty"` // in the order of their ids

	// OutOfOrder is how many calls were out of order, by the clerk's reason.
	OutOfOrder map[string]int `json:"out_of_order,omitempty"`
	Calls      int            `json:"calls,omitzero"` // recalls not counted
}

// Band is a half hour of the local clock: 0 is from midnight, 47 the last one.
type Band int

// Bands is how many a day has.
const Bands = 48

func bandOf(local time.Time) Band { return Band(2*local.Hour() + local.Minute()/30) }

// Clock returns when the band begins, in minutes since midnight.
func (b Band) Clock() int { return 30 * int(b) }

// Cell is what became of those who came in a half hour for a group of services: by
// issue or transfer, but for Started, which counts where it falls.
type Cell struct {
	Group queue.GroupID `json:"group"`
	Band  Band          `json:"band"`

	Issued      int `json:"issued,omitzero"`      // tickets
	Transferred int `json:"transferred,omitzero"` // steps that began with a transfer
	Started     int `json:"started,omitzero"`     // services, from the call where no start is confirmed

	Served    int `json:"served,omitzero"` // tickets whose last step was here
	NoShow    int `json:"no_show,omitzero"`
	Cancelled int `json:"cancelled,omitzero"`
	Expired   int `json:"expired,omitzero"`
	Void      int `json:"void,omitzero"`

	Waits    Spans `json:"waits,omitzero"`
	Lost     Spans `json:"lost,omitzero"` // waits of those who did not come
	Walks    Spans `json:"walks,omitzero"`
	Services Spans `json:"services,omitzero"` // of steps
	Visits   Spans `json:"visits,omitzero"`   // of tickets, by their first step

	Overtaken  int `json:"overtaken,omitzero"`  // steps before which somebody younger was called to a counter that served both
	Overtakers int `json:"overtakers,omitzero"` // by how many, all together
}

// Class is how the tickets of a class fared in the order of calls, on the whole day: of
// steps, by the class that the ticket had when it was called.
type Class struct {
	Class queue.ClassID `json:"class"`

	Waits      Spans `json:"waits,omitzero"`      // as those of cells
	Overtaken  int   `json:"overtaken,omitzero"`  // as those of cells: by whom ever, of this class or another
	Overtakers int   `json:"overtakers,omitzero"` // by how many, all together
}

// TeamID names counters that prefer the same services: the id of the first one. Teams
// of fewer than three are one, [Others]; fewer than three others join the next team.
type TeamID string

// Others are the counters of small teams.
const Others TeamID = "others"

// Team is what a team of counters did in a half hour, in milliseconds of counter time.
type Team struct {
	Team TeamID `json:"team"`
	Band Band   `json:"band"`

	Busy   queue.Millis            `json:"busy_ms,omitzero"`   // with a citizen, from the call on
	Turn   queue.Millis            `json:"turn_ms,omitzero"`   // open and free, while somebody waited for it
	Idle   queue.Millis            `json:"idle_ms,omitzero"`   // open and free, and nobody waited for it
	Paused map[string]queue.Millis `json:"paused_ms,omitzero"` // by reason
}

// Open returns how long the team's counters were open.
func (t *Team) Open() queue.Millis { return t.Busy + t.Turn + t.Idle }

// Occupancy returns the busy share of the open time, 0 to 1; 0 of none.
func (t *Team) Occupancy() float64 { return float64(t.Busy) / float64(max(1, t.Open())) }

// Join takes in what another team did, or the same one at another time.
func (t *Team) Join(o *Team) {
	t.Busy += o.Busy
	t.Turn += o.Turn
	t.Idle += o.Idle
	for reason, long := range o.Paused {
		if t.Paused == nil {
			t.Paused = map[string]queue.Millis{}
		}
		t.Paused[reason] += long
	}
}

// Clone returns a day that shares nothing with this one.
func (d *Day) Clone() *Day {
	c := *d
	c.OutOfOrder = maps.Clone(d.OutOfOrder)
	c.Cells = slices.Clone(d.Cells)
	for i := range c.Cells {
		x := &c.Cells[i]
		for _, s := range []*Spans{&x.Waits, &x.Lost, &x.Walks, &x.Services, &x.Visits} {
			*s = s.clone()
		}
	}
	c.Classes = slices.Clone(d.Classes)
	for i := range c.Classes {
		c.Classes[i].Waits = d.Classes[i].Waits.clone()
	}
	c.Teams = slices.Clone(d.Teams)
	for i := range c.Teams {
		c.Teams[i].Paused = maps.Clone(d.Teams[i].Paused)
	}
	return &c
}

// cell returns the one of a group and half hour.
func (d *Day) cell(g queue.GroupID, b Band) *Cell {
	i, ok := slices.BinarySearchFunc(d.Cells, Cell{Group: g, Band: b}, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Band, b.Band))
	})
	if !ok {
		d.Cells = slices.Insert(d.Cells, i, Cell{Group: g, Band: b})
	}
	return &d.Cells[i]
}

// class returns the one of a class.
func (d *Day) class(id queue.ClassID) *Class {
	i, ok := slices.BinarySearchFunc(d.Classes, id, func(c Class, id queue.ClassID) int { return cmp.Compare(c.Class, id) })
	if !ok {
		d.Classes = slices.Insert(d.Classes, i, Class{Class: id})
	}
	return &d.Classes[i]
}

// team returns the one of a team and half hour.
func (d *Day) team(id TeamID, b Band) *Team {
	i, ok := slices.BinarySearchFunc(d.Teams, Team{Team: id, Band: b}, func(a, b Team) int {
		return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Band, b.Band))
	})
	if !ok {
		d.Teams = slices.Insert(d.Teams, i, Team{Team: id, Band: b})
	}
	return &d.Teams[i]
}
