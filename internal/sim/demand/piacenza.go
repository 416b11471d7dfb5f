// SPDX-License-Identifier: EUPL-1.2

package demand

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// After is the office of Piacenza with multi-purpose counters: 1,100 citizens a week
// on 14 counters that help each other out. Volumes, shares and times are plausible,
// not measured; Scale and Absent are set so that the wait at 11 to 12 is the nine
// minutes that the city has published, and that of [Before] its twenty. The group
// ids are those of testdata/office/piacenza.yaml.
func After() Model {
	long := []Band{
		{clock(8, 15), clock(9, 0), .10},
		{clock(9, 0), clock(10, 0), .14},
		{clock(10, 0), clock(11, 0), .17},
		{clock(11, 0), clock(12, 0), .17},
		{clock(12, 0), clock(13, 0), .12},
		{clock(13, 0), clock(14, 0), .07},
		{clock(14, 0), clock(15, 0), .07},
		{clock(15, 0), clock(16, 0), .09},
		{clock(16, 0), clock(17, 0), .07},
	}
	short := []Band{
		{clock(8, 15), clock(9, 0), .14},
		{clock(9, 0), clock(10, 0), .19},
		{clock(10, 0), clock(11, 0), .23},
		{clock(11, 0), clock(12, 0), .23},
		{clock(12, 0), clock(13, 0), .16},
		{clock(13, 0), clock(13, 30), .05},
	}
	saturday := []Band{
		{clock(8, 15), clock(9, 0), .19},
		{clock(9, 0), clock(10, 0), .25},
		{clock(10, 0), clock(11, 0), .28},
		{clock(11, 0), clock(12, 0), .23},
		{clock(12, 0), clock(12, 15), .05},
	}
	return Model{
		Name:     "piacenza-after",
		Week:     [7]float64{0, 245, 210, 165, 210, 165, 105},
		Profiles: [7][]Band{nil, long, long, short, long, short, saturday},
		Doors:    .35, DayCV: .15, GroupCV: .35,
		Groups: map[queue.GroupID]Group{
			"certificates": {.22, minutes(5), .7},
			"identity":     {.05, minutes(18), .35},
			"residence":    {.10, minutes(22), .6},
			"civil-status": {.08, minutes(15), .7},
			"electoral":    {.07, minutes(8), .7},
			"taxes":        {.14, minutes(12), .8},
			"school":       {.08, minutes(14), .7},
			"social":       {.08, minutes(18), .7},
			"parking":      {.10, minutes(8), .6},
			"registry":     {.08, minutes(5), .8},
		},
		Other: Group{.08, minutes(10), .7},
		Scale: 1.4, Turnover: 45 * time.Second, Walk: 20 * time.Second, NoShow: .03,
		Classes:   []ClassShare{{"priority", .03}},
		Languages: []LanguageShare{{"ro", .07}, {"en", .06}, {"es", .03}},
		Staff: Staff{
			Present: [7]float64{1, 1, 1, 1, 1, 1, .55}, Absent: .09,
			Coffee: 15 * time.Minute, CoffeeFrom: clock(9, 45), CoffeeTo: clock(11, 15),
			Lunch: 45 * time.Minute, LunchFrom: clock(12, 15), LunchShifts: 3, LunchAfter: 7 * time.Hour,
		},
	}
}

// Before is the same demand on separate desks of specialists, of whom 60 in 100
// leave their desk for an hour and a half of other work that nobody covers. The
// group ids are those of testdata/office/piacenza-before.yaml.
func Before() Model {
	m := After()
	m.Name = "piacenza-before"
	m.Staff.Block, m.Staff.BackOffice = 90*time.Minute, .6
	return m
}

// Named returns the model with that name, ok false if there is none.
func Named(name string) (m Model, ok bool) {
	for _, m := range []Model{After(), Before()} {
		if m.Name == name {
			return m, true
		}
	}
	return Model{}, false
}

func clock(hour, minute int) int { return 60*hour + minute }

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
