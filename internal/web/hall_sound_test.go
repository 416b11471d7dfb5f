// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/speech"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// sounding lets calls be heard; with a program they are spoken.
func sounding(t *testing.T, program string) func(*web.Options) {
	t.Helper()
	s, err := speech.New(speech.Options{Program: program})
	if err != nil {
		t.Fatal(err)
	}
	return func(o *web.Options) {
		o.Hall = web.Hall{Sounds: s, Spoken: true, Both: true, Repeat: 20 * time.Second, Loudness: speech.Loudness{
			Volume: 80, Hours: []speech.Hours{{From: 9 * 60, To: 11 * 60, Volume: 40}, {From: 11 * 60, To: 12 * 60, Volume: 0}},
		}}
	}
}

// soundOf returns what the event of a call says of its sound: of a ticket in a language, so long
// after eight in the morning.
func soundOf(t *testing.T, lang string, after time.Duration, change func(*web.Options)) map[string]any {
	t.Helper()
	var out map[string]any
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		h := open(t, func() time.Time { return queuetest.Monday().Add(after + time.Since(begin)) }, change)
		r := read(t, serve(t, h), "")
		defer r.leave()
		h.do(t, queue.IssueTicket{Service: "papers", Language: lang})
		h.do(t, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
		h.do(t, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
		for {
			e, ok := r.next()
			if !ok {
				t.Fatal("no call")
			}
			if e.Name == "call" {
				out, _ = e.Data["sound"].(map[string]any)
				return
			}
		}
	})
	return out
}

// TestCallsAreHeard in the office's language and in the citizen's, as loud as it is wanted at
// that hour; what is to be played can be had, and nothing else.
func TestCallsAreHeard(t *testing.T) {
	change := sounding(t, "espeak-ng")
	languages := func(sound map[string]any) (out []string) {
		for _, w := range sound["words"].([]any) {
			out = append(out, w.(map[string]any)["language"].(string))
		}
		return out
	}
	sound := soundOf(t, "ro", 30*time.Minute, change)
	if diff := cmp.Diff([]string{"it", "ro"}, languages(sound)); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	if sound["volume"] != 80.0 {
		t.Errorf("volume %v at half past eight, want 80", sound["volume"])
	}
	if got := soundOf(t, "ro", 2*time.Hour, change)["volume"]; got != 40.0 {
		t.Errorf("volume %v at ten, want 40", got)
	}
	if got := soundOf(t, "ro", 3*time.Hour+30*time.Minute, change); got != nil {
		t.Errorf("%v at half past eleven, want silence", got)
	}
	for lang, want := range map[string][]string{"it": {"it"}, "": {"it"}} {
		if diff := cmp.Diff(want, languages(soundOf(t, lang, 0, change))); diff != "" {
			t.Errorf("languages of a ticket in %s (-want +got):\n%s", lang, diff)
		}
	}

	h := open(t, nil, change)
	addresses := []string{sound["chime"].(string)}
	for _, w := range sound["words"].([]any) {
		addresses = append(addresses, w.(map[string]any)["address"].(string))
	}
	for _, address := range addresses {
		w := h.send(t, request{path: address})
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "audio/wav" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() < 20_000 {
			t.Errorf("%s: %d %v, %d bytes", address, w.Code, w.Header(), w.Body.Len())
		}
		part := h.send(t, request{path: address, header: map[string]string{"Range": "bytes=0-99"}})
		if part.Code != http.StatusPartialContent || part.Body.Len() != 100 {
			t.Errorf("%s: a part of it: %d, %d bytes", address, part.Code, part.Body.Len())
		}
	}
	for _, path := range []string{"/sound/nobody.wav", "/sound/" + strings.Repeat("a", 24), "/sound/..%2fetc%2fpasswd.wav"} {
		problem(t, h.send(t, request{path: path}), http.StatusNotFound, "not_found")
	}
}

