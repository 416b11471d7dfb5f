// SPDX-License-Identifier: EUPL-1.2

package stats_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
	"github.com/avanti-queue/avanti/queue/stats"
)

// hall is an office that a collector follows.
type hall struct {
	t         rapid.TB
	state     queue.State
	at        time.Time
	records   []queue.Record
	collector stats.Collector
	days      []*stats.Day
}

func newHall(t rapid.TB, s queue.Settings) *hall {
	h := &hall{t: t, at: queuetest.Monday()}
	h.do(queue.ChangeSettings{Settings: s})
	h.do(queue.OpenDay{Clock: h.at})
	return h
}

func (h *hall) seen(id queue.CounterID) queue.Revision {
	c, _ := h.state.View().Counter(id)
	return c.Seen
}

func (h *hall) ask(c queue.Command) error {
	events, err := h.state.Decide(h.at, queue.Actor{Role: queue.RoleSystem}, c)
	for _, e := range events {
		r := queue.Record{Seq: h.state.View().Seq() + 1, At: h.at, Event: e}
		h.state.Apply(r)
		h.records = append(h.records, r)
		if d := h.collector.Apply(r); d != nil {
			h.days = append(h.days, d)
		}
	}
	return err
}

func (h *hall) do(c queue.Command) {
	h.t.Helper()
	if err := h.ask(c); err != nil {
		h.t.Fatalf("%T%+v: %v", c, c, err)
	}
}

// after gives a command some minutes after eight.
func (h *hall) after(minutes float64, c queue.Command) {
	h.t.Helper()
	h.at = queuetest.Monday().Add(time.Duration(minutes * float64(time.Minute)))
	h.do(c)
}

func spans(minutes ...float64) stats.Spans {
	var s stats.Spans
	for _, m := range minutes {
		s.Add(time.Duration(m * float64(time.Minute)))
	}
	return s
}

func minutes(m float64) queue.Millis { return queue.Millis(m * 60_000) }

