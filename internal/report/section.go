// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"html/template"
	"math"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/chart"
	"github.com/avanti-queue/avanti/queue/stats"
)

// section is a part of the report: words, a drawing, and the tables with the same figures.
type section struct {
	ID, Title, Table string
	Lead             []string
	Chart            template.HTML
	Tables           []shown
	Plain            bool // the tables are all there is: they are not folded away
}

// shown is a table as people read it. The head of a column stands as its figures do.
type shown struct {
	Title string
	Head  []shownCell
	Rows  [][]shownCell
}

type shownCell struct {
	Text   string
	Figure bool
}

func (w *Words) show(t table) shown {
	out := shown{Title: t.title}
	for _, name := range t.head {
		out.Head = append(out.Head, shownCell{Text: name})
	}
	for _, row := range t.rows {
		var cells []shownCell
		for i, c := range row {
			cells = append(cells, shownCell{w.tell(c), c.unit != unitText})
			out.Head[i].Figure = c.unit != unitText
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// sections are all parts of a report, in their order.
func (w *Words) sections(r, before *Report) []section {
	sections := []section{w.charter(r, before), w.when(r), w.day(r), w.absent(r), w.groups(r, before), w.faces(r), w.teams(r), w.order(r), w.promises(r)}
	for i := range sections {
		sections[i].Table = w.say("table")
	}
	return sections
}

func (w *Words) charter(r, before *Report) section {
	s := section{ID: "charter", Title: w.say("charter"), Plain: true}
	if len(r.Charter) == 0 {
		s.Lead = []string{w.say("charter.none")}
		return s
	}
	s.Tables = []shown{w.show(w.charterTable(r, before))}
	return s
}

// when draws the half hours of the week.
func (w *Words) when(r *Report) section {
	s := section{ID: "when", Title: w.say("when"), Tables: []shown{w.show(w.hourTable(r))}}
	if peak, ok := stats.Peak(r.hours); ok {
		waits := r.hours[peak]
		s.Lead = []string{w.say("when.peak", "day", w.weekday(peak.Day), "time", clock(peak.Band), "mean", w.minutes(waits.Mean()), "n", w.count(waits.N()))}
	} else {
		s.Lead = []string{w.say("when.calm")}
	}
	days, bands := r.days(), r.openBands()
	if len(days) == 0 {
		return s
	}
	heat := chart.Heat{Words: chart.Words{ID: "chart-when", Title: w.say("when"), Desc: w.say("when.desc")}}
	for _, b := range bands {
		heat.Columns = append(heat.Columns, hourName(b))
	}
	for _, d := range days {
		heat.Rows = append(heat.Rows, w.locale.WeekdayAbbreviated(d))
		var row []chart.Cell
		for _, b := range bands {
			c := chart.Cell{}
			if waits := r.hours[stats.Hour{Day: d, Band: b}]; waits.N() >= told {
				c.Value = waits.Mean().Minutes()
				c.Text = w.number(c.Value, 0)
			}
			row = append(row, c)
		}
		heat.Cells = append(heat.Cells, row)
	}
	s.Lead = append(s.Lead, w.say("when.scale", "limit", whole(2*r.office.Limit())))
	s.Chart = heat.Draw(2 * r.office.Limit().Minutes())
	return s
}

// hourName names full hours only: there is no room for more.
func hourName(b stats.Band) string {
	if b.Clock()%60 != 0 {
		return ""
	}
	return clock(b)[:2]
}

// days are the weekdays on which somebody came, from Monday on.
func (r *Report) days() (days []time.Weekday) {
	for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
		if r.came[d] > 0 {
			days = append(days, d)
		}
	}
	return days
}

// openBands are the half hours from the first to the last in which somebody came.
func (r *Report) openBands() (bands []stats.Band) {
	first, last := stats.Band(48), stats.Band(-1)
	for b, s := range r.bands {
		if s.Issued > 0 {
			first, last = min(first, b), max(last, b)
		}
	}
	for b := first; b <= last; b++ {
		bands = append(bands, b)
	}
	return bands
}

// day draws how waits spread over the day.
func (w *Words) day(r *Report) section {
	s := section{ID: "day", Title: w.say("day"), Lead: []string{w.say("day.desc") + ". " + w.say("day.limit", "limit", whole(r.office.Limit()))}, Tables: []shown{w.show(w.dayTable(r))}}
	band := chart.Band{Words: chart.Words{ID: "chart-day", Title: w.say("day"), Desc: w.say("day.desc")}, Limit: chart.Mark{Value: r.office.Limit().Minutes(), Text: w.say("minutes", "n", whole(r.office.Limit()))}}
	top := band.Limit.Value
	for _, b := range r.openBands() {
		waits := &r.bands[b].Waits
		low, okLow := waits.Percentile(10)
		middle, okMiddle := waits.Percentile(50)
		high, okHigh := waits.Percentile(90)
		p := chart.Place{Known: okLow && okMiddle && okHigh, Low: low.Minutes(), Middle: middle.Minutes(), High: high.Minutes()}
		if p.Known {
			top = max(top, p.High)
		}
		band.Columns, band.Places = append(band.Columns, hourName(b)), append(band.Places, p)
	}
	if !slices.ContainsFunc(band.Places, func(p chart.Place) bool { return p.Known }) {
		s.Lead = []string{w.say("few")}
		return s
	}
	step := max(5, math.Ceil(top/20)*5)
	for v := 0.0; v < top+step; v += step {
		band.Marks = append(band.Marks, chart.Mark{Value: v, Text: w.number(v, 0)})
	}
	s.Chart = band.Draw()
	return s
}

func (w *Words) groups(r, before *Report) section {
	s := section{ID: "groups", Title: w.say("groups"), Tables: []shown{w.show(w.groupTable(r, before))}}
	bars := chart.Bars{Words: chart.Words{ID: "chart-groups", Title: w.say("groups"), Desc: w.say("groups.desc")}}
	top := 1.0
	for _, g := range r.office.Settings.Groups {
		sum := r.groups[g.ID]
		if sum == nil {
			continue
		}
		middle, ok := sum.Services.Percentile(50)
		if !ok {
			continue
		}
		b := chart.Bar{Name: w.group(g.ID, r.office.Settings), Text: w.minutes(middle), Value: middle.Minutes()}
		low, okLow := sum.Services.Percentile(10)
		high, okHigh := sum.Services.Percentile(90)
		if okLow && okHigh {
			b.Low, b.High = low.Minutes(), high.Minutes()
		}
		top = max(top, b.Value, b.High)
		bars.Bars = append(bars.Bars, b)
	}
	if len(bars.Bars) > 0 {
		s.Lead, s.Chart = []string{w.say("groups.desc") + "."}, bars.Draw(top)
	}
	return s
}

func (w *Words) absent(r *Report) section {
	s := section{ID: "absent", Title: w.say("absent"), Tables: []shown{w.show(w.absentTable(r))}}
	bars := chart.Bars{Words: chart.Words{ID: "chart-absent", Title: w.say("absent"), Desc: w.say("absent.desc")}}
	top := .1
	for _, a := range r.Total.Absences() {
		if a.Of < told {
			continue
		}
		low, high := a.Interval()
		top = max(top, high)
		bars.Bars = append(bars.Bars, chart.Bar{Name: w.waited(a), Text: w.share(a.Value()), Value: a.Value(), Low: low, High: high})
	}
	if len(bars.Bars) > 0 {
		s.Lead, s.Chart = []string{w.say("absent.desc") + "."}, bars.Draw(top)
	}
	return s
}

func (w *Words) waited(a stats.Absent) string {
	switch {
	case a.To == 0:
		return w.say("band.over", "from", whole(a.From))
	case a.From == 0:
		return w.say("band.to", "to", whole(a.To))
	}
	return w.say("band.from", "from", whole(a.From), "to", whole(a.To))
}

func (w *Words) order(r *Report) section {
	s := section{ID: "order", Title: w.say("order"), Plain: true, Tables: []shown{w.show(w.orderTable(r))}}
	if t := w.fairTable(r); len(t.rows) > 0 {
		s.Lead, s.Tables = []string{w.say("fair.desc")}, append(s.Tables, w.show(t))
	}
	return s
}

func (w *Words) teams(r *Report) section {
	s := section{ID: "teams", Title: w.say("teams"), Tables: []shown{w.show(w.teamTable(r)), w.show(w.pauseTable(r))}}
	bars := chart.Bars{Words: chart.Words{ID: "chart-teams", Title: w.say("teams"), Desc: w.say("teams.desc")}}
	for _, id := range r.teamIDs() {
		t := r.teams[id]
		bars.Bars = append(bars.Bars, chart.Bar{Name: w.team(id, r.office.Settings), Text: w.share(t.Occupancy()), Value: t.Occupancy()})
	}
	if len(bars.Bars) == 0 {
		return section{ID: s.ID, Title: s.Title, Lead: []string{w.say("few")}, Plain: true}
	}
	s.Lead, s.Chart = []string{w.say("teams.desc") + "."}, bars.Draw(1)
	return s
}

func (w *Words) faces(r *Report) section {
	s := section{ID: "faces", Title: w.say("faces")}
	t := w.faceTable(r)
	if len(t.rows) == 0 {
		s.Lead, s.Plain = []string{w.say("faces.few")}, true
		return s
	}
	drawing := chart.Stack{
		Words: chart.Words{ID: "chart-faces", Title: w.say("faces"), Desc: w.say("faces.desc")},
		Parts: []chart.Part{{Name: w.say("face.green"), Class: "green"}, {Name: w.say("face.yellow"), Class: "yellow"}, {Name: w.say("face.red"), Class: "red"}},
	}
	for _, row := range t.rows {
		x := chart.Whole{Name: row[0].text}
		for _, c := range row[2:] {
			x.Shares, x.Texts = append(x.Shares, c.n), append(x.Texts, w.tell(c))
		}
		drawing.Wholes = append(drawing.Wholes, x)
	}
	s.Lead, s.Chart = []string{w.say("faces.desc") + "."}, drawing.Draw()
	s.Tables = []shown{w.show(t), w.show(w.reasonTable(r))}
	return s
}

func (w *Words) promises(r *Report) section {
	s := section{ID: "promises", Title: w.say("promises"), Plain: true}
	all := r.judged()
	if all.N < told {
		s.Lead = []string{w.say("promises.none")}
		return s
	}
	s.Lead = []string{w.say("promises.lead", "n", w.count(all.N), "hit", w.share(all.Hit()))}
	s.Tables = []shown{w.show(w.qualityTable(r))}
	return s
}
