// SPDX-License-Identifier: EUPL-1.2

package speech

import "container/list"

const (
	// maxSounds and maxBytes bound what is kept: a rush of calls in two languages, or the
	// texts of a kiosk.
	maxSounds = 512
	maxBytes  = 8 << 20
)

// shelf keeps sentences by key, and their sound once it was made. What was wanted
// longest ago goes first.
type shelf struct {
	order *list.List // of *entry, wanted last in front
	byKey map[string]*list.Element
	bytes int
}

type entry struct {
	key  string
	say  sentence
	wav  []byte        // nil: not made yet
	made chan struct{} // closed when somebody who makes it is done; nil: nobody does
}

func newShelf() *shelf { return &shelf{order: list.New(), byKey: map[string]*list.Element{}} }

// put adds a sentence, or moves it to the front.
func (s *shelf) put(key string, say sentence) {
	if e := s.get(key); e != nil {
		return
	}
	s.byKey[key] = s.order.PushFront(&entry{key: key, say: say})
	s.trim()
}

// get returns nil for a key that is not there.
func (s *shelf) get(key string) *entry {
	e, ok := s.byKey[key]
	if !ok {
		return nil
	}
	s.order.MoveToFront(e)
	return e.Value.(*entry)
}

// keep gives an entry its sound.
func (s *shelf) keep(key string, wav []byte) {
	if e := s.get(key); e != nil && e.wav == nil {
		e.wav = wav
		s.bytes += len(wav)
		s.trim()
	}
}

func (s *shelf) trim() {
	for s.order.Len() > 1 && (s.order.Len() > maxSounds || s.bytes > maxBytes) {
		last := s.order.Back()
		e := s.order.Remove(last).(*entry)
		delete(s.byKey, e.key)
		s.bytes -= len(e.wav)
	}
}
