// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func TestValidSettings(t *testing.T) {
	for _, preset := range presets() {
		s := queuetest.Office(preset)
		if faults := s.Validate(); faults != nil {
			t.Errorf("%s: %v", preset, faults)
		}
	}
}

// TestFaults has one fault at a time: it is reported, at its field, and nothing else.
func TestFaults(t *testing.T) {
	const day = queue.Millis(24 * time.Hour / time.Millisecond)
	for field, breaks := range map[string][]func(*queue.Settings){
		"office": {
			func(s *queue.Settings) { s.Office = "" },
			func(s *queue.Settings) { s.Office = "Rome" },
			func(s *queue.Settings) { s.Office = "a/b" },
			func(s *queue.Settings) { s.Office = "-a" },
			func(s *queue.Settings) { s.Office = queue.OfficeID(strings.Repeat("a", 33)) },
		},
		"zone": {
			func(s *queue.Settings) { s.Zone = "" },
			func(s *queue.Settings) { s.Zone = "Local" },
			func(s *queue.Settings) { s.Zone = "Europe/Atlantis" },
			func(s *queue.Settings) { s.Zone = "../../etc/passwd" },
		},
		"languages": {func(s *queue.Settings) { s.Languages = nil }},
		"languages[1]": {
			func(s *queue.Settings) { s.Languages[1] = "i" },
			func(s *queue.Settings) { s.Languages[1] = "it" },
			func(s *queue.Settings) { s.Languages[1] = "r o" },
			func(s *queue.Settings) { s.Languages[1] = "\xff\xff" },
			func(s *queue.Settings) { s.Languages[1] = strings.Repeat("ro-", 100) },
		},
		"hours.week[1][0]": {
			func(s *queue.Settings) { s.Hours.Week[1] = []queue.Span{{From: -1, To: 5}} },
			func(s *queue.Settings) { s.Hours.Week[1] = []queue.Span{{From: 5, To: 5}} },
			func(s *queue.Settings) { s.Hours.Week[1] = []queue.Span{{From: 5, To: 1441}} },
		},
		"hours.week[2][1]": {
			func(s *queue.Settings) { s.Hours.Week[2] = []queue.Span{{From: 60, To: 120}, {From: 119, To: 180}} },
		},
		"hours.exceptions[0].date": {
			func(s *queue.Settings) { s.Hours.Exceptions = []queue.Exception{{Date: "2026-02-29"}} },
			func(s *queue.Settings) { s.Hours.Exceptions = []queue.Exception{{}} },
		},
		"hours.exceptions[1].date": {
			func(s *queue.Settings) {
				s.Hours.Exceptions = []queue.Exception{{Date: "2026-12-25"}, {Date: "2026-12-25"}}
			},
		},
		"hours.exceptions[0].spans[0]": {
			func(s *queue.Settings) {
				s.Hours.Exceptions = []queue.Exception{{Date: "2026-12-24", Spans: []queue.Span{{From: 9, To: 8}}}}
			},
		},
		"hours.stop_before_ms": {
			func(s *queue.Settings) { s.Hours.StopBefore = -1 },
			func(s *queue.Settings) { s.Hours.StopBefore = 1 << 62 }, // as a duration it would be 0
		},
		"services[1].hours.week[0][0]": {
			func(s *queue.Settings) {
				s.Services[1].Hours = new(fullWeek())
				s.Services[1].Hours.Week[0] = []queue.Span{{}}
			},
		},
		"groups[1].id":     {func(s *queue.Settings) { s.Groups = append(s.Groups, s.Groups[0]) }},
		"series[1].id":     {func(s *queue.Settings) { s.Series[1].ID, s.Services[2].Series = "a", "a" }},
		"series[1].prefix": {func(s *queue.Settings) { s.Series[1].Prefix = "A" }, func(s *queue.Settings) { s.Series[1].Prefix = "b" }, func(s *queue.Settings) { s.Series[1].Prefix = "BBBB" }},
		"series[1].width":  {func(s *queue.Settings) { s.Series[1].Width = 5 }},
		"series[1].first":  {func(s *queue.Settings) { s.Series[1].First = -1 }, func(s *queue.Settings) { s.Series[1].First = 20 }},
		"series[1].last":   {func(s *queue.Settings) { s.Series[1].Last = 100 }},
		"services[3].id": {func(s *queue.Settings) {
			s.Services = append(s.Services, queue.Service{ID: "A", Group: "desk", Series: "a"})
		}, func(s *queue.Settings) { s.Services = append(s.Services, s.Services[0]) }},
		"services[2].group":  {func(s *queue.Settings) { s.Services[2].Group = "" }},
		"services[2].series": {func(s *queue.Settings) { s.Services[2].Series = "z" }},
		"services[2].quota":  {func(s *queue.Settings) { s.Services[2].Quota = -1 }},
		"services[2].target_ms": {
			func(s *queue.Settings) { s.Services[2].Target = -1 },
			func(s *queue.Settings) { s.Services[2].Target = day + 1 },
		},
		"classes[2].id":         {func(s *queue.Settings) { s.Classes[2].ID = "normal" }},
		"classes[2].target_ms":  {func(s *queue.Settings) { s.Classes[2].Target = day + 1 }},
		"classes[2].credit_ms":  {func(s *queue.Settings) { s.Classes[2].Credit = -1 }},
		"classes[2].cap_ms":     {func(s *queue.Settings) { s.Classes[2].Cap = day + 1 }},
		"counters[2].id":        {func(s *queue.Settings) { s.Counters[2].ID = "c1" }},
		"counters[2].label":     {func(s *queue.Settings) { s.Counters[2].Label = "" }, func(s *queue.Settings) { s.Counters[2].Label = "12345678" }, func(s *queue.Settings) { s.Counters[2].Label = "è" }},
		"counters[2].preferred": {func(s *queue.Settings) { s.Counters[2].Preferred = nil }},
		"counters[0].preferred[1]": {
			func(s *queue.Settings) { s.Counters[0].Preferred[1] = "beer" },
			func(s *queue.Settings) { s.Counters[0].Preferred[1] = "papers" },
		},
		"counters[2].overflow[0]": {func(s *queue.Settings) { s.Counters[2].Overflow[0] = "cards" }},
		"rule.preset":             {func(s *queue.Settings) { s.Rule.Preset = "" }},
		"rule.target_ms":          {func(s *queue.Settings) { s.Rule.Target = 999 }, func(s *queue.Settings) { s.Rule.Target = day + 1 }},
		"rule.cap_ms":             {func(s *queue.Settings) { s.Rule.Cap = 0 }},
		"rule.tolerance_ms":       {func(s *queue.Settings) { s.Rule.Tolerance = -1 }},
		"rule.late_after_ms":      {func(s *queue.Settings) { s.Rule.LateAfter = -1 }},
		"no_show.calls":           {func(s *queue.Settings) { s.NoShow.Calls = 0 }},
		"no_show.after_ms":        {func(s *queue.Settings) { s.NoShow.After = -1 }},
		"no_show.return_within_ms": {
			func(s *queue.Settings) { s.NoShow.ReturnWithin = day + 1 },
		},
		"slips.on_unknown": {func(s *queue.Settings) { s.Slips.OnUnknown = "" }},
		"slips.copy_for_ms": {
			func(s *queue.Settings) { s.Slips.CopyFor = 0 },
			func(s *queue.Settings) { s.Slips.CopyFor = 1 << 62 },
			func(s *queue.Settings) { s.Slips = queue.SlipPolicy{OnUnknown: queue.UnknownKeep, CopyFor: -1} },
		},
		"outcomes[1]": {func(s *queue.Settings) { s.Outcomes[1] = "done" }, func(s *queue.Settings) { s.Outcomes[1] = "" }},
	} {
		for i, change := range breaks {
			s := office(change)
			faults := s.Validate()
			if len(faults) != 1 || faults[0].Field != field || faults[0].Want == "" {
				t.Errorf("%s, case %d: faults %v", field, i, faults)
			}
		}
	}
}

