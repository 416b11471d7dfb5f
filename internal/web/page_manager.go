// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"html/template"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// Figures is what managers ask of the days that were.
type Figures interface {
	// Report says what happened in a period; a fine one also has what only spreadsheets show.
	Report(ctx context.Context, p report.Period, fine bool) (*report.Report, error)
	// Current reports whether all of the past was read: after a start it takes a while.
	Current() bool
	// Quality says how good announced waits were, by day.
	Quality(ctx context.Context, from, to queue.Date) ([]store.QualityRow, error)
	// Newest, Ask and Try are those of a [figures.Advisor].
	Newest() (advice *figures.Advice, thinking bool)
	Ask()
	Try(w staffing.WhatIf, weekday time.Weekday) (tried staffing.Tried, ok bool, err error)
}

type managerPage struct {
	Board    display.Board
	Counters []Counter
	Warnings []warned
	Printers []Printer
	Panels   []Panel
	Open     int           // counters that call
	Today    template.HTML // the charter's table of today; "": no promises
	Late     *late         // nil: nothing is known
	Past     *pastPage     // nil: in the part that is rendered anew
}

// warned is a warning of one or more things.
type warned struct {
	Warning
	Subjects []string // none: it is of the office
}

// gather puts warnings together that say the same of different things. Of several the cause of
// each stands in the log.
func gather(list []Warning) (out []warned) {
	for _, w := range list {
		i := slices.IndexFunc(out, func(o warned) bool { return o.Name == w.Name && o.Severity == w.Severity })
		if i < 0 || w.Subject == "" {
			x := warned{Warning: w}
			if w.Subject != "" {
				x.Subjects = []string{w.Subject}
			}
			out = append(out, x)
			continue
		}
		x := &out[i]
		x.Subjects, x.Cause = append(x.Subjects, w.Subject), ""
		if w.Since.Before(x.Since) {
			x.Since = w.Since
		}
	}
	return out
}

// late is who of those that wait now will still wait at closing.
type late struct {
	Count int
	At    time.Time
}

func (s *Server) managerScreen(r *http.Request) *screen {
	v, t := s.office.View(), s.ofStaff(r)
	page := managerPage{Board: display.NewBoard(v, 0), Counters: allCounters(v), Warnings: gather(s.o.Warnings()), Printers: s.o.Printers(), Panels: s.o.Panels()}
	for _, c := range page.Counters {
		if c.State == queue.CounterIsOpen.String() {
			page.Open++
		}
	}
	if page.Board.Waiting > 0 {
		page.Late = s.late()
	}
	if s.o.Figures != nil && v.Settings() != nil {
		page.Today = s.today(r.Context(), t, v)
	}
	return s.screen(r, t, v, page)
}

// late counts who will hardly be called before the office closes.
func (s *Server) late() *late {
	f := s.o.Forecast()
	if f == nil || f.Closing.IsZero() {
		return nil
	}
	left := 0.0
	for _, w := range f.Waits() {
		left += 1 - w.Today
	}
	return &late{Count: int(math.Round(left)), At: f.Closing}
}

// today holds the day that goes on against the charter.
func (s *Server) today(ctx context.Context, t *texts, v *queue.View) template.HTML {
	date := queue.DateOf(s.office.Now().In(v.Zone()))
	r, err := s.o.Figures.Report(ctx, report.Period{From: date, To: date}, false)
	if err == nil {
		var table template.HTML
		if table, err = s.words[t.Lang].Charter(r); err == nil {
			return table
		}
	}
	if ctx.Err() == nil {
		s.o.Log.LogAttrs(ctx, slog.LevelError, "the figures of today cannot be read", slog.Any("error", err))
	}
	return "" // the rest of the page is of use without them
}

func (s *Server) manager(w http.ResponseWriter, r *http.Request) {
	sc := s.managerScreen(r)
	if s.o.Figures != nil && s.office.View().Settings() != nil {
		page, ok := sc.Body.(managerPage)
		past, err := s.pastPage(r, sc)
		if err != nil || !ok {
			s.fail(w, r, err)
			return
		}
		page.Past = past
		sc.Body = page
	}
	s.render(w, r, http.StatusOK, "manager", layout, sc)
}

func (s *Server) managerPanel(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "manager", "manager-panel", s.managerScreen(r))
}

// Metres returns how much paper a printer has left, in whole metres.
func (p Printer) Metres() int { return (p.Left + 500) / 1000 }
