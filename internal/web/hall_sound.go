// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/speech"
	"github.com/avanti-queue/avanti/queue"
)

// CallSound is what a hall plays of a call, one after the other.
type CallSound struct {
	Volume int         `json:"volume" doc:"Percent"`
	Chime  string      `json:"chime" doc:"Address of a WAV file"`
	Words  []CallWords `json:"words" nullable:"false" doc:"The spoken call, in the office's language and perhaps in the citizen's"`
}

// CallWords is a call that is spoken.
type CallWords struct {
	Language string `json:"language"`
	Address  string `json:"address" doc:"Of a WAV file that never changes"`
}

// callKey names a call: a ticket is called once at an instant.
func callKey(id queue.TicketID, at time.Time) string {
	return strconv.FormatInt(int64(id), 10) + "-" + strconv.FormatInt(at.UnixMilli(), 10)
}

func soundPath(key string) string { return "/sound/" + key + ".wav" }

// heard returns the call with what is to be played of it now. The sound itself is made
// when the first screen asks for it.
func (s *Server) heard(c CallEvent) CallEvent {
	hall := s.o.Hall
	v := s.office.View()
	volume := hall.Loudness.At(s.office.Now().In(v.Zone()))
	if hall.Sounds == nil || volume == 0 {
		return c
	}
	c.Sound = &CallSound{Volume: volume, Chime: soundPath(hall.Sounds.Chime()), Words: []CallWords{}}
	if !hall.Spoken {
		return c
	}
	spoken := s.texts.spoken(v.Settings())
	langs := spoken[:1]
	if t := v.Ticket(c.Ticket); hall.Both && t != nil && t.Language != spoken[0] {
		for _, lang := range spoken[1:] {
			if lang == t.Language {
				langs = append(langs[:1:1], lang)
			}
		}
	}
	for _, lang := range langs {
		if key := hall.Sounds.Call(lang, c.Number, c.Label); key != "" {
			c.Sound.Words = append(c.Sound.Words, CallWords{Language: lang, Address: soundPath(key)})
		}
	}
	return c
}

// sound sends a WAV file that the office has spoken of before.
func (s *Server) sound(w http.ResponseWriter, r *http.Request) {
	key, ok := strings.CutSuffix(r.PathValue("name"), ".wav")
	if !ok || s.o.Hall.Sounds == nil {
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound})
		return
	}
	wav, err := s.o.Hall.Sounds.Sound(r.Context(), key)
	switch {
	case errors.Is(err, speech.ErrUnknown):
		s.problem(w, r, &Problem{Code: codeNotFound, Status: http.StatusNotFound, Detail: "nobody was told of this sound lately"})
		return
	case errors.Is(err, speech.ErrBusy):
		s.problem(w, r, &Problem{Code: codeTooMany, Status: http.StatusServiceUnavailable, retry: retryAfter})
		return
	case err != nil: // the speaker has logged it
		s.problem(w, r, &Problem{Code: codeUnavailable, Status: http.StatusServiceUnavailable, Detail: "the sound could not be made", retry: retryAfter})
		return
	}
	h := w.Header()
	h.Set("Content-Type", "audio/wav")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(wav))
}

// hallMetrics are what screens tell of themselves.
type hallMetrics struct{ sound *prometheus.GaugeVec }

func newHallMetrics(r prometheus.Registerer) hallMetrics {
	m := hallMetrics{prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "avanti_web_screen_sound", Help: "Whether a screen of the hall can be heard: 1 it played, 0 its browser refused.",
	}, []string{"screen"})}
	r.MustRegister(m.sound)
	return m
}

// hallReport takes in whether a screen's browser plays sound. Only screens that are known here
// are believed.
func (s *Server) hallReport(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	state, plays := r.PostFormValue("sound"), 0.0
	switch state {
	case "plays":
		plays = 1
	case "refused":
	default:
		s.problem(w, r, &Problem{
			Code: codeInvalid, Status: http.StatusUnprocessableEntity,
			Errors: []FieldError{{Location: "body.sound", Message: "want plays or refused"}},
		})
		return
	}
	if a := accessOf(r.Context()); a.Person == nil { // an admin's browser has another name at each log-in
		s.hallMetrics.sound.WithLabelValues(a.ID).Set(plays)
	}
	w.WriteHeader(http.StatusNoContent)
}
