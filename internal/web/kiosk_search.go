// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"sync"

	"github.com/avanti-queue/avanti/internal/search"
	"github.com/avanti-queue/avanti/queue"
)

// What a word counts for in the search for a service.
const (
	weighsName    = 1.0
	weighsWords   = 0.95 // what people say for it
	weighsGroup   = 0.5
	weighsCard    = 0.4
	weighsForeign = 0.6 // of the above, in another language than the page's
)

// finder finds services by words. Its indexes are made at the first search after the settings changed.
type finder struct {
	mu       sync.Mutex
	settings *queue.Settings
	byLang   map[string]*search.Index
}

// find returns at most n services for what somebody wrote, the best first.
func (s *Server) find(lang, wanted string, n int) []queue.ServiceID {
	settings := s.office.View().Settings()
	if settings == nil {
		return nil
	}
	var out []queue.ServiceID
	for _, id := range s.finder.index(settings, lang, s.o).Find(wanted, n) {
		out = append(out, queue.ServiceID(id))
	}
	return out
}

func (f *finder) index(settings *queue.Settings, lang string, o Options) *search.Index {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.settings != settings {
		f.settings, f.byLang = settings, map[string]*search.Index{}
	}
	if f.byLang[lang] == nil {
		f.byLang[lang] = search.New(entries(settings, lang, o))
	}
	return f.byLang[lang]
}

// entries returns what is said of each service in all languages, most of all in the page's.
func entries(settings *queue.Settings, lang string, o Options) []search.Entry {
	groups := map[queue.GroupID]queue.Texts{}
	for _, g := range settings.Groups {
		groups[g.ID] = g.Name
	}
	var out []search.Entry
	for _, x := range settings.Services {
		e := search.Entry{ID: string(x.ID)}
		for _, l := range settings.Languages {
			share := weighsForeign
			if l == lang {
				share = 1
			}
			say := func(weight float64, texts ...string) {
				for _, t := range texts {
					e.Texts = append(e.Texts, search.Text{Text: t, Weight: weight * share})
				}
			}
			card := o.Cards[x.ID]
			say(weighsName, x.Name[l])
			say(weighsWords, o.Words[x.ID][l]...)
			say(weighsGroup, groups[x.Group][l])
			say(weighsCard, card.Documents[l]...)
			say(weighsCard, card.Cost[l], card.Time[l])
		}
		out = append(out, e)
	}
	return out
}
