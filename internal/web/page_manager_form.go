// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// tryForm is what somebody typed who tries a change, and what can be chosen.
type tryForm struct {
	Day, From, To, Counters, Rule, Open, Close string
	Skill, Group                               string   // what counters do with the services of a group
	Desks                                      []string // which counters

	Days, Times, Rules, Moves, Skills, Groups, Places []option

	Faults []formFault
	Wants  map[string]string // by the name of a field: what it wants
	texts  *texts
}

// mostTried is how many counters can be tried at most.
const mostTried = 20

// Ways to change what a counter serves.
const (
	skillHelps  = "helps"  // where nobody waits for what is its own
	skillServes = "serves" // like its own
	skillLeaves = "leaves"
)

func newTryForm(sc *screen, settings *queue.Settings, q url.Values) *tryForm {
	f := &tryForm{Day: "1", From: "20", To: "24", Counters: "0", Open: "0", Close: "0", Desks: q["desk"], Wants: map[string]string{}, texts: sc.texts}
	for name, to := range map[string]*string{
		"day": &f.Day, "from": &f.From, "to": &f.To, "counters": &f.Counters,
		"rule": &f.Rule, "open": &f.Open, "close": &f.Close, "skill": &f.Skill, "group": &f.Group,
	} {
		if q.Has(name) {
			*to = q.Get(name)
		}
	}
	choose := func(list *[]option, value, text, chosen string) {
		*list = append(*list, option{Value: value, Text: text, Chosen: value == chosen})
	}
	for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
		choose(&f.Days, strconv.Itoa(int(d)), sc.dates.WeekdayWide(d), f.Day)
	}
	for b := 12; b <= 42; b++ {
		choose(&f.Times, strconv.Itoa(b), halfHour(b), "")
	}
	choose(&f.Rules, "", sc.T("manager.try_same"), f.Rule)
	for _, rule := range presets() {
		choose(&f.Rules, string(rule), sc.T("manager.rule."+string(rule)), f.Rule)
	}
	for m := -60; m <= 60; m += 15 {
		choose(&f.Moves, strconv.Itoa(m), fmt.Sprintf("%+d min", m), "")
	}
	choose(&f.Skills, "", sc.T("manager.try_same"), f.Skill)
	for _, skill := range []string{skillServes, skillHelps, skillLeaves} {
		choose(&f.Skills, skill, sc.T("manager.try_skill."+skill), f.Skill)
	}
	choose(&f.Groups, "", sc.T("manager.try_all"), f.Group)
	for _, g := range settings.Groups {
		choose(&f.Groups, string(g.ID), sc.Name(g.Name), f.Group)
	}
	for _, c := range settings.Counters {
		f.Places = append(f.Places, option{Value: string(c.ID), Text: c.Label, Chosen: slices.Contains(f.Desks, string(c.ID))})
	}
	return f
}

func presets() []queue.Preset {
	return []queue.Preset{queue.PresetFIFO, queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass}
}

// want says what a field wants; the first word counts.
func (f *tryForm) want(field, label, want string) {
	if f.Wants[field] != "" {
		return
	}
	f.Wants[field] = f.texts.T(want)
	f.Faults = append(f.Faults, formFault{Field: field, Label: f.texts.T(label), Want: f.Wants[field]})
}

// change reads the form; what is wrong stands in Faults, nil if nothing is.
func (f *tryForm) change(settings *queue.Settings) (w staffing.WhatIf, day time.Weekday) {
	whole := func(field, text, label, want string, low, high int) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < low || n > high {
			f.want(field, label, want)
		}
		return n
	}
	day = time.Weekday(whole("day", f.Day, "manager.try_day", "want.choice", 0, 6))
	w = staffing.WhatIf{
		Counters: whole("counters", f.Counters, "manager.try_counters", "manager.try_want_counters", -mostTried, mostTried),
		From:     whole("from", f.From, "manager.try_from", "want.choice", 0, 47), To: whole("to", f.To, "manager.try_to", "want.choice", 1, 48),
		Open:  time.Duration(whole("open", f.Open, "manager.try_open", "want.choice", -120, 120)) * time.Minute,
		Close: time.Duration(whole("close", f.Close, "manager.try_close", "want.choice", -120, 120)) * time.Minute,
	}
	if w.From >= w.To {
		f.want("to", "manager.try_to", "manager.try_want_to")
	}
	if f.Wants["day"] == "" && !opens(settings, day, w) {
		f.want("close", "manager.try_close", "manager.try_want_hours")
	}
	if f.Rule != "" {
		if !slices.Contains(presets(), queue.Preset(f.Rule)) {
			f.want("rule", "manager.try_rule", "want.choice")
		}
		rule := settings.Rule
		rule.Preset = queue.Preset(f.Rule)
		w.Rule = &rule
	}
	w.Skills = f.skills(settings)
	return w, day
}

// opens reports whether an hour is left of a day that is to open and close at other times.
func opens(settings *queue.Settings, day time.Weekday, w staffing.WhatIf) bool {
	spans := settings.Hours.Week[day]
	if len(spans) == 0 {
		return true // no such day will be found
	}
	open, shut := time.Duration(spans[0].From)*time.Minute+w.Open, time.Duration(spans[len(spans)-1].To)*time.Minute+w.Close
	return shut-open >= time.Hour
}

// skills are the chosen counters with what they would serve; nil if they serve what they do.
func (f *tryForm) skills(settings *queue.Settings) (out []queue.Counter) {
	if f.Skill == "" {
		return nil
	}
	if !slices.Contains([]string{skillHelps, skillServes, skillLeaves}, f.Skill) {
		f.want("skill", "manager.try_skill", "want.choice")
		return nil
	}
	var meant []queue.ServiceID
	for _, s := range settings.Services {
		if f.Group == "" || string(s.Group) == f.Group {
			meant = append(meant, s.ID)
		}
	}
	if len(meant) == 0 {
		f.want("group", "manager.try_group", "want.choice")
		return nil
	}
	served := map[queue.ServiceID]bool{}
	for _, c := range settings.Counters {
		if slices.Contains(f.Desks, string(c.ID)) {
			c = reskilled(c, f.Skill, meant)
			out = append(out, c)
			if len(c.Preferred) == 0 {
				f.want("desks", "manager.try_desks", "manager.try_want_work")
			}
		}
		for _, id := range slices.Concat(c.Preferred, c.Overflow) {
			served[id] = true
		}
	}
	if len(out) == 0 {
		f.want("desks", "manager.try_desks", "manager.try_want_desks")
	}
	for _, id := range meant {
		if !served[id] {
			f.want("group", "manager.try_group", "manager.try_want_served")
		}
	}
	return out
}

// reskilled is a counter that does something else with services.
func reskilled(c queue.Counter, skill string, services []queue.ServiceID) queue.Counter {
	is := func(id queue.ServiceID) bool { return slices.Contains(services, id) }
	own := c.Preferred
	switch skill {
	case skillServes:
		c.Preferred = slices.Concat(slices.DeleteFunc(slices.Clone(own), is), services)
		c.Overflow = slices.DeleteFunc(slices.Clone(c.Overflow), is)
	case skillHelps:
		more := slices.DeleteFunc(slices.Clone(services), func(id queue.ServiceID) bool { return slices.Contains(own, id) })
		c.Overflow = slices.Concat(slices.DeleteFunc(slices.Clone(c.Overflow), is), more)
	case skillLeaves:
		c.Preferred, c.Overflow = slices.DeleteFunc(slices.Clone(own), is), slices.DeleteFunc(slices.Clone(c.Overflow), is)
	}
	return c
}
