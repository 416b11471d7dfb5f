// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/avanti-queue/avanti/queue"
)

const (
	sessionCookie = "avanti"
	// sessionLife is long: sessions belong to workplaces, and a kiosk must not ask for its
	// token in the middle of a morning. A person's part of it ends much sooner; see person.go.
	sessionLife = 30 * 24 * time.Hour
	maxSessions = 1024
)

// login is what a browser's session says: whose browser it is, and who sits there.
type login struct {
	token  string // of the session; "": there is none
	access string // id of the workplace; "": it is nobody's
	seal   string // of the workplace's token
	person string // id of the account; "": nobody
	stamp  string // of the account's secret
	desk   string // stands in the journal for a person at no workplace
	began  time.Time
	day    time.Time // office's time when it began
	used   time.Time // when the person last did something
	why    string    // the person is not there any more: idle, closed, taken or moved
}

// The values of a session.
const (
	keyAccess = "access"
	keySeal   = "seal"
	keyPerson = "person"
	keyStamp  = "stamp"
	keyDesk   = "desk"
	keyBegan  = "began"
	keyDay    = "day"
	keyUsed   = "used"
	keyWhy    = "why"
)

// sessions are the logins of browsers. They live in memory: after a restart a browser
// logs in again.
type sessions struct {
	manager *scs.SessionManager
	mu      sync.Mutex                 // held while a session changes
	held    map[queue.CounterID]string // the session of the person at a counter
}

func newSessions() *sessions {
	return &sessions{
		manager: &scs.SessionManager{
			Lifetime: sessionLife,
			Store:    &memory{items: map[string]item{}},
			Codec:    scs.GobCodec{},
		},
		held: map[queue.CounterID]string{},
	}
}

// of returns what a request's session says, the zero value if there is none.
func (s *sessions) of(r *http.Request) (login, error) { return s.read(r.Context(), cookieOf(r)) }

func (s *sessions) read(ctx context.Context, token string) (login, error) {
	ctx, err := s.manager.Load(ctx, token)
	if err != nil {
		return login{}, err
	}
	m := s.manager
	return login{
		token: m.Token(ctx), access: m.GetString(ctx, keyAccess), seal: m.GetString(ctx, keySeal),
		person: m.GetString(ctx, keyPerson), stamp: m.GetString(ctx, keyStamp), desk: m.GetString(ctx, keyDesk), why: m.GetString(ctx, keyWhy),
		began: time.UnixMilli(m.GetInt64(ctx, keyBegan)), day: time.UnixMilli(m.GetInt64(ctx, keyDay)), used: time.UnixMilli(m.GetInt64(ctx, keyUsed)),
	}, nil
}

func (s *sessions) write(ctx context.Context, l login) (token string, err error) {
	ctx, err = s.manager.Load(ctx, l.token)
	if err != nil {
		return "", err
	}
	m := s.manager
	for key, value := range map[string]any{
		keyAccess: l.access, keySeal: l.seal, keyPerson: l.person, keyStamp: l.stamp, keyDesk: l.desk, keyWhy: l.why,
		keyBegan: l.began.UnixMilli(), keyDay: l.day.UnixMilli(), keyUsed: l.used.UnixMilli(),
	} {
		m.Put(ctx, key, value)
	}
	token, _, err = m.Commit(ctx)
	return token, err
}

// begin gives a browser a new session in place of what it had before.
func (s *sessions) begin(w http.ResponseWriter, r *http.Request, l login) (token string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.destroy(r); err != nil {
		return "", err
	}
	l.token = ""
	token, err = s.write(r.Context(), l)
	if err != nil {
		return "", err
	}
	setCookie(w, r, token, int(sessionLife/time.Second))
	return token, nil
}

// end forgets a browser.
func (s *sessions) end(w http.ResponseWriter, r *http.Request) error {
	setCookie(w, r, "", -1)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.destroy(r)
}

func (s *sessions) destroy(r *http.Request) error {
	ctx, err := s.manager.Load(r.Context(), cookieOf(r))
	if err != nil {
		return err
	}
	return s.manager.Destroy(ctx)
}

// change changes a session that is there, and keeps it under its token.
func (s *sessions) change(ctx context.Context, token string, change func(*login)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.read(ctx, token)
	if err != nil || l.token == "" {
		return err
	}
	change(&l)
	_, err = s.write(ctx, l)
	return err
}

// leave ends a person's part of a session, for a reason that the browser will be told.
func (s *sessions) leave(ctx context.Context, token, person, why string) error {
	return s.change(ctx, token, func(l *login) {
		if l.person == person {
			l.person, l.why = "", why
		}
	})
}

// holder returns the session of the person at a counter, the zero value if nobody is there.
func (s *sessions) holder(ctx context.Context, counter queue.CounterID) (login, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, ok := s.held[counter]
	if !ok {
		return login{}, nil
	}
	l, err := s.read(ctx, token)
	if err != nil || l.person == "" {
		return login{}, err
	}
	return l, nil
}

// hold gives a counter to a session and returns those that have to leave for it: whoever was
// at the counter, and where the same person was before.
func (s *sessions) hold(ctx context.Context, counter queue.CounterID, token, person string) (taken, moved []login, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, other := range s.held {
		if other == token {
			continue
		}
		l, err := s.read(ctx, other)
		switch {
		case err != nil:
			return nil, nil, err
		case l.person == "":
			delete(s.held, at)
		case l.person == person:
			moved = append(moved, l)
		case at == counter:
			taken = append(taken, l)
		}
	}
	s.held[counter] = token
	return taken, moved, nil
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
