// SPDX-License-Identifier: EUPL-1.2

package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

const formula = `=HYPERLINK("http://evil")`

func words(t *testing.T) map[string]*report.Words {
	t.Helper()
	w, err := report.Load()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func office(t *testing.T) report.Office {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "piacenza.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s := file.Settings()
	return report.Office{Settings: &s, Fine: true, Promises: []stats.Promise{
		{ID: "wait", Measure: stats.MeasureWait, Limit: 15 * time.Minute, Share: .8},
		{ID: "cards", Measure: stats.MeasureService, Groups: []queue.GroupID{"identity"}, Limit: 20 * time.Minute, Share: .9},
	}}
}

// october are four Mondays and Tuesdays; on Tuesdays at eleven people wait for long.
func october(o report.Office) []*stats.Day {
	teams := stats.Teams(o.Settings)
	var days []*stats.Day
	for _, date := range []queue.Date{"2026-10-05", "2026-10-06", "2026-10-12", "2026-10-13", "2026-10-19", "2026-10-20", "2026-10-26", "2026-10-27"} {
		d := &stats.Day{Date: date, Calls: 60, OutOfOrder: map[string]int{formula: 2}}
		weekday, _ := stats.Weekday(date)
		for _, band := range []stats.Band{18, 22} {
			for _, g := range []queue.GroupID{"certificates", "identity"} {
				c := stats.Cell{Group: g, Band: band, Issued: 12, Started: 10, Served: 10, NoShow: 2, Overtaken: 1, Overtakers: 2}
				for i := range 10 {
					wait := time.Duration(i) * time.Minute
					if weekday == time.Tuesday && band == 22 {
						wait += 20 * time.Minute
					}
					c.Waits.Add(wait)
					c.Services.Add(time.Duration(5+i) * time.Minute)
				}
				c.Lost.Add(12 * time.Minute)
				c.Lost.Add(31 * time.Minute)
				d.Cells = append(d.Cells, c)
			}
			d.Teams = append(d.Teams, stats.Team{Team: teams[o.Settings.Counters[0].ID], Band: band, Busy: 40 * 60_000, Turn: 60_000, Idle: 19 * 60_000, Paused: map[string]queue.Millis{formula: 60_000}})
		}
		waits := stats.Spans{}
		for i := range 12 { // 11 of 12 at once, one after 12 minutes
			waits.Add(time.Duration(i/11*12) * time.Minute)
		}
		d.Classes = []stats.Class{{Class: "normal", Waits: waits, Overtaken: 3, Overtakers: 6}, {Class: "priority", Waits: stats.Spans{Sum: 60_000, Seconds: []stats.Many{{Seconds: 60, N: 1}}}, Overtaken: 1, Overtakers: 1}}
		slices.SortFunc(d.Cells, func(a, b stats.Cell) int { return strings.Compare(string(a.Group), string(b.Group)) })
		days = append(days, d)
	}
	return days
}

func all(days []*stats.Day) iter.Seq2[*stats.Day, error] {
	return func(yield func(*stats.Day, error) bool) {
		for _, d := range days {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func made(t *testing.T) *report.Report {
	t.Helper()
	o := office(t)
	p, err := report.Month("2026-10")
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Of(all(october(o)), o, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every language has every text, and none an id that shows.
func TestWordsInEveryLanguage(t *testing.T) {
	texts := map[string]map[string]string{}
	for lang := range words(t) {
		data, err := os.ReadFile("texts/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var x map[string]string
		if err := json.Unmarshal(data, &x); err != nil {
			t.Fatal(err)
		}
		texts[lang] = x
	}
	hole := regexp.MustCompile(`\{[a-zA-Z]+\}`)
	for lang, x := range texts {
		for id, text := range texts["en"] {
			a, b := hole.FindAllString(text, -1), hole.FindAllString(x[id], -1)
			slices.Sort(a)
			slices.Sort(b)
			if x[id] == "" || !slices.Equal(a, b) {
				t.Errorf("%s: %s: %q does not say what %q says", lang, id, x[id], text)
			}
		}
		if len(x) != len(texts["en"]) || strings.ContainsAny(strings.Join(slices.Collect(values(x)), ""), "şţŞŢ") {
			t.Errorf("%s: %d texts, want %d, and no cedilla", lang, len(x), len(texts["en"]))
		}
	}
	r := made(t)
	for lang, w := range words(t) {
		var page, sheet bytes.Buffer
		if err := w.Write(&page, r, r, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		if err := w.CSV(&sheet, r, r); err != nil {
			t.Fatal(err)
		}
		for id := range texts["en"] {
			if strings.Contains(id, ".") && (strings.Contains(page.String(), ">"+id+"<") || strings.Contains(sheet.String(), id)) {
				t.Errorf("%s: a text is missing: %s", lang, id)
			}
		}
		if hole.MatchString(regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(page.String(), "")) {
			t.Errorf("%s: a text is not filled in", lang)
		}
	}
}

func values(m map[string]string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// The page says when people waited, and needs nothing from elsewhere.
func TestPageStandsAlone(t *testing.T) {
	var b bytes.Buffer
	if err := words(t)["it"].Write(&b, made(t), nil, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		"Si è aspettato di più il martedì alle 11:00: in media 25 min", "80 persone", // two groups of ten on four Tuesdays
		"1 ottobre 2026", "Chiamata entro 15 min: tutti i servizi", "non mantenuto", "<svg", "Sportelli 1–", "&#34;http://evil&#34;",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, formula) {
		t.Error("the page runs something, or took a reason for HTML")
	}
	for _, at := range regexp.MustCompile(`(?i)(?:\s(?:src|srcset|href)\s*=\s*["']?|url\(["']?|@import\s)([^"'\s>)]*)`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(at[1], "data:") && !strings.HasPrefix(at[1], "#") {
			t.Errorf("the page needs something from elsewhere: %s", at[0])
		}
	}
}

// A spreadsheet of this language reads the figures, and no cell does anything.
func TestCSV(t *testing.T) {
	r := made(t)
	for lang, comma := range map[string]rune{"it": ';', "ro": ';', "es": ';', "en": ','} {
		var b bytes.Buffer
		if err := words(t)[lang].CSV(&b, r, nil); err != nil {
			t.Fatal(err)
		}
		text, ok := strings.CutPrefix(b.String(), "\ufeff")
		if !ok {
			t.Errorf("%s: no byte order mark", lang)
		}
		rows := read(t, text, comma)
		if lang == "it" && !slices.ContainsFunc(rows, func(row []string) bool {
			return len(row) > 6 && row[0] == "Certificati e autentiche" && row[4] == "9,50"
		}) {
			t.Errorf("no mean with a decimal comma:\n%s", text)
		}
	}
	var b bytes.Buffer
	if err := words(t)["it"].Plain(&b, r, nil); err != nil {
		t.Fatal(err)
	}
	rows := read(t, b.String(), ',')
	want := []string{"groups", "Certificati e autentiche", "4", "Attesa media", "minutes", "9.50"}
	if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Equal(row, want) }) {
		t.Errorf("no line %q:\n%s", want, b.String())
	}
}

// The fairness of the calls is told by class, on the page and in sheets; not of a few.
func TestFairness(t *testing.T) {
	r := made(t)
	var sheet, page bytes.Buffer
	if err := words(t)["en"].Plain(&sheet, r, nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range read(t, sheet.String(), ',') {
		if row[0] == "fair" {
			got = append(got, strings.Join(row[1:], " "))
		}
	}
	want := []string{
		"Ordinary 1 Cases count 96", "Ordinary 2 Mean wait minutes 1.00", "Ordinary 3 Overtaken share 0.2500",
		"Ordinary 4 By how many number 2.00", "Ordinary 5 Unevenness (Gini) share 0.9167",
		"Priority 1 Cases count 8", "Priority 2 Mean wait minutes ", "Priority 3 Overtaken share ",
		"Priority 4 By how many number ", "Priority 5 Unevenness (Gini) share ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := words(t)["en"].Write(&page, r, nil, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Unevenness (Gini)", ">92%</td>"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func read(t *testing.T, text string, comma rune) [][]string {
	t.Helper()
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord = comma, -1
	rows, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, x := range row {
			if x != "" && strings.ContainsRune("=+-@\t\r", rune(x[0])) {
				t.Errorf("a spreadsheet would do something with %q", x)
			}
		}
	}
	return rows
}

// Nothing is told of a clerk or a counter, wherever it would stand: in the tables, in their
// heads, in what is kept of a day.
func TestNoClerks(t *testing.T) {
	var b bytes.Buffer
	if err := words(t)["en"].Plain(&b, made(t), nil); err != nil {
		t.Fatal(err)
	}
	for _, row := range read(t, b.String(), ',') {
		line := strings.ToLower(strings.Join(row, " "))
		for _, word := range []string{"clerk", "operator", "employee", "desk-"} {
			if strings.Contains(line, word) {
				t.Errorf("%q tells of a clerk", line)
			}
		}
	}
	data, err := json.Marshal(october(office(t))[0])
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`"(counter|clerk|actor|operator|person|account)`).Match(data) {
		t.Errorf("a day knows of people: %s", data)
	}
}

func TestPeriods(t *testing.T) {
	month, err := report.Month("2026-02")
	if err != nil {
		t.Fatal(err)
	}
	got := []report.Period{month, month.Before(), report.MonthBefore("2026-01-15"), {From: "2026-03-02", To: "2026-03-08"}, report.Period{From: "2026-03-02", To: "2026-03-08"}.Before()}
	want := []report.Period{{From: "2026-02-01", To: "2026-02-28"}, {From: "2026-01-01", To: "2026-01-31"}, {From: "2025-12-01", To: "2025-12-31"}, {From: "2026-03-02", To: "2026-03-08"}, {From: "2026-02-23", To: "2026-03-01"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, p := range []report.Period{{}, {From: "2026-03-02", To: "2026-03-01"}, {From: "x", To: "2026-03-01"}, {From: "0001-01-01", To: "9999-12-31"}} {
		if p.Days() != 0 {
			t.Errorf("%v has %d days", p, p.Days())
		}
	}
	if _, err := report.Month("10/2026"); err == nil {
		t.Error("a month that is none")
	}
}

// Of a few nothing is told.
func TestTooFew(t *testing.T) {
	o := office(t)
	d := &stats.Day{Date: "2026-10-05", Calls: 3, Cells: []stats.Cell{{Group: "identity", Band: 20, Issued: 3, Served: 3}}}
	for range 3 {
		d.Cells[0].Waits.Add(7 * time.Minute)
		d.Cells[0].Services.Add(7 * time.Minute)
	}
	r, err := report.Of(all([]*stats.Day{d}), o, report.Period{From: "2026-10-05", To: "2026-10-05"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := words(t)["en"].Write(&b, r, nil, time.Now()); err != nil {
		t.Fatal(err)
	}
	if page := b.String(); strings.Contains(page, "7.0 min") || strings.Contains(page, "100%</td>") || !strings.Contains(page, "too few") {
		t.Error("something is told of three people")
	}
}
