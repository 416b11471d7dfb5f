// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/queue"
)

// Role is what an access is for.
type Role string

// The roles.
const (
	RoleKiosk   Role = "kiosk"   // gives tickets
	RoleCounter Role = "counter" // works one counter
	RoleManager Role = "manager" // works all counters, opens and closes the day, sees warnings
	RoleDisplay Role = "display" // shows the hall
	RoleAdmin   Role = "admin"   // may everything
)

// Access is a token that somebody holds: a device or a workplace. A person who logs in
// there adds to what it may do.
type Access struct {
	ID      string // see [queue.ValidID]; stands in the journal
	Role    Role
	Counter queue.CounterID // of the role counter
	Printer string          // that prints what this access issues; "": no paper
	Spare   string          // that prints while Printer is not ready; "": none
	Refuses bool            // it gives no number while neither is ready, unless none is asked for on paper
	// TokenSHA256 is the hash of the token. Tokens are 32 random bytes, so a fast
	// hash without salt is enough: there is nothing to guess.
	TokenSHA256 [sha256.Size]byte
	// Person is who is logged in there; nil in the configuration, and for a workplace alone.
	Person *accounts.Account
}

func checkAccess(list []Access) error {
	ids, tokens := map[string]bool{}, map[[sha256.Size]byte]bool{}
	for i, a := range list {
		switch a.Role {
		case RoleKiosk, RoleManager, RoleDisplay, RoleAdmin:
		case RoleCounter:
			if a.Counter == "" {
				return fmt.Errorf("web: access %q: the role counter needs a counter", a.ID)
			}
		default:
			return fmt.Errorf("web: access %q: role %q: want kiosk, counter, manager, display or admin", a.ID, a.Role)
		}
		switch {
		case !queue.ValidID(a.ID) || ids[a.ID]:
			return fmt.Errorf("web: access %d: id %q: want 1 to 32 of a-z, 0-9 and hyphen, each once", i, a.ID)
		case a.TokenSHA256 == [sha256.Size]byte{} || tokens[a.TokenSHA256]:
			return fmt.Errorf("web: access %q: want a token of its own", a.ID)
		}
		ids[a.ID], tokens[a.TokenSHA256] = true, true
	}
	return nil
}

// actor returns who stands in the journal for what this access asks for.
func (a *Access) actor(request queue.RequestID) queue.Actor {
	by := queue.Actor{ID: a.ID, Request: request}
	switch a.Role {
	case RoleKiosk:
		by.Role = queue.RoleKiosk
	case RoleCounter:
		by.Role = queue.RoleCounter
	case RoleManager, RoleAdmin, RoleDisplay: // a display asks for nothing
		by.Role = queue.RoleManager
	}
	return by
}

// works reports whether the access may give commands at a counter.
func (a *Access) works(id queue.CounterID) bool {
	return a.Role == RoleManager || a.Role == RoleAdmin || a.Role == RoleCounter && a.Counter == id
}

// byToken returns the access of a token, nil if there is none. Every hash is
// compared, each in constant time.
func (s *Server) byToken(token string) *Access {
	sum := sha256.Sum256([]byte(token))
	var found *Access
	for i := range s.access {
		if subtle.ConstantTimeCompare(sum[:], s.access[i].TokenSHA256[:]) == 1 {
			found = &s.access[i]
		}
	}
	return found
}

func (s *Server) byID(id string) *Access {
	for i := range s.access {
		if s.access[i].ID == id {
			return &s.access[i]
		}
	}
	return nil
}

// seal tells a workplace's token from its other ones in sessions: it is a hash of which there
// is nothing to guess.
func (a *Access) seal() string { return hex.EncodeToString(a.TokenSHA256[:8]) }

// place returns the workplace of a session, nil if it is none, or is not let in any more.
func (s *Server) place(l login) *Access {
	if a := s.byID(l.access); a != nil && a.seal() == l.seal {
		return a
	}
	return nil
}

// authenticate returns who asks: nil without credentials. Wrong ones are an error,
// which is answered as [Problem].
func (s *Server) authenticate(r *http.Request) (*Access, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if a := s.byToken(strings.TrimSpace(token)); a != nil && strings.EqualFold(scheme, "Bearer") {
			return a, nil
		}
		return nil, s.refuseLogin(r)
	}
	l, err := s.session.of(r)
	if err != nil || l.token == "" {
		return nil, err
	}
	return s.sitting(r, l), nil
}

// refuseLogin counts a wrong token and says so.
func (s *Server) refuseLogin(r *http.Request) error {
	s.metrics.refused.Inc()
	if wait := s.failed.note(remote(r)); wait > 0 {
		return &Problem{Code: codeTooMany, Status: http.StatusTooManyRequests, retry: wait}
	}
	return &Problem{Code: codeToken, Status: http.StatusUnauthorized, Detail: "the token is not known"}
}

type accessKey struct{}

func withAccess(r *http.Request, a *Access) *http.Request {
	if a == nil {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), accessKey{}, a))
}

// accessOf returns who asks, nil for the public.
func accessOf(ctx context.Context) *Access {
	a, _ := ctx.Value(accessKey{}).(*Access)
	return a
}
