// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

type hallBody struct {
	Screen HallScreen
	Layout display.Layout
	Calls  []hallCall // newest first, as many as the list has rows
	Groups []hallGroup
	Open   bool // the day is open
	// Opens is when tickets are given next; zero: now, or not known.
	Opens   time.Time
	Waiting int
	Region  string        // address of what is fetched anew
	Chime   string        // address of its sound; "": this screen makes none
	Repeat  time.Duration // see [Hall]
	Reports bool          // the screen is known here, and tells whether its sound works
}

type hallCall struct {
	display.Call
	Key   string // the same as that of the event
	Arrow string // "": it does not say
}

type hallGroup struct {
	Name    queue.Texts
	Waiting int
	Last    string // the number of the group that was called last and is still known; "": none, or not told
	Wait    expectation
}

func (s *Server) hallScreen(r *http.Request) *screen {
	v := s.office.View()
	query := r.URL.Query()
	body := hallBody{Screen: s.o.Hall.screen(query), Repeat: s.o.Hall.Repeat}
	number, label := 4, 2
	if settings := v.Settings(); settings != nil {
		number, label = Widths(*settings)
	}
	body.Layout = body.Screen.Layout(number, label)

	b := display.NewBoard(v, 0)
	body.Open, body.Waiting = b.DayOpen, b.Waiting
	for _, c := range b.Calls[:min(len(b.Calls), body.Layout.Rows)] {
		body.Calls = append(body.Calls, hallCall{Call: c, Key: callKey(c.Ticket, c.At), Arrow: body.Screen.arrow(c.Counter)})
	}
	if s.o.Hall.Strip != StripOff {
		body.Groups = s.hallGroups(v, b)
	}
	if s.o.Hall.Sounds != nil && !body.Screen.Silent {
		body.Chime = soundPath(s.o.Hall.Sounds.Chime())
	}
	if a := accessOf(r.Context()); a != nil && a.Role == RoleDisplay {
		body.Reports = true
	}
	sc := s.screen(r, s.ofPublic(r), v, nil)
	if settings := v.Settings(); settings != nil {
		if now, next := settings.Hours.Issuing(sc.Now); !now {
			body.Opens = next
		}
	}
	query.Set("lang", sc.Lang)
	body.Region = "/hall/board?" + query.Encode()
	sc.Body = body
	return sc
}

// screen returns the screen that an address names, with the size that it gives.
func (h Hall) screen(query url.Values) HallScreen {
	out := HallScreen{Screen: display.Screen{Diagonal: 55, Distance: 8}}
	for i, s := range h.Screens {
		if i == 0 || s.ID == query.Get("screen") {
			out = s
		}
	}
	if d, err := strconv.ParseFloat(query.Get("d"), 64); err == nil && d >= 10 && d <= 200 {
		out.Diagonal = d
	}
	if d, err := strconv.ParseFloat(query.Get("v"), 64); err == nil && d >= 1 && d <= 50 {
		out.Distance = d
	}
	if query.Get("sound") == "off" {
		out.Silent = true
	}
	return out
}

// Widths returns how many characters the longest number and the longest label of an office have.
func Widths(s queue.Settings) (number, label int) {
	for _, x := range s.Series {
		number = max(number, len(x.Prefix)+x.Width)
	}
	for _, c := range s.Counters {
		label = max(label, len(c.Label))
	}
	return number, label
}

// maxGroups is how many groups have room on a wall. Where there are more, those that nobody
// waits for stay away.
const maxGroups = 11

// hallGroups tells of those who wait, in the order of the settings.
func (s *Server) hallGroups(v *queue.View, b display.Board) []hallGroup {
	settings, f := v.Settings(), s.o.Forecast()
	if settings == nil {
		return nil
	}
	last := map[queue.GroupID]string{}
	if s.o.Hall.Strip == StripNumbers {
		for _, c := range b.Calls {
			if t := v.Ticket(c.Ticket); t != nil {
				service, _ := v.Service(t.Service)
				last[service.Group] = cmp.Or(last[service.Group], c.Number)
			}
		}
	}
	waits := map[queue.GroupID]expectation{}
	for _, x := range settings.Services {
		if v.Issuing(x.ID, s.office.Now()) != nil {
			continue
		}
		wait := waitNow(f, x.ID)
		if before, ok := waits[x.Group]; ok {
			wait = before.with(wait)
		}
		waits[x.Group] = wait
	}
	var out []hallGroup
	for _, g := range b.Groups {
		if len(b.Groups) > maxGroups && g.Waiting == 0 {
			continue
		}
		wait, ok := waits[g.ID]
		if !ok {
			wait = expectation{unknown: forecast.UnknownClosed}
		}
		out = append(out, hallGroup{Name: g.Name, Waiting: g.Waiting, Last: last[g.ID], Wait: wait})
	}
	return out[:min(len(out), maxGroups)]
}

// Short returns a wait as a wall has room for, "" if it is not known.
func (t *texts) Short(e expectation) string {
	from, to := int(e.from.Minutes()), int(e.to.Minutes())
	switch {
	case e.unknown != "":
		return ""
	case from < to:
		return t.T("hall.range", "From", from, "To", to)
	}
	return t.T("hall.about", "N", max(1, from))
}

// Pointers are the arrows of all counters, for the script that shows a call: "c1:left c2:up".
func (b hallBody) Pointers() string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(b.Screen.Arrows)) {
		out = append(out, string(id)+":"+b.Screen.arrow(id))
	}
	return strings.Join(out, " ")
}

// RepeatMS is when to call again, in milliseconds, for the script.
func (b hallBody) RepeatMS() int64 { return b.Repeat.Milliseconds() }

func (s *Server) hall(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "hall", layout, s.hallScreen(r))
}

func (s *Server) hallBoard(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, http.StatusOK, "hall", "hall-board", s.hallScreen(r))
}
