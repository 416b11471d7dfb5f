// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"html"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/staffing"
	"github.com/avanti-queue/avanti/queue/stats"
)

// lived is what managers ask of four Mondays in November on which the papers took their time.
type lived struct {
	office report.Office
	past   staffing.Past
	rows   []store.QualityRow
	read   int // how often the rows were
}

func mondays(rows ...store.QualityRow) *lived {
	s := settings()
	l := &lived{
		office: report.Office{Settings: &s, Promises: []stats.Promise{{ID: "wait", Measure: stats.MeasureWait, Limit: 15 * time.Minute, Share: .8}}},
		past:   staffing.Past{Settings: &s, Turnover: 30 * time.Second}, rows: rows,
	}
	for _, date := range []queue.Date{"2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"} {
		d := staffing.Day{Date: date, Open: 8 * time.Hour, Close: 18 * time.Hour, Presence: make([][]staffing.Span, 3)}
		for i := range 2 {
			d.Presence[i] = []staffing.Span{{From: 8 * time.Hour, To: 18 * time.Hour}}
		}
		free := []time.Duration{8 * time.Hour, 8 * time.Hour} // when the counters are
		for i := range 90 {
			v := staffing.Visit{At: 8*time.Hour + time.Duration(i)*6*time.Minute, Long: 14 * time.Minute}
			slices.Sort(free)
			v.Wait = max(0, free[0]-v.At)
			free[0] = v.At + v.Wait + v.Long + l.past.Turnover
			d.Visits = append(d.Visits, v)
		}
		l.past.Days = append(l.past.Days, d)
	}
	return l
}

func (l *lived) Days(context.Context, queue.Date, queue.Date) iter.Seq2[*stats.Day, error] {
	return func(yield func(*stats.Day, error) bool) {
		for _, d := range l.past.Days {
			c := stats.Cell{Group: "desk", Band: 20, Issued: 20, Started: 20, Served: 20}
			for i := range 20 {
				c.Waits.Add(time.Duration(10+i) * time.Minute)
				c.Services.Add(14 * time.Minute)
			}
			if !yield(&stats.Day{Date: d.Date, Calls: 20, Cells: []stats.Cell{c}}, nil) {
				return
			}
		}
	}
}

func (l *lived) Votes(context.Context, time.Time, time.Time) ([]store.Vote, error) { return nil, nil }

func (l *lived) Quality(context.Context, queue.Date, queue.Date) ([]store.QualityRow, error) {
	l.read++
	return l.rows, nil
}

func (l *lived) Report(ctx context.Context, p report.Period, fine bool) (*report.Report, error) {
	o := l.office
	o.Fine = fine
	return report.Make(ctx, l, o, p)
}

func (l *lived) Current() bool { return true }
func (l *lived) Ask()          {}

func target() staffing.Target { return staffing.Target{Within: 15 * time.Minute, Share: .8} }

func (l *lived) Newest() (*figures.Advice, bool) {
	return &figures.Advice{Target: target(), Reports: staffing.Advise(l.past, staffing.Options{Target: target(), Seed: 1, Runs: 8})}, false
}

func (l *lived) Try(w staffing.WhatIf, day time.Weekday) (staffing.Tried, bool, error) {
	tried, ok := staffing.Try(l.past, w, target(), day)
	return tried, ok, nil
}

// score is that of tickets of which so many were hits.
func score(n, hits int) store.QualityRow {
	return store.QualityRow{Date: "2026-11-20", Service: "papers", Band: 20, Score: forecast.Score{N: n, Hits: hits, Inside: n - 4, Off: 3.14 * float64(n)}}
}

// How good announced waits were is for everybody where the office wishes it, on the page of
// whoever waits too, and of fewer than thirty nothing is said.
func TestPublicForecasts(t *testing.T) {
	const path = "/api/v1/public/forecasts"
	phone := func(h *hall) string {
		h.do(t, queue.IssueTicket{Service: "papers"})
		return "/t/" + citizen.Key{1}.Token("2026-11-23", firstTicket(h)) + "?lang=en"
	}
	on := func(l *lived) func(*web.Options) {
		return func(o *web.Options) { o.Figures, o.Publish.Forecasts = l, true }
	}
	shy := open(t, nil, func(o *web.Options) { o.Figures, o.Publish.Status = mondays(score(100, 87)), true })
	problem(t, shy.send(t, request{path: path}), http.StatusNotFound, "not_found")
	if w := shy.send(t, request{path: phone(shy)}); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "in 100") {
		t.Errorf("%d: a page says what the office does not publish", w.Code)
	}

	few := open(t, nil, on(mondays(score(20, 18), score(9, 9))))
	got := want[web.Judged](t, few.send(t, request{path: path}), http.StatusOK)
	if d := cmp.Diff(web.Judged{From: "2026-10-26", To: "2026-11-22", Tickets: 29}, got); d != "" {
		t.Errorf("of 29 (-want +got):\n%s", d)
	}

	l := mondays(score(20, 18), score(10, 8))
	h := open(t, nil, on(l))
	off, hit, coverage := 3.1, .87, .73
	for range 2 {
		w := h.send(t, request{path: path})
		if d := cmp.Diff(web.Judged{From: "2026-10-26", To: "2026-11-22", Tickets: 30, Error: &off, Hit: &hit, Coverage: &coverage}, want[web.Judged](t, w, http.StatusOK)); d != "" {
			t.Errorf("of 30 (-want +got):\n%s", d)
		}
		if w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("not for everybody: %v", w.Header())
		}
	}
	if l.read != 1 {
		t.Errorf("read %d times on one day", l.read)
	}
}

