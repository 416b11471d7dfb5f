// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/avanti-queue/avanti/internal/config"
)

// value returns what was typed as it stands in a file.
func (k kind) value(form url.Values, path string) any {
	typed := strings.TrimSpace(form.Get(path))
	switch k {
	case kindNumber:
		return number(typed)
	case kindMinutes:
		return withUnit(typed, "m")
	case kindSeconds:
		return withUnit(typed, "s")
	case kindYes:
		return config.Plain(strconv.FormatBool(form.Has(path)))
	case kindHours:
		return hoursOf(typed)
	case kindWords:
		return wordsOf(typed)
	case kindLanguages:
		return languagesIn(form, path)
	case kindText, kindID, kindChoice, kindPort, kindDate, kindSkills:
	}
	return typed
}

func number(s string) any {
	if n, err := strconv.Atoi(s); err == nil && strconv.Itoa(n) == s {
		return config.Plain(s)
	}
	return s
}

// withUnit takes a bare number for a time in the unit.
func withUnit(s, unit string) any {
	if _, bare := number(s).(config.Plain); bare {
		return s + unit
	}
	return s
}

// inUnit is the inverse of withUnit; a time that is no whole number of units stays as it is.
func inUnit(s string, unit time.Duration) string {
	if d, err := time.ParseDuration(s); err == nil && d%unit == 0 {
		return strconv.FormatInt(int64(d/unit), 10)
	}
	return s
}

func wordsOf(s string) any {
	var out []any
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }) {
		out = append(out, w)
	}
	return out
}

// Hours as people type them: 8-12, 8.30 – 12:30.
var (
	dashes = regexp.MustCompile(`[–—−]`)
	span   = regexp.MustCompile(`(\d{1,2})(?:[:.](\d\d))?\s*-\s*(\d{1,2})(?:[:.](\d\d))?`)
	apart  = regexp.MustCompile(`\s*-\s*`)
)

// hoursOf returns the spans of a day. What is none stays as it was typed.
func hoursOf(s string) any {
	s = span.ReplaceAllStringFunc(dashes.ReplaceAllString(s, "-"), func(m string) string {
		p := span.FindStringSubmatch(m)
		two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
		return two(p[1]) + ":" + two(p[2]) + "-" + two(p[3]) + ":" + two(p[4])
	})
	return wordsOf(apart.ReplaceAllString(s, "-"))
}

// languagesIn returns the languages that are ticked, the office's own first.
func languagesIn(form url.Values, path string) any {
	own := form.Get(path + ".own")
	var out []any
	for _, lang := range languages() {
		if lang == own {
			out = append([]any{lang}, out...)
		} else if slices.Contains(form[path], lang) {
			out = append(out, lang)
		}
	}
	return out
}

// shown returns a value as it is typed.
func (k kind) shown(v any) string {
	switch k {
	case kindMinutes:
		return inUnit(textOf(v), time.Minute)
	case kindSeconds:
		return inUnit(textOf(v), time.Second)
	case kindHours, kindWords:
		list, _ := v.([]any)
		words := make([]string, len(list))
		for i, x := range list {
			words[i] = textOf(x)
		}
		return strings.Join(words, "  ")
	case kindText, kindID, kindNumber, kindYes, kindChoice, kindPort, kindDate, kindLanguages, kindSkills:
	}
	return textOf(v)
}

// slug returns an id for a name that none of the others is.
func slug(name string, taken map[string]bool) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r) && b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	s := b.String()
	s = strings.Trim(s[:min(len(s), 24)], "-")
	if s == "" {
		s = "x"
	}
	id := s
	for n := 2; taken[id]; n++ {
		id = s + "-" + strconv.Itoa(n)
	}
	return id
}

// groupPrefix stands before a group in the list of a counter.
const groupPrefix = "group:"

// readSkills takes over what a counter serves: each group first, when idle or never, and
// services by themselves.
func readSkills(row config.Map, groups []config.Map, form url.Values, path string) config.Map {
	lists := map[string][]any{}
	for _, g := range groups {
		id := textOf(g.Get("id"))
		if to := form.Get(path + ".group." + id); to == "preferred" || to == "overflow" {
			lists[to] = append(lists[to], groupPrefix+id)
		}
	}
	for _, to := range []string{"preferred", "overflow"} {
		words, _ := wordsOf(form.Get(path + "." + to)).([]any)
		row = row.With(to, append(lists[to], words...))
	}
	return row
}

// speak brings every name and text of the draft to the office's languages: what is in others
// goes, and a text that must be there in each language begins as a copy of the office's own.
func speak(d *config.Draft, langs []string) {
	for _, section := range d.Sections() {
		d.Set(section, spoken(d.Section(section), langs))
	}
	m, ok := valueAt(d, "slip.advice").(config.Map)
	if !ok || len(m) == 0 {
		return
	}
	for _, lang := range langs {
		if textOf(m.Get(lang)) == "" {
			m = m.With(lang, m[0].Value)
		}
	}
	setAt(d, "slip.advice", m)
}

func spoken(v any, langs []string) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = spoken(v[i], langs)
		}
		return v
	case config.Map:
		texts := len(v) > 0
		for _, e := range v {
			texts = texts && slices.Contains(languages(), e.Key)
		}
		out := config.Map{}
		for _, e := range v {
			if !texts || slices.Contains(langs, e.Key) {
				out = append(out, config.Entry{Key: e.Key, Value: spoken(e.Value, langs)})
			}
		}
		return out
	}
	return v
}
