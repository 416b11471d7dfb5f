// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"iter"
	"time"
)

// View is the office at one moment. It never changes; its parts are shared with
// the views before and after it.
type View struct {
	seq  Seq
	at   time.Time
	plan *plan // nil before the first settings

	date   Date // of the newest day, "" before the first
	isOpen bool

	tickets  roll            // of this day
	open     roll            // those that are alive
	counters []CounterStatus // as in the settings
	series   []seriesStatus  // as in the settings
	issued   []int           // this day, by service as in the settings
	steps    []step          // that can be undone, by counter as in the settings
	skipped  NumbersSkipped  // newest, of the open day or for an opening to come; zero: there is none
}

// seriesStatus is where a series stands.
type seriesStatus struct {
	next  int
	alive numbers // in a citizen's hands
}

// Seq returns the newest record that the view knows.
func (v *View) Seq() Seq { return v.seq }

// At returns the time of the newest record, UTC; zero before the first.
func (v *View) At() time.Time { return v.at }

// Settings returns the settings in force, nil before the first. They are not to be changed.
func (v *View) Settings() *Settings {
	if v.plan == nil {
		return nil
	}
	return &v.plan.settings
}

// Zone returns the office's time zone, UTC before the first settings.
func (v *View) Zone() *time.Location {
	if v.plan == nil {
		return time.UTC
	}
	return v.plan.zone
}

// Day returns the newest day and whether it is open; "" before the first one.
func (v *View) Day() (date Date, open bool) { return v.date, v.isOpen }

// Ticket returns a ticket of the newest day, nil if there is none with that id.
func (v *View) Ticket(id TicketID) *Ticket { return v.tickets.get(id) }

// Tickets yields every ticket of the newest day in the order of issue.
func (v *View) Tickets() iter.Seq[*Ticket] { return v.tickets.all() }

// Open yields the tickets that are alive in the order of issue.
func (v *View) Open() iter.Seq[*Ticket] { return v.open.all() }

// Waiting yields the tickets that wait for a call in the order of issue.
func (v *View) Waiting() iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		for t := range v.open.all() {
			if t.Status == Waiting && !yield(t) {
				return
			}
		}
	}
}

// Counters yields what each counter does, in the order of the settings.
func (v *View) Counters() iter.Seq[CounterStatus] {
	return func(yield func(CounterStatus) bool) {
		for _, c := range v.counters {
			if !yield(c) {
				return
			}
		}
	}
}

// Counter returns what a counter does, ok false if the office has none of that id.
func (v *View) Counter(id CounterID) (status CounterStatus, ok bool) {
	if v.plan == nil {
		return CounterStatus{}, false
	}
	i, ok := v.plan.counter[id]
	if !ok {
		return CounterStatus{}, false
	}
	return v.counters[i], true
}

// Service returns a service of the settings, ok false if there is none of that id.
func (v *View) Service(id ServiceID) (s Service, ok bool) {
	if v.plan == nil {
		return Service{}, false
	}
	i, ok := v.plan.service[id]
	if !ok {
		return Service{}, false
	}
	return v.plan.settings.Services[i], true
}

// Issuing reports whether a ticket for the service would be given at an instant;
// if not, why, as a [*Refusal].
func (v *View) Issuing(id ServiceID, at time.Time) error {
	if v.plan == nil || !v.isOpen {
		return v.dayClosed(at)
	}
	i, ok := v.plan.service[id]
	if !ok {
		return refuse(RefusedUnknownService, string(id))
	}
	service := &v.plan.settings.Services[i]
	hours := &v.plan.settings.Hours
	if service.Hours != nil {
		hours = service.Hours
	}
	if now, next := hours.Issuing(at.In(v.plan.zone)); !now {
		return &Refusal{Code: RefusedHours, Subject: string(id), Until: next}
	}
	if service.Quota > 0 && v.issued[i] >= service.Quota {
		y, m, d := at.In(v.plan.zone).Date()
		_, next := hours.Issuing(time.Date(y, m, d+1, 0, 0, 0, 0, v.plan.zone))
		return &Refusal{Code: RefusedQuota, Subject: string(id), Until: next}
	}
	return nil
}

func (v *View) dayClosed(at time.Time) error {
	r := &Refusal{Code: RefusedDayClosed}
	if v.plan != nil {
		if now, next := v.plan.settings.Hours.Issuing(at.In(v.plan.zone)); !now {
			r.Until = next
		}
	}
	return r
}
