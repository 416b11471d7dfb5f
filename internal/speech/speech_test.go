// SPDX-License-Identifier: EUPL-1.2

package speech_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/speech"
)

// script writes a program that speaks in its own way.
func script(t *testing.T, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "speak")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func speaker(t *testing.T, o speech.Options) *speech.Speaker {
	t.Helper()
	s, err := speech.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEspeak speaks with the real program, which the set-up for tests installs.
func TestEspeak(t *testing.T) {
	s := speaker(t, speech.Options{Program: "espeak-ng"})
	keys := map[string]bool{}
	for _, lang := range []string{"it", "ro", "es", "en"} {
		key := s.Call(lang, "A042", "3")
		wav, err := s.Sound(t.Context(), key)
		if err != nil {
			t.Fatalf("%s: %v (is espeak-ng installed?)", lang, err)
		}
		seconds, err := speech.Seconds(wav)
		if err != nil || seconds < 1.5 || seconds > 6 {
			t.Errorf("%s: %.2f s, %v", lang, seconds, err)
		}
		keys[key] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d keys of four sentences", len(keys))
	}
	if key := s.Call("xx", "A042", "3"); key != "" {
		t.Error("a language that nobody knows is spoken")
	}
}

func TestSentences(t *testing.T) {
	for _, x := range []struct{ lang, number, label, want string }{
		{"it", "A042", "3", "Numero a 42, sportello 3."},
		{"it", "J007", "12", "Numero i lunga 7, sportello 12."},
		{"ro", "H100", "2", "Numărul haș 100, ghișeul 2."},
		{"es", "042", "B", "Número 42, ventanilla be."},
		{"en", "AB1042", "3A", "Number ay bee 1042, counter 3 ay."},
		{"it", "C000", "Sala 2", "Numero ci 0, sala 2."},
		{"it", "12345", "1", "Numero 1 2 3 4 5, sportello 1."},
		{"it", "A[[1]]<b>", "-$3;", "Numero a 1 bi, sportello 3."},
	} {
		got, err := speech.Sentence(x.lang, x.number, x.label)
		if err != nil || got != x.want {
			t.Errorf("%s %s %s: %q, %v, want %q", x.lang, x.number, x.label, got, err, x.want)
		}
	}
}

// TestTextIsNoCommand: what a program might take for more than words does not reach it.
func TestTextIsNoCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "heard")
	s := speaker(t, speech.Options{Program: script(t, `echo "$@" > `+file+`; cat >> `+file)})
	key := s.Text("it", "--help [[hello]] <say-as>\x00\x1b$(id)`id` · L'ufficio è chiuso; \n\n-w /etc/x")
	if _, err := s.Sound(t.Context(), key); err == nil {
		t.Error("a program that says nothing made a sound")
	}
	heard, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := "-v it -s 140 --stdin --stdout\nhelp hello say as id id , L'ufficio è chiuso; w etc x\n"
	if string(heard) != want {
		t.Errorf("the program heard %q, want %q", heard, want)
	}
	if key := s.Text("it", "[] --"); key != "" {
		t.Error("a text without words is spoken")
	}
	if n := len(speech.Plain(strings.Repeat("à", 10_000))); n > 1000 {
		t.Errorf("%d bytes at once", n)
	}
}

// TestBrokenPrograms: one that hangs is killed, one that never ends talking too, and neither keeps
// the hall from its chime.
func TestBrokenPrograms(t *testing.T) {
	for name, x := range map[string]struct{ body, want string }{
		"hangs":   {"trap '' TERM; while :; do sleep 60; done", "killed after"},
		"floods":  {"exec cat /dev/zero", "more than"},
		"fails":   {"echo no such voice >&2; exit 3", "no such voice"},
		"rubbish": {"echo hello", "not a WAV"},
		"silent":  {"exit 0", "not a WAV"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := prometheus.NewRegistry()
			s := speaker(t, speech.Options{Program: script(t, x.body), Registerer: r})
			begin := time.Now()
			_, err := s.Sound(t.Context(), s.Call("it", "A001", "1"))
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("got %v, want %q", err, x.want)
			}
			if d := time.Since(begin); d > 6*time.Second {
				t.Errorf("took %v", d)
			}
			if wav, err := s.Sound(t.Context(), s.Chime()); err != nil || len(wav) == 0 {
				t.Errorf("chime: %v", err)
			}
			if err := testutil.GatherAndCompare(r, strings.NewReader("# HELP avanti_speech_failures_total Sentences that no sound could be made of.\n"+
				"# TYPE avanti_speech_failures_total counter\navanti_speech_failures_total 1\n"), "avanti_speech_failures_total"); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMadeOnce: however many screens want a sentence, it is made once, and two voices never talk
// more than two at a time.
func TestMadeOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runs")
	s := speaker(t, speech.Options{Program: script(t, `echo >> `+file+`; exec espeak-ng "$@"`)})
	key := s.Call("it", "A001", "1")
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if wav, err := s.Sound(t.Context(), key); err != nil || len(wav) < 1000 {
				t.Errorf("%d bytes, %v", len(wav), err)
			}
		})
	}
	all.Wait()
	runs, err := os.ReadFile(file)
	if err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

