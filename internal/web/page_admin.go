// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// maxForm bounds a form of the administration, in bytes: an office of a hundred services in
// four languages needs a tenth.
const maxForm = 1 << 20

// adminPage is what every page of the administration shows; the rest is its own.
type adminPage struct {
	Menu    []menuItem
	Title   string
	Lead    string
	Config  Configuration
	Saved   string // what became of the last change, "" or one of SavedKind
	Refused string // why a change was not made
	Detail  string // the same in English
	Changed bool   // somebody else was faster
	Confirm *Effect
	Form    *form
	Chapter string
	Body    any

	people map[string]string // names by id
	anew   bool              // the office is about to start anew
}

// SavedKind keeps strangers from choosing a text.
func (p *adminPage) SavedKind() string {
	for _, known := range []string{"now", "restart", "unsure", "same", "backup", "tested"} {
		if p.Saved == known {
			return known
		}
	}
	return "now"
}

// Past reports whether the page shows a configuration of the past.
func (p *adminPage) Past() bool { _, ok := p.Body.(adminComparison); return ok }

// Who returns who made a change, as staff knows it.
func (p *adminPage) Who(by string, sc *screen) string {
	switch by {
	case "file", "setup", "undone":
		return sc.T("admin.by." + by)
	}
	if name, ok := p.people[by]; ok {
		return name
	}
	return by
}

// Section returns what a section of the file is called on the pages, its own name where no page has it.
func (p *adminPage) Section(name string, sc *screen) string {
	return sc.Or("admin."+name+".title", sc.Or("block."+name, name))
}

// Size returns the size of a file as people say it.
func (p *adminPage) Size(bytes int64) string {
	if bytes < 1<<20 {
		return strconv.FormatInt((bytes+1023)>>10, 10) + " kB"
	}
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', 1, 64) + " MB"
}

type menuItem struct {
	Link, Text string
	Chosen     bool
}

// adminPlaces returns the pages of the administration in the order of its menu.
func adminPlaces() []string {
	return []string{"", "office", "hours", "services", "counters", "printers", "slip", "rule", "access", "people", "network", "file", "history", "backups"}
}

func (s *Server) registerAdmin(r *routes) {
	r.HandleFunc("GET /admin", s.admin)
	r.HandleFunc("GET /admin/{chapter}", s.adminChapter)
	r.HandleFunc("POST /admin/{chapter}", s.adminSave)
	r.HandleFunc("POST /admin/printers/test", s.adminTest)
	r.HandleFunc("GET /admin/access", s.adminAccess)
	r.HandleFunc("POST /admin/access", s.adminAccessChange)
	r.HandleFunc("GET /admin/people", s.adminPeople)
	r.HandleFunc("POST /admin/people", s.adminPeopleChange)
	r.HandleFunc("GET /admin/file", s.adminFile)
	r.HandleFunc("GET /admin/file/office.yaml", s.adminExport)
	r.HandleFunc("POST /admin/file", s.adminImport)
	r.HandleFunc("GET /admin/history", s.adminHistory)
	r.HandleFunc("GET /admin/history/{seq}", s.adminPast)
	r.HandleFunc("GET /admin/backups", s.adminBackups)
	r.HandleFunc("POST /admin/backups", s.adminBackUp)
	r.HandleFunc("POST /admin/backups/restore", s.adminRestore)
}

// adminPage returns the page that stands at a place of the menu.
func (s *Server) adminPage(r *http.Request, place string) (*adminPage, error) {
	t := s.ofStaff(r)
	p := &adminPage{Title: t.T("admin." + place + ".title"), Lead: t.Or("admin."+place+".lead", ""), Chapter: place, Saved: r.URL.Query().Get("saved")}
	if place == "" {
		p.Title, p.Lead = t.T("admin.title"), ""
	}
	for _, name := range adminPlaces() {
		item := menuItem{Link: "/admin", Text: t.T("admin.title"), Chosen: name == place}
		if name != "" {
			item.Link, item.Text = "/admin/"+name, t.T("admin."+name+".title")
		}
		p.Menu = append(p.Menu, item)
	}
	if s.o.Accounts != nil {
		p.people = map[string]string{}
		for _, a := range s.o.Accounts.List() {
			p.people[a.ID] = a.Name
		}
	}
	var err error
	p.Config, err = s.o.Steward.Configuration()
	return p, err
}

