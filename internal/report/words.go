// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/it"
	"github.com/go-playground/locales/ro"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

//go:embed texts/*.json
var textFiles embed.FS

// Words say a report in a language. They do not change.
type Words struct {
	Lang   string // the language's tag
	texts  map[string]string
	locale locales.Translator
	pages  *template.Template
}

// Load returns the words of every language, by tag.
func Load() (map[string]*Words, error) {
	pages, err := template.New("").Parse(pageFile)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	out := map[string]*Words{}
	for lang, locale := range map[string]locales.Translator{"it": it.New(), "ro": ro.New(), "es": es.New(), "en": en_GB.New()} {
		data, err := textFiles.ReadFile("texts/" + lang + ".json")
		if err != nil {
			return nil, fmt.Errorf("report: texts: %w", err)
		}
		w := &Words{Lang: lang, texts: map[string]string{}, locale: locale, pages: pages}
		if err := json.Unmarshal(data, &w.texts); err != nil {
			return nil, fmt.Errorf("report: texts of %s: %w", lang, err)
		}
		out[lang] = w
	}
	return out, nil
}

// say returns the text of an id. Pairs are the names and values that stand in it.
func (w *Words) say(id string, pairs ...string) string {
	text, ok := w.texts[id]
	if !ok {
		return id
	}
	if len(pairs) == 0 {
		return text
	}
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// number writes one with so many decimals, as the language does.
func (w *Words) number(x float64, decimals int) string {
	scale := math.Pow10(decimals)
	return w.locale.FmtNumber(math.Round(x*scale)/scale, uint64(decimals)) //nolint:gosec // small and not negative
}

func (w *Words) count(n int) string { return w.number(float64(n), 0) }

// minutes writes a time in minutes, below ten with a decimal.
func (w *Words) minutes(d time.Duration) string {
	decimals := 0
	if d < 10*time.Minute {
		decimals = 1
	}
	return w.say("minutes", "n", w.number(d.Minutes(), decimals))
}

func (w *Words) share(x float64) string { return w.say("share", "n", w.number(100*x, 0)) }

func whole(d time.Duration) string { return fmt.Sprint(int(d.Minutes())) }

func (w *Words) date(d queue.Date) string {
	t, err := d.Midnight(time.UTC)
	if err != nil {
		return string(d)
	}
	return w.locale.FmtDateLong(t)
}

// Period says a period, "1 ottobre 2026" for a single day.
func (w *Words) Period(p Period) string {
	if p.From == p.To {
		return w.date(p.From)
	}
	return w.say("period", "from", w.date(p.From), "to", w.date(p.To))
}

func (w *Words) weekday(d time.Weekday) string { return w.locale.WeekdayWide(d) }

func clock(b stats.Band) string { return fmt.Sprintf("%02d:%02d", b.Clock()/60, b.Clock()%60) }

// name returns a name of the office in this language, else in the office's own.
func (w *Words) name(t queue.Texts, s *queue.Settings) string {
	return t.In(append([]string{w.Lang}, s.Languages...)...)
}

func (w *Words) group(id queue.GroupID, s *queue.Settings) string {
	for _, g := range s.Groups {
		if g.ID == id {
			return w.name(g.Name, s)
		}
	}
	return string(id) // of an earlier time
}

// team says which counters a team are: never one alone.
func (w *Words) team(id stats.TeamID, s *queue.Settings) string {
	of := stats.Teams(s)
	first, last, n := "", "", 0
	for _, c := range s.Counters {
		if of[c.ID] != id {
			continue
		}
		if n == 0 {
			first = c.Label
		}
		last = c.Label
		n++
	}
	if n < 3 || id == stats.Others {
		return w.say("teams.others")
	}
	return w.say("teams.name", "first", first, "last", last)
}