// TestEveryFault breaks everything at once: all of it is reported in one go.
func TestEveryFault(t *testing.T) {
	s := queue.Settings{
		Office: "?", Zone: "?", Languages: []string{"?"},
		Hours:    queue.Calendar{Week: [7][]queue.Span{6: {{From: 2, To: 1}}}, Exceptions: []queue.Exception{{Date: "?"}}, StopBefore: -1},
		Groups:   []queue.Group{{ID: "?"}},
		Services: []queue.Service{{ID: "?", Group: "no", Series: "no", Target: -1, Quota: -1, Hours: &queue.Calendar{StopBefore: -1}}},
		Series:   []queue.Series{{ID: "?", Prefix: "?", Width: 0, First: -1, Last: 10}},
		Classes:  []queue.Class{{ID: "?", Target: -1, Credit: -1, Cap: -1}},
		Counters: []queue.Counter{{ID: "?", Overflow: []queue.ServiceID{"no"}}, {ID: "c", Label: "\n", Preferred: []queue.ServiceID{"no"}}},
		Rule:     queue.Rule{Preset: "?", Tolerance: -1, LateAfter: -1},
		NoShow:   queue.NoShow{After: -1, ReturnWithin: -1},
		Outcomes: []string{"?"},
	}
	var got []string
	for _, f := range s.Validate() {
		got = append(got, f.Field)
	}
	want := []string{
		"office", "zone", "languages[0]", "hours.week[6][0]", "hours.exceptions[0].date", "hours.stop_before_ms", "groups[0].id",
		"series[0].id", "series[0].prefix", "series[0].width", "series[0].first", "series[0].last",
		"services[0].id", "services[0].group", "services[0].series", "services[0].quota", "services[0].hours.stop_before_ms", "services[0].target_ms",
		"classes[0].id", "classes[0].target_ms", "classes[0].credit_ms", "classes[0].cap_ms",
		"counters[0].id", "counters[0].label", "counters[0].preferred", "counters[0].overflow[0]", "counters[1].label", "counters[1].preferred[0]",
		"rule.preset", "rule.target_ms", "rule.cap_ms", "rule.tolerance_ms", "rule.late_after_ms",
		"no_show.calls", "no_show.after_ms", "no_show.return_within_ms", "slips.on_unknown", "outcomes[0]",
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	empty := new(queue.Settings).Validate()
	for _, field := range []string{"office", "zone", "languages", "services", "series", "classes", "counters", "rule.preset"} {
		if !slices.ContainsFunc(empty, func(f queue.Fault) bool { return f.Field == field }) {
			t.Errorf("no settings at all: %s is not reported", field)
		}
	}
}

// FuzzSettings: validation takes anything, and with what it lets pass an office works.
func FuzzSettings(f *testing.F) {
	for _, preset := range presets() {
		body, err := json.Marshal(queuetest.Office(preset))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"services":[{}],"series":[{"first":9223372036854775807}],"counters":[{"preferred":["?"]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var s queue.Settings
		if json.Unmarshal(body, &s) != nil || s.Validate() != nil {
			return
		}
		h := openHall(t, s)
		for _, x := range s.Services {
			for _, c := range s.Classes {
				_, _ = h.ask(queue.IssueTicket{Service: x.ID, Class: c.ID})
				_, _ = h.ask(queue.IssueTicket{Service: x.ID, Slot: h.at.Add(time.Hour)})
			}
		}
		for _, c := range s.Counters {
			h.do(queue.OpenCounter{Counter: c.ID})
		}
		for _, d := range []time.Duration{0, time.Minute, 23 * time.Hour} {
			h.wait(d)
			for _, c := range s.Counters {
				if h.next(c.ID) != "" {
					h.do(queue.Transfer{Counter: c.ID, To: c.ID})
				}
			}
		}
		if r := h.refusal(queue.IssueTicket{Service: "?"}); r.Code != queue.RefusedUnknownService {
			t.Error(r)
		}
		h.do(queue.CloseDay{})
		h.check()
	})
}