// TestDay lives a short day of which every figure is known.
func TestDay(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	s.Groups = append(s.Groups, queue.Group{ID: "cards"})
	s.Services[2].Group = "cards"
	s.NoShow.Calls, s.NoShow.After = 1, 0
	h := newHall(t, s)
	at := h.after
	at(0, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
	at(1, queue.IssueTicket{Service: "papers"})                                           // A001, seq 4
	at(2, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})                              // waits 1
	at(2.5, queue.Start{Counter: "c1", Seen: h.seen("c1")})                               // walks 0.5
	at(10, queue.IssueTicket{Service: "taxes"})                                           // A002, seq 7
	at(20, queue.IssueTicket{Service: "papers", Class: "priority"})                       // A003, seq 8
	at(25, queue.IssueTicket{Service: "papers"})                                          // A004, seq 9
	at(32.5, queue.Finish{Counter: "c1", Seen: h.seen("c1")})                             // served 30, visit 31.5
	at(33, queue.CallTicket{Counter: "c1", Ticket: 8, Reason: "ill", Seen: h.seen("c1")}) // A003 waits 13, overtakes A002
	at(35, queue.GiveUp{Counter: "c1", Seen: h.seen("c1")})
	at(36, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})                   // A002 waits 26
	at(38, queue.Unpark{Ticket: 8})                                             // A003 has come after all
	at(40, queue.Transfer{Counter: "c1", Service: "cards", Seen: h.seen("c1")}) // A002 was served 4, without a start
	at(41, queue.PauseCounter{Counter: "c1", Reason: "coffee", Seen: h.seen("c1")})
	at(61, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
	at(62, queue.OpenCounter{Counter: "c3", Seen: h.seen("c3")})
	at(62, queue.CallNext{Counter: "c3", Seen: h.seen("c3")}) // A003 for papers, waits 42
	at(64, queue.Finish{Counter: "c3", Seen: h.seen("c3")})   // served 2, visit 44
	at(64, queue.CallNext{Counter: "c3", Seen: h.seen("c3")}) // A004 waits 39
	at(65, queue.GiveUp{Counter: "c3", Seen: h.seen("c3")})
	at(66, queue.CallNext{Counter: "c3", Seen: h.seen("c3")}) // A002 for cards waits 26 since the transfer
	at(68, queue.Finish{Counter: "c3", Seen: h.seen("c3")})   // served 2, visit 58
	at(70, queue.IssueTicket{Service: "cards"})               // B01
	at(100, queue.CloseDay{})
	want := &stats.Day{
		Date: "2026-11-23", Calls: 6, OutOfOrder: map[string]int{"ill": 1},
		Cells: []stats.Cell{
			{Group: "cards", Band: 17, Transferred: 1, Served: 1, Waits: spans(26), Services: spans(2)},
			{Group: "cards", Band: 18, Issued: 1, Started: 1, Expired: 1},
			{
				Group: "desk", Band: 16, Issued: 4, Started: 1, Served: 2, NoShow: 1, Waits: spans(1, 26, 42), Lost: spans(39),
				Walks: spans(.5), Services: spans(30, 4, 2), Visits: spans(31.5, 44, 58), Overtaken: 1, Overtakers: 1,
			},
			{Group: "desk", Band: 17, Started: 1},
			{Group: "desk", Band: 18, Started: 1},
		},
		Teams: []stats.Team{
			{Team: "others", Band: 16, Busy: minutes(28), Idle: minutes(2)},
			{Team: "others", Band: 17, Busy: minutes(2.5 + 2 + 4), Turn: minutes(.5 + 1 + 1), Paused: map[string]queue.Millis{"coffee": minutes(19)}},
			{
				Team: "others", Band: 18, Busy: minutes(2 + 1 + 2), Idle: minutes(29 + 28 - 5),
				Paused: map[string]queue.Millis{"coffee": minutes(1)},
			},
			{Team: "others", Band: 19, Idle: minutes(10), Turn: minutes(10)},
		},
		Classes: []stats.Class{{Class: "normal", Waits: spans(1, 26, 26), Overtaken: 1, Overtakers: 1}, {Class: "priority", Waits: spans(42)}},
	}
	if len(h.days) != 1 {
		t.Fatalf("%d days", len(h.days))
	}
	sum := func(d *stats.Day) { // c1 cannot serve cards, c3 no taxes: who turns and who idles is told by the sum
		for i := range d.Teams {
			d.Teams[i].Idle, d.Teams[i].Turn = d.Teams[i].Idle+d.Teams[i].Turn, 0
		}
	}
	turn := h.days[0].Teams[1].Turn
	sum(want)
	sum(h.days[0])
	if d := cmp.Diff(want, h.days[0]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if turn != minutes(2.5) {
		t.Errorf("in the second half hour people waited for a free counter for %v", turn.Duration())
	}
}

// TestAnsweredOnce: who has been at a counter and does not come back to it has waited
// once, and is a no-show all the same.
func TestAnsweredOnce(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	s.NoShow.Calls, s.NoShow.After = 1, 0
	h := newHall(t, s)
	h.after(0, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
	h.after(0, queue.IssueTicket{Service: "papers"}) // seq 4
	h.after(5, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
	h.after(8, queue.Park{Counter: "c1", Seen: h.seen("c1")})
	h.after(20, queue.Unpark{Ticket: 4})
	h.after(22, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
	h.after(23, queue.GiveUp{Counter: "c1", Seen: h.seen("c1")})
	got := sum([]*stats.Day{h.collector.Today()}, every)
	want := stats.Summary{Issued: 1, Started: 1, NoShow: 1, Waits: spans(5), Overtaken: stats.Share{Of: 1}, OutOfOrder: stats.Share{Of: 2}, Days: 1}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestAnyDay drives random commands through an office and compares the figures with a
// second reading of the journal, ticket by ticket.
func TestAnyDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dice{t}
		s := queuetest.Office([]queue.Preset{queue.PresetFIFO, queue.PresetTargets, queue.PresetOwnClass}[d.IntN(3)])
		s.FinishOnNext = d.IntN(2) == 0
		s.NoShow.After = 0
		h := newHall(t, s)
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			h.at = h.at.Add(time.Duration(d.IntN(300_000)) * time.Millisecond)
			_ = h.ask(queuetest.Command(d, h.state.View(), h.at))
		}
		_ = h.ask(queue.CloseDay{Force: true})
		got := sum(h.days, every)
		want, classes := second(firm(h.records))
		want.Days = len(h.days)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-second reading +collector):\n%s", diff)
		}
		fair := map[queue.ClassID]fairness{}
		var of stats.Sum
		for _, d := range h.days {
			for i := range d.Classes {
				c := &d.Classes[i]
				f := fair[c.Class]
				fair[c.Class] = fairness{f.answered + c.Waits.N(), f.overtaken + c.Overtaken, f.overtakers + c.Overtakers}
				of.AddClass(c)
			}
		}
		if diff := cmp.Diff(classes, fair, cmp.AllowUnexported(fairness{})); diff != "" {
			t.Errorf("classes (-second reading +collector):\n%s", diff)
		}
		if all := of.Summary(); !cmp.Equal(all.Waits, got.Waits) || all.Overtaken != got.Overtaken || all.Overtakers != got.Overtakers {
			t.Errorf("classes are not all: %+v and %+v", all, got)
		}
		var again stats.Collector
		var days []*stats.Day
		for _, r := range h.records {
			if d := again.Apply(r); d != nil {
				days = append(days, d)
			}
		}
		if diff := cmp.Diff(h.days, days); diff != "" {
			t.Errorf("read again (-first +second):\n%s", diff)
		}
		h.presence()
		for _, d := range h.days {
			text, err := json.Marshal(d)
			var back *stats.Day
			if err == nil {
				err = json.Unmarshal(text, &back)
			}
			if diff := cmp.Diff(d, back); err != nil || diff != "" {
				t.Errorf("as text: %v (-before +after):\n%s", err, diff)
			}
		}
	})
}

// dice lets rapid choose.
type dice struct{ t *rapid.T }

func (d dice) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "") }

// presence compares the time of all teams with that of the counters' states.
func (h *hall) presence() {
	var open, paused queue.Millis
	for _, d := range h.days {
		for _, t := range d.Teams {
			open += t.Open()
			for _, long := range t.Paused {
				paused += long
			}
		}
	}
	var state queue.State
	var wantOpen, wantPaused queue.Millis
	last := h.records[0].At
	for _, r := range h.records {
		long := queue.MillisOf(r.At.Sub(last))
		if e, ok := r.Event.(queue.ClockStepped); ok {
			long = max(0, long-e.By)
		}
		if _, isOpen := state.View().Day(); isOpen {
			for c := range state.View().Counters() {
				switch c.State {
				case queue.CounterIsOpen:
					wantOpen += long
				case queue.CounterIsPaused:
					wantPaused += long
				case queue.CounterIsClosed:
				}
			}
		}
		state.Apply(r)
		last = r.At
	}
	if open != wantOpen || paused != wantPaused {
		h.t.Errorf("open %v and paused %v, want %v and %v", open, paused, wantOpen, wantPaused)
	}
}
