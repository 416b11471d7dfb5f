// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/avanti-queue/avanti/internal/accounts"
)

// adminPeople are the accounts, and what was typed for a new one.
type adminPeople struct {
	List      []accounts.Account
	Roles     []option
	Languages []option
	New       accounts.Account
	Faults    []formFault
	For       string // the account that the faults are about; "": the new one
}

func (s *Server) adminPeople(w http.ResponseWriter, r *http.Request) {
	s.showPeople(w, r, http.StatusOK, nil)
}

func (s *Server) showPeople(w http.ResponseWriter, r *http.Request, status int, typed *adminPeople) {
	p, err := s.adminPage(r, "people")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	t := s.ofStaff(r)
	body := typed
	if body == nil {
		body = &adminPeople{New: accounts.Account{Role: accounts.Clerk}}
	}
	if s.o.Accounts != nil {
		body.List = s.o.Accounts.List()
	}
	for _, role := range []accounts.Role{accounts.Clerk, accounts.Manager, accounts.Admin} {
		body.Roles = append(body.Roles, option{Value: string(role), Text: t.T("account.role." + string(role)), Chosen: body.New.Role == role})
	}
	body.Languages = []option{{Text: t.T("account.language.browser"), Chosen: body.New.Language == ""}}
	for _, lang := range languages() {
		body.Languages = append(body.Languages, option{Value: lang, Text: t.T("language." + lang), Chosen: body.New.Language == lang})
	}
	p.Body = body
	s.showAdmin(w, r, status, p)
}

func (s *Server) adminPeopleChange(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if s.o.Accounts == nil {
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound})
		return
	}
	err = s.changePeople(r.Context(), form)
	if err == nil {
		http.Redirect(w, r, s.savedAt(r, &adminPage{Chapter: "people"}, "now"), http.StatusSeeOther)
		return
	}
	t := s.ofStaff(r)
	typed := &adminPeople{
		New: accounts.Account{Name: form.Get("name"), Role: accounts.Role(form.Get("role")), Language: form.Get("language")},
		For: form.Get("id"),
	}
	wrong, invalid := errors.AsType[*accounts.InvalidError](err)
	_, busy := errors.AsType[*accounts.ThrottledError](err)
	switch {
	case invalid:
		typed.Faults = []formFault{{
			Field: "f-person-" + wrong.Field, Label: t.T("account." + wrong.Field), Want: t.Or("want."+wrong.Code, t.T("want.text")), Cause: wrong.Error(),
		}}
	case errors.Is(err, accounts.ErrLastAdmin):
		typed.Faults = []formFault{{Label: t.T("admin.people.title"), Want: t.T("want.last_admin")}}
	case errors.Is(err, accounts.ErrUnknown):
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound})
		return
	case busy:
		s.problem(w, r, &Problem{Code: codeTooMany, Status: http.StatusTooManyRequests, retry: retryAfter})
		return
	default:
		s.fail(w, r, err)
		return
	}
	s.showPeople(w, r, http.StatusUnprocessableEntity, typed)
}

func (s *Server) changePeople(ctx context.Context, form url.Values) error {
	id, by := form.Get("id"), s.by(ctx)
	var err error
	switch form.Get("do") {
	case "add":
		_, err = s.o.Accounts.Create(ctx, by, form.Get("name"), accounts.Role(form.Get("role")), form.Get("language"), form.Get("secret"))
	case "secret":
		_, err = s.o.Accounts.SetSecret(ctx, by, id, form.Get("secret"))
	case "disable":
		_, err = s.o.Accounts.Disable(ctx, by, id)
	case "enable":
		_, err = s.o.Accounts.Enable(ctx, by, id)
	default:
		err = &Problem{Code: codeInvalid, Status: http.StatusUnprocessableEntity, Detail: "do: want add, secret, disable or enable"}
	}
	return err
}

// by is who asks, for the audit.
func (s *Server) by(ctx context.Context) accounts.By {
	if a := accessOf(ctx); a != nil {
		by := accounts.By{Access: a.ID}
		if a.Person != nil {
			by.Account = a.Person.ID
		}
		return by
	}
	return accounts.By{}
}

// actor is who asks, for the history.
func (s *Server) actor(ctx context.Context) string {
	by := s.by(ctx)
	if by.Account != "" {
		return by.Account
	}
	return by.Access
}

// note writes into the audit what somebody did. What was done stays done where that fails.
func (s *Server) note(ctx context.Context, action, subject string) {
	if s.o.Accounts == nil {
		return
	}
	if err := s.o.Accounts.Note(context.WithoutCancel(ctx), s.by(ctx), action, subject); err != nil {
		s.o.Log.LogAttrs(ctx, slog.LevelError, "the audit cannot be written", slog.Any("error", err))
	}
}
