// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/queue"
)

// How long a person stays logged in.
const (
	idleClerk  = 15 * time.Minute // without doing anything, unless configured
	idleOthers = time.Hour
	longest    = 12 * time.Hour
)

// Why a person is not logged in any more; each has a text.
const (
	whyIdle   = "idle"
	whyClosed = "closed" // the day
	whyTaken  = "taken"  // somebody else logged in at the counter
	whyMoved  = "moved"  // the same person logged in elsewhere
)

// peopleOf returns the roles of the people who may log in on top of a workplace.
func peopleOf(w *Access) []accounts.Role {
	if w != nil && w.Role == RoleCounter {
		return []accounts.Role{accounts.Clerk, accounts.Manager, accounts.Admin}
	}
	return []accounts.Role{accounts.Manager, accounts.Admin}
}

// wantsPerson reports whether a workplace alone is not enough: there are accounts for what it does.
func (s *Server) wantsPerson(w *Access) bool {
	if s.o.Accounts == nil {
		return false
	}
	switch w.Role {
	case RoleCounter:
		return s.o.Accounts.Has(accounts.Clerk)
	case RoleManager:
		return s.o.Accounts.Has(accounts.Manager)
	case RoleAdmin:
		return s.o.Accounts.Has(accounts.Admin)
	case RoleKiosk, RoleDisplay:
	}
	return false
}

// sitting returns who may do what by a session: the workplace, the person, or the person at
// the workplace. It is nil for nobody, and for a workplace where a person has to log in first.
func (s *Server) sitting(r *http.Request, l login) *Access {
	w := s.place(l)
	if p, ok := s.person(r.Context(), w, l); ok {
		s.stays(r, l)
		return atWork(w, l, p)
	}
	if w == nil || s.wantsPerson(w) {
		return nil
	}
	return w
}

// atWork returns what a person may do at a workplace, nil for none.
func atWork(w *Access, l login, p accounts.Account) *Access {
	a := Access{ID: l.desk}
	if w != nil {
		a = *w
	}
	a.Person = &p
	switch p.Role {
	case accounts.Admin:
		a.Role = RoleAdmin
	case accounts.Manager:
		a.Role = RoleManager
	case accounts.Clerk:
		a.Role = RoleCounter
	}
	return &a
}

// person returns the person of a session. One who may not stay is logged out.
func (s *Server) person(ctx context.Context, w *Access, l login) (accounts.Account, bool) {
	if l.person == "" || s.o.Accounts == nil {
		return accounts.Account{}, false
	}
	a, ok := s.o.Accounts.Account(l.person)
	gone := w == nil && l.access != "" // the workplace
	if !ok || gone || !a.Active() || a.Stamp != l.stamp || !slices.Contains(peopleOf(w), a.Role) {
		s.logOut(ctx, l, "")
		return accounts.Account{}, false
	}
	idle := idleOthers
	if a.Role == accounts.Clerk {
		idle = s.o.Idle
	}
	switch now := time.Now(); {
	case now.Sub(l.used) > idle || now.Sub(l.began) > longest:
		s.logOut(ctx, l, whyIdle)
	case a.Role == accounts.Clerk && s.closedSince(l.day):
		s.logOut(ctx, l, whyClosed)
	default:
		return a, true
	}
	return accounts.Account{}, false
}

// closedSince reports whether the office has closed its day since an instant.
func (s *Server) closedSince(at time.Time) bool {
	v := s.office.View()
	if _, open := v.Day(); open {
		return false
	}
	for c := range v.Counters() {
		if c.Since.After(at) {
			return true // all counters closed with the day
		}
	}
	return false
}

// logOut ends a person's part of a session and writes it down.
func (s *Server) logOut(ctx context.Context, l login, why string) {
	ctx = context.WithoutCancel(ctx)
	err := s.session.leave(ctx, l.token, l.person, why)
	if err == nil {
		action := "logout"
		if why != "" {
			action += "-" + why
		}
		err = s.o.Accounts.Note(ctx, accounts.By{Access: l.at(), Account: l.person}, action, "")
	}
	if err != nil {
		s.o.Log.LogAttrs(ctx, slog.LevelError, "the end of a login cannot be written", slog.Any("error", err))
	}
}

// at is what stands in the journal for a session.
func (l login) at() string {
	if l.access != "" {
		return l.access
	}
	return l.desk
}

// stays notes that the person is still there: whoever sends something or opens a page. What
// pages fetch by themselves does not count.
func (s *Server) stays(r *http.Request, l login) {
	if (r.Method == http.MethodGet && !isNavigation(r)) || time.Since(l.used) < time.Second {
		return
	}
	err := s.session.change(r.Context(), l.token, func(now *login) { now.used = time.Now() })
	if err != nil {
		s.o.Log.LogAttrs(r.Context(), slog.LevelError, "a session cannot be kept", slog.Any("error", err))
	}
}

// logIn gives a browser a session with a person, and takes the counter for it.
func (s *Server) logIn(w http.ResponseWriter, r *http.Request, place *Access, desk string, a accounts.Account) error {
	now := time.Now()
	l := login{person: a.ID, stamp: a.Stamp, desk: desk, began: now, used: now, day: s.office.Now()}
	if place != nil {
		l.access, l.seal = place.ID, place.seal()
	}
	token, err := s.session.begin(w, r, l)
	if err != nil {
		return err
	}
	s.metrics.logins.Inc()
	if place == nil || place.Role != RoleCounter {
		return nil
	}
	return s.take(r.Context(), place.Counter, token, a.ID)
}

func (s *Server) take(ctx context.Context, counter queue.CounterID, token, person string) error {
	taken, moved, err := s.session.hold(ctx, counter, token, person)
	if err != nil {
		return err
	}
	for _, l := range taken {
		s.logOut(ctx, l, whyTaken)
	}
	for _, l := range moved {
		s.logOut(ctx, l, whyMoved)
	}
	return nil
}

// newDesk returns a name for a browser that is no workplace, while somebody is logged in there.
func newDesk() string {
	var b [4]byte
	rand.Read(b[:]) // never fails, by its contract
	return fmt.Sprintf("desk-%x", b)
}

// unjournaled reports whether what a route changes stands nowhere but in the audit.
func unjournaled(pattern string) bool {
	return strings.HasPrefix(pattern, "POST /api/v1/devices/") || strings.HasPrefix(pattern, "POST /api/v1/pairing/")
}
