// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// tryPage is a change that somebody tries on recorded days.
type tryPage struct {
	Form   *tryForm
	Fault  string // why it could not be tried
	Tried  bool
	None   bool // there are no such days
	Result tryResult
}

// tryResult is before and after.
type tryResult struct {
	Days                    int
	Untrue                  bool
	Limit                   int // minutes
	Told                    string
	ShareBefore, MeanBefore string
	ShareAfter, MeanAfter   string
	Hours                   []tryHour
}

type tryHour struct{ Time, ShareBefore, ShareAfter, MeanBefore, MeanAfter string }

func (s *Server) managerTry(w http.ResponseWriter, r *http.Request) {
	v, q := s.office.View(), r.URL.Query()
	if s.o.Figures == nil || v.Settings() == nil {
		http.NotFound(w, r)
		return
	}
	sc := s.screen(r, s.ofStaff(r), v, nil)
	page := tryPage{Form: newTryForm(sc, v.Settings(), q)}
	status := http.StatusOK
	if q.Has("day") {
		if change, weekday := page.Form.change(v.Settings()); page.Form.Faults != nil {
			status = http.StatusUnprocessableEntity
		} else {
			status = s.try(&page, sc, change, weekday)
		}
	}
	sc.Body = page
	s.render(w, r, status, "try", layout, sc)
}

// try tries a change and returns the status of the answer.
func (s *Server) try(page *tryPage, sc *screen, change staffing.WhatIf, weekday time.Weekday) int {
	tried, ok, err := s.o.Figures.Try(change, weekday)
	switch {
	case errors.Is(err, figures.ErrBusy):
		page.Fault = sc.T("manager.try_busy")
		return http.StatusTooManyRequests
	case err != nil:
		page.Fault = sc.T("problem." + codeUnavailable)
		return http.StatusServiceUnavailable
	}
	page.Tried, page.None = ok, !ok
	advice, _ := s.o.Figures.Newest()
	within := 15 * time.Minute
	if advice != nil {
		within = advice.Target.Within
	}
	page.Result = s.tryResult(sc, tried, within)
	return http.StatusOK
}

func (s *Server) tryResult(sc *screen, t staffing.Tried, within time.Duration) tryResult {
	share := s.words[sc.Lang].Share
	minutes := s.words[sc.Lang].Minutes
	out := tryResult{
		Days: t.Days, Untrue: t.Untrue, Limit: int(within.Minutes()), Told: s.tryTold(sc, t),
		ShareBefore: share(t.AllBefore.Share), ShareAfter: share(t.AllAfter.Share), MeanBefore: minutes(t.AllBefore.Mean), MeanAfter: minutes(t.AllAfter.Mean),
	}
	for b := range t.Before {
		was, is := t.Before[b], t.After[b]
		if was == (staffing.Estimate{}) && is == (staffing.Estimate{}) {
			continue // nobody came
		}
		out.Hours = append(out.Hours, tryHour{halfHour(b), share(was.Share), share(is.Share), minutes(was.Mean), minutes(is.Mean)})
	}
	return out
}

// sure is how many standard errors a difference must have before it is called one.
const sure = 2

// tryTold says what a trial shows: nothing, or two differences, each of which may be chance.
func (s *Server) tryTold(sc *screen, t staffing.Tried) string {
	if t.AllBefore == t.AllAfter {
		return sc.T("manager.try_told_none")
	}
	words, id := s.words[sc.Lang], "manager.try_told_less"
	if t.Sooner < 0 {
		id = "manager.try_told_more"
	}
	gain := words.Gain(t.Gain, t.GainErr)
	if t.Days == 1 { // knows no error
		gain, id = words.Points(t.Gain), id+"_alone"
	}
	told := []string{sc.T("manager.try_told", "Gain", gain)}
	chance := func(maybe bool) {
		if maybe && t.Days >= staffing.FewDays {
			told = append(told, sc.T("manager.try_told_chance"))
		}
	}
	chance(math.Abs(t.Gain) < sure*t.GainErr)
	told = append(told, sc.T(id, "Mean", words.Minutes(t.Sooner.Abs()), "Error", words.Minutes(t.SoonerErr)))
	chance(t.Sooner.Abs() < sure*t.SoonerErr)
	if t.Days < staffing.FewDays {
		told = append(told, sc.T("manager.try_told_few"))
	}
	return strings.Join(told, " ")
}

func halfHour(b int) string { return fmt.Sprintf("%02d:%02d", b/2, b%2*30) }
