// SPDX-License-Identifier: EUPL-1.2

package stats_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

func someDay() *stats.Day {
	d := &stats.Day{
		Date: "2026-11-23", Calls: 7, OutOfOrder: map[string]int{"pregnant": 2, "": 1},
		Cells: []stats.Cell{{Group: "registry", Band: 17, Issued: 3, NoShow: 1, Overtaken: 2, Overtakers: 5}, {Group: "registry", Band: 18}},
		Teams: []stats.Team{{Team: stats.Others, Band: 17, Busy: 1_800_000, Idle: 7, Paused: map[string]queue.Millis{"coffee": 900_000}}},
	}
	for i := range 5 {
		d.Cells[0].Waits.Add(time.Duration(i*i) * time.Minute)
		d.Cells[0].Waits.Add(time.Minute)
	}
	d.Cells[1].Visits.Add(5 * time.Hour)
	d.Cells[1].Visits.Add(20 * time.Hour) // more seconds than two bytes hold
	d.Classes = []stats.Class{{Class: "normal", Overtaken: 2, Overtakers: 5, Waits: d.Cells[0].Waits}, {Class: "priority"}}
	return d
}

func encode(t *testing.T, d *stats.Day) []byte {
	t.Helper()
	data, err := d.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestADayIsReadAsItWasWritten(t *testing.T) {
	for _, want := range []*stats.Day{{}, {Date: "2026-11-23"}, someDay()} {
		var got stats.Day
		if err := got.UnmarshalBinary(encode(t, want)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, &got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-written +read:\n%s", diff)
		}
	}
}

// What was in the memory that a day is read into does not show, and a clone stays.
func TestADayIsReadIntoAnother(t *testing.T) {
	other := someDay()
	other.Cells, other.Cells[1].Group = append(other.Cells, stats.Cell{Group: "taxes"}), "cards"
	other.Teams[0].Paused = nil
	other.Classes[1].Waits.Add(time.Hour)
	days := []*stats.Day{someDay(), {}, other, {Date: "2026-11-24"}, someDay()}
	var d stats.Day
	var clones []*stats.Day
	for _, want := range days {
		if err := d.UnmarshalBinary(encode(t, want)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, &d, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-written +read:\n%s", diff)
		}
		clones = append(clones, d.Clone())
	}
	if diff := cmp.Diff(days, clones, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-written +cloned:\n%s", diff)
	}
}

// A half hour that no day has, waits that do not go up, and a sum that is not theirs are damage.
func TestADayOfNoSense(t *testing.T) {
	for name, spoil := range map[string]func(*stats.Day){
		"band":  func(d *stats.Day) { d.Cells[1].Band = stats.Bands },
		"team":  func(d *stats.Day) { d.Teams[0].Band = -1 },
		"order": func(d *stats.Day) { slices.Reverse(d.Cells[0].Waits.Seconds) },
		"less":  func(d *stats.Day) { d.Cells[0].Waits.Sum -= 11_000 }, // of ten
		"more":  func(d *stats.Day) { d.Cells[0].Waits.Sum++ },
	} {
		d := someDay()
		spoil(d)
		if err := new(stats.Day).UnmarshalBinary(encode(t, d)); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
}

func TestADamagedDayIsNotRead(t *testing.T) {
	whole := encode(t, someDay())
	for n := range whole {
		var d stats.Day
		if err := d.UnmarshalBinary(whole[:n]); err == nil {
			t.Errorf("%d of %d bytes are read", n, len(whole))
		}
	}
	var d stats.Day
	if err := d.UnmarshalBinary(append(whole, 0)); err == nil {
		t.Error("a byte too many is read")
	}
	whole[0]++
	if err := d.UnmarshalBinary(whole); !errors.Is(err, stats.ErrVersion) {
		t.Errorf("another version: %v", err)
	}
}

func FuzzDay(f *testing.F) {
	data, err := someDay().AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{stats.Version})
	f.Fuzz(func(t *testing.T, data []byte) {
		var d stats.Day
		if d.UnmarshalBinary(data) != nil {
			return
		}
		var again stats.Day
		if err := again.UnmarshalBinary(encode(t, &d)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, again, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}
