// SPDX-License-Identifier: EUPL-1.2

package speech

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Options say what speaks.
type Options struct {
	// Program speaks as espeak-ng does; a name is looked for where programs are, once. "",
	// or one that is not there: none, which is no error.
	Program string
	// Clips is a directory with recorded clips, a directory for each language; "": there
	// are none. Calls are made of clips where a language has them.
	Clips      string
	Registerer prometheus.Registerer // of the metrics; nil: they are not shown
	Log        *slog.Logger          // nil: nothing is logged
}

// What keeps a sound from being made. Others are the program's or the clips' own.
var (
	ErrUnknown = errors.New("speech: no such sound")
	ErrSilent  = errors.New("speech: nothing here speaks this language")
	ErrBusy    = errors.New("speech: too many sounds are being made")
)

const (
	// atOnce is how many sounds are made at the same time: a small board has other work.
	atOnce = 2
	// inLine is how many more may wait for that.
	inLine = 16
)

// Speaker makes sounds and keeps those that were wanted lately. It may be used by many
// at once.
type Speaker struct {
	words   map[string]words
	program program
	clips   fs.FS // nil: none
	metrics metrics
	log     *slog.Logger
	chime   string // key
	mark    string // of what speaks: sounds of another voice have other keys

	work chan struct{} // one token for each sound that is made
	line chan struct{} // and for each that waits or is made

	mu    sync.Mutex
	shelf *shelf
	bell  []byte
	ill   bool // the last sound failed
}

// sentence is something to be said: a call or a text.
type sentence struct {
	lang, text    string
	number, label string // of a call
}

// New returns a speaker. It fails if a directory of clips was named that is not there.
func New(o Options) (*Speaker, error) {
	s := &Speaker{
		log: o.Log, shelf: newShelf(), work: make(chan struct{}, atOnce), line: make(chan struct{}, atOnce+inLine),
		metrics: newMetrics(o.Registerer),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.words, err = loadWords(); err != nil {
		return nil, err
	}
	if o.Program != "" {
		if s.program.path, err = exec.LookPath(o.Program); err != nil {
			s.program.path = ""
			s.log.Info("nothing speaks: calls have the chime alone", slog.Any("cause", err))
		}
	}
	if o.Clips != "" {
		if info, err := os.Stat(o.Clips); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("speech: clips: %w", cmp.Or(err, errors.New(o.Clips+" is no directory")))
		}
		s.clips = os.DirFS(o.Clips)
	}
	s.mark = s.program.path + "\n" + o.Clips
	s.bell = chime().encode()
	s.chime = keyOf("chime", string(s.bell))
	return s, nil
}

func keyOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15]))
}

// Chime returns the key of the chime.
func (s *Speaker) Chime() string { return s.chime }

// Speaks reports whether texts of a language can be read aloud. Calls may be spoken
// in more, by clips.
func (s *Speaker) Speaks(lang string) bool {
	_, known := s.words[lang]
	return known && s.program.path != ""
}

// Call returns the key of a spoken call, "" if nothing here speaks the language. It is cheap:
// the sound is made when somebody wants it.
func (s *Speaker) Call(lang, number, label string) string {
	w, known := s.words[lang]
	if !known || s.program.path == "" && (s.clips == nil || !pack{s.clips, lang}.has()) {
		return ""
	}
	return s.add(sentence{lang: lang, text: w.call(number, label), number: number, label: label})
}

// Text returns the key of a text that is read aloud, "" if nothing here speaks the language
// or the text has no words. It must not come from outside.
func (s *Speaker) Text(lang, text string) string {
	text = plain(text)
	if !s.Speaks(lang) || text == "" {
		return ""
	}
	return s.add(sentence{lang: lang, text: text})
}

func (s *Speaker) add(say sentence) string {
	key := keyOf(s.mark, say.lang, say.text, say.number, say.label)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf.put(key, say)
	return key
}

// Sound returns the WAV file of a key, which is the same for ever and not to be changed. Keys
// that nobody was given lately are [ErrUnknown].
func (s *Speaker) Sound(ctx context.Context, key string) ([]byte, error) {
	if key == s.chime {
		return s.bell, nil
	}
	for {
		s.mu.Lock()
		e := s.shelf.get(key)
		switch {
		case e == nil:
			s.mu.Unlock()
			return nil, ErrUnknown
		case e.wav != nil:
			s.mu.Unlock()
			return e.wav, nil
		case e.made == nil:
			e.made = make(chan struct{})
			s.mu.Unlock()
			return s.make(ctx, e)
		}
		made := e.made
		s.mu.Unlock()
		select {
		case <-made: // or failed: then it is this one's turn to try
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// make makes the sound of an entry and lets the others know.
func (s *Speaker) make(ctx context.Context, e *entry) ([]byte, error) {
	wav, err := s.produce(ctx, e.say)
	s.mu.Lock()
	defer s.mu.Unlock()
	close(e.made)
	e.made = nil
	if err == nil {
		s.shelf.keep(e.key, wav)
	}
	return wav, err
}

func (s *Speaker) produce(ctx context.Context, say sentence) ([]byte, error) {
	select {
	case s.line <- struct{}{}:
		defer func() { <-s.line }()
	default:
		s.metrics.refused.Inc()
		return nil, ErrBusy
	}
	select {
	case s.work <- struct{}{}:
		defer func() { <-s.work }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	begin := time.Now()
	out, err := s.voice(ctx, say)
	if err != nil {
		s.failed(ctx, err)
		return nil, err
	}
	s.mu.Lock()
	s.ill = false
	s.mu.Unlock()
	s.metrics.made.Observe(time.Since(begin).Seconds())
	return out.encode(), nil
}

// failed counts a failure and tells of the first in a row: a program that is broken is
// broken at every call.
func (s *Speaker) failed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // nobody wants it any more
	}
	s.metrics.failed.Inc()
	s.mu.Lock()
	first := !s.ill
	s.ill = true
	s.mu.Unlock()
	if first {
		s.log.Warn("a sound could not be made: calls have the chime alone", slog.Any("error", err))
	}
}

// voice says it with clips where all of them are there, else with the program.
func (s *Speaker) voice(ctx context.Context, say sentence) (sound, error) {
	if say.number != "" && s.clips != nil {
		out, err := pack{s.clips, say.lang}.call(say.number, say.label)
		if err == nil || !errors.Is(err, errNoClip) {
			return out, err
		}
	}
	if s.program.path == "" {
		return sound{}, ErrSilent
	}
	return s.program.say(ctx, say.lang, plain(say.text))
}