// showAdmin answers with a page of the administration, which nobody keeps.
func (s *Server) showAdmin(w http.ResponseWriter, r *http.Request, status int, p *adminPage) {
	sc := s.screen(r, s.ofStaff(r), s.office.View(), p)
	sc.Private = true
	s.render(w, r, status, "admin", layout, sc)
}

// adminOverview is the front of the administration.
type adminOverview struct {
	Warnings  []Warning
	Newest    []Past
	Languages []completeness
}

// completeness says how many texts there are in a language.
type completeness struct {
	Lang                     string
	Services, Groups, Advice share
}

// share is how many of a number there are.
type share struct{ Has, Of int }

// Whole reports whether none is missing.
func (s share) Whole() bool { return s.Has == s.Of }

// completenessOf counts the texts of the office by language.
func completenessOf(d *config.Draft) []completeness {
	named := func(list, lang string) (s share) {
		for _, row := range rowsOf(d, list) {
			m, _ := row.Get("name").(config.Map)
			s.Of++
			if textOf(m.Get(lang)) != "" {
				s.Has++
			}
		}
		return s
	}
	var out []completeness
	for _, lang := range languagesOf(d) {
		c := completeness{Lang: lang, Services: named("services", lang), Groups: named("groups", lang)}
		if advice, ok := valueAt(d, "slip.advice").(config.Map); ok {
			c.Advice.Of = 1
			if textOf(advice.Get(lang)) != "" {
				c.Advice.Has = 1
			}
		}
		out = append(out, c)
	}
	return out
}

func (s *Server) admin(w http.ResponseWriter, r *http.Request) {
	p, d, err := s.adminDraft(r, "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	history, err := s.o.Steward.History(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Body = adminOverview{Warnings: s.o.Warnings(), Newest: history[:min(len(history), 5)], Languages: completenessOf(d)}
	s.showAdmin(w, r, http.StatusOK, p)
}

// chapter returns the form of a name, false if there is none.
func (s *Server) chapter(name string) (chapter, bool) {
	all := chapters(s.o.Steward.Ports, s.o.Steward.Profiles())
	i := slices.IndexFunc(all, func(c chapter) bool { return c.name == name })
	if i < 0 {
		return chapter{}, false
	}
	return all[i], true
}

func (s *Server) adminChapter(w http.ResponseWriter, r *http.Request) {
	c, ok := s.chapter(r.PathValue("chapter"))
	if !ok {
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound})
		return
	}
	p, d, err := s.adminDraft(r, c.name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Form = newForm(c, d, s.ofStaff(r), false)
	s.showAdmin(w, r, http.StatusOK, p)
}

// adminDraft returns a page with the configuration to be edited on it.
func (s *Server) adminDraft(r *http.Request, place string) (*adminPage, *config.Draft, error) {
	p, err := s.adminPage(r, place)
	if err != nil {
		return nil, nil, err
	}
	d, err := config.NewDraft(p.Config.Name, p.Config.Text)
	if err != nil { // edited by hand, and not yet in order
		p.Refused, p.Detail = s.ofStaff(r).T("admin.unreadable"), err.Error()
		d = &config.Draft{}
	}
	return p, d, nil
}

// formOf reads a form of the administration.
func formOf(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm() // what is wrong with a form without files is told by this one only
	if err == nil {
		err = r.ParseMultipartForm(maxForm)
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			return nil, &Problem{Code: codeTooLarge, Status: http.StatusRequestEntityTooLarge, Detail: "the form is too long"}
		}
		return nil, &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the form cannot be read"}
	}
	return r.PostForm, nil
}

