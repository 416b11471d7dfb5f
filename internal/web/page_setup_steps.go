// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/config"
)

// setupStep is a page of the set-up. Take returns whether the next one may come; else the page
// says why not, or is shown again because somebody asked for it.
type setupStep struct {
	name string
	show func(r *http.Request, p *setupPage)
	take func(r *http.Request, p *setupPage, form url.Values) bool
}

// setupPage is what a page of the set-up shows.
type setupPage struct {
	Step      string // "": the code is asked for
	Title     string
	Lead      string
	Steps     []menuItem
	Number    int // of the step, from 1
	Back      string
	Form      *form
	Templates []setupTemplate
	Accesses  []menuItem // that are going to have a link
	Made      []madeAccess
	Summary   []summaryLine
	Account   *setupAccount
	Refused   string
	Detail    string
	Note      string
	Former    string // what stays of an office that was here before
	Posted    bool
	Again     bool // the page is shown again on request
	Done      bool
}

type summaryLine struct {
	Step, Title, Value string
	Want, Cause        string // what is wrong with it; "": nothing
}

type setupAccount struct {
	Name, Language             string
	NameWant, Want, RepeatWant string
	Languages                  []option
}

func (s *Setup) page(r *http.Request, i int) *setupPage {
	t := s.texts(r)
	p := &setupPage{
		Step: s.steps[i].name, Title: t.T("setup." + s.steps[i].name + ".title"), Lead: t.Or("setup."+s.steps[i].name+".lead", ""), Number: i + 1,
	}
	for j, x := range s.steps {
		item := menuItem{Text: t.T("setup." + x.name + ".title"), Chosen: j == i}
		if j < i {
			item.Link = "/setup/" + x.name
			p.Back = item.Link
		}
		p.Steps = append(p.Steps, item)
	}
	if step := s.steps[i].name; s.o.Former != "" && (step == "office" || step == "account") {
		p.Former = t.T("setup.former."+step, "Office", s.o.Former)
	}
	return p
}

func (s *Setup) allSteps() []setupStep {
	steps := []setupStep{}
	for _, name := range []string{"office", "hours", "services", "counters", "printers"} {
		c := s.chapter(name)
		step := setupStep{
			name: name,
			show: func(r *http.Request, p *setupPage) { p.Form = newForm(c, s.state.draft, s.texts(r), false) },
			take: func(r *http.Request, p *setupPage, form url.Values) bool { return s.takeChapter(c, r, p, form) },
		}
		switch name {
		case "services":
			step.show, step.take = s.showServices(c), s.takeServices(c)
		case "printers":
			step.take = s.takePrinters(c)
		}
		steps = append(steps, step)
	}
	return append(steps,
		setupStep{"screens", s.showScreens, s.takeScreens},
		setupStep{"account", s.showAccount, s.takeAccount},
		setupStep{"summary", s.showSummary, s.takeSummary},
	)
}

// chapter returns a form of the administration as the set-up asks for it: of a printer only
// what cannot be guessed.
func (s *Setup) chapter(name string) chapter {
	for _, c := range chapters(s.o.Ports, s.o.Profiles) {
		if c.name != name {
			continue
		}
		if name == "printers" {
			b := c.blocks[0]
			b.cells = b.cells[:3]
			c.blocks = []block{b}
		}
		return c
	}
	return chapter{}
}

// takeChapter takes a form over and looks whether its sections are in order.
func (s *Setup) takeChapter(c chapter, r *http.Request, p *setupPage, form url.Values) bool {
	spoke := languagesOf(s.state.draft)
	c.read(form, s.state.draft)
	p.Form = newForm(c, s.state.draft, s.texts(r), form.Has("more"))
	learned := len(languagesOf(s.state.draft)) > len(spoke) && s.state.draft.Section("services") == nil
	if form.Has("more") || learned { // a language more is a name more
		p.Again = true
		return false
	}
	p.Form.blame(s.faults(), c.sections(), false)
	return len(p.Form.Faults) == 0
}

func (s *Setup) faults() []config.Fault {
	if faults, ok := errors.AsType[*config.Faults](s.o.Check(s.state.draft.Text())); ok {
		return faults.List
	}
	return nil
}

func (s *Setup) showServices(c chapter) func(r *http.Request, p *setupPage) {
	return func(r *http.Request, p *setupPage) {
		if s.state.draft.Section("services") == nil || r.URL.Query().Has("choose") {
			p.Templates = templatesIn(s.texts(r))
			p.Lead = s.texts(r).T("setup.services.choose")
			return
		}
		p.Form = newForm(c, s.state.draft, s.texts(r), false)
	}
}

