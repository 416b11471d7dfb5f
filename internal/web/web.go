// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// Options are what a [Server] needs. Office is required, everything else may be
// left out.
type Options struct {
	Office Office
	Access []Access // who may log in; none: only the public pages work
	// Hosts are the names under which the pages are reached, without a port.
	// Addresses and localhost always work.
	Hosts    []string
	Warnings func() []Warning // nil: there are none
	Printers func() []Printer // nil: there are none
	Panels   func() []Panel   // nil: there are none
	Fleet    Fleet            // nil: no device is known
	// Accounts are the people who log in. Nil: there are none.
	Accounts *accounts.Register
	Sessions *Sessions     // of browsers that were logged in to an earlier server; nil: there was none
	Idle     time.Duration // of a clerk who does nothing, until the next PIN; 0: 15 min
	// Steward keeps the configuration and the copies of the journal. Nil: pages change nothing.
	Steward Steward
	// Firmware returns the image behind a path, false if there is none. Nil: there are none.
	Firmware func(path string) (image []byte, ok bool)
	Pages    citizen.Pages // of tickets; the zero value: there are none
	// Forecast tells how long people are going to wait, nil while nobody knows. It is asked
	// for every page that tells a wait. Nil: nobody ever knows.
	Forecast func() *forecast.Forecast
	// Worst is the worst prospect of being called today with which somebody who comes still gets
	// a number from a kiosk or a program; the zero value: any.
	Worst forecast.Prospect
	// Cards are what citizens are told of services; Words are what people call them besides their
	// names, by language, for the search. Nil: nothing.
	Cards      map[queue.ServiceID]Card
	Words      map[queue.ServiceID]map[string][]string
	Priority   []Priority            // for which kiosks give tickets of other classes
	Kiosks     map[string]Kiosk      // by access; one that is not there behaves in the ordinary way
	Votes      Votes                 // nil: nobody is asked how it was
	Figures    Figures               // of managers' figures; nil: there are none
	Publish    Publish               // what everybody may read of the office; the zero value: nothing
	Hall       Hall                  // the screens of the hall; the zero value: one, silent
	Alive      func() error          // of /healthz; nil: always
	Ready      func() error          // of /readyz; nil: always
	Gatherer   prometheus.Gatherer   // of /metrics; nil: an empty page
	Registerer prometheus.Registerer // of this package's own metrics; nil: they are not shown
	Version    string                // of the program
	Built      time.Time             // of the program: a day does not open on a clock before it; zero: not checked
	Log        *slog.Logger          // nil: nothing is logged
	Heartbeat  time.Duration         // of the event stream; 0: 10 s
}

// Server serves the pages and the API. It starts nothing and listens nowhere: give
// its handler to an http.Server.
type Server struct {
	o           Options
	office      Office
	access      []Access
	session     *sessions
	failed      *attempts // wrong tokens of accesses
	guessed     *attempts // wrong tokens of tickets
	readers     *attempts // of the public feeds
	hosts       map[string]bool
	foreign     *http.CrossOriginProtection
	texts       catalog
	words       map[string]*report.Words // of figures, by language
	pages       pages
	static      static
	mux         *http.ServeMux
	spec        func() ([]byte, error) // the API's OpenAPI document
	metrics     metrics
	hallMetrics hallMetrics
	closed      chan struct{}
	close       sync.Once
	rooms       rooms // of the streams
	finder      finder
	judge       judge
	voted       *pace // votes by device
	papers      *keys // requests that got a number, or its paper once more
}

// New returns a server. It fails on accesses that cannot be told apart or lack what
// their role needs, and on faults of the pages that are built in.
func New(o Options) (*Server, error) {
	if o.Office == nil {
		return nil, errors.New("web: no office")
	}
	if err := checkAccess(o.Access); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	s := &Server{
		o: o, office: o.Office, access: o.Access, session: o.Sessions.of(), failed: newAttempts(maxFailed), guessed: newAttempts(maxFailed), readers: newAttempts(maxReads),
		hosts: map[string]bool{}, foreign: http.NewCrossOriginProtection(), mux: http.NewServeMux(),
		metrics: newMetrics(o.Registerer), hallMetrics: newHallMetrics(o.Registerer), closed: make(chan struct{}), papers: newKeys(), voted: newPace(maxVotes),
	}
	for _, h := range o.Hosts {
		s.hosts[normalHost(h)] = true
	}
	var err error
	if s.texts, err = loadCatalog(); err != nil {
		return nil, err
	}
	if s.words, err = report.Load(); err != nil {
		return nil, err
	}
	if s.static, err = loadStatic(o.Version); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(); err != nil {
		return nil, err
	}
	return s, s.route()
}

func (o Options) withDefaults() Options {
	if o.Warnings == nil {
		o.Warnings = func() []Warning { return nil }
	}
	if o.Printers == nil {
		o.Printers = func() []Printer { return nil }
	}
	if o.Fleet == nil {
		o.Fleet = nobody{}
	}
	if o.Steward == nil {
		o.Steward = nothingToKeep{}
	}
	if o.Firmware == nil {
		o.Firmware = func(string) ([]byte, bool) { return nil, false }
	}
	if o.Panels == nil {
		o.Panels = func() []Panel { return nil }
	}
	if o.Forecast == nil {
		o.Forecast = func() *forecast.Forecast { return nil }
	}
	if o.Alive == nil {
		o.Alive = func() error { return nil }
	}
	if o.Ready == nil {
		o.Ready = func() error { return nil }
	}
	if o.Gatherer == nil {
		o.Gatherer = prometheus.NewRegistry()
	}
	if o.Registerer == nil {
		o.Registerer = prometheus.NewRegistry()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Idle == 0 {
		o.Idle = idleClerk
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 10 * time.Second
	}
	return o
}

// Close ends every stream; requests that come later find none. It may be called
// more than once.
func (s *Server) Close() { s.close.Do(func() { close(s.closed) }) }

// route builds the mux. Every route needs its line in the table of rules, and
// every line its route.
func (s *Server) route() error {
	r := &routes{server: s, rules: rules()}
	s.registerAPI(r)
	s.registerPages(r)
	r.HandleFunc("GET /static/{build}/{path...}", s.static.serve)
	r.HandleFunc("GET /firmware/{name}", s.firmware)
	r.HandleFunc("GET /healthz", s.check(s.o.Alive))
	r.HandleFunc("GET /readyz", s.check(s.o.Ready))
	r.HandleFunc("GET /metrics", promhttp.HandlerFor(s.o.Gatherer, promhttp.HandlerOpts{EnableOpenMetrics: true}).ServeHTTP)
	return r.finish()
}

// check answers 200 while it is well, else 503 with the cause, which names no person.
func (s *Server) check(well func() error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		text := "ok\n"
		if err := well(); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			text = err.Error() + "\n"
		}
		_, _ = io.WriteString(w, text) // the one who asked may have gone
	}
}
