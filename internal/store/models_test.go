// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"cmp"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// models are the read models of a whole journal.
type models struct {
	Tickets   []store.TicketRow
	Intervals []store.IntervalRow
	Days      []store.DayRow
}

func modelsOf(tb testing.TB, s *store.Store) models {
	tb.Helper()
	days, err := s.Days(tb.Context(), "0", "9")
	if err != nil {
		tb.Fatal(err)
	}
	return models{Days: days, Tickets: rows(tb, s.Tickets(tb.Context(), "0", "9")), Intervals: rows(tb, s.Counters(tb.Context(), "0", "9"))}
}

func rows[R any](tb testing.TB, seq iter.Seq2[R, error]) []R {
	tb.Helper()
	var out []R
	for r, err := range seq {
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// sameModels holds the read models against a second reading of the journal, which
// keeps them in Go, and against a rebuild.
func sameModels(t *testing.T, s *store.Store) {
	t.Helper()
	live := modelsOf(t, s)
	if d := gocmp.Diff(fold(all(t, s)), live, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(store.DayRow{})); d != "" {
		t.Fatalf("read models (-journal +table):\n%s", d)
	}
	if err := s.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(live, modelsOf(t, s), cmpopts.EquateEmpty(), gocmp.AllowUnexported(store.DayRow{})); d != "" {
		t.Fatalf("read models (-live +rebuilt):\n%s", d)
	}
}

// folder is the second reading.
type folder struct {
	tickets map[queue.TicketID]*store.TicketRow
	models
}

func fold(records []queue.Record) models {
	f := &folder{tickets: map[queue.TicketID]*store.TicketRow{}}
	for _, r := range records {
		switch e := r.Event.(type) {
		case queue.DayOpened:
			f.endIntervals("", r.At)
			f.Days = append(f.Days, store.DayRow{Date: e.Date, Opened: r.At})
		case queue.DayClosed:
			f.endIntervals("", r.At)
			if n := len(f.Days); n > 0 {
				f.Days[n-1].Closed = r.At
			}
		case queue.CounterOpened:
			f.endIntervals(e.Counter, r.At)
			f.Intervals = append(f.Intervals, store.IntervalRow{ID: r.Seq, Counter: e.Counter, State: queue.CounterIsOpen, Began: r.At})
		case queue.CounterPaused:
			f.endIntervals(e.Counter, r.At)
			f.Intervals = append(f.Intervals, store.IntervalRow{ID: r.Seq, Counter: e.Counter, State: queue.CounterIsPaused, Reason: e.Reason, Began: r.At})
		case queue.CounterClosed:
			f.endIntervals(e.Counter, r.At)
		case queue.TicketIssued:
			row := &store.TicketRow{
				ID: e.Ticket, Number: e.Number, Series: e.Series, Ordinal: e.Ordinal, Service: e.Service, Last: e.Service,
				Class: e.Class, Channel: e.Channel, Language: e.Language, Issued: r.At, Due: e.Due, Slot: e.Slot,
			}
			if e.Printer != "" {
				row.Slip = store.SlipRow{Printer: e.Printer, Attempt: 1, Result: queue.SlipResultPending}
			}
			if _, again := f.tickets[e.Ticket]; !again {
				f.tickets[e.Ticket] = row
			}
		default:
			f.ticket(r)
		}
	}
	for _, t := range f.tickets {
		f.Tickets = append(f.Tickets, *t)
	}
	slices.SortFunc(f.Tickets, func(a, b store.TicketRow) int { return cmp.Compare(a.ID, b.ID) })
	return f.models
}

func (f *folder) endIntervals(counter queue.CounterID, at time.Time) {
	for i := range f.Intervals {
		if x := &f.Intervals[i]; x.Ended.IsZero() && (counter == "" || x.Counter == counter) {
			x.Ended = at
		}
	}
}

// of returns the row of a ticket; one that was never issued has a row that is thrown away.
func (f *folder) of(id queue.TicketID) *store.TicketRow {
	if t, ok := f.tickets[id]; ok {
		return t
	}
	return new(store.TicketRow)
}

func (f *folder) ticket(r queue.Record) {
	switch e := r.Event.(type) {
	case queue.TicketCalled:
		t := f.of(e.Ticket)
		t.Calls++
		t.Counter = e.Counter
		if t.FirstCalled.IsZero() {
			t.FirstCalled = r.At
		}
		if !t.Answered {
			t.Wait = e.Wait
		}
	case queue.TicketRecalled:
		f.of(e.Ticket).Calls++
	case queue.ServiceStarted:
		t := f.of(e.Ticket)
		t.Answered = true
		if t.Started.IsZero() {
			t.Started, t.Walk = r.At, e.Walk
		}
	case queue.TicketReturned:
		if t := f.of(e.Ticket); e.Counter == "" {
			t.Closed, t.End, t.Outcome, t.Reason = time.Time{}, "", "", ""
		}
	case queue.TicketParked:
		t := f.of(e.Ticket)
		t.Answered, t.Served = true, t.Served+e.Service
	case queue.TicketTransferred:
		t := f.of(e.Ticket)
		t.Answered, t.Served, t.Last = true, t.Served+e.Spent, e.Service
	case queue.TicketReclassified:
		f.of(e.Ticket).Class = e.Class
	case queue.TicketClosed:
		t := f.of(e.Ticket)
		t.Closed, t.End, t.Outcome, t.Reason, t.Served = r.At, e.End, e.Outcome, e.Reason, t.Served+e.Service
		t.Answered = t.Answered || e.End == queue.EndServed
	case queue.CallUndone:
		if t := f.of(e.Ticket); t.Calls > 1 {
			t.Calls--
		} else {
			t.Calls, t.Counter, t.FirstCalled, t.Wait = 0, "", time.Time{}, 0
		}
	case queue.StepUndone:
		t := f.of(e.Ticket)
		t.Closed, t.End, t.Outcome, t.Reason = time.Time{}, "", "", ""
		t.Answered, t.Served, t.Last = e.Answered, t.Served-e.Spent, e.Service
	case queue.SlipRequested:
		f.of(e.Ticket).Slip = store.SlipRow{Printer: e.Printer, Attempt: e.Attempt, Copy: e.Copy, Result: queue.SlipResultPending}
	case queue.SlipPrinted:
		f.slip(e.Ticket, e.Attempt, queue.SlipResultPrinted, e.Level, "")
	case queue.SlipSent:
		f.slip(e.Ticket, e.Attempt, queue.SlipResultSent, "", "")
	case queue.SlipFailed:
		f.slip(e.Ticket, e.Attempt, queue.SlipResultFailed, "", e.Fault)
	case queue.SlipUnknown:
		f.slip(e.Ticket, e.Attempt, queue.SlipResultUnknown, "", e.Fault)
	}
}

func (f *folder) slip(id queue.TicketID, attempt int, result queue.SlipResult, level, fault string) {
	if t := f.of(id); t.Slip.Attempt == attempt {
		t.Slip.Result, t.Slip.Level, t.Slip.Fault = result, level, fault
	}
}

// TestModels lets random commands happen over several days and compares the read
// models with the journal, with a rebuild and with the core's own view.
func TestModels(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		s := open(t, store.Options{Dir: t.TempDir()})
		dice := rand.New(rand.NewPCG(seed, 2))
		w, at := randomDays(t, s, dice)
		sameModels(t, s)
		n := 0
		for ticket := range w.View().Tickets() {
			row, ok, err := s.Ticket(t.Context(), ticket.ID)
			if err != nil || !ok {
				t.Fatalf("seed %d: ticket %s: %v", seed, ticket.Number, err)
			}
			agrees(t, ticket, row)
			n++
		}
		if n == 0 {
			t.Errorf("seed %d: no tickets on the last day", seed)
		}
		if _, ok, err := s.Ticket(t.Context(), 1); ok || err != nil {
			t.Errorf("record 1 is no ticket: %v %v", ok, err)
		}
		perDate(t, s, at)
	}
}

func randomDays(t *testing.T, s *store.Store, dice *rand.Rand) (*queue.Writer, time.Time) {
	t.Helper()
	w, err := queue.OpenWriter(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	at := queuetest.Monday()
	write := func(c queue.Command) {
		w.Write(t.Context(), at, []queue.Request{{By: queue.Actor{Role: queue.RoleSystem}, Command: c}})
	}
	write(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetTargets)})
	for range 3 {
		write(queue.OpenDay{Clock: at})
		for range 250 {
			at = at.Add(time.Duration(dice.IntN(40_000)) * time.Millisecond)
			write(queuetest.Command(dice, w.View(), at))
		}
		write(queue.CloseDay{Force: true})
		at = at.Add(24*time.Hour - at.Sub(queuetest.Monday())%(24*time.Hour))
	}
	write(queue.OpenDay{Clock: at})
	for range 100 {
		at = at.Add(10 * time.Second)
		write(queuetest.Command(dice, w.View(), at))
	}
	return w, at
}

