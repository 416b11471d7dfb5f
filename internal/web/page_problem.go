// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"net/url"
	"strings"
)

// problemBody is a request that was not carried out, as people see it.
type problemBody struct {
	Title string
	Look  string // the page whose style it has
	Back  string // where it can be tried again
	Login bool   // one has to log in for it
	Ended bool   // the browser had logged in
	Sure  bool   // nothing was changed; else nobody knows
	After int    // seconds until it leads back by itself, 0: never
}

// wantsPage reports whether a person's browser shows the answer, not a script or a program.
func wantsPage(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/")
}

// problemPage says what went wrong to people, and leads back to where they were. A kiosk and a tablet do
// so by themselves: the next one must not find the trouble of the last.
func (s *Server) problemPage(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.head(w)
	body := problemBody{
		Look: "phone", Back: backFrom(r), Login: p.Status == http.StatusUnauthorized, Ended: cookieOf(r) != "",
		Sure: p.Status < http.StatusInternalServerError,
	}
	if body.Back == "/kiosk" || body.Back == "/feedback" {
		body.Look, body.After = "feedback", 20
	}
	if body.Login {
		body.Back = "/enter?next=" + url.QueryEscape(body.Back)
	}
	t := s.ofPhone(r, r.PostForm.Get("lang")) // as far as the form was read
	body.Title = t.T("problem." + p.Code)
	sc := s.screen(r, t, s.office.View(), body)
	sc.Private, sc.Tongues = true, nil // the form would not be sent again
	s.render(w, r, p.Status, "problem", layout, sc)
}

// backFrom returns the page on which a form stands; from a page that cannot be had it leads to the start.
func backFrom(r *http.Request) string {
	part := strings.Split(r.URL.Path, "/")
	switch {
	case r.Method != http.MethodPost || len(part) < 2:
		return "/"
	case (part[1] == "t" || part[1] == "admin") && len(part) > 2:
		return "/" + part[1] + "/" + part[2]
	case part[1] == "leave":
		return "/"
	}
	return "/" + part[1]
}
