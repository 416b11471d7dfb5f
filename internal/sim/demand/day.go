// SPDX-License-Identifier: EUPL-1.2

package demand

import (
	"fmt"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Day is one day of an office. A day on which the office is closed is empty.
type Day struct {
	Date     queue.Date
	Arrivals []Arrival // in the order of their times
	Shifts   []Shift   // in the order of the office's counters
}

// Arrival is a citizen who comes to the office.
type Arrival struct {
	At       time.Time
	Service  queue.ServiceID
	Class    queue.ClassID // "": the office's first
	Language string
	Slot     time.Time // of an appointment, else zero

	NoShow bool          // is gone when called
	Walk   time.Duration // from the call to the counter; a part of Visit
	Visit  time.Duration // service time, from the call to the end
}

// Source draws days of one office. It is safe for concurrent use.
type Source struct {
	model  Model
	zone   *time.Location
	hours  queue.Calendar
	groups []group
	total  float64 // shares of all groups

	classes   []ClassShare
	languages []LanguageShare
	counters  []queue.CounterID
	team      []int // by counter
	teams     int
}

type group struct {
	Group
	services []queue.ServiceID
	weights  float64 // of all services
}

// New applies a model to an office. The settings must be valid and are not kept.
func New(m Model, s *queue.Settings) (*Source, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, fmt.Errorf("demand: zone of office %s: %w", s.Office, err)
	}
	src := &Source{model: m, zone: zone, hours: s.Hours}
	for _, g := range s.Groups {
		figures, ok := m.Groups[g.ID]
		if !ok {
			figures = m.Other
		}
		x := group{Group: figures}
		for _, service := range s.Services {
			if service.Group == g.ID {
				x.services = append(x.services, service.ID)
				x.weights += weight(len(x.services) - 1)
			}
		}
		if len(x.services) > 0 && x.Share > 0 {
			src.groups = append(src.groups, x)
			src.total += x.Share
		}
	}
	if len(src.groups) == 0 {
		return nil, fmt.Errorf("demand: model %s asks for no service of office %s", m.Name, s.Office)
	}
	for _, c := range m.Classes {
		if slices.ContainsFunc(s.Classes, func(x queue.Class) bool { return x.ID == c.Class }) {
			src.classes = append(src.classes, c)
		}
	}
	for _, l := range m.Languages {
		if slices.Contains(s.Languages, l.Language) {
			src.languages = append(src.languages, l)
		}
	}
	src.form(s.Counters)
	return src, nil
}

// weight makes a group's first services the commoner ones.
func weight(i int) float64 { return 1 / float64(i+1) }

// Day draws the day of a date, which must be valid.
func (s *Source) Day(seed uint64, date queue.Date) (Day, error) {
	midnight, err := date.Midnight(s.zone)
	if err != nil {
		return Day{}, fmt.Errorf("demand: %w", err)
	}
	day := Day{Date: date}
	openings := s.hours.On(midnight)
	if len(openings) == 0 {
		return day, nil
	}
	day.Arrivals = s.arrivals(newDice(seed, midnight, streamArrivals), midnight, openings)
	day.Shifts = s.shifts(newDice(seed, midnight, streamStaff), midnight, openings)
	return day, nil
}

func (s *Source) arrivals(d dice, midnight time.Time, openings []queue.Opening) []Arrival {
	m := &s.model
	bands := m.Profiles[midnight.Weekday()]
	if bands == nil {
		bands = even(openings)
	}
	share := 0.0
	for _, b := range bands {
		share += b.Share
	}
	volume := m.Week[midnight.Weekday()] * d.lognormal(1, m.DayCV)
	var out []Arrival
	for i := range s.groups {
		g := &s.groups[i]
		for range d.poisson(volume * g.Share / s.total * d.lognormal(1, m.GroupCV)) {
			n := d.pick(share, len(bands), func(i int) float64 { return bands[i].Share })
			at := s.enter(d, midnight, bands[n], n == 0)
			a := s.arrival(d, g, at)
			if slices.ContainsFunc(openings, func(o queue.Opening) bool { return !at.Before(o.From) && at.Before(o.To) }) {
				out = append(out, a)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Arrival) int { return a.At.Compare(b.At) })
	return out
}

// even spreads citizens over the hours of opening.
func even(openings []queue.Opening) []Band {
	bands := make([]Band, 0, len(openings))
	for _, o := range openings {
		b := Band{From: clock(o.From.Hour(), o.From.Minute()), To: clock(o.To.Hour(), o.To.Minute())}
		if b.To <= b.From {
			b.To = clock(24, 0)
		}
		b.Share = float64(b.To - b.From)
		bands = append(bands, b)
	}
	return bands
}

// enter draws when somebody of a band comes in.
func (s *Source) enter(d dice, midnight time.Time, b Band, first bool) time.Time {
	length := time.Duration(b.To-b.From) * time.Minute
	if first && d.chance(s.model.Doors) {
		length = time.Minute
	}
	return onClock(midnight, b.From).Add(d.between(0, length))
}

// onClock returns the instant at which the local clock shows a minute of the day.
func onClock(midnight time.Time, minute int) time.Time {
	y, m, d := midnight.Date()
	return time.Date(y, m, d, minute/60, minute%60, 0, 0, midnight.Location())
}

func (s *Source) arrival(d dice, g *group, at time.Time) Arrival {
	m := &s.model
	a := Arrival{
		At:      at,
		Service: g.services[d.pick(g.weights, len(g.services), weight)],
		Visit:   d.span(time.Duration(float64(g.Mean)*m.Scale), g.CV),
		NoShow:  d.chance(m.NoShow),
	}
	a.Walk = min(d.span(m.Walk, .4), a.Visit/2)
	x := d.Float64()
	for _, c := range s.classes {
		if x < c.Share {
			a.Class = c.Class
			break
		}
		x -= c.Share
	}
	x = d.Float64()
	for _, l := range s.languages {
		if x < l.Share {
			a.Language = l.Language
			break
		}
		x -= l.Share
	}
	if d.chance(m.Appointments) {
		a.Slot = at.Add(d.between(-10*time.Minute, 20*time.Minute)).Truncate(5 * time.Minute)
	}
	return a
}