func (s *Setup) takeServices(c chapter) func(r *http.Request, p *setupPage, form url.Values) bool {
	return func(r *http.Request, p *setupPage, form url.Values) bool {
		if !form.Has("template") {
			return s.takeChapter(c, r, p, form)
		}
		if err := begin(s.state.draft, form.Get("template")); err != nil {
			p.Templates, p.Refused = templatesIn(s.texts(r)), s.texts(r).T("setup.services.choose")
			return false
		}
		p.Form, p.Again = newForm(c, s.state.draft, s.texts(r), false), true
		return false
	}
}

// takePrinters takes the printer over and gives it to the kiosk.
func (s *Setup) takePrinters(c chapter) func(r *http.Request, p *setupPage, form url.Values) bool {
	return func(r *http.Request, p *setupPage, form url.Values) bool {
		ok := s.takeChapter(c, r, p, form)
		kiosk := config.Map{{Key: "id", Value: "kiosk-1"}}
		printers := rowsOf(s.state.draft, "printers")
		if len(printers) > 0 {
			kiosk = kiosk.With("printer", textOf(printers[0].Get("id")))
		}
		s.state.draft.Set("kiosks", []any{kiosk})
		if !form.Has("test") || len(p.Form.Faults) > 0 {
			return ok
		}
		p.Again = true
		i, err := strconv.Atoi(form.Get("test"))
		if err != nil || i < 0 || i >= len(printers) {
			p.Refused = s.texts(r).T("setup.printers.none")
			return false
		}
		printer := config.Printer{ID: "test", Profile: textOf(printers[i].Get("profile")), Path: textOf(printers[i].Get("path"))}
		if err := s.o.Test(r.Context(), printer); err != nil {
			p.Refused, p.Detail = s.texts(r).T("admin.test_failed"), err.Error()
			return false
		}
		p.Note = s.texts(r).T("admin.saved.tested")
		return false
	}
}

// deskOf returns the id of a counter's access.
func deskOf(counter string) string {
	name := strings.TrimPrefix(counter, "counter-")
	if n := strings.TrimPrefix(name, "c"); n != "" && n[0] >= '0' && n[0] <= '9' {
		name = n
	}
	return "desk-" + name[:min(len(name), 24)]
}

// screensWanted lists the accesses of a new office: each screen and each counter has its own.
func (s *Setup) screensWanted() []config.Map {
	access := func(id string, role Role) config.Map {
		return config.Map{{Key: "id", Value: id}, {Key: "role", Value: string(role)}}
	}
	out := []config.Map{access("kiosk-1", RoleKiosk), access("hall", RoleDisplay)}
	for _, c := range rowsOf(s.state.draft, "counters") {
		id := textOf(c.Get("id"))
		out = append(out, access(deskOf(id), RoleCounter).With("counter", id))
	}
	return out
}

func (s *Setup) showScreens(r *http.Request, p *setupPage) {
	t := s.texts(r)
	p.Made = s.state.made
	for _, a := range s.screensWanted() {
		p.Accesses = append(p.Accesses, menuItem{Text: t.T("role." + textOf(a.Get("role"))), Link: textOf(a.Get("id"))})
	}
}

func (s *Setup) takeScreens(r *http.Request, p *setupPage, form url.Values) bool {
	if !form.Has("make") {
		return true
	}
	s.state.made = nil
	var list []any
	for _, a := range s.screensWanted() {
		token, sum := newToken()
		list = append(list, a.With("token_sha256", sum))
		s.state.made = append(s.state.made, made(r, textOf(a.Get("id")), textOf(a.Get("role")), token))
	}
	s.state.draft.Set("access", list)
	p.Again = true
	s.showScreens(r, p)
	return false
}

func (s *Setup) showAccount(r *http.Request, p *setupPage) {
	t := s.texts(r)
	if s.state.language == "" {
		s.state.language = t.Lang
	}
	p.Account = &setupAccount{Name: s.state.name, Language: s.state.language}
	for _, lang := range languages() {
		p.Account.Languages = append(p.Account.Languages, option{Value: lang, Text: t.T("language." + lang), Chosen: lang == s.state.language})
	}
}

