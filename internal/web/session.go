// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
)

const (
	sessionCookie = "avanti"
	// sessionLife is long: sessions belong to workplaces, not to people, and a
	// kiosk must not ask for its token in the middle of a morning.
	sessionLife = 30 * 24 * time.Hour
	maxSessions = 1024
	accessID    = "access" // the one value of a session
)

// sessions are the logins of browsers. They live in memory: after a restart a
// browser logs in again.
type sessions struct{ manager *scs.SessionManager }

func newSessions() sessions {
	return sessions{&scs.SessionManager{
		Lifetime: sessionLife,
		Store:    &memory{items: map[string]item{}},
		Codec:    scs.GobCodec{},
	}}
}

// access returns the access that a request's session belongs to, "" if there is none.
func (s sessions) access(r *http.Request) (id string, err error) {
	ctx, err := s.manager.Load(r.Context(), cookieOf(r))
	if err != nil {
		return "", err
	}
	return s.manager.GetString(ctx, accessID), nil
}

// begin logs a browser in under a new session, whatever it had before.
func (s sessions) begin(w http.ResponseWriter, r *http.Request, access string) error {
	ctx, err := s.manager.Load(r.Context(), "")
	if err != nil {
		return err
	}
	s.manager.Put(ctx, accessID, access)
	token, _, err := s.manager.Commit(ctx)
	if err != nil {
		return err
	}
	setCookie(w, r, token, int(sessionLife/time.Second))
	return nil
}

// end logs a browser out.
func (s sessions) end(w http.ResponseWriter, r *http.Request) error {
	setCookie(w, r, "", -1)
	ctx, err := s.manager.Load(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	return s.manager.Destroy(ctx)
}

// cookieOf returns the session's token, "" if the browser sends none.
func cookieOf(r *http.Request) string {
	if cookies := r.CookiesNamed(sessionCookie); len(cookies) > 0 {
		return cookies[0].Value
	}
	return ""
}

func setCookie(w http.ResponseWriter, r *http.Request, token string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", MaxAge: seconds,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
}

// memory is an scs.Store without a goroutine of its own. When it is full, the
// session that ends first makes room.
type memory struct {
	mu    sync.Mutex
	items map[string]item
}

type item struct {
	data []byte
	ends time.Time
}

// Find implements scs.Store.
func (m *memory) Find(token string) (data []byte, found bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	it, ok := m.items[token]
	if !ok || time.Now().After(it.ends) {
		return nil, false, nil
	}
	return it.data, true, nil
}

// Commit implements scs.Store.
func (m *memory) Commit(token string, data []byte, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.items[token]; !known && len(m.items) >= maxSessions {
		first := ""
		for t, it := range m.items {
			if first == "" || it.ends.Before(m.items[first].ends) {
				first = t
			}
		}
		delete(m.items, first)
	}
	m.items[token] = item{data, ends}
	return nil
}

// Delete implements scs.Store.
func (m *memory) Delete(token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, token)
	return nil
}
