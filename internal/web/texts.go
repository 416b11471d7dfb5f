// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/it"
	"github.com/go-playground/locales/ro"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/avanti-queue/avanti/queue"
)

//go:embed locales/*/*.json
var localeFiles embed.FS

// catalog holds every text that people read, by language and id.
type catalog struct {
	byTag   map[string]*texts
	tags    []string // as in matcher
	matcher language.Matcher
}

// texts are the texts of one language.
type texts struct {
	Lang  string                 // the language's tag
	loc   func() *i18n.Localizer // reads them when they are first asked for: few halls speak all languages
	dates locales.Translator
}

// fallback is the language of programs and of offices that speak none of ours.
const fallback = "en"

func loadCatalog() (catalog, error) {
	c := catalog{byTag: map[string]*texts{}}
	var tags []language.Tag
	for _, dates := range []locales.Translator{en_GB.New(), it.New(), ro.New(), es.New()} {
		lang := dates.Locale()[:2]
		files, err := fs.Glob(localeFiles, "locales/"+lang+"/*.json")
		if err != nil {
			return catalog{}, fmt.Errorf("web: texts in %s: %w", lang, err)
		}
		c.byTag[lang] = &texts{Lang: lang, dates: dates, loc: sync.OnceValue(func() *i18n.Localizer { return loadTexts(lang, files) })}
		c.tags, tags = append(c.tags, lang), append(tags, language.Make(lang))
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// loadTexts reads the texts of a language: a file for each page, and one for what they share. They are
// part of the program; a test reads them all.
func loadTexts(lang string, files []string) *i18n.Localizer {
	bundle := i18n.NewBundle(language.Make(lang))
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, name := range files {
		data, err := localeFiles.ReadFile(name)
		if err == nil {
			_, err = bundle.ParseMessageFileBytes(data, lang+".json")
		}
		if err != nil {
			panic(fmt.Sprintf("web: texts in %s: %v", name, err))
		}
	}
	return i18n.NewLocalizer(bundle, lang)
}

// accepted returns the texts for an Accept-Language header.
func (c catalog) accepted(header string) *texts {
	if header == "" {
		return c.byTag[fallback]
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return c.byTag[fallback]
	}
	_, i, _ := c.matcher.Match(tags...)
	return c.byTag[c.tags[i]]
}

// spoken returns the languages of the office for which there are texts, the
// office's own first; never none.
func (c catalog) spoken(s *queue.Settings) []string {
	var out []string
	if s != nil {
		for _, lang := range s.Languages {
			if c.byTag[lang] != nil {
				out = append(out, lang)
			}
		}
	}
	if len(out) == 0 {
		out = []string{fallback}
	}
	return out
}

// ofPublic returns the texts of a page that strangers read: in the language that
// was chosen with ?lang=, else in the office's own.
func (s *Server) ofPublic(r *http.Request) *texts {
	spoken := s.texts.spoken(s.office.View().Settings())
	if lang := r.URL.Query().Get("lang"); slices.Contains(spoken, lang) {
		return s.texts.byTag[lang]
	}
	return s.texts.byTag[spoken[0]]
}

// ofStaff returns the texts of a page at a workplace: in the language that was
// chosen with ?lang=, else in that of the person who is logged in, else in the browser's, else in the
// office's own.
func (s *Server) ofStaff(r *http.Request) *texts {
	if t := s.texts.byTag[r.URL.Query().Get("lang")]; t != nil {
		return t
	}
	if a := accessOf(r.Context()); a != nil && a.Person != nil {
		if t := s.texts.byTag[a.Person.Language]; t != nil {
			return t
		}
	}
	if header := r.Header.Get("Accept-Language"); header != "" {
		return s.texts.accepted(header)
	}
	return s.ofPublic(r)
}

// T returns the text of an id. Pairs are the names and values that stand in it.
func (t *texts) T(id string, pairs ...any) string {
	return t.text(&i18n.LocalizeConfig{MessageID: id, TemplateData: data(pairs)})
}

// N returns the text of an id in the form for n things; the text knows n as Count.
func (t *texts) N(id string, n int, pairs ...any) string {
	values := data(pairs)
	values["Count"] = n
	return t.text(&i18n.LocalizeConfig{MessageID: id, TemplateData: values, PluralCount: n})
}

// text shows the id itself where a text is missing, which a test rules out: a page
// with a strange word is of more use than none.
func (t *texts) text(c *i18n.LocalizeConfig) string {
	s, err := t.loc().Localize(c)
	if err != nil {
		return c.MessageID
	}
	return s
}

// Or returns the text of an id that may have none, else the other text.
func (t *texts) Or(id, other string) string {
	if s := t.T(id); s != id {
		return s
	}
	return other
}

func data(pairs []any) map[string]any {
	m := make(map[string]any, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// Date returns the day in full, for example "lunedì 23 novembre 2026".
func (t *texts) Date(at time.Time) string { return t.dates.FmtDateFull(at) }

// Clock returns the time of day as the office's wall clocks show it.
func (t *texts) Clock(at time.Time) string { return at.Format("15:04") }

// Minutes returns a wait in whole minutes, as people say it.
func (t *texts) Minutes(d time.Duration) string { return t.N("minutes", int(max(0, d).Minutes())) }
