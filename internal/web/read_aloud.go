// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

// maxCount bounds the number that stands in a text which is read aloud.
const maxCount = 9999

// readsAloud reports whether texts of a language can be heard.
func (s *Server) readsAloud(lang string) bool {
	return s.o.Hall.Sounds != nil && s.o.Hall.Sounds.Speaks(lang)
}

// readAloud leads to the sound of a text that the program or the office has: of the id text, with
// the number n in it, or of the name of a service or a group. There is no way to bring words
// of one's own.
func (s *Server) readAloud(w http.ResponseWriter, r *http.Request) {
	t := s.ofPublic(r)
	text := s.textFor(t, r)
	if text == "" || !s.readsAloud(t.Lang) {
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "there is no such text, or nothing here speaks its language"})
		return
	}
	key := s.o.Hall.Sounds.Text(t.Lang, text)
	if key == "" {
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "the text has no words"})
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, soundPath(key), http.StatusSeeOther)
}

// textFor returns the text that a request names, "" if there is none.
func (s *Server) textFor(t *texts, r *http.Request) string {
	query := r.URL.Query()
	names := append([]string{t.Lang}, s.texts.spoken(s.office.View().Settings())...)
	settings := s.office.View().Settings()
	switch {
	case query.Has("text"):
		return t.plain(query.Get("text"), query.Get("n"))
	case settings == nil:
	case query.Has("service"):
		if x, ok := s.office.View().Service(queue.ServiceID(query.Get("service"))); ok {
			return x.Name.In(names...)
		}
	case query.Has("group"):
		for _, g := range settings.Groups {
			if string(g.ID) == query.Get("group") {
				return g.Name.In(names...)
			}
		}
	}
	return ""
}

// plain returns the text of an id that needs nothing, or nothing but a number.
func (t *texts) plain(id, number string) string {
	var text string
	if n, err := strconv.Atoi(number); err == nil && n >= 0 && n <= maxCount {
		text = t.N(id, n, "N", n)
	} else {
		text = t.T(id)
	}
	if text == id || strings.Contains(text, "<no value>") {
		return ""
	}
	return text
}
