// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"time"
)

//go:embed page.html
var pageFile string

// Styles are the files that a page with a report needs, under static.
//
//go:embed static/*.css
var Styles embed.FS

// page is what the template knows.
type page struct {
	Lang, Title, Office, Period, Compared, Made, Definitions, Nothing string
	Links                                                             []string // addresses of styles; none: they stand in the page
	Style                                                             template.CSS
	Open                                                              bool // the tables: on paper nobody can unfold them
	Figures                                                           []figure
	Sections                                                          []section
}

// figure is one of the big ones on top.
type figure struct{ Value, Name, Was string }

func (w *Words) page(r, before *Report) *page {
	p := &page{Lang: w.Lang, Office: w.name(r.office.Settings.Name, r.office.Settings), Period: w.Period(r.Period), Definitions: w.say("definitions")}
	p.Title = w.say("title")
	if before != nil {
		p.Compared = w.say("before", "period", w.Period(before.Period))
	}
	if r.Total.Issued == 0 {
		p.Nothing = w.say("nothing")
		return p
	}
	p.Figures, p.Sections = w.figures(r, before), w.sections(r, before)
	return p
}

func (w *Words) figures(r, before *Report) []figure {
	limit := r.office.Limit()
	absent := func(r *Report) cell {
		return cell{unit: unitShare, n: float64(r.Total.NoShow) / float64(max(1, r.Total.Served+r.Total.NoShow)), known: r.Total.Served+r.Total.NoShow >= told}
	}
	var out []figure
	for _, f := range []struct {
		name string
		of   func(*Report) cell
	}{
		{w.say("fig.within", "limit", whole(limit)), func(r *Report) cell { return share(r.Total.Within(limit)) }},
		{w.say("fig.mean"), func(r *Report) cell { return mean(&r.Total.Waits) }},
		{w.say("fig.p90"), func(r *Report) cell { return percentile(&r.Total.Waits, 90) }},
		{w.say("fig.served"), func(r *Report) cell { return count(r.Total.Served) }},
		{w.say("fig.noshow"), absent},
		{w.say("fig.days"), func(r *Report) cell { return count(r.Total.Days) }},
	} {
		x := figure{Name: f.name, Value: w.tell(f.of(r))}
		if before != nil {
			x.Was = w.say("was", "n", w.tell(f.of(before)))
		}
		out = append(out, x)
	}
	return out
}

// Body renders the report for a page that has the styles. Before, if it is not nil, is a
// report of another period to compare with.
func (w *Words) Body(r, before *Report) (template.HTML, error) {
	var b bytes.Buffer
	if err := w.pages.ExecuteTemplate(&b, "body", w.page(r, before)); err != nil {
		return "", fmt.Errorf("report: %w", err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // made by html/template
}

// Write writes the report as a page to print. Its styles are at the addresses; without any
// they stand in the page, which then needs nothing else.
func (w *Words) Write(to io.Writer, r, before *Report, made time.Time, styles ...string) error {
	p := w.page(r, before)
	p.Made, p.Links, p.Open = w.say("made", "date", w.locale.FmtDateLong(made)), styles, true
	if len(styles) == 0 {
		for _, name := range []string{"paper.css", "chart.css", "report.css"} {
			css, err := Styles.ReadFile("static/" + name)
			if err != nil {
				return fmt.Errorf("report: %w", err)
			}
			p.Style += template.CSS(css) //nolint:gosec // our own
		}
	}
	if err := w.pages.ExecuteTemplate(to, "page", p); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
