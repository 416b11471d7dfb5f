// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
)

// SetupOptions are what a [Setup] needs. All are required but Hosts.
type SetupOptions struct {
	Code     string   // opens the set-up
	Hosts    []string // names of this machine
	Listen   string   // where the pages are, as it is going to stand in the configuration
	DataDir  string
	Former   string // id of the office whose journal is there already; "": there is none
	Ports    func() []string
	Profiles []string
	Check    func(text []byte) error                           // faults are a [*config.Faults]
	Test     func(ctx context.Context, p config.Printer) error // prints a page
	Finish   func(ctx context.Context, r SetupResult) error    // makes the office; then nothing more is asked
	Version  string
	Log      *slog.Logger
}

// SetupResult is an office that somebody has described, and its first admin.
type SetupResult struct {
	Text                     []byte // of the configuration, without faults
	Name, Language, Password string
}

// Setup serves the pages of the first run. They know one browser at a time: the one that was
// last given the code.
type Setup struct {
	o       SetupOptions
	server  *Server // its texts, templates and static files
	mux     *http.ServeMux
	code    [sha256.Size]byte
	steps   []setupStep
	done    chan struct{}
	mu      sync.Mutex // held while a page is made
	browser [sha256.Size]byte
	state   setupState
}

// setupState is what was entered so far. It is kept in memory: after a restart the set-up
// begins anew.
type setupState struct {
	draft    *config.Draft
	name     string
	language string
	password string
	made     []madeAccess
	finished bool
}

const setupCookie = "avanti_setup"

// NewSetup returns the pages of the first run. It fails on faults of the pages that are built in.
func NewSetup(o SetupOptions) (*Setup, error) {
	inner := &Server{
		o: Options{Log: o.Log, Version: o.Version}.withDefaults(), failed: newAttempts(maxFailed),
		hosts: map[string]bool{}, foreign: http.NewCrossOriginProtection(),
	}
	for _, h := range o.Hosts {
		inner.hosts[normalHost(h)] = true
	}
	var err error
	if inner.texts, err = loadCatalog(); err != nil {
		return nil, err
	}
	if inner.static, err = loadStatic(o.Version); err != nil {
		return nil, err
	}
	if inner.pages, err = loadPages(); err != nil {
		return nil, err
	}
	s := &Setup{
		o: o, server: inner, mux: http.NewServeMux(), code: sha256.Sum256([]byte(codeOfTyped(o.Code))),
		done: make(chan struct{}), state: setupState{draft: newOffice(fallback, o.Former)},
	}
	s.steps = s.allSteps()
	s.mux.HandleFunc("GET /setup", s.enter)
	s.mux.HandleFunc("POST /setup", s.enter)
	s.mux.HandleFunc("GET /setup/{step}", s.step)
	s.mux.HandleFunc("POST /setup/{step}", s.step)
	s.mux.HandleFunc("GET /static/{build}/{path...}", inner.static.serve)
	s.mux.HandleFunc("GET /healthz", inner.check(func() error { return nil }))
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if isNavigation(r) {
			http.Redirect(w, r, "/setup", http.StatusSeeOther)
			return
		}
		http.Error(w, "this office is not set up yet", http.StatusServiceUnavailable)
	})
	return s, nil
}

// Done is closed when the office is made and the browser knows it.
func (s *Setup) Done() <-chan struct{} { return s.done }

// ServeHTTP implements [http.Handler].
func (s *Setup) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Content-Security-Policy"], h["X-Content-Type-Options"] = []string{nothing}, []string{"nosniff"}
	if !s.server.knownHost(r.Host) {
		s.server.problem(w, r, &Problem{
			Code: codeHost, Status: http.StatusMisdirectedRequest, Detail: "this name is not known before the set-up: use the machine's address",
		})
		return
	}
	if err := s.server.foreign.Check(r); err != nil {
		s.server.problem(w, r, &Problem{Code: codeForeign, Status: http.StatusForbidden, Detail: err.Error()})
		return
	}
	defer s.server.recover(r)
	s.mux.ServeHTTP(w, r)
}

// texts are those of the language that was chosen, else of the browser's.
func (s *Setup) texts(r *http.Request) *texts {
	if t := s.server.texts.byTag[r.URL.Query().Get("lang")]; t != nil {
		return t
	}
	return s.server.texts.accepted(r.Header.Get("Accept-Language"))
}

// show answers with a page of the set-up.
func (s *Setup) show(w http.ResponseWriter, r *http.Request, status int, body any) {
	t := s.texts(r)
	sc := &screen{
		texts: t, Build: s.server.static.build, Zone: time.UTC, Now: time.Now().UTC(), Heard: 10_000, Self: r.URL.Path, Private: true, Body: body,
	}
	for _, lang := range languages() {
		sc.Tongues = append(sc.Tongues, tongue{
			Lang: lang, Name: s.server.texts.byTag[lang].T("language.name"), Link: "?" + url.Values{"lang": {lang}}.Encode(), Chosen: lang == t.Lang,
		})
	}
	s.server.render(w, r, status, "setup", layout, sc)
}

