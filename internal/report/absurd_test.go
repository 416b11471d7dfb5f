// SPDX-License-Identifier: EUPL-1.2

package report_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
	"github.com/avanti-queue/avanti/queue/stats"
)

// hall is an office of which a report is made.
type hall struct {
	t         *testing.T
	state     queue.State
	at        time.Time
	collector stats.Collector
	days      []*stats.Day
}

// after gives commands some minutes after eight, as the wall clock has it.
func (h *hall) after(minutes int, commands ...queue.Command) {
	h.t.Helper()
	h.at = queuetest.Monday().Add(time.Duration(minutes) * time.Minute)
	for _, c := range commands {
		events, err := h.state.Decide(h.at, queue.Actor{Role: queue.RoleSystem}, c)
		if err != nil {
			h.t.Fatalf("%T%+v: %v", c, c, err)
		}
		for _, e := range events {
			r := queue.Record{Seq: h.state.View().Seq() + 1, At: h.at, Event: e}
			h.state.Apply(r)
			if d := h.collector.Apply(r); d != nil {
				h.days = append(h.days, d)
			}
		}
	}
}

func (h *hall) seen() queue.Revision {
	c, _ := h.state.View().Counter("c1")
	return c.Seen
}

// TestNothingAbsurd makes reports of days on which hardly anything happened, or the clock was set,
// and compares each with nothing: no panic, no figure that cannot be.
func TestNothingAbsurd(t *testing.T) {
	settings := queuetest.Office(queue.PresetFIFO)
	settings.Counters = settings.Counters[:1]
	settings.Counters[0].Preferred = []queue.ServiceID{"papers", "taxes", "cards"}
	o := report.Office{Settings: &settings, Fine: true, Promises: []stats.Promise{
		{ID: "wait", Measure: stats.MeasureWait, Limit: 15 * time.Minute, Share: .8},
		{ID: "visit", Measure: stats.MeasureVisit, Limit: time.Hour, Share: .8},
		{ID: "service", Measure: stats.MeasureService, Limit: 20 * time.Minute, Share: .9, Groups: []queue.GroupID{"none"}},
	}}
	p, languages := report.Period{From: "2026-11-23", To: "2026-11-23"}, words(t)
	begun := func(h *hall) {
		h.after(0, queue.ChangeSettings{Settings: settings}, queue.OpenDay{Clock: queuetest.Monday()})
	}
	served := func(h *hall, issued, called, ended int) {
		h.after(issued, queue.IssueTicket{Service: "papers"})
		h.after(called, queue.CallNext{Counter: "c1", Seen: h.seen()})
		h.after(ended, queue.Finish{Counter: "c1", Seen: h.seen()})
	}
	jumps := func(far time.Duration) func(*hall) {
		return func(h *hall) { // once while somebody waits, once while somebody is served
			m := int(far / time.Minute)
			h.after(0, queue.OpenCounter{Counter: "c1", Seen: h.seen()})
			h.after(1, queue.IssueTicket{Service: "papers"})
			h.after(m+3, queue.StepClock{By: queue.MillisOf(far)})
			h.after(m+5, queue.CallNext{Counter: "c1", Seen: h.seen()}) // has waited 4
			h.after(2*m+8, queue.StepClock{By: queue.MillisOf(far)})
			h.after(2*m+10, queue.Finish{Counter: "c1", Seen: h.seen()}) // served 5, visit 9
		}
	}
	for _, test := range []struct {
		name  string
		lives func(*hall)
		total stats.Summary // of what is looked at here
		open  time.Duration // of all counters
	}{
		{"no data", nil, stats.Summary{}, 0},
		{"all closed", func(h *hall) { h.after(600, queue.CloseDay{}) }, stats.Summary{Days: 1}, 0},
		{"nobody comes", func(h *hall) {
			h.after(0, queue.OpenCounter{Counter: "c1", Seen: h.seen()})
			h.after(60, queue.CloseDay{})
		}, stats.Summary{Days: 1}, time.Hour},
		{"one ticket and all closed", func(h *hall) {
			h.after(1, queue.IssueTicket{Service: "papers"})
			h.after(600, queue.CloseDay{})
		}, stats.Summary{Days: 1, Issued: 1, Expired: 1}, 0},
		{"one ticket, one counter", func(h *hall) {
			h.after(0, queue.OpenCounter{Counter: "c1", Seen: h.seen()})
			served(h, 1, 5, 10)
		}, stats.Summary{Days: 1, Issued: 1, Started: 1, Served: 1, Waits: spans(4), Services: spans(5), Visits: spans(9)}, 10 * time.Minute},
		{"in no time", func(h *hall) {
			h.after(0, queue.OpenCounter{Counter: "c1", Seen: h.seen()})
			served(h, 0, 0, 0)
		}, stats.Summary{Days: 1, Issued: 1, Started: 1, Served: 1, Waits: spans(0), Services: spans(0), Visits: spans(0)}, 0},
		{"the clock jumps three hours", jumps(3 * time.Hour), stats.Summary{Days: 1, Issued: 1, Started: 1, Served: 1, Waits: spans(4), Services: spans(5), Visits: spans(9)}, 10 * time.Minute},
		{"the clock jumps ten years", jumps(87_660 * time.Hour), stats.Summary{Days: 1, Issued: 1, Started: 1, Served: 1, Waits: spans(4), Services: spans(5), Visits: spans(9)}, 10 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := &hall{t: t}
			if test.lives != nil {
				begun(h)
				test.lives(h)
			}
			if d := h.collector.Today(); d != nil {
				h.days = append(h.days, d)
			}
			r, none := of(t, h.days, o, p), of(t, nil, o, p)
			of := cmpopts.IgnoreFields(stats.Summary{}, "Overtaken", "OutOfOrder")
			if diff := cmp.Diff(test.total, r.Total, of, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			var open time.Duration
			for _, d := range h.days {
				for _, team := range d.Teams {
					open += team.Open().Duration()
				}
			}
			if open != test.open {
				t.Errorf("open for %v, want %v", open, test.open)
			}
			for _, w := range languages {
				sensible(t, w, r, nil)
				sensible(t, w, r, none)
				sensible(t, w, none, r)
			}
		})
	}
}

