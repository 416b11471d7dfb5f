// SPDX-License-Identifier: EUPL-1.2

package fate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/sim/fate"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// day writes a ledger: of each number the events behind its issue, and the papers that came out.
type day struct {
	fate.Ledger
	last queue.TicketID
}

func (d *day) number(number, printer string, events ...func(queue.TicketID) queue.Event) {
	d.last++
	d.Record(queue.Record{Event: queue.TicketIssued{Ticket: d.last, Number: number, Printer: printer}})
	for _, e := range events {
		d.Record(queue.Record{Event: e(d.last)})
	}
}

func printed(attempt int, level string) func(queue.TicketID) queue.Event {
	return func(id queue.TicketID) queue.Event {
		return queue.SlipPrinted{Ticket: id, Attempt: attempt, Level: level}
	}
}

func unknown(attempt int) func(queue.TicketID) queue.Event {
	return func(id queue.TicketID) queue.Event { return queue.SlipUnknown{Ticket: id, Attempt: attempt} }
}

func failed(attempt int) func(queue.TicketID) queue.Event {
	return func(id queue.TicketID) queue.Event { return queue.SlipFailed{Ticket: id, Attempt: attempt} }
}

func sent(attempt int) func(queue.TicketID) queue.Event {
	return func(id queue.TicketID) queue.Event { return queue.SlipSent{Ticket: id, Attempt: attempt} }
}

func asked(attempt int, marked bool) func(queue.TicketID) queue.Event {
	return func(id queue.TicketID) queue.Event {
		return queue.SlipRequested{Ticket: id, Attempt: attempt, Printer: "p", Copy: marked}
	}
}

func ended(end queue.End) func(queue.TicketID) queue.Event {
	return func(id queue.TicketID) queue.Event { return queue.TicketClosed{Ticket: id, End: end} }
}

func (d *day) paper(mark string, numbers ...string) {
	d.Sheet(paper.Sheet{Numbers: numbers, Copy: mark})
}

// wholeDay has each fate once.
func wholeDay() *day {
	d := &day{}
	d.number("A001", "p", printed(1, "A"), ended(queue.EndServed))
	d.number("A002", "p", failed(1), asked(2, false), printed(2, "B"))
	d.number("A003", "p", printed(1, "C"))
	d.number("A004", "p", sent(1))
	d.number("A005", "p", unknown(1), asked(2, true), printed(2, "A"))
	d.number("A006", "p", unknown(1), asked(2, true), sent(2))
	d.number("A007", "p", unknown(1), asked(2, true), unknown(2))
	d.number("A008", "p", unknown(1), asked(2, true), failed(2))
	d.number("A009", "p", unknown(1), ended(queue.EndVoid))
	d.number("A010", "p", unknown(1), ended(queue.EndServed))
	d.number("A011", "p", failed(1))
	d.number("A012", "", ended(queue.EndVoid))
	for _, n := range []string{"A001", "A002", "A003", "A004", "A005", "A009"} {
		d.paper("", n)
	}
	d.paper("DUPLICATO", "A005")
	d.paper("DUPLICATO", "A007")
	d.paper("", "Certificati") // cut short
	d.paper("")
	return d
}

func TestEveryFateIsTold(t *testing.T) {
	d := wholeDay()
	if wrong := d.Wrong(); wrong != nil {
		t.Errorf("%q", wrong)
	}
	var table strings.Builder
	a := d.Account()
	if err := a.Write(&table, 4); err != nil {
		t.Fatal(err)
	}
	want := `what became of the slips          numbers   papers   copies
printed: the printer named it           1        1        0
printed: worked off and cut             1        1        0
printed: in the time it takes           1        1        0
sent: nothing comes back                1        1        0
unknown, a marked copy printed          1        1        1
unknown, a marked copy sent             1        0        0
unknown, its copy too                   1        0        1
unknown, its copy failed                1        0        0
unknown, number void                    1        1        0
unknown, number kept                    1        0        0
failed, number on the screen            1        0        0
no paper asked for                      1        0        0
issued                                 12        6        2
refused, no number given                4
pieces that bear no number                       2
`
	if d := cmp.Diff(want, table.String()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if a.Issued() != 12 || a.Papers() != 8 || a.Sheets != 10 || a.Sheets != a.Papers()+a.Pieces {
		t.Errorf("issued %d, papers %d, sheets %d", a.Issued(), a.Papers(), a.Sheets)
	}
}

// TestWhatDoesNotAddUp takes the whole day and spoils one thing.
func TestWhatDoesNotAddUp(t *testing.T) {
	for want, spoil := range map[string]func(d *day){
		"A001: printed: the printer named it, and 2 unmarked papers": func(d *day) { d.paper("", "A001") },
		"A010: unknown, number kept, and 2 unmarked papers":          func(d *day) { d.paper("", "A010"); d.paper("", "A010") },
		"A011: failed, number on the screen, and 1 unmarked papers":  func(d *day) { d.paper("", "A011") },
		"A012: no paper asked for, and 1 unmarked papers":            func(d *day) { d.paper("", "A012") },
		"A008: unknown, its copy failed, and 1 marked copies":        func(d *day) { d.paper("DUPLICATO", "A008") },
		"A005: unknown, a marked copy printed, and 2 marked copies":  func(d *day) { d.paper("DUPLICATO", "A005") },
		"B001: printed: worked off and cut, and 0 unmarked papers":   func(d *day) { d.number("B001", "p", printed(1, "B")) },
		"B002: nobody has said":                                      func(d *day) { d.number("B002", "p") },
		"B003: nobody has said":                                      func(d *day) { d.number("B003", "p", unknown(1), asked(2, true)) },
		"a paper of Z099 came out":                                   func(d *day) { d.paper("", "Z099") },
		"one paper bears [A004 A010]": func(d *day) {
			*d = day{}
			d.number("A004", "p", sent(1))
			d.number("A010", "p", sent(1))
			d.paper("", "A004", "A010")
		},
	} {
		d := wholeDay()
		spoil(d)
		if wrong := d.Wrong(); len(wrong) != 1 || !strings.HasPrefix(wrong[0], want) {
			t.Errorf("%q, want %q", wrong, want)
		}
	}
}