func (s *Server) adminSave(w http.ResponseWriter, r *http.Request) {
	c, ok := s.chapter(r.PathValue("chapter"))
	form, err := formOf(w, r)
	if !ok || err == nil && form.Get("form") != c.name {
		err = &Problem{Code: codeNotFound, Status: http.StatusNotFound}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p, d, err := s.adminDraft(r, c.name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	t := s.ofStaff(r)
	c.read(form, d)
	if form.Has("more") {
		p.Form = newForm(c, d, t, true)
		s.showAdmin(w, r, http.StatusOK, p)
		return
	}
	p.Form = newForm(c, d, t, false)
	s.change(w, r, p, form, d.Text(), func(faults []config.Fault) { p.Form.blame(faults, c.sections(), true) })
}

// change puts a text in force for a form that was sent and leads back to the page, or shows the
// page again with what stands in the way.
func (s *Server) change(w http.ResponseWriter, r *http.Request, p *adminPage, form url.Values, text []byte, blame func([]config.Fault)) {
	status, err := s.apply(r, p, form, text, blame)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case status == http.StatusSeeOther:
		lastAnswer(w, p.anew)
		http.Redirect(w, r, s.savedAt(r, p, p.Saved), status)
	default:
		s.showAdmin(w, r, status, p)
	}
}

// lastAnswer keeps a browser from sending its next request into a connection that a restart is
// about to close.
func lastAnswer(w http.ResponseWriter, anew bool) {
	if anew {
		w.Header().Set("Connection", "close")
	}
}

// apply puts a text in force. The status is 303 when that is done, else the page says what
// stands in the way, or what is going to happen.
func (s *Server) apply(r *http.Request, p *adminPage, form url.Values, text []byte, blame func([]config.Fault)) (status int, err error) {
	effect, err := s.o.Steward.Judge(text)
	switch {
	case err == nil && form.Get("tag") != p.Config.Tag:
		err = ErrChanged
	case err == nil && len(effect.Sections) == 0 && !p.Config.Pending:
		p.Saved = "same"
		return http.StatusSeeOther, nil
	case err == nil && effect.Restart && !form.Has("confirm"):
		p.Confirm = &effect
		return http.StatusOK, nil
	case err == nil:
		effect, err = s.o.Steward.Apply(r.Context(), s.actor(r.Context()), p.Config.Tag, text)
	}
	t := s.ofStaff(r)
	refusal, refused := errors.AsType[*queue.Refusal](err)
	faults, faulty := errors.AsType[*config.Faults](err)
	switch {
	case err == nil, errors.Is(err, ErrUnsure):
		p.Saved, p.anew = "now", effect.Restart
		if p.anew {
			p.Saved = "restart"
		}
		if err != nil {
			p.Saved = "unsure"
			s.unsure(r.Context(), err)
		}
		s.note(r.Context(), "configuration-change", p.Chapter)
		return http.StatusSeeOther, nil
	case errors.Is(err, ErrChanged):
		p.Changed = true
		return http.StatusPreconditionFailed, nil
	case refused:
		p.Refused, p.Detail = t.T("admin.refused"), refusal.Error()
		return statusOf(refusal.Code), nil
	case faulty:
		blame(faults.List)
		return http.StatusUnprocessableEntity, nil
	case errors.Is(err, ErrLocked):
		p.Refused, p.Detail = t.T("admin.locked"), err.Error()
		return http.StatusConflict, nil
	}
	return 0, err
}

// savedAt is where a browser is led after a change.
func (s *Server) savedAt(r *http.Request, p *adminPage, saved string) string {
	return "/admin/" + p.Chapter + "?" + url.Values{"saved": {saved}, "lang": {s.ofStaff(r).Lang}}.Encode()
}

// testWithin bounds the wait for a test slip.
const testWithin = 25 * time.Second

func (s *Server) adminTest(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p, d, err := s.adminDraft(r, "printers")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, _ := s.chapter("printers")
	p.Form = newForm(c, d, s.ofStaff(r), false)
	ctx, cancel := context.WithTimeout(r.Context(), testWithin)
	defer cancel()
	status := http.StatusOK
	if err := s.o.Steward.TestPrinter(ctx, form.Get("printer")); err != nil {
		status, p.Refused, p.Detail = http.StatusConflict, s.ofStaff(r).T("admin.test_failed"), err.Error()
	} else {
		p.Saved = "tested"
	}
	s.showAdmin(w, r, status, p)
}