// agrees compares a row with what the core makes of the same records.
func agrees(t *testing.T, ticket *queue.Ticket, row store.TicketRow) {
	t.Helper()
	want := store.TicketRow{
		ID: ticket.ID, Number: ticket.Number, Series: ticket.Series, Ordinal: ticket.Ordinal, Last: ticket.Service, Class: ticket.Class,
		Channel: ticket.Channel, Language: ticket.Language, Issued: ticket.Issued, Slot: ticket.Slot, Closed: ticket.Closed, End: ticket.End,
		Slip: store.SlipRow{Printer: ticket.Slip.Printer, Attempt: ticket.Slip.Attempt, Copy: ticket.Slip.Copy, Result: ticket.Slip.Result},
	}
	ignore := cmpopts.IgnoreFields(store.TicketRow{}, "Service", "Due", "Calls", "FirstCalled", "Answered", "Wait",
		"Counter", "Started", "Walk", "Served", "Outcome", "Reason", "Slip.Level", "Slip.Fault")
	if d := gocmp.Diff(want, row, ignore); d != "" {
		t.Errorf("ticket (-view +row):\n%s", d)
	}
}

// perDate cuts the journal into its days and finds each row exactly once.
func perDate(t *testing.T, s *store.Store, newest time.Time) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	var cut models
	for at := queuetest.Monday().In(zone); !at.After(newest); at = at.AddDate(0, 0, 1) {
		date := queue.DateOf(at)
		tickets := rows(t, s.Tickets(t.Context(), date, date))
		for _, row := range tickets {
			if got := queue.DateOf(row.Issued.In(zone)); got != date {
				t.Errorf("ticket %s of %s is listed on %s", row.Number, got, date)
			}
		}
		cut.Tickets = append(cut.Tickets, tickets...)
		cut.Intervals = append(cut.Intervals, rows(t, s.Counters(t.Context(), date, date))...)
		days, err := s.Days(t.Context(), date, date)
		if err != nil {
			t.Fatal(err)
		}
		cut.Days = append(cut.Days, days...)
	}
	if d := gocmp.Diff(modelsOf(t, s), cut, cmpopts.EquateEmpty(), gocmp.AllowUnexported(store.DayRow{})); d != "" {
		t.Errorf("rows (-at once +day by day):\n%s", d)
	}
}