// TestCallsWithoutVoice have the chime alone, and without sounds nothing.
func TestCallsWithoutVoice(t *testing.T) {
	sound := soundOf(t, "ro", 0, sounding(t, "no-such-program"))
	if words := sound["words"].([]any); len(words) != 0 || sound["chime"] == "" {
		t.Errorf("without a voice: %v", sound)
	}
	chime := sounding(t, "espeak-ng")
	sound = soundOf(t, "ro", 0, func(o *web.Options) { chime(o); o.Hall.Spoken = false })
	if words := sound["words"].([]any); len(words) != 0 {
		t.Errorf("chime alone: %v", sound)
	}
	if sound := soundOf(t, "ro", 0, nil); sound != nil {
		t.Errorf("a silent hall: %v", sound)
	}
	h := open(t, nil, nil)
	h.shows(t, request{path: "/hall"}, "", "data-chime")
	problem(t, h.send(t, request{path: "/sound/x.wav"}), http.StatusNotFound, "not_found")
	h = open(t, nil, func(o *web.Options) { chime(o); screens(o) })
	h.shows(t, request{path: "/hall"}, "data-chime", "")
	h.shows(t, request{path: "/hall?screen=far"}, "", "data-chime")
	h.shows(t, request{path: "/hall?sound=off"}, "", "data-chime")
}

// TestBrokenVoice: the answer says so, and tells nothing of what is inside.
func TestBrokenVoice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "speak")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho secret of the board >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	change := sounding(t, path)
	sound := soundOf(t, "it", 0, change)
	address := sound["words"].([]any)[0].(map[string]any)["address"].(string)
	w := open(t, nil, change).send(t, request{path: address})
	if p := problem(t, w, http.StatusServiceUnavailable, "unavailable"); strings.Contains(p.Detail, "secret") {
		t.Errorf("it tells %q", p.Detail)
	}
}

// TestScreensReport whether they can be heard; a stranger's page is not believed.
func TestScreensReport(t *testing.T) {
	r := prometheus.NewRegistry()
	h := open(t, nil, func(o *web.Options) { o.Registerer = r })
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for _, x := range []struct {
		body   string
		status int
		want   string
	}{{"sound=refused", 204, "0"}, {"sound=plays&heard=1.5", 204, "1"}, {"sound=loud", 422, "1"}, {"", 422, "1"}} {
		w := h.send(t, request{method: "POST", path: "/hall/sound", as: "wall", body: x.body, header: form})
		if w.Code != x.status {
			t.Errorf("%q: %d %s", x.body, w.Code, w.Body)
		}
		want := "# HELP avanti_web_screen_sound Whether a screen of the hall can be heard: 1 it played, 0 its browser refused.\n" +
			"# TYPE avanti_web_screen_sound gauge\navanti_web_screen_sound{screen=\"wall\"} " + x.want + "\n"
		if err := testutil.GatherAndCompare(r, strings.NewReader(want), "avanti_web_screen_sound"); err != nil {
			t.Errorf("%q: %v", x.body, err)
		}
	}
	h.shows(t, request{path: "/hall"}, "", "data-reports")
	h.shows(t, request{path: "/hall", as: "wall"}, "data-reports", "")
}

// TestReadAloud: what the program or the office says can be heard at a kiosk, and nothing that
// somebody brings.
func TestReadAloud(t *testing.T) {
	h := open(t, nil, sounding(t, "espeak-ng"))
	heard := map[string]bool{}
	for _, query := range []string{
		"text=number", "text=waiting&n=3", "text=waiting&n=4", "service=papers", "group=cards", "text=number&lang=ro",
	} {
		w := h.send(t, request{path: "/read-aloud?" + query, as: "kiosk-1"})
		address := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(address, "/sound/") {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
			continue
		}
		heard[address] = true
		if w := h.send(t, request{path: address}); w.Code != http.StatusOK {
			t.Errorf("%s: %d", query, w.Code)
		}
	}
	if len(heard) != 6 {
		t.Errorf("%d sounds of six texts", len(heard))
	}
	for _, query := range []string{
		"", "text=hello+world", "text=waiting&n=-1", "text=waiting&n=99999", "text=waiting&n=x", "text=opens.at", "service=hello", "group=hello", "text=",
	} {
		problem(t, h.send(t, request{path: "/read-aloud?" + query, as: "kiosk-1"}), http.StatusNotFound, "not_found")
	}
	h = open(t, nil, nil)
	problem(t, h.send(t, request{path: "/read-aloud?text=number", as: "kiosk-1"}), http.StatusNotFound, "not_found")
}
