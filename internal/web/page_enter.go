// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

type enterBody struct {
	Next  string // where to go then
	Error string
}

func (s *Server) enterForm(w http.ResponseWriter, r *http.Request) {
	s.showEnter(w, r, http.StatusOK, "")
}

func (s *Server) showEnter(w http.ResponseWriter, r *http.Request, status int, fault string) {
	body := enterBody{Next: r.FormValue("next"), Error: fault}
	s.render(w, r, status, "enter", layout, s.screen(r, s.ofStaff(r), s.office.View(), body))
}

// enter begins a session with a token. A link /enter#TOKEN works too: what stands
// behind the # never leaves the browser but in this form's body.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &Problem{Code: codeInvalid, Status: http.StatusBadRequest, Detail: "the form cannot be read"})
		return
	}
	a := s.byToken(strings.TrimSpace(r.PostFormValue("token")))
	if a == nil {
		err := s.refuseLogin(r)
		p, ok := errors.AsType[*Problem](err)
		if !ok {
			s.fail(w, r, err)
			return
		}
		for name, values := range p.GetHeaders() {
			w.Header()[name] = values
		}
		s.showEnter(w, r, p.Status, s.ofStaff(r).T("problem."+p.Code))
		return
	}
	if err := s.session.begin(w, r, a.ID); err != nil {
		s.fail(w, r, err)
		return
	}
	s.metrics.logins.Inc()
	http.Redirect(w, r, landing(a, r.PostFormValue("next")), http.StatusSeeOther)
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

func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	if err := s.session.end(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/enter?left", http.StatusSeeOther) // whose script forgets the token, too
}
