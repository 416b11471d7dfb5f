// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// tryPage is a change that somebody tries on recorded days.
type tryPage struct {
	Form   tryForm
	Days   []option
	Times  []option
	Rules  []option
	Moves  []option // minutes by which the hours move
	Fault  string
	Tried  bool
	None   bool // there are no such days
	Result tryResult
}

// tryForm is what was typed.
type tryForm struct{ Day, From, To, Counters, Rule, Open, Close string }

// tryResult is before and after.
type tryResult struct {
	Days                    int
	Untrue                  bool
	Limit                   int // minutes
	ShareBefore, MeanBefore string
	ShareAfter, MeanAfter   string
	Hours                   []tryHour
}

type tryHour struct{ Time, ShareBefore, ShareAfter, MeanBefore, MeanAfter string }

// mostTried is how many counters can be tried at most.
const mostTried = 20

func (s *Server) managerTry(w http.ResponseWriter, r *http.Request) {
	v, q := s.office.View(), r.URL.Query()
	if s.o.Figures == nil || v.Settings() == nil {
		http.NotFound(w, r)
		return
	}
	sc := s.screen(r, s.ofStaff(r), v, nil)
	page := tryPage{Form: tryForm{"1", "20", "24", "1", "", "0", "0"}}
	for name, to := range map[string]*string{
		"day": &page.Form.Day, "from": &page.Form.From, "to": &page.Form.To, "counters": &page.Form.Counters,
		"rule": &page.Form.Rule, "open": &page.Form.Open, "close": &page.Form.Close,
	} {
		if q.Has(name) {
			*to = q.Get(name)
		}
	}
	page.choices(sc)
	status := http.StatusOK
	if q.Has("day") {
		change, weekday, ok := page.Form.change(v.Settings().Rule)
		if !ok {
			page.Fault, status = sc.T("manager.try_wrong"), http.StatusUnprocessableEntity
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
		Days: t.Days, Untrue: t.Untrue, Limit: int(within.Minutes()),
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

func halfHour(b int) string { return fmt.Sprintf("%02d:%02d", b/2, b%2*30) }

func (p *tryPage) choices(sc *screen) {
	choose := func(list *[]option, value, text, chosen string) {
		*list = append(*list, option{Value: value, Text: text, Chosen: value == chosen})
	}
	for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
		choose(&p.Days, strconv.Itoa(int(d)), sc.dates.WeekdayWide(d), p.Form.Day)
	}
	for b := 12; b <= 42; b++ {
		choose(&p.Times, strconv.Itoa(b), halfHour(b), "")
	}
	choose(&p.Rules, "", sc.T("manager.try_same"), p.Form.Rule)
	for _, rule := range presets() {
		choose(&p.Rules, string(rule), sc.T("manager.rule."+string(rule)), p.Form.Rule)
	}
	for m := -60; m <= 60; m += 15 {
		choose(&p.Moves, strconv.Itoa(m), fmt.Sprintf("%+d min", m), "")
	}
}

func presets() []queue.Preset {
	return []queue.Preset{queue.PresetFIFO, queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass}
}

// change reads the form; ok is false for what no form of ours sends.
func (f tryForm) change(rule queue.Rule) (w staffing.WhatIf, day time.Weekday, ok bool) {
	ok = true
	whole := func(text string, low, high int) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			ok = false
		}
		return n
	}
	day = time.Weekday(whole(f.Day, 0, 6))
	w = staffing.WhatIf{
		Counters: whole(f.Counters, -mostTried, mostTried), From: whole(f.From, 0, 47), To: whole(f.To, 1, 48),
		Open: time.Duration(whole(f.Open, -120, 120)) * time.Minute, Close: time.Duration(whole(f.Close, -120, 120)) * time.Minute,
	}
	if f.Rule != "" {
		if !slices.Contains(presets(), queue.Preset(f.Rule)) {
			ok = false
		}
		rule.Preset = queue.Preset(f.Rule)
		w.Rule = &rule
	}
	return w, day, ok && w.From < w.To
}