func of(t *testing.T, days []*stats.Day, o report.Office, p report.Period) *report.Report {
	t.Helper()
	r, err := report.Of(all(days), o, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func spans(minutes ...int) (s stats.Spans) {
	for _, m := range minutes {
		s.Add(time.Duration(m) * time.Minute)
	}
	return s
}

// sensible writes a report in every way.
func sensible(t *testing.T, w *report.Words, r, before *report.Report) {
	t.Helper()
	var page, sheet, plain bytes.Buffer
	for _, err := range []error{w.Write(&page, r, before, queuetest.Monday(), "/report.css"), w.CSV(&sheet, r, before), w.Plain(&plain, r, before)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, body, _ := strings.Cut(page.String(), "<main")
	for _, text := range []string{body, sheet.String(), plain.String()} {
		if bad := regexp.MustCompile(`NaN|Inf|%!|[">]-\d`).FindString(text); bad != "" {
			t.Errorf("%s: says %q", w.Lang, bad)
		}
	}
	most := map[string]float64{"minutes": 24 * 60, "hours": 24, "share": 1, "count": 1e4, "number": 1e4}
	for _, row := range read(t, plain.String(), ',')[1:] {
		if row[5] == "" || row[4] == "text" {
			continue
		}
		if n, err := strconv.ParseFloat(row[5], 64); err != nil || n < 0 || n > most[row[4]] {
			t.Errorf("%s: %q is absurd (%v)", w.Lang, row, err)
		}
	}
	if r.Total.Issued == 0 && strings.Contains(body, "<svg") {
		t.Errorf("%s: nothing is drawn", w.Lang)
	}
}

// TestSumsAreAll: what a report adds up by group and half hour alone is what package stats says of
// the days as a whole.
func TestSumsAreAll(t *testing.T) {
	o := office(t)
	o.Promises = append(o.Promises, stats.Promise{ID: "visit", Measure: stats.MeasureVisit, Limit: time.Hour, Share: .5})
	english := words(t)["en"]
	rapid.Check(t, func(rt *rapid.T) {
		var days []*stats.Day
		for range rapid.IntRange(0, 4).Draw(rt, "days") {
			days = append(days, someDay(rt))
		}
		r, err := report.Of(all(days), o, report.Period{From: "2026-10-01", To: "2026-10-31"})
		if err != nil {
			rt.Fatal(err)
		}
		sum := func(of func(queue.GroupID) bool) *stats.Summary {
			var sum stats.Sum
			for _, d := range days {
				sum.AddDay(d)
				for i := range d.Cells {
					if of(d.Cells[i].Group) {
						sum.Add(&d.Cells[i])
					}
				}
			}
			return sum.Summary()
		}
		want := *sum(func(queue.GroupID) bool { return true })
		if diff := cmp.Diff(want, r.Total, cmpopts.IgnoreFields(stats.Summary{}, "Walks")); diff != "" {
			rt.Errorf("all (-stats +report):\n%s", diff)
		}
		for i, p := range o.Promises {
			if diff := cmp.Diff(p.Judge(sum(p.For)), r.Charter[i]); diff != "" {
				rt.Errorf("%s (-stats +report):\n%s", p.ID, diff)
			}
		}
		told := map[string]float64{} // numbers, by table
		var b bytes.Buffer
		if err := english.Plain(&b, r, nil); err != nil {
			rt.Fatal(err)
		}
		for _, row := range read(t, b.String(), ',')[1:] {
			if row[3] == "Numbers" {
				n, _ := strconv.ParseFloat(row[5], 64)
				told[row[0]] += n
			}
		}
		for _, table := range []string{"groups", "day", "cells"} {
			if told[table] != float64(want.Issued) {
				rt.Errorf("table %s tells of %v numbers, want %d", table, told[table], want.Issued)
			}
		}
	})
}

// someDay draws one.
func someDay(t *rapid.T) *stats.Day {
	d := &stats.Day{Date: rapid.SampledFrom([]queue.Date{"2026-10-04", "2026-10-05", "2026-10-10"}).Draw(t, "date"), Calls: 9, OutOfOrder: map[string]int{"ill": 1}}
	draw := func(s *stats.Spans) {
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			s.Add(time.Duration(rapid.IntRange(0, 20_000_000).Draw(t, "ms")) * time.Millisecond)
		}
	}
	for _, g := range []queue.GroupID{"certificates", "identity"} {
		for _, band := range rapid.SliceOfNDistinct(rapid.IntRange(0, stats.Bands-1), 0, 3, rapid.ID).Draw(t, "bands") {
			c := stats.Cell{Group: g, Band: stats.Band(band), Issued: rapid.IntRange(0, 20).Draw(t, "issued"), NoShow: 2, Overtaken: 1, Overtakers: 2}
			for _, s := range []*stats.Spans{&c.Waits, &c.Lost, &c.Walks, &c.Services, &c.Visits} {
				draw(s)
			}
			d.Cells = append(d.Cells, c)
		}
	}
	return d
}
