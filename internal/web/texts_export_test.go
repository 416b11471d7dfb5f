// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Exaggerate replaces the English texts by a language that nobody speaks: every letter has an
// accent, and every text is 40 % longer.
func (s *Server) Exaggerate() error {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := localeFiles.ReadDir("locales/en")
	if err != nil {
		return err
	}
	for _, f := range files {
		data, err := localeFiles.ReadFile("locales/en/" + f.Name())
		if err != nil {
			return err
		}
		var texts map[string]any
		if err := json.Unmarshal(data, &texts); err != nil {
			return err
		}
		for id, text := range texts {
			switch text := text.(type) {
			case string:
				texts[id] = exaggerated(text)
			case map[string]any:
				for form, x := range text {
					text[form] = exaggerated(x.(string))
				}
			}
		}
		if data, err = json.Marshal(texts); err != nil {
			return err
		}
		if _, err := bundle.ParseMessageFileBytes(data, "en.json"); err != nil {
			return err
		}
	}
	localizer := i18n.NewLocalizer(bundle, "en")
	s.texts.byTag["en"].loc = func() *i18n.Localizer { return localizer }
	return nil
}

func exaggerated(text string) string {
	const plain, accented = "abcdefghijklmnopqrstuvwxyz", "áƀćđéƒğĥíĵķĺḿńóṕɋŕśťúṽẃẋýź"
	letters := []rune(accented)
	var out strings.Builder
	rest := text
	for _, hole := range append(regexp.MustCompile(`{{[^}]*}}`).FindAllString(text, -1), "") {
		words, after, _ := strings.Cut(rest, hole)
		if hole == "" {
			words, after = rest, ""
		}
		for _, c := range words {
			if i := strings.IndexRune(plain, c); i >= 0 {
				c = letters[i]
			}
			out.WriteRune(c)
		}
		out.WriteString(hole)
		rest = after
	}
	for range (len(text)*2 + 9) / 10 / 2 {
		out.WriteString(" ø")
	}
	return out.String()
}

// Exaggerate does the same to the pages of the first run.
func (s *Setup) Exaggerate() error { return s.server.Exaggerate() }

// Steps are the names of the first run's pages, in their order.
func Steps(s *Setup) (names []string) {
	for _, x := range s.steps {
		names = append(names, x.name)
	}
	return names
}
