// SPDX-License-Identifier: EUPL-1.2

package stats_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
	"github.com/avanti-queue/avanti/queue/stats"
)

// week is two groups on a Monday and a Tuesday.
func week() []*stats.Day {
	cell := func(g queue.GroupID, b stats.Band, n int, wait float64, lost ...float64) stats.Cell {
		return stats.Cell{
			Group: g, Band: b, Issued: n + len(lost), Served: n, NoShow: len(lost),
			Waits: spans(slices.Repeat([]float64{wait}, n)...), Lost: spans(lost...), Services: spans(slices.Repeat([]float64{10}, n)...),
		}
	}
	return []*stats.Day{
		{Date: "2026-11-23", Calls: 60, OutOfOrder: map[string]int{"ill": 2, "asked": 1}, Cells: []stats.Cell{
			cell("cards", 20, 40, 12, 4, 25), cell("desk", 18, 19, 50), cell("desk", 20, 30, 6),
		}},
		{Date: "2026-11-24", Calls: 40, Cells: []stats.Cell{cell("desk", 20, 40, 16)}},
	}
}

func TestSummary(t *testing.T) {
	days := week()
	s := sum(days, every)
	if s.Issued != 131 || s.Served != 129 || s.NoShow != 2 || s.Days != 2 || s.OutOfOrder != (stats.Share{N: 3, Of: 100}) {
		t.Errorf("%+v", s)
	}
	var joined stats.Sum
	for _, d := range days {
		var day stats.Sum
		day.AddDay(d)
		for i := range d.Cells {
			day.Add(&d.Cells[i])
		}
		joined.Join(&day)
	}
	if d := cmp.Diff(s, *joined.Summary()); d != "" {
		t.Errorf("day by day (-at once +joined):\n%s", d)
	}
	if w := s.Within(15 * time.Minute); w != (stats.Share{N: 71, Of: 131}) {
		t.Errorf("within 15 minutes: %v", w)
	}
	if p, ok := s.Waits.Percentile(90); !ok || p != 50*time.Minute {
		t.Errorf("P90 %v, %v", p, ok)
	}
	var absent []string
	for _, a := range s.Absences() {
		absent = append(absent, fmt.Sprintf("%v-%v: %d/%d", a.From.Minutes(), a.To.Minutes(), a.N, a.Of))
	}
	if d := cmp.Diff([]string{"0-5: 1/1", "5-10: 0/30", "10-15: 0/40", "15-20: 0/40", "20-30: 1/1", "30-45: 0/0", "45-0: 0/19"}, absent); d != "" {
		t.Errorf("not there when called (-want +got):\n%s", d)
	}
	group := func(g queue.GroupID) stats.Summary {
		return sum(days, func(_ *stats.Day, c *stats.Cell) bool { return c.Group == g })
	}
	if cards, desk := group("cards"), group("desk"); cards.Waits.Mean() != 12*time.Minute || desk.Served != 89 {
		t.Errorf("groups %+v and %+v", cards, desk)
	}
	waits := map[stats.Hour]stats.Mean{}
	for _, d := range days {
		weekday, ok := stats.Weekday(d.Date)
		if !ok {
			t.Errorf("%s is no date", d.Date)
		}
		for _, c := range d.Cells {
			h := stats.Hour{Day: weekday, Band: c.Band}
			m := waits[h]
			m.Add(&c.Waits)
			waits[h] = m
		}
	}
	if m := waits[stats.Hour{Day: time.Monday, Band: 20}]; len(waits) != 3 || m.N() != 70 {
		t.Errorf("hours %+v", waits)
	}
	// The half hour with the longest waits had only 19.
	if peak, ok := stats.Peak(waits); !ok || peak != (stats.Hour{Day: time.Tuesday, Band: 20}) || peak.Band.Clock() != 600 {
		t.Errorf("peak %v, %v", peak, ok)
	}
	if _, ok := stats.Peak(nil); ok {
		t.Error("there is a peak of nothing")
	}
	none := sum(nil, every)
	if w := none.Within(time.Minute); w.Value() != 0 || none.Waits.Mean() != 0 || none.Waits.Longest() != 0 {
		t.Errorf("no days: %+v", none)
	}
}

func TestCharter(t *testing.T) {
	days := week()
	for _, test := range []struct {
		promise stats.Promise
		share   stats.Share
		verdict stats.Verdict
	}{
		{stats.Promise{Measure: stats.MeasureWait, Limit: 20 * time.Minute, Share: .8}, stats.Share{N: 111, Of: 131}, stats.VerdictKept},
		{stats.Promise{Measure: stats.MeasureWait, Limit: 20 * time.Minute, Share: .9}, stats.Share{N: 111, Of: 131}, stats.VerdictMissed},
		{stats.Promise{Measure: stats.MeasureWait, Groups: []queue.GroupID{"cards"}, Limit: 20 * time.Minute, Share: .9}, stats.Share{N: 41, Of: 42}, stats.VerdictKept},
		{stats.Promise{Measure: stats.MeasureService, Limit: 9 * time.Minute, Share: .5}, stats.Share{N: 0, Of: 129}, stats.VerdictMissed},
		{stats.Promise{Measure: stats.MeasureVisit, Limit: time.Hour, Share: .5}, stats.Share{}, stats.VerdictNothing},
	} {
		of := sum(days, func(_ *stats.Day, c *stats.Cell) bool { return test.promise.For(c.Group) })
		k := test.promise.Judge(&of)
		if k.Achieved != test.share || k.Verdict != test.verdict || k.Low > k.Achieved.Value() || k.High < k.Achieved.Value() {
			t.Errorf("%+v: %+v", test.promise, k)
		}
	}
	few := stats.Promise{Measure: stats.MeasureWait, Limit: time.Minute, Share: .9}
	if k := few.Judge(&stats.Summary{Waits: spans(1, 2, 3)}); k.Verdict != stats.VerdictTooFew {
		t.Errorf("three tickets: %+v", k)
	}
}

