// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Figures are what a run or a day comes to, gathered from the records. It is not
// safe for concurrent use. [NewFigures] makes one.
type Figures struct {
	Days    int // opened, a day that goes on not counted again
	Tickets int
	Calls   int
	Recalls int
	Ends    map[queue.End]int
	Slips   map[queue.SlipResult]int // papers by outcome
	Copies  int                      // papers marked as copies

	zone  *time.Location
	waits [24][]queue.Millis // of answered calls, by the hour of issue
	open  map[queue.TicketID]visit
	date  queue.Date
}

// visit is what is known of a ticket until its wait counts.
type visit struct {
	hour    int
	wait    queue.Millis
	counted bool
}

// NewFigures returns figures that have seen nothing.
func NewFigures() *Figures {
	return &Figures{
		Ends: map[queue.End]int{}, Slips: map[queue.SlipResult]int{},
		zone: time.UTC, open: map[queue.TicketID]visit{},
	}
}

// Record takes the next record of a journal.
func (f *Figures) Record(r queue.Record) {
	switch e := r.Event.(type) {
	case queue.SettingsChanged:
		if zone, err := time.LoadLocation(e.Settings.Zone); err == nil && zone.String() != f.zone.String() {
			f.zone = zone
		}
	case queue.DayOpened:
		if e.Date != f.date {
			f.Days++
		}
		f.date = e.Date
	case queue.DayClosed:
		clear(f.open)
	case queue.TicketIssued:
		f.Tickets++
		f.open[e.Ticket] = visit{hour: r.At.In(f.zone).Hour()}
	case queue.TicketCalled:
		f.Calls++
		if v, ok := f.open[e.Ticket]; ok && !v.counted {
			v.wait = e.Wait
			f.open[e.Ticket] = v
		}
	case queue.TicketRecalled:
		f.Recalls++
	case queue.ServiceStarted:
		f.answered(e.Ticket)
	case queue.TicketParked:
		f.answered(e.Ticket)
	case queue.TicketTransferred:
		f.answered(e.Ticket)
	case queue.TicketClosed:
		f.Ends[e.End]++
		if e.End == queue.EndServed {
			f.answered(e.Ticket)
		}
	case queue.SlipRequested:
		if e.Copy {
			f.Copies++
		}
	case queue.SlipPrinted:
		f.Slips[queue.SlipResultPrinted]++
	case queue.SlipSent:
		f.Slips[queue.SlipResultSent]++
	case queue.SlipFailed:
		f.Slips[queue.SlipResultFailed]++
	case queue.SlipUnknown:
		f.Slips[queue.SlipResultUnknown]++
	}
}

// answered counts the wait for the first call that somebody answered.
func (f *Figures) answered(id queue.TicketID) {
	v, ok := f.open[id]
	if !ok || v.counted {
		return
	}
	v.counted = true
	f.open[id] = v
	f.waits[v.hour] = append(f.waits[v.hour], v.wait)
}

// Add adds the figures of another run.
func (f *Figures) Add(o *Figures) {
	f.Days += o.Days
	f.Tickets += o.Tickets
	f.Calls += o.Calls
	f.Recalls += o.Recalls
	f.Copies += o.Copies
	for end, n := range o.Ends {
		f.Ends[end] += n
	}
	for result, n := range o.Slips {
		f.Slips[result] += n
	}
	for hour := range o.waits {
		f.waits[hour] = append(f.waits[hour], o.waits[hour]...)
	}
}

// Waits are the waits for the first answered call of the tickets of a part of the day.
type Waits struct {
	N         int
	Mean, P90 time.Duration // P90 is the nearest rank; both 0 without tickets
}

// Waits returns the waits of tickets issued from one full hour of the local clock to
// another, 0 to 24, the last one excluded.
func (f *Figures) Waits(from, to int) Waits {
	var all []queue.Millis
	for hour := from; hour < to; hour++ {
		all = append(all, f.waits[hour]...)
	}
	if len(all) == 0 {
		return Waits{}
	}
	slices.Sort(all)
	sum := queue.Millis(0)
	for _, w := range all {
		sum += w
	}
	return Waits{
		N:    len(all),
		Mean: (sum / queue.Millis(len(all))).Duration(),
		P90:  all[(len(all)*9+9)/10-1].Duration(),
	}
}