// TestNonsense appends events in an order that the core would never decide; the
// journal takes what it is given, and the rows follow the same rules.
func TestNonsense(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	events := append(queuetest.Samples(),
		queue.TicketReturned{Ticket: 2},
		queue.TicketClosed{Ticket: 2, End: queue.EndNoShow},
		queue.SlipFailed{Ticket: 2, Attempt: 2, Fault: "jam"},
		queue.TicketCalled{Ticket: 2, Counter: "c1", Wait: 1_000},
		queue.CounterOpened{Counter: "c1"},
		queue.TicketIssued{Ticket: 3, Due: queuetest.Monday()},
		queue.TicketCalled{Ticket: 3, Counter: "c1", Wait: 2_000},
		queue.TicketClosed{Ticket: 3, End: queue.EndServed},
		queue.ServiceStarted{Ticket: 999, Counter: "c1"},
	)
	end := queue.Seq(0)
	take := func(e queue.Event) {
		var err error
		at := queuetest.Monday().Add(time.Duration(end) * time.Second)
		if end, err = s.Append(t.Context(), end, []queue.Entry{{At: at, Event: e}}); err != nil {
			t.Fatalf("%T: %v", e, err)
		}
	}
	take(queue.DayOpened{Date: "2026-11-23"}) // without a day no row is listed
	for seed := range uint64(10) {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		for _, e := range events {
			take(e)
		}
		sameModels(t, s)
	}
}

// TestRules raises the version of the read models' rules, with rows as an older
// program would have left them.
func TestRules(t *testing.T) {
	dir := t.TempDir()
	s, _ := filled(t, dir, 20)
	want := modelsOf(t, s)
	store.Execute(t, s, "UPDATE ticket SET number = 'old'")
	store.Execute(t, s, "DELETE FROM day")
	store.Execute(t, s, "UPDATE projection SET version = 0")
	closed(t, s)
	if _, err := store.Open(t.Context(), store.Options{Dir: dir, ReadOnly: true}); err == nil {
		t.Error("a reader took read models of other rules")
	}
	if d := gocmp.Diff(want, modelsOf(t, open(t, store.Options{Dir: dir})), gocmp.AllowUnexported(store.DayRow{})); d != "" {
		t.Errorf("read models (-before +rebuilt):\n%s", d)
	}
}
