// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// office reads the settings of an office under testdata.
func office(tb testing.TB, name string) queue.Settings {
	tb.Helper()
	file, err := config.Load("../../../testdata/office/" + name + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return file.Settings()
}

// desk is the demand on the three counters of [queuetest.Office]: few citizens who
// take long, in every class, a quarter of them on appointment.
func desk() demand.Model {
	return demand.Model{
		Name: "desk", Week: [7]float64{0, 45, 45, 45, 45, 45, 30}, Doors: .2, DayCV: .5, GroupCV: .3,
		Other: demand.Group{Share: 1, Mean: 25 * time.Minute, CV: .7}, Scale: 1,
		Turnover: 45 * time.Second, Walk: 20 * time.Second, NoShow: .08, Appointments: .25,
		Classes:   []demand.ClassShare{{Class: "priority", Share: .1}, {Class: "slow", Share: .2}},
		Languages: []demand.LanguageShare{{Language: "ro", Share: .2}, {Language: "en", Share: .1}},
		Staff: demand.Staff{
			Present: [7]float64{1, 1, 1, 1, 1, 1, 1}, Absent: .05, Coffee: 15 * time.Minute,
			CoffeeFrom: 9 * 60, CoffeeTo: 11 * 60, Lunch: 45 * time.Minute, LunchFrom: 12 * 60, LunchShifts: 3,
		},
	}
}

// rough returns the options of a seed: one in eight runs is Piacenza, the others are
// the small office with one of the five rules, each in some week of two years.
func rough(piacenza queue.Settings, seed uint64, days int) schedule.Options {
	monday := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*int(seed%100))
	o := schedule.Options{
		Seed: seed, Date: queue.DateOf(monday), Days: days, Habits: schedule.Usual(), Faults: schedule.Rough(),
	}
	if seed%8 == 0 {
		o.Settings, o.Model = piacenza, demand.After()
		return o
	}
	o.Model = desk()
	o.Settings = queuetest.Office([]queue.Preset{
		queue.PresetFIFO, queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass,
	}[seed%5])
	return o
}
