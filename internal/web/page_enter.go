// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/internal/accounts"
)

// The forms of the page, by the field that each has alone.
const (
	formToken    = "token"
	formPIN      = "pin"
	formPassword = "password"
)

type enterBody struct {
	Next   string // where to go then
	Place  string // what this browser is; "": nobody knows
	Label  string // of the place's counter
	Why    string // id of the text that says why somebody has to log in again; "": nothing to say
	Clerks []accounts.Account
	Names  bool      // there is somebody with a password
	Held   bool      // somebody is logged in at the counter, in another browser
	Since  time.Time // that was
	Form   string    // that was sent
	Error  string    // of that form
	ID     string    // the clerk that was chosen
	Name   string    // that was typed
}

func (s *Server) enterForm(w http.ResponseWriter, r *http.Request) {
	s.showEnter(w, r, http.StatusOK, "", "")
}

func (s *Server) showEnter(w http.ResponseWriter, r *http.Request, status int, form, fault string) {
	l, err := s.session.of(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	body := enterBody{
		Next: r.FormValue("next"), Form: form, Error: fault, ID: r.FormValue("clerk"), Name: r.FormValue("name"), Why: l.why,
	}
	place := s.place(l)
	if place != nil {
		body.Place = place.ID
		if c, ok := counterByID(s.office.View(), place.Counter); ok {
			body.Label = c.Label
		}
		if body.Held, body.Since, err = s.heldElsewhere(r, place, l); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if people := s.o.Accounts; people != nil {
		body.Names = people.Has(accounts.Manager, accounts.Admin)
		for _, a := range people.List() {
			if place != nil && place.Role == RoleCounter && a.Role == accounts.Clerk && a.Active() {
				body.Clerks = append(body.Clerks, a)
			}
		}
	}
	sc := s.screen(r, s.ofStaff(r), s.office.View(), body)
	sc.Private = true
	s.render(w, r, status, "enter", layout, sc)
}

// heldElsewhere reports whether somebody is logged in at a workplace's counter in another browser.
func (s *Server) heldElsewhere(r *http.Request, place *Access, l login) (bool, time.Time, error) {
	if place.Role != RoleCounter {
		return false, time.Time{}, nil
	}
	other, err := s.session.holder(r.Context(), place.Counter)
	if err != nil || other.token == "" || other.token == l.token {
		return false, time.Time{}, err
	}
	_, there := s.person(r.Context(), s.place(other), other)
	return there, other.day, nil
}

// enter begins a session: with a token, which makes the browser a workplace, or as a person. A
// link /enter#TOKEN works too: what stands behind the # never leaves the browser but in this
// form's body.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the form cannot be read"})
		return
	}
	for _, form := range []string{formPIN, formPassword} {
		if r.PostForm.Has(form) {
			s.enterPerson(w, r, form)
			return
		}
	}
	a := s.byToken(strings.TrimSpace(r.PostFormValue(formToken)))
	if a == nil {
		s.refuseEnter(w, r, formToken, s.refuseLogin(r))
		return
	}
	if _, err := s.session.begin(w, r, login{access: a.ID, seal: a.seal()}); err != nil {
		s.fail(w, r, err)
		return
	}
	s.metrics.logins.Inc()
	if s.wantsPerson(a) {
		http.Redirect(w, r, enterAddress(r), http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, landing(a, r.PostFormValue("next")), http.StatusSeeOther)
}

// enterAddress is the page itself, for the next one who logs in.
func enterAddress(r *http.Request) string {
	q := url.Values{}
	for _, name := range []string{"next", "lang"} {
		if v := r.FormValue(name); v != "" {
			q.Set(name, v)
		}
	}
	return withQuery("/enter", q)
}

// enterPerson logs a person in: a clerk by PIN where the browser is a counter's, others by
// name and password.
func (s *Server) enterPerson(w http.ResponseWriter, r *http.Request, form string) {
	l, err := s.session.of(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	place := s.place(l)
	attempt := accounts.Attempt{Secret: r.PostFormValue(form), Remote: remote(r), Access: l.access}
	if form == formPIN && place != nil && place.Role == RoleCounter {
		attempt.ID, attempt.Roles = r.PostFormValue("clerk"), []accounts.Role{accounts.Clerk}
	} else {
		attempt.Name, attempt.Roles = r.PostFormValue("name"), []accounts.Role{accounts.Manager, accounts.Admin}
	}
	desk := ""
	if place == nil {
		desk = newDesk()
		attempt.Access = desk
	} else {
		held, _, err := s.heldElsewhere(r, place, l)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if held && r.PostFormValue("take") == "" { // it began after this page was shown
			s.showEnter(w, r, http.StatusConflict, form, s.ofStaff(r).T("enter.held_now"))
			return
		}
	}
	if s.o.Accounts == nil {
		s.refuseEnter(w, r, form, &Problem{Code: codePerson, Status: http.StatusUnauthorized})
		return
	}
	a, err := s.o.Accounts.Verify(r.Context(), attempt)
	if err == nil {
		err = s.logIn(w, r, place, desk, a)
	}
	if err != nil {
		s.refusePerson(w, r, form, err)
		return
	}
	http.Redirect(w, r, landing(atWork(place, login{desk: desk}, a), r.PostFormValue("next")), http.StatusSeeOther)
}

// refusePerson answers a wrong secret, or one that came too soon.
func (s *Server) refusePerson(w http.ResponseWriter, r *http.Request, form string, err error) {
	throttled, soon := errors.AsType[*accounts.ThrottledError](err)
	switch {
	case errors.Is(err, accounts.ErrWrong):
		s.metrics.refused.Inc()
		err = &Problem{Code: codePerson, Status: http.StatusUnauthorized, Detail: err.Error()}
	case soon:
		s.metrics.refused.Inc()
		err = &Problem{Code: codeTooMany, Status: http.StatusTooManyRequests, retry: throttled.Wait}
	}
	s.refuseEnter(w, r, form, err)
}

// refuseEnter shows the page again, with what is wrong at the form that was sent.
func (s *Server) refuseEnter(w http.ResponseWriter, r *http.Request, form string, err error) {
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		s.fail(w, r, err)
		return
	}
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	t := s.ofStaff(r)
	text := t.T("problem." + p.Code)
	if p.Code == codeTooMany && form != formToken {
		text = t.N("enter.wait", int((p.retry+time.Second-1)/time.Second))
	}
	s.showEnter(w, r, p.Status, form, text)
}

// landing is where a login leads: to the page that asked for it, if it is one of
// ours, else to the role's own.
func landing(a *Access, next string) string {
	if u, err := url.Parse(next); err == nil && u.Host == "" && u.Scheme == "" && !strings.Contains(next, `\`) &&
		strings.HasPrefix(next, "/") && !strings.HasPrefix(next, "//") && u.Path != "/enter" {
		return next
	}
	switch a.Role {
	case RoleKiosk:
		return "/kiosk"
	case RoleCounter:
		return "/counter"
	case RoleManager:
		return "/manager"
	case RoleDisplay:
		return "/hall"
	case RoleAdmin:
	}
	return "/"
}

// leave ends a person's login and leaves the browser what it is; without a person it is
// nobody's browser from now on.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	l, err := s.session.of(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if l.person != "" {
		s.logOut(r.Context(), l, "")
	}
	if l.person != "" && l.access != "" {
		http.Redirect(w, r, "/enter", http.StatusSeeOther)
		return
	}
	if err := s.session.end(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/enter?left", http.StatusSeeOther) // whose script forgets the token, too
}
