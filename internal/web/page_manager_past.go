// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/queue"
)

// pastPage is what happened in a period, and what to change.
type pastPage struct {
	Period     report.Period
	Title      string // the period in words
	Compare    bool
	Fault      string
	Body       template.HTML
	Quick      []quick
	Advice     report.Advice
	Thinking   bool
	Reading    bool   // the past is still being read: figures are too small
	Paper      string // addresses of the same period
	Sheet      string
	PlainSheet string
}

// quick is a period that is one click away.
type quick struct {
	Name, Link string
	Chosen     bool
}

// period reads a period from an address: from and to, or the last month if it has neither.
func (s *Server) period(q url.Values, today queue.Date) (p report.Period, ok bool) {
	if !q.Has("from") && !q.Has("to") {
		return report.MonthBefore(today), true
	}
	p = report.Period{From: queue.Date(q.Get("from")), To: queue.Date(q.Get("to"))}
	return p, p.Days() > 0
}

func (s *Server) todayIs() queue.Date {
	return queue.DateOf(s.office.Now().In(s.office.View().Zone()))
}

func (s *Server) pastPage(r *http.Request, sc *screen) (*pastPage, error) {
	q, today := r.URL.Query(), s.todayIs()
	p, ok := s.period(q, today)
	out := &pastPage{Period: p, Compare: q.Has("compare"), Reading: !s.o.Figures.Current()}
	if !ok {
		out.Fault = sc.T("manager.period_wrong")
		return out, nil
	}
	this, before, err := s.reports(r, p, out.Compare, false)
	if err != nil {
		return nil, err
	}
	if this.Total.Issued == 0 && !q.Has("from") { // an office in its first month
		p = report.Period{From: today[:8] + "01", To: today}
		out.Period = p
		if this, before, err = s.reports(r, p, out.Compare, false); err != nil {
			return nil, err
		}
	}
	words := s.words[sc.Lang]
	out.Title = words.Period(p)
	if out.Body, err = words.Body(this, before); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	advice, thinking := s.o.Figures.Newest()
	out.Thinking = thinking
	if advice != nil {
		out.Advice = words.Advice(advice.Reports, advice.Target)
	}
	address := url.Values{"from": {string(p.From)}, "to": {string(p.To)}, "lang": {sc.Lang}}
	if out.Compare {
		address.Set("compare", "1")
	}
	out.Paper, out.Sheet = withQuery("/manager/report", address), withQuery("/manager/figures.csv", address)
	address.Set("plain", "1")
	out.PlainSheet = withQuery("/manager/figures.csv", address)
	out.Quick = quicks(sc, p, today)
	return out, nil
}

// quicks are the periods that managers ask for most.
func quicks(sc *screen, chosen report.Period, today queue.Date) (out []quick) {
	month := report.MonthBefore(today)
	for _, x := range []struct {
		name string
		p    report.Period
	}{
		{"today", report.Period{From: today, To: today}},
		{"this_month", report.Period{From: today[:8] + "01", To: today}},
		{"last_month", month},
		{"this_year", report.Period{From: today[:5] + "01-01", To: today}},
	} {
		link := withQuery("/manager", url.Values{"from": {string(x.p.From)}, "to": {string(x.p.To)}, "lang": {sc.Lang}})
		out = append(out, quick{sc.T("manager.period_" + x.name), link + "#past", x.p == chosen})
	}
	return out
}

func (s *Server) reports(r *http.Request, p report.Period, compare, fine bool) (this, before *report.Report, err error) {
	if this, err = s.o.Figures.Report(r.Context(), p, fine); err != nil || !compare {
		return this, nil, err
	}
	before, err = s.o.Figures.Report(r.Context(), p.Before(), fine)
	return this, before, err
}

// asked returns the reports of an address, and answers one that asks for none.
func (s *Server) asked(w http.ResponseWriter, r *http.Request, fine bool) (this, before *report.Report, ok bool) {
	p, ok := s.period(r.URL.Query(), s.todayIs())
	if !ok || s.o.Figures == nil || s.office.View().Settings() == nil {
		http.NotFound(w, r)
		return nil, nil, false
	}
	this, before, err := s.reports(r, p, r.URL.Query().Has("compare"), fine)
	if err != nil {
		s.fail(w, r, err)
		return nil, nil, false
	}
	return this, before, true
}

// managerReport is a page to print.
func (s *Server) managerReport(w http.ResponseWriter, r *http.Request) {
	this, before, ok := s.asked(w, r, false)
	if !ok {
		return
	}
	t := s.ofStaff(r)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Language", t.Lang)
	h.Set("Cache-Control", "no-store")
	var styles []string
	for _, name := range []string{"paper", "chart", "report"} {
		styles = append(styles, "/static/"+s.static.build+"/"+name+".css")
	}
	if err := s.words[t.Lang].Write(w, this, before, s.office.Now().In(s.office.View().Zone()), styles...); err != nil && r.Context().Err() == nil {
		s.fail(w, r, err)
	}
}

// managerSheet is the same for spreadsheets or, with plain, for programs.
func (s *Server) managerSheet(w http.ResponseWriter, r *http.Request) {
	this, before, ok := s.asked(w, r, true)
	if !ok {
		return
	}
	t := s.ofStaff(r)
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="avanti-%s-%s.csv"`, this.From, this.To))
	h.Set("Cache-Control", "no-store")
	write := s.words[t.Lang].CSV
	if r.URL.Query().Has("plain") {
		write = s.words[t.Lang].Plain
	}
	if err := write(w, this, before); err != nil && r.Context().Err() == nil {
		s.fail(w, r, err)
	}
}

// managerAdvice has the advisor think again.
func (s *Server) managerAdvice(w http.ResponseWriter, r *http.Request) {
	if s.o.Figures != nil {
		s.o.Figures.Ask()
	}
	http.Redirect(w, r, withQuery("/manager", url.Values{"lang": {s.ofStaff(r).Lang}})+"#advice", http.StatusSeeOther)
}