// known reports whether the request comes from the browser that was given the code.
func (s *Setup) known(r *http.Request) bool {
	c, err := r.Cookie(setupCookie)
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(c.Value))
	return s.browser != [sha256.Size]byte{} && subtle.ConstantTimeCompare(sum[:], s.browser[:]) == 1
}

// codeOfTyped takes away what people add when they type a code.
func codeOfTyped(s string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(s)))
}

// enter asks for the code. It counts as often as it is typed right, each time for one browser.
func (s *Setup) enter(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r) // it may take its time: nobody waits for a stranger
	if err != nil {
		s.server.problem(w, r, s.server.problemOf(r, err)) // a page would show the office, and there is none
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.texts(r)
	page := &setupPage{Title: t.T("setup.title")}
	if r.Method == http.MethodGet {
		if s.known(r) {
			s.to(w, r, s.steps[0].name)
			return
		}
		s.show(w, r, http.StatusOK, page)
		return
	}
	sum := sha256.Sum256([]byte(codeOfTyped(form.Get("code"))))
	if subtle.ConstantTimeCompare(sum[:], s.code[:]) != 1 {
		page.Refused = t.T("setup.code_wrong")
		status := http.StatusUnauthorized
		if wait := s.server.failed.note(remote(r)); wait > 0 {
			status, page.Refused = http.StatusTooManyRequests, t.T("problem."+codeTooMany)
		}
		s.show(w, r, status, page)
		return
	}
	if s.state.draft.Section("services") == nil {
		s.state.draft = newOffice(t.Lang, s.o.Former)
	}
	token := rand.Text()
	s.browser = sha256.Sum256([]byte(token))
	http.SetCookie(w, &http.Cookie{
		Name: setupCookie, Value: token, Path: "/setup", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
	s.to(w, r, s.steps[0].name)
}

func (s *Setup) to(w http.ResponseWriter, r *http.Request, step string) {
	http.Redirect(w, r, "/setup/"+step+"?"+url.Values{"lang": {s.texts(r).Lang}}.Encode(), http.StatusSeeOther)
}

// step serves one step of the set-up.
func (s *Setup) step(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(w, r)
	if err != nil {
		s.server.problem(w, r, s.server.problemOf(r, err)) // a page would show the office, and there is none
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.steps, func(x setupStep) bool { return x.name == r.PathValue("step") })
	if i < 0 || !s.known(r) || s.state.finished {
		http.Redirect(w, r, "/setup", http.StatusSeeOther)
		return
	}
	page := s.page(r, i)
	if r.Method == http.MethodGet {
		s.steps[i].show(r, page)
		s.show(w, r, http.StatusOK, page)
		return
	}
	page.Posted = true
	if !s.steps[i].take(r, page, form) {
		status := http.StatusUnprocessableEntity
		if page.Again {
			status = http.StatusOK
		}
		s.show(w, r, status, page)
		return
	}
	if i+1 < len(s.steps) {
		s.to(w, r, s.steps[i+1].name)
		return
	}
	page.Done = true
	w.Header().Set("Connection", "close") // the next request is the office's
	s.show(w, r, http.StatusOK, page)
	close(s.done)
}

// hosts returns the names that the pages are going to have: the machine's, and the one by which
// this browser has found them.
func (s *Setup) hosts(r *http.Request) []any {
	names := slices.Clone(s.o.Hosts)
	host := normalHost(r.Host)
	if _, err := netip.ParseAddr(host); err != nil && host != "localhost" {
		names = append(names, host)
	}
	names = append(names, "localhost")
	out, seen := []any{}, map[string]bool{}
	for _, n := range names {
		if n = normalHost(n); !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// newOffice is what the set-up begins with, in the language of the one who begins. Without an id ("")
// it gets one of its name.
func newOffice(lang, id string) *config.Draft {
	d := &config.Draft{}
	zone := "Europe/Rome"
	switch lang {
	case "ro":
		zone = "Europe/Bucharest"
	case "es":
		zone = "Europe/Madrid"
	}
	d.Set("office", config.Map{{Key: "id", Value: id}, {Key: "zone", Value: zone}, {Key: "languages", Value: []any{lang}}})
	hours := config.Map{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri"} {
		spans := []any{"08:30-12:30"}
		if day == "tue" || day == "thu" {
			spans = append(spans, "14:30-16:30")
		}
		hours = append(hours, config.Entry{Key: day, Value: spans})
	}
	d.Set("hours", hours)
	return d
}

// address says where a port is, for the configuration.
func address(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip, e := netip.ParseAddr(host); err == nil && e == nil && ip.IsUnspecified() {
		return net.JoinHostPort("0.0.0.0", port)
	}
	return listen
}