// fault finds what a page says is wrong: the summary links to each field, which says it again.
func faults(t *testing.T, page string) (fields []string) {
	t.Helper()
	summary := regexp.MustCompile(`(?s)<section class="summary".*?</section>`).FindString(page)
	for _, m := range regexp.MustCompile(`<a href="#([a-z]+)">`).FindAllStringSubmatch(summary, -1) {
		fields = append(fields, m[1])
		if !strings.Contains(page, `id="`+m[1]+`"`) || !strings.Contains(page, `id="`+m[1]+`-want"`) || !strings.Contains(page, `aria-describedby="`+m[1]+`-want"`) {
			t.Errorf("the field %s does not say what it wants", m[1])
		}
	}
	return fields
}

// What cannot be tried is said field by field, and what was typed stays.
func TestTryFields(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Figures = mondays() })
	good := map[string]string{"day": "1", "from": "20", "to": "24", "counters": "0", "rule": "", "open": "0", "close": "0", "skill": "", "group": ""}
	for name, test := range map[string]struct {
		typed map[string]string
		desks []string
		wrong []string
	}{
		"nothing wrong":            {nil, nil, nil},
		"no day":                   {map[string]string{"day": "7"}, nil, []string{"day"}},
		"too many counters":        {map[string]string{"counters": "21"}, nil, []string{"counters"}},
		"half a counter":           {map[string]string{"counters": "0.5"}, nil, []string{"counters"}},
		"to before from":           {map[string]string{"from": "24", "to": "20"}, nil, []string{"to"}},
		"two wrong":                {map[string]string{"counters": "x", "to": "20"}, nil, []string{"counters", "to"}},
		"hours of a year":          {map[string]string{"open": "600"}, nil, []string{"open", "close"}},
		"a rule that is none":      {map[string]string{"rule": "loudest"}, nil, []string{"rule"}},
		"a skill that is none":     {map[string]string{"skill": "<b>"}, []string{"c1"}, []string{"skill"}},
		"a group that is none":     {map[string]string{"skill": "serves", "group": "x"}, []string{"c1"}, []string{"group"}},
		"a skill of nobody":        {map[string]string{"skill": "serves", "group": "cards"}, nil, []string{"desks"}},
		"a counter without work":   {map[string]string{"skill": "leaves"}, []string{"c1"}, []string{"desks"}},
		"a service without anyone": {map[string]string{"skill": "leaves", "group": "cards"}, []string{"c2", "c3"}, []string{"desks", "group"}},
		"one serves more":          {map[string]string{"skill": "serves", "group": "cards"}, []string{"c1"}, nil},
		"one helps more":           {map[string]string{"skill": "helps", "group": "cards"}, []string{"c1", "c2"}, nil},
		"one serves less":          {map[string]string{"skill": "leaves", "group": "cards"}, []string{"c2"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			q := url.Values{"desk": test.desks, "lang": {"en"}}
			for k, v := range good {
				q.Set(k, v)
			}
			for k, v := range test.typed {
				q.Set(k, v)
			}
			w := h.send(t, request{path: "/manager/try?" + q.Encode(), as: "boss", header: map[string]string{"Accept": "text/html"}})
			status := http.StatusOK
			if test.wrong != nil {
				status = http.StatusUnprocessableEntity
			}
			page := w.Body.String()
			if w.Code != status || strings.Contains(page, `id="tried"`) != (test.wrong == nil) {
				t.Errorf("status %d, want %d", w.Code, status)
			}
			if d := cmp.Diff(test.wrong, faults(t, page)); d != "" {
				t.Errorf("wrong (-want +got):\n%s", d)
			}
			for _, id := range test.desks {
				if !strings.Contains(page, `value="`+id+`" checked`) {
					t.Errorf("%s is no longer chosen", id)
				}
			}
			if !strings.Contains(page, `name="counters" type="number" min="-20" max="20" value="`+html.EscapeString(q.Get("counters"))+`"`) {
				t.Error("what was typed is gone")
			}
		})
	}
}