func (s *Setup) takeAccount(r *http.Request, p *setupPage, form url.Values) bool {
	t := s.texts(r)
	s.state.name, s.state.language = strings.TrimSpace(form.Get("name")), form.Get("language")
	if s.server.texts.byTag[s.state.language] == nil {
		s.state.language = t.Lang
	}
	s.showAccount(r, p)
	password := form.Get("password")
	if s.state.name == "" || len(s.state.name) > 64 {
		p.Account.NameWant = t.T("want.missing")
	}
	err := accounts.CheckSecret(accounts.Admin, password)
	switch {
	case err != nil:
		p.Account.Want = t.T("want.password")
	case password != form.Get("repeat"):
		p.Account.RepeatWant = t.T("want.repeat")
	}
	if p.Account.NameWant+p.Account.Want+p.Account.RepeatWant != "" {
		return false
	}
	s.state.password = password
	return true
}

// stepOf says where a section of the configuration is asked for.
func stepOf(section string) string {
	switch section {
	case "office", "hours", "counters", "printers":
		return section
	case "groups", "series", "services":
		return "services"
	case "kiosks":
		return "printers"
	}
	return "screens"
}

func (s *Setup) showSummary(r *http.Request, p *setupPage) {
	t, d := s.texts(r), s.state.draft
	s.complete(r)
	office, _ := d.Section("office").(config.Map)
	count := func(list string) string { return strconv.Itoa(len(rowsOf(d, list))) }
	values := map[string]string{
		"office":   nameOf(d, office, t.Lang, "–") + " · " + strings.Join(languagesOf(d), ", "),
		"hours":    s.hoursText(t),
		"services": count("services"), "counters": count("counters"), "printers": count("printers"),
		"screens": strconv.Itoa(len(s.state.made)), "account": s.state.name,
	}
	wrong := map[string]config.Fault{}
	for _, f := range s.faults() {
		section, _, _ := strings.Cut(f.Field, ".")
		section, _, _ = strings.Cut(section, "[")
		if _, has := wrong[stepOf(section)]; !has {
			wrong[stepOf(section)] = f
		}
	}
	for _, x := range s.steps[:len(s.steps)-1] {
		line := summaryLine{Step: x.name, Title: t.T("setup." + x.name + ".title"), Value: values[x.name]}
		if f, ok := wrong[x.name]; ok {
			line.Want, line.Cause = t.T("want.elsewhere"), f.Field+": "+f.Wrong+"; want "+f.Want
		}
		if x.name == "account" && s.state.password == "" {
			line.Want = t.T("want.missing")
		}
		p.Summary = append(p.Summary, line)
	}
}

// hoursText names the days on which the office is open.
func (s *Setup) hoursText(t *texts) string {
	hours, _ := s.state.draft.Section("hours").(config.Map)
	var out []string
	for _, e := range hours {
		if list, ok := e.Value.([]any); ok && e.Key != "exceptions" {
			out = append(out, weekday(t, e.Key)+" "+kindHours.shown(list))
		}
	}
	return strings.Join(out, "; ")
}

// complete adds what nobody was asked for.
func (s *Setup) complete(r *http.Request) {
	d := s.state.draft
	d.Set("data_dir", s.o.DataDir)
	d.Set("http", config.Map{{Key: "listen", Value: address(s.o.Listen)}, {Key: "hosts", Value: s.hosts(r)}})
	if d.Section("kiosks") == nil {
		d.Set("kiosks", []any{config.Map{{Key: "id", Value: "kiosk-1"}}})
	}
}

// heading stands above a new configuration.
const heading = "# This office. The administration's pages write this file, and it may be edited by hand;\n" +
	"# avantictl check -config FILE tells what is wrong with it.\n\n"

func (s *Setup) takeSummary(r *http.Request, p *setupPage, _ url.Values) bool {
	t := s.texts(r)
	s.showSummary(r, p)
	for _, line := range p.Summary {
		if line.Want != "" {
			p.Refused = t.T("setup.incomplete")
			return false
		}
	}
	err := s.o.Finish(r.Context(), SetupResult{
		Text: append([]byte(heading), s.state.draft.Text()...), Name: s.state.name, Language: s.state.language, Password: s.state.password,
	})
	if err != nil {
		s.o.Log.LogAttrs(r.Context(), slog.LevelError, "the set-up failed", slog.Any("error", err))
		p.Refused, p.Detail = t.T("setup.failed"), err.Error()
		return false
	}
	s.state = setupState{finished: true}
	return true
}
