// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"github.com/avanti-queue/avanti/internal/config"
)

// adminAccesses are the tokens of screens and workplaces.
type adminAccesses struct {
	Rows     []accessRow
	Counters []option
	Roles    []option
	New      *formAccess
	Made     []madeAccess // shown once
	Faults   []formFault
}

type accessRow struct {
	ID, Role, Counter string
	Open              bool // somebody can log in with it
}

// formAccess is what was typed for a new access.
type formAccess struct{ ID, Role, Counter string }

// madeAccess is a token that was just made, with the link that logs a browser in.
type madeAccess struct {
	ID, Role, Token, Link string
	Symbol                *symbol
}

func (s *Server) adminAccess(w http.ResponseWriter, r *http.Request) {
	p, d, err := s.adminDraft(r, "access")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p.Body = accessesOf(d, s.ofStaff(r))
	s.showAdmin(w, r, http.StatusOK, p)
}

func accessesOf(d *config.Draft, t *texts) *adminAccesses {
	out := &adminAccesses{New: &formAccess{}}
	counters := map[string]string{}
	for _, c := range rowsOf(d, "counters") {
		id, label := textOf(c.Get("id")), textOf(c.Get("label"))
		counters[id] = label
		out.Counters = append(out.Counters, option{Value: id, Text: label})
	}
	for _, role := range []Role{RoleKiosk, RoleCounter, RoleDisplay, RoleManager, RoleAdmin} {
		out.Roles = append(out.Roles, option{Value: string(role), Text: t.T("role." + string(role))})
	}
	for _, a := range rowsOf(d, "access") {
		counter := textOf(a.Get("counter"))
		out.Rows = append(out.Rows, accessRow{
			ID: textOf(a.Get("id")), Role: textOf(a.Get("role")), Counter: counters[counter], Open: textOf(a.Get("token_sha256")) != "",
		})
	}
	return out
}

// newToken returns a token and its sum as it stands in the configuration.
func newToken() (token, sum string) {
	var b [32]byte
	rand.Read(b[:]) // never fails, by its contract
	token = base64.RawURLEncoding.EncodeToString(b[:])
	hash := sha256.Sum256([]byte(token))
	return token, hex.EncodeToString(hash[:])
}

// linkOf returns the address that logs a browser in. What stands behind the # is sent nowhere.
func linkOf(r *http.Request, token string) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: r.Host, Path: "/enter", Fragment: token}).String()
}

func made(r *http.Request, id, role, token string) madeAccess {
	link := linkOf(r, token)
	return madeAccess{ID: id, Role: role, Token: token, Link: link, Symbol: newSymbol(link)}
}

// adminAccessChange makes a token, takes one away, or adds or removes an access. A token is
// shown in this answer and never again.
func (s *Server) adminAccessChange(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p, d, err := s.adminDraft(r, "access")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, token := editAccess(d, form)
	d.Set("access", list)
	body := accessesOf(d, s.ofStaff(r))
	p.Body = body
	form.Set("confirm", "1") // the page has told what is going to happen
	status, err := s.apply(r, p, form, d.Text(), s.blameAccess(r, body, form))
	switch {
	case err != nil:
		s.fail(w, r, err)
	case status == http.StatusSeeOther && token == "":
		lastAnswer(w, p.anew)
		http.Redirect(w, r, s.savedAt(r, p, p.Saved), status)
	case status == http.StatusSeeOther:
		for _, a := range rowsOf(d, "access") {
			if id := textOf(a.Get("id")); id == strings.TrimSpace(form.Get("id")) {
				body.Made = append(body.Made, made(r, id, textOf(a.Get("role")), token))
			}
		}
		lastAnswer(w, p.anew)
		s.showAdmin(w, r, http.StatusOK, p)
	default:
		s.showAdmin(w, r, status, p)
	}
}

// editAccess returns the list of accesses as the form wants it, and the token that was made.
func editAccess(d *config.Draft, form url.Values) (list []any, token string) {
	id, what := form.Get("id"), form.Get("do")
	for _, a := range rowsOf(d, "access") {
		if textOf(a.Get("id")) == id {
			switch what {
			case "remove":
				continue
			case "revoke":
				a = a.With("token_sha256", nil)
			case "make":
				var sum string
				token, sum = newToken()
				a = a.With("token_sha256", sum)
			}
		}
		list = append(list, a)
	}
	if what == "add" {
		var sum string
		token, sum = newToken()
		a := config.Map{{Key: "id", Value: strings.TrimSpace(id)}, {Key: "role", Value: form.Get("role")}}
		if form.Get("role") == string(RoleCounter) {
			a = a.With("counter", form.Get("counter"))
		}
		list = append(list, a.With("token_sha256", sum))
	}
	return list, token
}

func (s *Server) blameAccess(r *http.Request, body *adminAccesses, form url.Values) func([]config.Fault) {
	return func(faults []config.Fault) {
		body.New = &formAccess{ID: form.Get("id"), Role: form.Get("role"), Counter: form.Get("counter")}
		for _, f := range faults {
			body.Faults = append(body.Faults, formFault{
				Field: "f-access-id", Label: f.Field, Want: s.ofStaff(r).T("want.id"), Cause: f.Wrong + "; want " + f.Want,
			})
		}
		if len(body.Rows) > 0 && form.Get("do") == "add" {
			body.Rows = body.Rows[:len(body.Rows)-1]
		}
	}
}
