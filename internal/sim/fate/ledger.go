// SPDX-License-Identifier: EUPL-1.2

// Package fate keeps account of a day's slips: what the journal says became of each number's paper,
// beside the papers that came out of the printers.
package fate

import (
	"slices"
	"sync"

	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// Fate is what became of a number's paper.
type Fate int

// The fates, as the journal tells them.
const (
	PrintedA   Fate = iota // the printer named the slip when it was out
	PrintedB               // it worked off everything up to the cut, or counted the cut
	PrintedC               // it had the time, and was well afterwards
	Sent                   // nothing comes back from the printer
	Copied                 // nobody knows, and a marked copy was printed
	CopySent               // nobody knows, and a marked copy went to a printer that never answers
	CopyDoubt              // nobody knows, of the marked copy neither
	CopyFailed             // nobody knows, and the marked copy did not begin
	Void                   // nobody knows, and the number was taken back
	Kept                   // nobody knows, and the number stays on the screen alone
	Failed                 // not a byte of it went out: the number stood on the screen
	Screen                 // no printer was ready when the number was given
	Pending                // the journal does not say; at the end of a day, a fault
	fates
)

// String returns the fate as the table writes it.
func (f Fate) String() string {
	return [...]string{
		"printed: the printer named it", "printed: worked off and cut", "printed: in the time it takes",
		"sent: nothing comes back",
		"unknown, a marked copy printed", "unknown, a marked copy sent", "unknown, its copy too", "unknown, its copy failed", "unknown, number void", "unknown, number kept",
		"failed, number on the screen", "no paper asked for", "on its way",
	}[f]
}

// Ledger is the account of the slips of one day. The zero value is an empty one; its methods may be
// called from several goroutines.
type Ledger struct {
	mu     sync.Mutex
	slips  []*slip // in the order of their numbers' issue
	byID   map[queue.TicketID]*slip
	sheets []paper.Sheet
}

// slip is what the journal says of a number.
type slip struct {
	number string
	asked  bool // for paper
	copy   bool // the newest attempt is a marked copy
	first  queue.SlipResult
	level  string
	second queue.SlipResult // of the newest marked copy; "" none
	doubt  bool             // nobody knows of the unmarked paper
	void   bool
}

// Record takes the next record of the journal.
func (l *Ledger) Record(r queue.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := r.Event.(type) {
	case queue.TicketIssued:
		if l.byID == nil {
			l.byID = map[queue.TicketID]*slip{}
		}
		s := &slip{number: e.Number, asked: e.Printer != "", first: queue.SlipResultPending}
		l.slips, l.byID[e.Ticket] = append(l.slips, s), s
	case queue.SlipRequested:
		if s := l.byID[e.Ticket]; s != nil {
			s.asked, s.copy = true, e.Copy
			s.end(queue.SlipResultPending, "")
		}
	case queue.SlipPrinted:
		l.byID[e.Ticket].end(queue.SlipResultPrinted, e.Level)
	case queue.SlipSent:
		l.byID[e.Ticket].end(queue.SlipResultSent, "")
	case queue.SlipFailed:
		l.byID[e.Ticket].end(queue.SlipResultFailed, "")
	case queue.SlipUnknown:
		l.byID[e.Ticket].end(queue.SlipResultUnknown, "")
	case queue.TicketClosed:
		if s := l.byID[e.Ticket]; s != nil {
			s.void = e.End == queue.EndVoid
		}
	}
}

// end notes how the newest attempt stands. A number from before the ledger's first record is nil.
func (s *slip) end(result queue.SlipResult, level string) {
	switch {
	case s == nil:
	case s.copy:
		s.second = result
	default:
		s.first, s.level = result, level
		s.doubt = result == queue.SlipResultUnknown
	}
}

// Sheet takes a paper that came out.
func (l *Ledger) Sheet(s paper.Sheet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sheets = append(l.sheets, s)
}

func (s *slip) fate() Fate {
	switch {
	case !s.asked:
		return Screen
	case s.first == queue.SlipResultPending || s.second == queue.SlipResultPending:
		return Pending
	case !s.doubt:
		return s.settled()
	case s.void && s.second == "":
		return Void
	}
	switch s.second {
	case queue.SlipResultPrinted:
		return Copied
	case queue.SlipResultFailed:
		return CopyFailed
	case queue.SlipResultSent:
		return CopySent
	case queue.SlipResultUnknown:
		return CopyDoubt
	case queue.SlipResultPending:
	}
	return Kept
}

// settled is the fate of a slip of which no doubt is left.
func (s *slip) settled() Fate {
	switch {
	case s.first == queue.SlipResultSent:
		return Sent
	case s.first == queue.SlipResultFailed:
		return Failed
	case s.level == "A":
		return PrintedA
	case s.level == "B":
		return PrintedB
	}
	return PrintedC
}

// Line is a line of the account: the numbers of one fate, and the papers that bear them.
type Line struct {
	Fate    Fate
	Numbers int
	Papers  int // without a mark
	Copies  int // marked
}

// Account is the whole of a ledger.
type Account struct {
	Lines  []Line // of each fate, in their order
	Pieces int    // papers that bear no number: what was cut off, or cut short
	Sheets int    // papers, with a number or without
}

// Account adds up what is known so far.
func (l *Ledger) Account() Account {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := Account{Lines: make([]Line, fates), Sheets: len(l.sheets)}
	papers, copies, pieces := l.count()
	for i := range a.Lines {
		a.Lines[i].Fate = Fate(i)
	}
	for _, s := range l.slips {
		line := &a.Lines[s.fate()]
		line.Numbers++
		line.Papers += papers[s.number]
		line.Copies += copies[s.number]
	}
	a.Pieces = pieces
	return a
}

// count counts the papers of each number. The caller holds mu.
func (l *Ledger) count() (papers, copies map[string]int, pieces int) {
	papers, copies = map[string]int{}, map[string]int{}
	for i := range l.sheets {
		s := &l.sheets[i]
		numbers := slices.DeleteFunc(slices.Clone(s.Numbers), func(n string) bool { return !looksLikeOne(n) })
		for _, n := range numbers {
			if s.Copy == "" {
				papers[n]++
			} else {
				copies[n]++
			}
		}
		if len(numbers) == 0 {
			pieces++
		}
	}
	return papers, copies, pieces
}

// looksLikeOne reports whether the largest text of a sheet is a number: letters, then digits. On a
// slip that was cut short it is something else.
func looksLikeOne(text string) bool {
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z' && digits == 0:
		default:
			return false
		}
	}
	return digits > 0 && digits < len(text)
}