// TestTooMany: who wants many sounds at once is sent away, not kept waiting.
func TestTooMany(t *testing.T) {
	s := speaker(t, speech.Options{Program: script(t, "sleep 1; exit 1")})
	var all sync.WaitGroup
	var mu sync.Mutex
	busy := 0
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for i := range 40 {
		key := s.Call("it", "A001", string(rune('a'+i%26))+string(rune('a'+i/26)))
		all.Go(func() {
			if _, err := s.Sound(ctx, key); errors.Is(err, speech.ErrBusy) {
				mu.Lock()
				busy++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if busy < 20 {
		t.Errorf("%d of 40 were sent away", busy)
	}
}

func TestNothingSpeaks(t *testing.T) {
	s := speaker(t, speech.Options{Program: "no-such-program-here"})
	if s.Speaks("it") || s.Call("it", "A001", "1") != "" || s.Text("it", "ciao") != "" {
		t.Error("it speaks without a voice")
	}
	wav, err := s.Sound(t.Context(), s.Chime())
	if err != nil {
		t.Fatal(err)
	}
	if seconds, err := speech.Seconds(wav); err != nil || seconds < 1 || seconds > 2 {
		t.Errorf("the chime lasts %.2f s, %v", seconds, err)
	}
	if len(wav) > 35_000 {
		t.Errorf("%d bytes: every screen loads them first", len(wav))
	}
	if _, err := s.Sound(t.Context(), "nobody"); !errors.Is(err, speech.ErrUnknown) {
		t.Errorf("a key that nobody was given: %v", err)
	}
}

// TestClips puts recorded words together; what is missing is left to the program.
func TestClips(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "it"), 0o700); err != nil {
		t.Fatal(err)
	}
	clip := func(name string, ms int) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "it", name+".wav"), speech.Silence(16000, ms), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if s := speaker(t, speech.Options{Clips: dir}); s.Call("it", "A001", "1") != "" {
		t.Error("a pack without its first words speaks")
	}
	for name, ms := range map[string]int{"number": 500, "counter": 700, "letter-a": 300, "100-": 400, "100": 450, "42": 600, "3": 200} {
		clip(name, ms)
	}
	s := speaker(t, speech.Options{Clips: dir})
	if s.Speaks("it") {
		t.Error("clips read texts aloud")
	}
	wav, err := s.Sound(t.Context(), s.Call("it", "A142", "3"))
	if err != nil {
		t.Fatal(err)
	}
	const want = (500 + 300 + 400 + 600 + 700 + 200 + 5*40) / 1000.0
	if got, err := speech.Seconds(wav); err != nil || got < want-0.001 || got > want+0.001 {
		t.Errorf("%.3f s, %v, want %.3f", got, err, want)
	}
	if _, err := s.Sound(t.Context(), s.Call("it", "A043", "3")); !errors.Is(err, speech.ErrSilent) {
		t.Errorf("a word that is missing: %v", err)
	}
	both := speaker(t, speech.Options{Clips: dir, Program: "espeak-ng"})
	if _, err := both.Sound(t.Context(), both.Call("it", "A043", "3")); err != nil {
		t.Errorf("the program does not help out: %v", err)
	}
	clip("3", 10)
	if err := os.WriteFile(filepath.Join(dir, "it", "3.wav"), []byte("RIFF"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Sound(t.Context(), both.Call("it", "A042", "3")); err == nil || !strings.Contains(err.Error(), "it/3.wav") {
		t.Errorf("a broken clip: %v", err)
	}
	if _, err := speech.New(speech.Options{Clips: filepath.Join(dir, "none")}); err == nil {
		t.Error("a directory that is not there")
	}
}

func TestClipNames(t *testing.T) {
	for number, want := range map[string]string{
		"A042": "letter-a 42", "B7": "letter-b 7", "100": "100", "C101": "letter-c 100- 1", "999": "900- 99",
		"1042": "10 42", "1005": "10 0 5", "2000": "20 0 0", "000": "0", "12345": "1 2 3 4 5",
	} {
		if got := strings.Join(speech.ClipNames(number), " "); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
}

// TestShelfIsBounded: a day of calls does not fill the memory, and the newest stay.
func TestShelfIsBounded(t *testing.T) {
	s := speaker(t, speech.Options{Program: "espeak-ng"})
	first := s.Call("it", "A001", "1")
	for i := range 2000 {
		s.Call("it", "B"+strings.Repeat("1", 1+i%3), strings.Repeat("x", 1+i/3))
	}
	if _, err := s.Sound(t.Context(), first); !errors.Is(err, speech.ErrUnknown) {
		t.Errorf("the first of two thousand is still there: %v", err)
	}
	if sounds, _ := s.Kept(); sounds > 512 {
		t.Errorf("%d sounds are kept", sounds)
	}
}

func TestLoudness(t *testing.T) {
	l := speech.Loudness{Volume: 80, Hours: []speech.Hours{{From: 480, To: 540, Volume: 40}, {From: 500, To: 720, Volume: 60}}}
	for clock, want := range map[string]int{"07:59": 80, "08:00": 40, "08:59": 40, "09:00": 60, "12:00": 80} {
		at, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.At(at); got != want {
			t.Errorf("%s: %d, want %d", clock, got, want)
		}
	}
}

func FuzzWAV(f *testing.F) {
	f.Add(speech.Silence(22050, 20))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Add([]byte("RIFF\x24\xf0\xff\x7fWAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x22\x56\x00\x00\x44\xac\x00\x00\x02\x00\x10\x00data\x00\xf0\xff\x7f\x3a\xff\x7e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		again, err := speech.Reencode(b)
		if err != nil {
			return
		}
		if twice, err := speech.Reencode(again); err != nil || string(twice) != string(again) {
			t.Errorf("what was read is not read again: %v", err)
		}
	})
}

func FuzzWords(f *testing.F) {
	f.Add("A042", "3")
	f.Add("[[", "Sala\xff 2")
	f.Fuzz(func(t *testing.T, number, label string) {
		for _, lang := range []string{"it", "ro", "es", "en"} {
			text, err := speech.Sentence(lang, number, label)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(speech.Plain(text), "[]<>&\\/$`\"|-\x00\n") {
				t.Errorf("%q is more than words", speech.Plain(text))
			}
		}
		speech.ClipNames(number)
	})
}
