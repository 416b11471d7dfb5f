// SPDX-License-Identifier: EUPL-1.2

// Package tray is where the simulated printers' papers fall: it keeps the last ones and shows them on
// a page of the simulator's own.
package tray

import (
	"slices"
	"sync"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// keep is how many papers lie in the tray.
const keep = 12

// Tray keeps the newest papers. The zero value is empty; its methods may be called from several
// goroutines.
type Tray struct {
	mu     sync.Mutex
	count  int
	papers []slip // the newest last
}

// slip is a paper with its place in the order of all.
type slip struct {
	ID      int // from 1
	Printer string
	paper.Sheet
}

// Add lays a paper on top. The oldest one may fall out.
func (t *Tray) Add(printer string, s paper.Sheet) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	t.papers = append(t.papers, slip{t.count, printer, s})
	if len(t.papers) > keep {
		t.papers = slices.Delete(t.papers, 0, 1)
	}
}

// newest returns the papers, the newest first, and how many there were in all.
func (t *Tray) newest() (papers []slip, count int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	papers = slices.Clone(t.papers)
	slices.Reverse(papers)
	return papers, t.count
}

// find returns the paper of that id, if it still lies here.
func (t *Tray) find(id int) (slip, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.papers, func(s slip) bool { return s.ID == id })
	if i < 0 {
		return slip{}, false
	}
	return t.papers[i], true
}
