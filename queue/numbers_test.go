// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// cardsOf is an office whose cards have a series of their own.
func cardsOf(series queue.Series) queue.Settings {
	return office(func(s *queue.Settings) { series.ID = "b"; s.Series[1] = series })
}

func (h *hall) take(n int) (numbers []string) {
	h.t.Helper()
	for range n {
		numbers = append(numbers, h.issue(queue.IssueTicket{Service: "cards"}).Number)
	}
	return numbers
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestNumbersOnPaper(t *testing.T) {
	for _, test := range []struct {
		series queue.Series
		want   []string
	}{
		{queue.Series{Prefix: "B", Width: 2, First: 1, Last: 20}, []string{"B01", "B02"}},
		{queue.Series{Prefix: "", Width: 4, First: 0, Last: 9999}, []string{"0000", "0001"}},
		{queue.Series{Prefix: "C1E", Width: 3, First: 500, Last: 501}, []string{"C1E500", "C1E501"}},
		{queue.Series{Prefix: "B", Width: 1, First: 8, Last: 9}, []string{"B8", "B9"}},
	} {
		h := newHall(t, cardsOf(test.series))
		same(t, "numbers", test.want, h.take(2))
	}
}

// TestNumbersWrap: after the last comes the first, without those alive.
func TestNumbersWrap(t *testing.T) {
	h := newHall(t, cardsOf(queue.Series{Prefix: "B", Width: 1, First: 1, Last: 4}))
	h.do(queue.OpenCounter{Counter: "c3"}, queue.OpenCounter{Counter: "c2"})
	same(t, "first round", []string{"B1", "B2", "B3", "B4"}, h.take(4))
	if r := h.refusal(queue.IssueTicket{Service: "cards"}); r.Code != queue.RefusedExhausted {
		t.Errorf("%v, want that every number is alive", r)
	}
	h.next("c3") // B1 is called
	h.next("c2") // B2 is parked
	h.do(queue.Park{Counter: "c2"})
	h.next("c2") // B3 is served
	h.do(queue.Finish{Counter: "c2"})
	same(t, "second round", []string{"B3"}, h.take(1))
	if r := h.refusal(queue.IssueTicket{Service: "cards"}); r.Code != queue.RefusedExhausted {
		t.Errorf("%v, want that every number is alive", r)
	}
	h.do(queue.Finish{Counter: "c3"})
	h.reopen()
	same(t, "third round", []string{"B1"}, h.take(1))
	if number := h.issue(queue.IssueTicket{Service: "papers"}).Number; number != "A001" {
		t.Errorf("the other series gives %s", number)
	}
}

// TestNumbersAndDays: each day from the first number; a day that is opened again goes on.
func TestNumbersAndDays(t *testing.T) {
	h := newHall(t, cardsOf(queue.Series{Prefix: "B", Width: 1, First: 1, Last: 3}))
	again := func() {
		h.do(queue.CloseDay{}, queue.OpenDay{Clock: h.at})
		h.reopen()
	}
	same(t, "the morning", []string{"B1", "B2"}, h.take(2))
	again()
	same(t, "opened again", []string{"B3"}, h.take(1))
	again() // the next number lies behind the last
	again() // and stays there
	same(t, "opened again and again", []string{"B1"}, h.take(1))
	if date, _ := h.view().Day(); date != "2026-11-23" {
		t.Fatalf("it is %s", date)
	}
	h.do(queue.CloseDay{})
	h.wait(24 * time.Hour)
	h.do(queue.OpenDay{Clock: h.at})
	same(t, "the next day", []string{"B1"}, h.take(1))
}

// TestNoShowComesBackAfterWrap: a number that is alive anew cannot come back a second time.
func TestNoShowComesBackAfterWrap(t *testing.T) {
	settings := cardsOf(queue.Series{Prefix: "B", Width: 1, First: 1, Last: 2})
	settings.NoShow.Calls, settings.NoShow.After = 1, 0
	h := newHall(t, settings)
	h.do(queue.OpenCounter{Counter: "c3"})
	gone := h.issue(queue.IssueTicket{Service: "cards"})
	h.next("c3")
	h.do(queue.GiveUp{Counter: "c3"})
	same(t, "the others", []string{"B2", "B1"}, h.take(2))
	if r := h.refusal(queue.Unpark{Ticket: gone.ID}); r.Code != queue.RefusedStatus {
		t.Errorf("%v, want a refusal: another citizen has B1 now", r)
	}
	same(t, "calls", []string{"B2", "B1"}, h.serve("c3"))
	h.do(queue.Unpark{Ticket: gone.ID}) // the other one has gone
	same(t, "while B1 is back", []string{"B2"}, h.take(1))
}

// TestNumbersStayInTheirRange: a series that is made shorter or longer during the day.
func TestNumbersStayInTheirRange(t *testing.T) {
	series := queue.Series{Prefix: "B", Width: 2, First: 1, Last: 20}
	h := newHall(t, cardsOf(series))
	h.do(queue.OpenCounter{Counter: "c3"})
	h.take(5)
	h.serve("c3")
	series.First, series.Last = 30, 31
	h.do(queue.ChangeSettings{Settings: cardsOf(series)})
	same(t, "numbers further on", []string{"B30", "B31"}, h.take(2))
	h.serve("c3")
	series.First, series.Last = 1, 40
	h.do(queue.ChangeSettings{Settings: cardsOf(series)})
	same(t, "numbers in both", []string{"B32"}, h.take(1))
}

// TestPrintedNumbersDiffer holds what validation lets pass against what is printed:
// no two series may print the same number.
func TestPrintedNumbersDiffer(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	s.Series[0] = queue.Series{ID: "a", Prefix: "A", Width: 3, First: 1, Last: 999} // A101
	s.Series[1] = queue.Series{ID: "b", Prefix: "A1", Width: 2, First: 1, Last: 99} // A101
	if faults := s.Validate(); len(faults) != 1 || faults[0].Field != "series[1].prefix" {
		t.Errorf("two series that both print A101: faults %v, want one at series[1].prefix", faults)
	}
}
