// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"iter"
	"slices"
	"sort"
)

// pageSize bounds what one change copies: a page and the list of pages.
const pageSize = 128

// roll is an immutable list of tickets in the order of their ids. A change gives
// a new roll that shares all untouched pages with the old one: a view costs
// nothing, and so does going back. The zero value is empty.
type roll struct {
	pages [][]*Ticket // none is empty
	n     int
}

// page returns the index of the page that holds or would hold id.
func (r roll) page(id TicketID) int {
	i := sort.Search(len(r.pages), func(i int) bool { return r.pages[i][0].ID > id })
	return max(0, i-1)
}

func find(page []*Ticket, id TicketID) (int, bool) {
	return slices.BinarySearchFunc(page, id, func(t *Ticket, id TicketID) int { return int(t.ID - id) })
}

func (r roll) get(id TicketID) *Ticket {
	if len(r.pages) == 0 {
		return nil
	}
	page := r.pages[r.page(id)]
	if i, ok := find(page, id); ok {
		return page[i]
	}
	return nil
}

// with returns the roll in which t stands at its id, in place of any other.
func (r roll) with(t *Ticket) roll {
	if len(r.pages) == 0 {
		return roll{pages: [][]*Ticket{{t}}, n: 1}
	}
	p := r.page(t.ID)
	page := r.pages[p]
	i, ok := find(page, t.ID)
	if ok {
		changed := slices.Clone(page)
		changed[i] = t
		return roll{pages: replaced(r.pages, p, changed), n: r.n}
	}
	if len(page) < pageSize {
		changed := make([]*Ticket, 0, len(page)+1)
		changed = append(append(append(changed, page[:i]...), t), page[i:]...)
		return roll{pages: replaced(r.pages, p, changed), n: r.n + 1}
	}
	if i == len(page) && p == len(r.pages)-1 { // tickets come in order: start a page
		pages := make([][]*Ticket, len(r.pages), len(r.pages)+1)
		copy(pages, r.pages)
		return roll{pages: append(pages, []*Ticket{t}), n: r.n + 1}
	}
	half := len(page) / 2
	pages := slices.Clone(r.pages)
	pages = slices.Replace(pages, p, p+1, slices.Clone(page[:half]), slices.Clone(page[half:]))
	return roll{pages: pages, n: r.n}.with(t)
}

func (r roll) without(id TicketID) roll {
	if len(r.pages) == 0 {
		return r
	}
	p := r.page(id)
	page := r.pages[p]
	i, ok := find(page, id)
	if !ok {
		return r
	}
	if len(page) == 1 {
		pages := make([][]*Ticket, 0, len(r.pages)-1)
		return roll{pages: append(append(pages, r.pages[:p]...), r.pages[p+1:]...), n: r.n - 1}
	}
	changed := make([]*Ticket, 0, len(page)-1)
	changed = append(append(changed, page[:i]...), page[i+1:]...)
	return roll{pages: replaced(r.pages, p, changed), n: r.n - 1}
}

func replaced(pages [][]*Ticket, i int, page []*Ticket) [][]*Ticket {
	pages = slices.Clone(pages)
	pages[i] = page
	return pages
}

func (r roll) all() iter.Seq[*Ticket] {
	return func(yield func(*Ticket) bool) {
		for _, page := range r.pages {
			for _, t := range page {
				if !yield(t) {
					return
				}
			}
		}
	}
}
