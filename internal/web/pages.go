// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the templates by page. Each knows the layout and all parts, and is read when somebody
// looks at the page for the first time: most halls never show most pages.
type pages map[string]func() (*template.Template, error)

func loadPages() (pages, error) {
	base, err := template.New("").Funcs(template.FuncMap{"args": args}).
		ParseFS(templateFiles, "templates/layout.html", "templates/part_*.html")
	if err != nil {
		return nil, fmt.Errorf("web: templates: %w", err)
	}
	out := pages{}
	for _, name := range []string{"index", "enter", "hall", "kiosk", "ticket", "phone", "feedback", "counter", "manager", "try", "devices", "admin", "setup", "problem"} {
		out[name] = sync.OnceValues(func() (*template.Template, error) {
			t, err := base.Clone()
			if err != nil {
				return nil, err
			}
			return t.ParseFS(templateFiles, "templates/"+name+".html")
		})
	}
	return out, nil
}

// args names the values of a part that a template includes.
func args(pairs ...any) map[string]any { return data(pairs) }

// screen is what every template knows: the texts, the office and the moment.
type screen struct {
	*texts
	Build   string
	Version queue.Seq
	Office  string // its name
	Zone    *time.Location
	Now     time.Time // in Zone
	Heard   int       // milliseconds between two heartbeats
	Access  *Access   // nil for the public
	Self    string    // address of the page without its language
	Tongues []tongue
	Private bool // nobody keeps it, not even a browser
	Body    any
}

// tongue is a language that the reader may choose.
type tongue struct {
	Lang, Name, Link string
	Chosen           bool
}

func (s *Server) screen(r *http.Request, t *texts, v *queue.View, body any) *screen {
	sc := &screen{
		texts: t, Build: s.static.build, Version: v.Seq(), Zone: v.Zone(), Now: s.office.Now().In(v.Zone()),
		Heard: int(s.o.Heartbeat.Milliseconds()), Access: accessOf(r.Context()), Body: body,
	}
	settings := v.Settings()
	if settings != nil {
		sc.Office = settings.Name.In(t.Lang, settings.Languages[0])
	}
	query := r.URL.Query()
	query.Del("lang")
	sc.Self = withQuery(r.URL.Path, query)
	for _, lang := range s.texts.spoken(settings) {
		query.Set("lang", lang)
		sc.Tongues = append(sc.Tongues, tongue{
			Lang: lang, Name: s.texts.byTag[lang].T("language.name"), Link: withQuery(r.URL.Path, query), Chosen: lang == t.Lang,
		})
	}
	return sc
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Name returns a name of the office in the language of the page.
func (sc *screen) Name(t queue.Texts) string {
	names := []string{sc.Lang}
	for _, o := range sc.Tongues {
		names = append(names, o.Lang)
	}
	return t.In(names...)
}

// At returns a time as the office's wall clocks show it.
func (sc *screen) At(t time.Time) string { return sc.Clock(t.In(sc.Zone)) }

// Ago returns how long ago something began, in whole minutes.
func (sc *screen) Ago(t time.Time) string { return sc.Minutes(sc.Now.Sub(t)) }

// Day returns today's date in full.
func (sc *screen) Day() string { return sc.Date(sc.Now) }

// Opens says when something opens: the time, with the day if it is not today.
func (sc *screen) Opens(t time.Time) string {
	t = t.In(sc.Zone)
	if queue.DateOf(t) == queue.DateOf(sc.Now) {
		return sc.Clock(t)
	}
	return sc.T("opens.on", "Day", sc.Date(t), "Time", sc.Clock(t))
}

// Moment returns a day and a time, for what may be long ago.
func (sc *screen) Moment(t time.Time) string {
	t = t.In(sc.Zone)
	return sc.dates.FmtDateMedium(t) + ", " + sc.Clock(t)
}

// With returns the screen with another body, for a part of the page.
func (sc *screen) With(body any) *screen {
	out := *sc
	out.Body = body
	return &out
}

// render answers with a page or, with a part's name, with that part alone.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page, part string, sc *screen) {
	var b bytes.Buffer
	t, err := s.pages[page]()
	if err == nil {
		err = t.ExecuteTemplate(&b, part, sc)
	}
	if err != nil {
		s.o.Log.LogAttrs(r.Context(), slog.LevelError, "page failed", slog.String("page", page), slog.Any("error", err))
		http.Error(w, sc.T("problem."+codeUnavailable), http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(b.Bytes())
	etag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Content-Language", sc.Lang)
	h.Set("Cache-Control", "no-cache")
	if sc.Private {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Vary", "Cookie, Accept-Language")
	h.Set("ETag", etag)
	h.Set("Avanti-Version", strconv.FormatInt(int64(sc.Version), 10))
	if status == http.StatusOK && r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader may have gone
}

const layout = "layout"

func (s *Server) registerPages(r *routes) {
	r.HandleFunc("GET /{$}", s.index)
	r.HandleFunc("GET /enter", s.enterForm)
	r.HandleFunc("POST /enter", s.enter)
	r.HandleFunc("POST /leave", s.leave)
	r.HandleFunc("GET /hall", s.hall)
	r.HandleFunc("GET /hall/board", s.hallBoard)
	r.HandleFunc("POST /hall/sound", s.hallReport)
	r.HandleFunc("GET /sound/{name}", s.sound)
	r.HandleFunc("GET /read-aloud", s.readAloud)
	r.HandleFunc("GET /kiosk", s.kiosk)
	r.HandleFunc("GET /kiosk/choices", s.kioskChoices)
	r.HandleFunc("POST /kiosk/take", s.kioskTake)
	r.HandleFunc("GET /kiosk/ticket/{id}", s.kioskTicket)
	r.HandleFunc("GET /kiosk/ticket/{id}/state", s.kioskTicketState)
	r.HandleFunc("POST /kiosk/ticket/{id}/reprint", s.kioskReprint)
	r.HandleFunc("GET /feedback", s.feedback)
	r.HandleFunc("POST /feedback", s.feedbackGive)
	r.HandleFunc("POST /feedback/why", s.feedbackWhy)
	r.HandleFunc("POST /t/{token}/cancel", s.phoneCancel)
	r.HandleFunc("POST /t/{token}/pass", s.phonePass)
	r.HandleFunc("POST /t/{token}/vote", s.phoneVote)
	r.HandleFunc("POST /t/{token}/why", s.phoneWhy)
	r.HandleFunc("GET /t/{token}", s.phone)
	r.HandleFunc("GET /t/{token}/state", s.phoneState)
	r.HandleFunc("GET /counter", s.counter)
	r.HandleFunc("GET /counter/panel", s.counterPanel)
	r.HandleFunc("GET /manager", s.manager)
	r.HandleFunc("GET /manager/panel", s.managerPanel)
	r.HandleFunc("GET /manager/report", s.managerReport)
	r.HandleFunc("GET /manager/figures.csv", s.managerSheet)
	r.HandleFunc("GET /manager/try", s.managerTry)
	r.HandleFunc("POST /manager/advice", s.managerAdvice)
	s.registerAdmin(r)
	r.HandleFunc("GET /devices", s.devices)
	r.HandleFunc("GET /devices/panel", s.devicesPanel)
	r.HandleFunc("GET /devices/pairing", s.devicesPairing)
}

func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "index", layout, s.screen(r, s.ofStaff(r), s.office.View(), nil))
}
