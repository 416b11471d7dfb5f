// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/avanti-queue/avanti/queue"
)

// Recorded are tickets that an office has written down, in the order of issue.
type Recorded struct {
	Tickets []Visit
	Rows    int // of the file, without its header
	// Faults are what is wrong with the file, in its order. Rows that are named are not
	// used, but for [FaultOrder].
	Faults []Fault
}

// Visit is one ticket. Times are whole milliseconds.
type Visit struct {
	Line    int // of the file
	Issued  time.Time
	Called  time.Time // zero: never
	Ended   time.Time // zero: nobody knows
	Service string
	Counter string // that called; "" if nobody did
	Class   string // "": the office has none
	Outcome queue.End
}

// Fault is something wrong with a line.
type Fault struct {
	Line int
	Kind FaultKind
	What string // more of it; hostile text is quoted
}

// FaultKind is what is wrong.
type FaultKind string

// The faults.
const (
	FaultSyntax   FaultKind = "syntax"       // no CSV, or another number of columns
	FaultTime     FaultKind = "time"         // a time that is missing or cannot be read
	FaultNegative FaultKind = "negative"     // called before it was issued, ended before it was called
	FaultLong     FaultKind = "too long"     // a wait above 16 hours, a service above 8
	FaultService  FaultKind = "service"      // none, or not one of those that are known
	FaultCounter  FaultKind = "counter"      // called by nobody, or a name that is none
	FaultOutcome  FaultKind = "outcome"      // a word that is not known, or one that does not agree with the times
	FaultGap      FaultKind = "gap"          // called, and when it ended is missing
	FaultOverlap  FaultKind = "overlap"      // the counter had another one then
	FaultOrder    FaultKind = "out of order" // issued before the row above; used at its place in time
)

// Format says how a file of tickets is read.
type Format struct {
	Zone     *time.Location // of times without one; nil: UTC
	Services []string       // those that are known; nil: all
}

const (
	maxWait    = 16 * time.Hour
	maxService = 8 * time.Hour
	maxName    = 64
	maxNames   = 500       // services, counters or classes
	maxRows    = 5_000_000 // more are no office
)

// columns are those of a file, in any order; others are not looked at.
func columns() []string {
	return []string{"issued", "called", "ended", "service", "counter", "class", "outcome"}
}

// Read reads a file of tickets: CSV with comma or semicolon, its first line the names of
// the columns. It fails when the file cannot be read at all, or when fewer than half of
// its rows can be used: figures from such a file would say nothing.
func Read(from io.Reader, f Format) (*Recorded, error) {
	if f.Zone == nil {
		f.Zone = time.UTC
	}
	rows, place, err := open(from)
	if err != nil {
		return nil, err
	}
	out := &Recorded{}
	for {
		fields, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if out.Rows++; out.Rows > maxRows {
			return nil, fmt.Errorf("more than %d rows", maxRows)
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			if bad.Line != bad.StartLine {
				return nil, fmt.Errorf("line %d: a quote that is not closed", bad.StartLine)
			}
			out.fault(bad.Line, FaultSyntax, bad.Err.Error())
			continue
		} else if err != nil {
			return nil, err
		}
		line, _ := rows.FieldPos(0)
		v := Visit{Line: line}
		if kind, what := v.read(func(column string) string { return fields[place[column]] }, &f); kind != "" {
			out.fault(line, kind, what)
			continue
		}
		out.Tickets = append(out.Tickets, v)
	}
	out.sort()
	out.overlaps()
	if err := out.bounded(); err != nil {
		return nil, err
	}
	if 2*len(out.Tickets) < out.Rows || out.Rows == 0 {
		return nil, fmt.Errorf("%d of %d rows can be used%s", len(out.Tickets), out.Rows, out.first())
	}
	return out, nil
}

