// SPDX-License-Identifier: EUPL-1.2

package demand_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func office(tb testing.TB, name string) queue.Settings {
	tb.Helper()
	file, err := config.Load("../../../testdata/office/" + name + ".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return file.Settings()
}

func source(tb testing.TB, m demand.Model, s queue.Settings) *demand.Source {
	tb.Helper()
	src, err := demand.New(m, &s)
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

func day(tb testing.TB, src *demand.Source, seed uint64, date queue.Date) demand.Day {
	tb.Helper()
	d, err := src.Day(seed, date)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func TestSameSeedSameDay(t *testing.T) {
	src := source(t, demand.After(), office(t, "piacenza"))
	const monday = "2026-11-23"
	first := day(t, src, 7, monday)
	if d := cmp.Diff(first, day(t, src, 7, monday)); d != "" {
		t.Errorf("the same seed (-first +second):\n%s", d)
	}
	if cmp.Equal(first.Arrivals, day(t, src, 8, monday).Arrivals) {
		t.Error("two seeds give the same citizens")
	}
	other := day(t, src, 7, "2026-11-30")
	if len(other.Arrivals) > 0 && other.Arrivals[0].At.Sub(first.Arrivals[0].At) == 7*24*time.Hour {
		t.Error("two Mondays of a seed begin with the same citizen")
	}
}

func TestClosedDaysAreEmpty(t *testing.T) {
	src := source(t, demand.After(), office(t, "piacenza"))
	for _, date := range []queue.Date{"2026-11-22", "2026-12-08", "2026-07-04"} { // a Sunday, a holiday, the patron's
		if d := day(t, src, 1, date); len(d.Arrivals) > 0 || len(d.Shifts) > 0 {
			t.Errorf("%s: %d citizens, %d clerks", date, len(d.Arrivals), len(d.Shifts))
		}
	}
	if _, err := src.Day(1, "2026-02-30"); err == nil {
		t.Error("a date that does not exist has a day")
	}
}

// TestVolumes compares means over many days with the figures of the model.
func TestVolumes(t *testing.T) {
	m := demand.After()
	s := office(t, "piacenza")
	src := source(t, m, s)
	groupOf := map[queue.ServiceID]queue.GroupID{}
	for _, x := range s.Services {
		groupOf[x.ID] = x.Group
	}
	const days = 800
	n, atDoor, noShow, bands, visit := 0, 0, 0, map[int]int{}, time.Duration(0)
	groups := map[queue.GroupID]int{}
	for seed := range uint64(days) {
		for _, a := range day(t, src, seed, "2026-11-23").Arrivals {
			n++
			groups[groupOf[a.Service]]++
			bands[a.At.Hour()]++
			visit += a.Visit
			if a.At.Hour() == 8 && a.At.Minute() == 15 {
				atDoor++
			}
			if a.NoShow {
				noShow++
			}
		}
	}
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if math.Abs(got-want) > tolerance*want {
			t.Errorf("%s: %.4f, want %.4f", what, got, want)
		}
	}
	near("citizens on a Monday", float64(n)/days, 245, .03)
	for id, g := range m.Groups {
		near("share of "+string(id), float64(groups[id])/float64(n), g.Share, .07)
	}
	near("from 11 to 12", float64(bands[11])/float64(n), .17, .03)
	near("from 8:15 to 9", float64(bands[8])/float64(n), .10, .03)
	near("at the door", float64(atDoor)/float64(bands[8]), .35+.65/45, .05)
	near("no-shows", float64(noShow)/float64(n), m.NoShow, .05)
	near("minutes of service", visit.Minutes()/float64(n), 11.37*m.Scale, .03)
}

// TestArrivals checks what holds for each citizen of any seed.
func TestArrivals(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	m := demand.Model{
		Week: [7]float64{5: 80}, Other: demand.Group{Share: 1, Mean: 5 * time.Minute, CV: 2}, Scale: 1,
		Walk: time.Minute, Doors: .5, Appointments: .5, DayCV: .3, GroupCV: .3,
		Classes: []demand.ClassShare{{Class: "priority", Share: .5}, {Class: "none", Share: .5}},
	}
	src := source(t, m, s)
	rapid.Check(t, func(t *rapid.T) {
		d, err := src.Day(rapid.Uint64().Draw(t, "seed"), "2026-11-27") // a Friday
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(d.Arrivals, func(a, b demand.Arrival) int { return a.At.Compare(b.At) }) {
			t.Error("citizens are not in order")
		}
		for _, a := range d.Arrivals {
			switch {
			case a.At.Hour() < 8 || a.At.Hour() >= 18:
				t.Errorf("comes at %v, the office is closed", a.At)
			case a.Visit < time.Second || a.Walk < 0 || a.Walk > a.Visit:
				t.Errorf("walks %v of %v", a.Walk, a.Visit)
			case a.Class != "" && a.Class != "priority":
				t.Errorf("class %q", a.Class)
			case !a.At.Equal(a.At.Truncate(time.Millisecond)) || a.Visit%time.Millisecond != 0:
				t.Errorf("%v for %v is not in whole milliseconds", a.At, a.Visit)
			}
		}
	})
}

func TestNewRefuses(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	if _, err := demand.New(demand.Model{Name: "nothing"}, &s); err == nil {
		t.Error("a model without demand is taken")
	}
	s.Zone = "Europe/Nowhere"
	if _, err := demand.New(demand.After(), &s); err == nil {
		t.Error("a zone that does not exist is taken")
	}
}

// TestPresetsNameTheGroupsOfTheirOffices guards against a group that is renamed on
// one side only.
func TestPresetsNameTheGroupsOfTheirOffices(t *testing.T) {
	for name, file := range map[string]string{"piacenza-after": "piacenza", "piacenza-before": "piacenza-before"} {
		m, ok := demand.Named(name)
		if !ok || m.Name != name {
			t.Fatalf("model %q: %v", name, ok)
		}
		s := office(t, file)
		if len(s.Groups) != len(m.Groups) {
			t.Errorf("%s: %d groups in the model, %d in the office", name, len(m.Groups), len(s.Groups))
		}
		for _, g := range s.Groups {
			if _, ok := m.Groups[g.ID]; !ok {
				t.Errorf("%s: no figures for group %s", name, g.ID)
			}
		}
	}
	if _, ok := demand.Named("piacenza"); ok {
		t.Error("a model that does not exist is found")
	}
}
