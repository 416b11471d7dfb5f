// SPDX-License-Identifier: EUPL-1.2

package fate

import (
	"fmt"
	"io"
	"strings"
)

// Issued returns how many numbers were given.
func (a *Account) Issued() int {
	n := 0
	for _, l := range a.Lines {
		n += l.Numbers
	}
	return n
}

// Papers returns how many papers bear a number.
func (a *Account) Papers() int {
	n := 0
	for _, l := range a.Lines {
		n += l.Papers + l.Copies
	}
	return n
}

// Write writes the account as a table for people, with how many citizens were refused a number
// because there was no paper. It returns the error of w.
func (a *Account) Write(w io.Writer, refused int) error {
	var rows strings.Builder
	row := func(name string, cells ...any) {
		fmt.Fprintf(&rows, "%-32s"+strings.Repeat(" %8v", len(cells))+"\n", append([]any{name}, cells...)...)
	}
	row("what became of the slips", "numbers", "papers", "copies")
	papers, copies := 0, 0
	for _, l := range a.Lines {
		if l.Numbers > 0 {
			row(l.Fate.String(), l.Numbers, l.Papers, l.Copies)
		}
		papers, copies = papers+l.Papers, copies+l.Copies
	}
	row("issued", a.Issued(), papers, copies)
	row("refused, no number given", refused)
	row("pieces that bear no number", "", a.Pieces)
	if _, err := io.WriteString(w, rows.String()); err != nil {
		return fmt.Errorf("fate: write the table: %w", err)
	}
	return nil
}

// Wrong says what in the ledger of a day that is over does not add up; nil: it does. Each number has
// the papers that its fate allows, and each paper a number that somebody was given.
func (l *Ledger) Wrong() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var wrong []string
	say := func(format string, a ...any) { wrong = append(wrong, fmt.Sprintf(format, a...)) }
	papers, copies, _ := l.count()
	given := map[string]bool{}
	for _, s := range l.slips {
		given[s.number] = true
		f := s.fate()
		least, most, leastCopies, mostCopies := f.allows()
		if n := papers[s.number]; n < least || n > most {
			say("%s: %s, and %d unmarked papers came out", s.number, f, n)
		}
		if n := copies[s.number]; n < leastCopies || n > mostCopies {
			say("%s: %s, and %d marked copies came out", s.number, f, n)
		}
		if f == Pending {
			say("%s: nobody has said what became of its paper", s.number)
		}
	}
	for i := range l.sheets {
		seen := 0
		for _, n := range l.sheets[i].Numbers {
			switch {
			case !looksLikeOne(n):
			case !given[n]:
				say("a paper of %s came out, a number that nobody was given", n)
			default:
				seen++
			}
		}
		if seen > 1 {
			say("one paper bears %v", l.sheets[i].Numbers)
		}
	}
	return wrong
}

// allows returns how many papers of a number the fate allows, without and with a mark.
func (f Fate) allows() (least, most, leastCopies, mostCopies int) {
	switch f {
	case PrintedA, PrintedB, PrintedC:
		return 1, 1, 0, 0
	case Sent, Kept, Void, CopyFailed:
		return 0, 1, 0, 0
	case Copied:
		return 0, 1, 1, 1
	case CopySent, CopyDoubt:
		return 0, 1, 0, 1
	}
	return 0, 0, 0, 0
}
