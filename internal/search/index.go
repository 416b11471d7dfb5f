// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Text is something that is said of an entry.
type Text struct {
	Text   string
	Weight float64 // what a word of it counts for, above 0 and up to 1: a name more than a remark
}

// Entry is something that can be found.
type Entry struct {
	ID    string
	Texts []Text
}

// Index is a set of entries that is ready to be searched. It never changes. The zero value is empty.
type Index struct {
	ids     []string
	words   []word           // each once, in order
	phrases []map[string]int // by entry: whole texts as they are compared
}

// word is one that stands in entries.
type word struct {
	letters []rune
	in      []place // each entry once, in order
}

type place struct {
	entry  int
	weight float64 // the greatest of the texts that have it
}

// New returns an index of entries. Entries without an id, and a second one with the same, are left out.
func New(entries []Entry) *Index {
	x := &Index{}
	found := map[string]map[int]float64{}
	known := map[string]bool{"": true}
	for _, e := range entries {
		if known[e.ID] {
			continue
		}
		known[e.ID] = true
		phrases := map[string]int{}
		for _, t := range e.Texts {
			list := words(t.Text)
			phrases[strings.Join(list, " ")] = len(list)
			for _, w := range list {
				if found[w] == nil {
					found[w] = map[int]float64{}
				}
				found[w][len(x.ids)] = max(found[w][len(x.ids)], t.Weight)
			}
		}
		x.ids, x.phrases = append(x.ids, e.ID), append(x.phrases, phrases)
	}
	for w, in := range found {
		y := word{letters: []rune(w)}
		for entry, weight := range in {
			y.in = append(y.in, place{entry, weight})
		}
		slices.SortFunc(y.in, func(a, b place) int { return cmp.Compare(a.entry, b.entry) })
		x.words = append(x.words, y)
	}
	slices.SortFunc(x.words, func(a, b word) int { return slices.Compare(a.letters, b.letters) })
	return x
}

const (
	maxQuery = 12 // words that are looked at; more say nothing more
	maxWord  = 32 // letters of each
)

// How well a word of the question fits one of an entry.
const (
	fitsWhole  = 1.0
	fitsBegins = 0.8 // the beginning of a word
	fitsSlip   = 0.6 // with one wrong letter; with two, half as well
)

// Find returns the ids of at most n entries for a question, the best first, of equal ones the
// earlier. An entry that has too little of what the question says is not an answer.
func (x *Index) Find(question string, n int) []string {
	list := words(question)
	list = list[:min(len(list), maxQuery)]
	scores := make([]float64, len(x.ids))
	total := 0.0
	for _, w := range list {
		letters := []rune(w)
		fits := x.fits(letters[:min(len(letters), maxWord)])
		known := 0
		for _, f := range fits {
			if f > 0 {
				known++
			}
		}
		if known == 0 {
			total += rare(len(x.ids), 1) / 2 // it may be the one word that mattered
			continue
		}
		worth := rare(len(x.ids), known)
		total += worth
		for i, f := range fits {
			scores[i] += worth * f
		}
	}
	phrase := strings.Join(list, " ")
	var order []int
	for i, s := range scores {
		if s == 0 || s < total*0.2 {
			continue
		}
		if x.phrases[i][phrase] > 0 { // what somebody said word for word
			scores[i] += total
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var out []string
	for _, i := range order[:max(0, min(n, len(order)))] {
		if scores[i] < scores[order[0]]*0.4 { // far behind the best one
			break
		}
		out = append(out, x.ids[i])
	}
	return out
}

// rare returns what a word counts for that k of n entries have.
func rare(n, k int) float64 { return math.Log(1 + float64(n)/float64(k)) }

// fits returns how well a word fits each entry, 0 to 1.
func (x *Index) fits(letters []rune) []float64 {
	out := make([]float64, len(x.ids))
	for _, w := range x.words {
		if f := fit(letters, w.letters); f > 0 {
			for _, p := range w.in {
				out[p.entry] = max(out[p.entry], f*p.weight)
			}
		}
	}
	return out
}

// fit returns how well a word of the question fits one of an entry, 0 to 1.
func fit(asked, has []rune) float64 {
	if slices.Equal(asked, has) {
		return fitsWhole
	}
	if len(asked) >= 2 && len(has) > len(asked) && slices.Equal(asked, has[:len(asked)]) {
		return fitsBegins
	}
	most := slips(len(asked))
	if most == 0 {
		return 0
	}
	d := distance(asked, has, most)
	if d > most && len(has) > len(asked) { // a beginning with a wrong letter
		d = distance(asked, has[:len(asked)], 1) + 1
		most = 2
	}
	if d > most {
		return 0
	}
	return fitsSlip / float64(max(1, d))
}
