// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"slices"

	"github.com/avanti-queue/avanti/queue"
)

// Bounds of what citizens are told of a service: it must fit one screen in large text.
const (
	maxDocuments = 12
	maxWords     = 24
)

// Card is what citizens are told of a service before they take a number. Every text is in the
// office's own language at least.
type Card struct {
	Documents map[string][]string // what to bring, by language; nil: nothing is said
	Cost      queue.Texts         // nil: nothing is said
	Time      queue.Texts         // how long it takes until it is done; nil: nothing is said
}

// Priority is a reason for which citizens may ask the kiosk for a ticket of another class. It is
// counted, and stands on no ticket, no screen and in no journal.
type Priority struct {
	ID    string
	Name  queue.Texts
	Class queue.ClassID
}

// card reads a service's card, false if it has none.
func (r *reader) card(v value) (Card, bool) {
	if v.absent() {
		return Card{}, false
	}
	s := v.section()
	c := Card{
		Documents: r.lists(s.field("documents"), maxDocuments, "what to bring, each in a line", true),
		Cost:      r.optionalTexts(s.field("cost")),
		Time:      r.optionalTexts(s.field("time")),
	}
	s.done()
	if c.Documents == nil && c.Cost == nil && c.Time == nil && !v.d.faultBelow(v.path) {
		v.report("an empty card", "documents, cost or time, or no card")
	}
	return c, true
}

func (r *reader) optionalTexts(v value) queue.Texts {
	if v.absent() {
		return nil
	}
	return r.texts(v)
}

// lists reads texts by language; with own, the office's own language must be among them.
func (r *reader) lists(v value, most int, want string, own bool) map[string][]string {
	if v.absent() {
		return nil
	}
	s := v.section()
	out := map[string][]string{}
	for i, l := range r.languages {
		if l == "" {
			continue // a fault of the languages
		}
		list := s.field(l)
		if own && i == 0 && list.absent() {
			list.report("missing", "a list in the office's own language")
		}
		for _, item := range list.items("texts: " + want) {
			if text, ok := item.text(want); ok {
				out[l] = append(out[l], text)
			}
		}
		if len(out[l]) > most {
			list.report(fmt.Sprintf("%d texts", len(out[l])), fmt.Sprintf("at most %d", most))
		}
	}
	if len(r.languages) > 0 && !slices.Contains(r.languages, "") {
		s.done()
	}
	return out
}

// priorityList reads the reasons.
func (r *reader) priorityList(v value, classes []queue.Class) []Priority {
	var out []Priority
	ids := newNames[string]("reason")
	for _, item := range v.items("{id, name, class}") {
		s := item.section()
		p := Priority{ID: ids.define(s.field("id")), Name: r.texts(s.field("name"))}
		class := s.need("class", "the id of a class")
		p.Class, _ = r.classes.refer(class)
		if i := slices.IndexFunc(classes, func(c queue.Class) bool { return c.ID == p.Class }); i == 0 {
			class.report(class.is()+" is the class that every ticket has", "another class")
		}
		s.done()
		out = append(out, p)
	}
	return out
}

func (f *File) note(id queue.ServiceID, c Card) {
	if f.Cards == nil {
		f.Cards = map[queue.ServiceID]Card{}
	}
	f.Cards[id] = c
}

func (f *File) call(id queue.ServiceID, words map[string][]string) {
	if f.Words == nil {
		f.Words = map[queue.ServiceID]map[string][]string{}
	}
	f.Words[id] = words
}