func TestVotes(t *testing.T) {
	var v stats.Votes
	for i := range 9 {
		v.Add(stats.Vote{Group: "desk", Wait: time.Duration(i) * time.Minute, Face: stats.FaceGreen})
	}
	if _, ok := v.Faces("", 0); ok {
		t.Error("nine votes are told")
	}
	v.Add(stats.Vote{Group: "desk", Wait: 40 * time.Minute, Face: stats.FaceRed, Reason: "waiting"})
	faces, ok := v.Faces("desk", 0)
	if d := cmp.Diff(map[stats.Face]int{stats.FaceGreen: 9, stats.FaceRed: 1}, faces); !ok || d != "" {
		t.Errorf("%v (-want +got):\n%s", ok, d)
	}
	if _, ok := v.Faces("cards", 0); ok {
		t.Error("another group has votes")
	}
	for range 9 {
		v.Add(stats.Vote{Group: "cards", Wait: time.Hour, Face: stats.FaceRed, Reason: "come back"})
	}
	if faces, ok := v.Faces("", time.Hour); !ok || faces[stats.FaceRed] != 10 || faces[stats.FaceGreen] != 0 {
		t.Errorf("longer than half an hour: %v, %v", faces, ok)
	}
	if reasons, ok := v.Reasons(); !ok || reasons["come back"] != 9 {
		t.Errorf("reasons %v, %v", reasons, ok)
	}
	for range 11 {
		v.Add(stats.Vote{Group: "street", Wait: stats.WaitUnknown, Face: stats.FaceYellow})
	}
	if faces, ok := v.Faces("street", 0); !ok || faces[stats.FaceYellow] != 11 {
		t.Errorf("of an unknown wait: %v, %v", faces, ok)
	}
	if _, ok := v.Faces("street", 5*time.Minute); ok {
		t.Error("an unknown wait counts as a short one")
	}
	for wait, want := range map[time.Duration]time.Duration{0: 5 * time.Minute, 5*time.Minute + time.Second: 10 * time.Minute, 2 * time.Hour: time.Hour} {
		if got := stats.WaitBand(wait); got != want {
			t.Errorf("the band of %v ends at %v, want %v", wait, got, want)
		}
	}
}

// TestNoStatisticsByClerk reads the shape of a day: nothing in it names a counter, an
// actor or a ticket.
func TestNoStatisticsByClerk(t *testing.T) {
	forbidden := []reflect.Type{
		reflect.TypeFor[queue.CounterID](), reflect.TypeFor[queue.Actor](), reflect.TypeFor[queue.TicketID](), reflect.TypeFor[time.Time](),
	}
	personal := regexp.MustCompile(`(?i)clerk|actor|account|operator|person|employee|staff|user`)
	var walk func(path string, x reflect.Type)
	walk = func(path string, x reflect.Type) {
		if slices.Contains(forbidden, x) || personal.MatchString(path) {
			t.Errorf("%s is a %v", path, x)
		}
		switch x.Kind() {
		case reflect.Struct:
			for f := range x.Fields() {
				walk(path+"."+f.Name, f.Type)
			}
		case reflect.Slice, reflect.Pointer:
			walk(path, x.Elem())
		case reflect.Map:
			walk(path+" key", x.Key())
			walk(path, x.Elem())
		default:
		}
	}
	walk("Day", reflect.TypeFor[stats.Day]()) // all that is written is in it
	walk("Summary", reflect.TypeFor[stats.Summary]())
	walk("Kept", reflect.TypeFor[stats.Kept]())
	walk("Vote", reflect.TypeFor[stats.Vote]())
}

// TestTeams: no team is smaller than three counters, unless the office is.
func TestTeams(t *testing.T) {
	for _, test := range []struct {
		kinds []int // of each counter
		want  map[stats.TeamID]int
	}{
		{[]int{0, 1, 2}, map[stats.TeamID]int{"others": 3}},
		{[]int{0, 0, 0, 1}, map[stats.TeamID]int{"c0": 4}},
		{[]int{0, 0, 0, 1, 2, 1}, map[stats.TeamID]int{"c0": 3, "others": 3}},
		{[]int{0, 1, 1, 1, 0, 0}, map[stats.TeamID]int{"c0": 3, "c1": 3}},
		{[]int{0, 1}, map[stats.TeamID]int{"others": 2}},
	} {
		s := queuetest.Office(queue.PresetFIFO)
		s.Counters = nil
		for i, kind := range test.kinds {
			s.Counters = append(s.Counters, queue.Counter{
				ID: queue.CounterID(fmt.Sprintf("c%d", i)), Label: fmt.Sprint(i), Preferred: []queue.ServiceID{s.Services[kind].ID},
			})
		}
		h := newHall(t, s)
		for _, c := range s.Counters {
			h.do(queue.OpenCounter{Counter: c.ID, Seen: h.seen(c.ID)})
		}
		h.after(20, queue.IssueTicket{Service: "papers"})
		got := map[stats.TeamID]int{}
		for _, x := range h.collector.Today().Teams {
			got[x.Team] += int(x.Open().Duration() / (20 * time.Minute))
		}
		if d := cmp.Diff(test.want, got); d != "" {
			t.Errorf("%v (-want +got):\n%s", test.kinds, d)
		}
		if x := (stats.Team{Busy: 3, Turn: 1, Idle: 2}); x.Occupancy() != .5 {
			t.Errorf("occupancy %v", x.Occupancy())
		}
	}
}
