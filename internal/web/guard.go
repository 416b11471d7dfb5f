// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// What an answer may do in a browser: a page runs our scripts and shows our styles,
// anything else does nothing at all.
const (
	nothing = "default-src 'none'; frame-ancestors 'none'"
	policy  = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types avanti"
)

// Handler returns everything that the server serves.
func (s *Server) Handler() http.Handler {
	// The values are shared by all answers: nobody appends to them.
	contents, sniff := []string{nothing}, []string{"nosniff"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Content-Security-Policy"], h["X-Content-Type-Options"] = contents, sniff
		if !s.knownHost(r.Host) {
			s.problem(w, r, &Problem{
				Code: codeHost, Status: http.StatusMisdirectedRequest,
				Detail: "this name is not one of the office's: add it to http.hosts in the configuration",
			})
			return
		}
		if err := s.foreign.Check(r); err != nil {
			s.problem(w, r, &Problem{Code: codeForeign, Status: http.StatusForbidden, Detail: err.Error()})
			return
		}
		defer s.recover(r)
		s.mux.ServeHTTP(w, r)
	})
}

// recover keeps the panic with which the API gives up an answer that nobody reads
// from looking like a fault. Any other panic is logged and ends the connection. The route is
// told and not the path, which may hold a citizen's token.
func (s *Server) recover(r *http.Request) {
	switch cause := recover(); {
	case cause == nil:
	case r.Context().Err() != nil:
		panic(http.ErrAbortHandler)
	default:
		s.o.Log.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("route", r.Pattern), slog.Any("cause", cause))
		panic(http.ErrAbortHandler)
	}
}

// knownHost keeps a stranger's page from reaching us under the stranger's own name
// (DNS rebinding): CrossOriginProtection lets that pass. An address is no name and
// cannot be bent.
func (s *Server) knownHost(host string) bool {
	host = normalHost(host)
	if host == "localhost" || s.hosts[host] {
		return true
	}
	_, err := netip.ParseAddr(host)
	return err == nil
}

func normalHost(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// remote is the address that a request comes from, without its port; of IPv6 the network, in
// which one machine may have any number of addresses.
func remote(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := from.Addr().Unmap()
	if addr.Is4() || addr.IsLoopback() {
		return addr.String()
	}
	network, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return network.String()
}

// guarded serves a route to those whom its rule names.
func (s *Server) guarded(rule who, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := s.authenticate(r)
		switch {
		case rule&public != 0 && (err == nil || isNavigation(r)):
		case err != nil:
			s.fail(w, r, err)
			return
		case a == nil && isNavigation(r):
			http.Redirect(w, r, "/enter?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		case a == nil:
			s.fail(w, r, &Problem{Code: codeLogin, Status: http.StatusUnauthorized, Detail: "this needs a token"})
			return
		case !rule.has(a.Role):
			s.fail(w, r, &Problem{Code: codeForbidden, Status: http.StatusForbidden, Detail: "the role " + string(a.Role) + " may not do this"})
			return
		}
		r = withAccess(r, a)
		h(w, r)
		if a != nil && a.Person != nil && unjournaled(r.Pattern) {
			s.note(r.Context(), strings.TrimPrefix(r.Pattern, "POST /api/v1/"), r.PathValue("id"))
		}
	}
}

// isNavigation reports whether a person's browser asks for a page, not a script
// or a program.
func isNavigation(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// fail answers an error: programs and scripts with a problem document, people with a page.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problemOf(r, err)
	if wantsPage(r) {
		s.problemPage(w, r, p)
		return
	}
	s.problem(w, r, p)
}

// problemOf returns what an error is to whoever asked.
func (s *Server) problemOf(r *http.Request, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return s.failure(r.Context(), err)
}

// failure turns an error of the office into a problem. What went wrong inside is
// logged, not told.
func (s *Server) failure(ctx context.Context, err error) *Problem {
	if ctx.Err() == nil {
		s.o.Log.LogAttrs(ctx, slog.LevelError, "request failed", slog.Any("error", err))
	}
	return &Problem{Code: codeUnavailable, Status: http.StatusServiceUnavailable, retry: retryAfter}
}