// open reads the header and finds the columns.
func open(from io.Reader) (rows *csv.Reader, place map[string]int, err error) {
	text := &header{from: from}
	line, err := text.line()
	if err != nil {
		return nil, nil, err
	}
	rows = csv.NewReader(io.MultiReader(strings.NewReader(line), from))
	if strings.Count(line, ";") > strings.Count(line, ",") {
		rows.Comma = ';'
	}
	rows.ReuseRecord = true
	names, err := rows.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("the first line: %w", err)
	}
	place = map[string]int{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := place[name]; twice && slices.Contains(columns(), name) {
			return nil, nil, fmt.Errorf("the first line names %q twice", name)
		}
		place[name] = i
	}
	for _, column := range columns() {
		if _, ok := place[column]; !ok {
			return nil, nil, fmt.Errorf("the first line names no column %q; want %s", column, strings.Join(columns(), ", "))
		}
	}
	return rows, place, nil
}

// header reads the first line, byte by byte, so that the rest stays where it is.
type header struct{ from io.Reader }

func (h *header) line() (string, error) {
	var out []byte
	for one := make([]byte, 1); len(out) < 4096; {
		n, err := h.from.Read(one)
		out = append(out, one[:n]...)
		if n > 0 && one[0] == '\n' || errors.Is(err, io.EOF) {
			return strings.TrimPrefix(string(out), "\ufeff"), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", errors.New("the first line has more than 4096 bytes: want the names of the columns")
}

func (r *Recorded) fault(line int, kind FaultKind, what string) {
	r.Faults = append(r.Faults, Fault{Line: line, Kind: kind, What: what})
}

// first tells the first fault.
func (r *Recorded) first() string {
	if len(r.Faults) == 0 {
		return ""
	}
	f := r.Faults[0]
	return fmt.Sprintf("; the first fault: line %d: %s: %s", f.Line, f.Kind, f.What)
}

// sort brings the tickets into the order of issue, and names those that were not.
func (r *Recorded) sort() {
	var newest time.Time
	for _, v := range r.Tickets {
		if v.Issued.Before(newest) {
			r.fault(v.Line, FaultOrder, "issued "+v.Issued.Format(time.DateTime)+", before the row above")
		} else {
			newest = v.Issued
		}
	}
	slices.SortStableFunc(r.Tickets, func(a, b Visit) int { return a.Issued.Compare(b.Issued) })
}

// overlaps takes out those whom a counter called while it had another one.
func (r *Recorded) overlaps() {
	calls := make([]int, 0, len(r.Tickets))
	for i, v := range r.Tickets {
		if !v.Called.IsZero() {
			calls = append(calls, i)
		}
	}
	slices.SortStableFunc(calls, func(a, b int) int { return r.Tickets[a].Called.Compare(r.Tickets[b].Called) })
	until, drop := map[string]time.Time{}, map[int]bool{}
	for _, i := range calls {
		v := &r.Tickets[i]
		if v.Called.Before(until[v.Counter]) {
			r.fault(v.Line, FaultOverlap, fmt.Sprintf("counter %q had another one until %s", v.Counter, until[v.Counter].Format(time.DateTime)))
			drop[i] = true
			continue
		}
		until[v.Counter] = v.Ended
	}
	kept := r.Tickets[:0]
	for i, v := range r.Tickets {
		if !drop[i] {
			kept = append(kept, v)
		}
	}
	r.Tickets = kept
	slices.SortStableFunc(r.Faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
}

// bounded refuses files whose names are no names: a mistaken column has thousands.
func (r *Recorded) bounded() error {
	services, counters, classes := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, v := range r.Tickets {
		services[v.Service], counters[v.Counter], classes[v.Class] = true, true, true
	}
	if n := max(len(services), len(counters), len(classes)); n > maxNames {
		return fmt.Errorf("%d different services, counters or classes: is it another column?", n)
	}
	return nil
}

func name(s string) bool {
	return s != "" && len(s) <= maxName && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
}