// A skill that is tried does something, and what the page says of it depends on the language alone.
func TestTrySkills(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Figures = mondays() })
	told := regexp.MustCompile(`<p class="told" role="status">([^<]*)</p>`)
	say := func(lang string, q url.Values) string {
		q.Set("day", "1")
		q.Set("lang", lang)
		w := h.send(t, request{path: "/manager/try?" + q.Encode(), as: "boss"})
		m := told.FindStringSubmatch(w.Body.String())
		if w.Code != http.StatusOK || m == nil {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		return html.UnescapeString(m[1])
	}
	if got := say("en", url.Values{}); got != "Nothing changes." {
		t.Errorf("nothing tried: %q", got)
	}
	leaves := url.Values{"skill": {"leaves"}, "group": {"cards"}, "desk": {"c2"}}
	if got := say("en", leaves); got != "Nothing changes." {
		t.Errorf("nobody comes for cards: %q", got)
	}
	more := url.Values{"counters": {"1"}, "from": {"16"}, "to": {"36"}}
	for lang, want := range map[string]string{
		"en": `^Called in time: \d+ points more \(±\d+\)\. Mean wait: \d+ min less \(±[\d.]+ min\)\.$`,
		"it": `^Chiamati in tempo: \d+ punti in più \(±\d+\)\. Attesa media: \d+ min in meno \(±[\d,]+ min\)\.$`,
		"ro": `^Chemați la timp: cu \d+ de puncte mai mult \(±\d+\)\. Așteptare medie: cu \d+ min mai puțin \(±[\d,]+ min\)\.$`,
		"es": `^Llamados a tiempo: \d+ puntos más \(±\d+\)\. Espera media: \d+ min menos \(±[\d,]+ min\)\.$`,
	} {
		if got := say(lang, more); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: %q, want %s", lang, got, want)
		}
	}
}

// Warnings that say the same of different things are one, with the earliest time.
func TestWarningsAreGathered(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	list := []web.Warning{
		{Name: "display_unconfirmed", Subject: "panel-1", Severity: "notice", Cause: "one", Since: at.Add(time.Minute)},
		{Name: "broker_away", Severity: "critical", Cause: "gone", Since: at},
		{Name: "display_unconfirmed", Subject: "panel-2", Severity: "notice", Cause: "two", Since: at},
		{Name: "printer_cover", Subject: "lp", Severity: "critical", Cause: "DLE EOT 2", Since: at},
	}
	h := open(t, nil, func(o *web.Options) { o.Warnings = func() []web.Warning { return slices.Clone(list) } })
	page := h.send(t, request{path: "/manager?lang=it", as: "boss"}).Body.String()
	if n := strings.Count(page, "<li class=\"is-"); n != 3 {
		t.Errorf("%d warnings, want 3", n)
	}
	for _, want := range []string{
		"<bdi>panel-1</bdi>, <bdi>panel-2</bdi></strong> <span class=\"since\">dalle 10:00", `Per il tecnico: <span lang="en">gone</span>`, `<span lang="en">DLE EOT 2</span>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, `<span lang="en">one</span>`) {
		t.Error("the cause of one stands for all")
	}
}

// The page leads to all that it has, and its advice is in sentences.
func TestManagerPage(t *testing.T) {
	h := open(t, nil, func(o *web.Options) { o.Figures = mondays() })
	for _, lang := range slices.Sorted(maps.Keys(map[string]bool{"it": true, "ro": true, "es": true, "en": true})) {
		w := h.send(t, request{path: "/manager?lang=" + lang + "&from=2026-10-26&to=2026-11-22", as: "boss"})
		page := w.Body.String()
		for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
			if !strings.Contains(page, `id="`+m[1]+`"`) {
				t.Errorf("%s: a link leads to #%s, which is not there", lang, m[1])
			}
		}
		if !strings.Contains(page, `<ul class="pays">`) || strings.Contains(page, "{") && regexp.MustCompile(`\{[a-zA-Z]+\}`).MatchString(page) {
			t.Errorf("%s: no advice, or a text is not filled in", lang)
		}
	}
	paper := h.send(t, request{path: "/manager/report?from=2026-10-26&to=2026-11-22", as: "boss"}).Body.String()
	if strings.Count(paper, "<details open>") != strings.Count(paper, "<details") || !strings.Contains(paper, "<details open>") {
		t.Error("on paper something is folded")
	}
}
