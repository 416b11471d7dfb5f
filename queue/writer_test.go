// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// write gives a batch and returns the answers.
func (h *hall) write(batch ...queue.Request) []queue.Result {
	h.t.Helper()
	results, _ := h.writer.Write(context.WithoutCancel(h.t.Context()), h.at, batch)
	if len(results) != len(batch) {
		h.t.Fatalf("%d answers to %d requests", len(results), len(batch))
	}
	return results
}

// press is a request with an id.
func press(id queue.RequestID, c queue.Command) queue.Request {
	return queue.Request{By: queue.Actor{Role: queue.RoleCounter, ID: "box-1", Request: id}, Command: c}
}

// refusedAs checks an answer.
func refusedAs(t *testing.T, what string, r queue.Result, code queue.RefusalCode) {
	t.Helper()
	if refusal, ok := errors.AsType[*queue.Refusal](r.Err); !ok || refusal.Code != code || len(r.Records) > 0 {
		t.Errorf("%s: %d records and %v, want a refusal as %s", what, len(r.Records), r.Err, code)
	}
}

// TestBatch: each request is decided on what those in front of it leave, and all are
// committed with one append.
func TestBatch(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	appends := h.journal.appends
	results, records := h.writer.Write(t.Context(), h.at, []queue.Request{
		press("1", queue.IssueTicket{Service: "papers"}),                 // record 3
		press("2", queue.OpenCounter{Counter: "c1", Seen: 2}),            // 4
		press("3", queue.OpenCounter{Counter: "c1", Seen: 2}),            // has moved on
		press("4", queue.CallNext{Counter: "c1", Seen: 4}),               // 5
		press("5", queue.CallNext{Counter: "c1", Seen: 5}),               // is busy
		press("6", queue.Void{Ticket: 3, Reason: "torn"}),                // 6
		press("7", queue.CallNext{Counter: "c1", Seen: 6}),               // nobody is left
		press("8", queue.Transfer{Counter: "c1", To: "c2", Seen: 6}),     // nobody is there
		{By: manager(), Command: queue.IssueTicket{Service: "papers"}},   // 7
		{By: manager(), Command: queue.IssueTicket{Service: "papers"}},   // 8: no id, no twin
		{By: manager(), Command: nil},                                    // no wish
		press("9", queue.CloseDay{}),                                     // 9 to 11
		press("10", queue.IssueTicket{Service: "papers", Class: "slow"}), // too late
	})
	if got := h.journal.appends - appends; got != 1 {
		t.Errorf("%d appends, want one", got)
	}
	want := [][]queue.Seq{{3}, {4}, nil, {5}, nil, {6}, nil, nil, {7}, {8}, nil, {9, 10, 11}, nil}
	var all []queue.Record
	for i, r := range results {
		var got []queue.Seq
		for _, record := range r.Records {
			got = append(got, record.Seq)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("request %d, %v (-want +got):\n%s", i+1, r.Err, diff)
		}
		all = append(all, r.Records...)
	}
	if diff := cmp.Diff(all, records); diff != "" {
		t.Errorf("what was committed (-answers +all):\n%s", diff)
	}
	for i, code := range map[int]queue.RefusalCode{
		2: queue.RefusedConflict, 4: queue.RefusedCounterBusy, 6: queue.RefusedNobody, 7: queue.RefusedCounterFree,
		10: queue.RefusedInvalid, 12: queue.RefusedDayClosed,
	} {
		refusedAs(t, "in the batch", results[i], code)
	}
	if results, records := h.writer.Write(t.Context(), h.at, nil); len(results)+len(records) > 0 {
		t.Errorf("no request gives %v, %v", results, records)
	}
}

// TestAnswersAreApart: what one does with an answer does not reach another's.
func TestAnswersAreApart(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	var batch []queue.Request
	for range 5 {
		batch = append(batch, queue.Request{By: manager(), Command: queue.IssueTicket{Service: "papers"}})
	}
	results := h.write(batch...)
	for i, r := range results {
		_ = append(r.Records, queue.Record{Seq: -1})
		if i > 0 && results[i].Records[0].Seq != queue.Seq(3+i) {
			t.Errorf("answer %d was overwritten through answer %d", i, i-1)
		}
	}
}

// TestSameRequest: one press that arrives any number of times calls one citizen.
func TestSameRequest(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.do(queue.IssueTicket{Service: "papers"}, queue.IssueTicket{Service: "papers"}, queue.OpenCounter{Counter: "c1"})
	call := press("boot-7/42", queue.CallNext{Counter: "c1", Seen: 5})
	answers := h.write(call, press("other", queue.IssueTicket{Service: "papers"}), call)
	answers = append(answers[:1], answers[2], h.write(call)[0])
	h.do(queue.Finish{Counter: "c1"})
	answers = append(answers, h.write(call)[0])
	h.reopen()
	answers = append(answers, h.write(call)[0])
	h.do(queue.CloseDay{}, queue.OpenDay{Clock: h.at})
	h.wait(24*time.Hour - time.Millisecond)
	h.do(queue.CloseDay{}, queue.OpenDay{Clock: h.at})
	h.write(press("the newest", queue.OpenCounter{Counter: "c2", Seen: h.view().Seq()}))
	answers = append(answers, h.write(call)[0])
	h.reopen()
	answers = append(answers, h.write(call)[0])
	for i, a := range answers {
		if diff := cmp.Diff(answers[0], a); diff != "" || a.Err != nil {
			t.Errorf("answer %d, %v (-first +this):\n%s", i, a.Err, diff)
		}
	}
	calls := 0
	for r, err := range h.journal.Records(t.Context(), 0) {
		if _, ok := r.Event.(queue.TicketCalled); ok || err != nil {
			calls++
		}
	}
	if calls != 1 {
		t.Errorf("%d citizens were called", calls)
	}
}

// TestSameRequestOfManyRecords: an answer is whole, however many records it has.
func TestSameRequestOfManyRecords(t *testing.T) {
	h := newHall(t, office(func(s *queue.Settings) { s.FinishOnNext = true }))
	h.do(queue.IssueTicket{Service: "papers"}, queue.IssueTicket{Service: "papers"}, queue.OpenCounter{Counter: "c1"}, queue.CallNext{Counter: "c1"})
	next, end := press("next", queue.CallNext{Counter: "c1", Seen: 6}), press("end", queue.CloseDay{Force: true})
	given := h.write(next, end)
	h.reopen()
	if diff := cmp.Diff(given, h.write(next, end)); diff != "" || len(given[0].Records) != 2 || len(given[1].Records) != 2 {
		t.Errorf("%v (-first +again):\n%s", given, diff)
	}
}

// TestRequestOfAnother: an id belongs to its author.
func TestRequestOfAnother(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	issue := queue.IssueTicket{Service: "papers"}
	others := []queue.Request{
		{By: queue.Actor{Role: queue.RoleCounter, ID: "box-2", Request: "x"}, Command: issue},
		{By: queue.Actor{Role: queue.RoleKiosk, ID: "box-1", Request: "x"}, Command: issue},
	}
	stranger := func(when string) {
		t.Helper()
		for _, o := range others {
			refusedAs(t, when, h.write(o)[0], queue.RefusedReused)
		}
	}
	results := h.write(append([]queue.Request{press("x", issue)}, others...)...)
	if results[0].Err != nil {
		t.Fatal(results[0].Err)
	}
	refusedAs(t, "in the same batch", results[1], queue.RefusedReused)
	refusedAs(t, "in the same batch", results[2], queue.RefusedReused)
	stranger("later")
	h.reopen()
	stranger("after a restart")
	if again := h.write(press("x", issue))[0]; again.Err != nil || len(again.Records) != 1 || again.Records[0].Seq != 3 {
		t.Errorf("the author gets %v, %v", again.Records, again.Err)
	}
	others[0].By.Request, others[1].By.Request = "y", "y"
	refusedAs(t, "a refusal", h.write(press("y", queue.Cancel{Ticket: 99}))[0], queue.RefusedUnknownTicket)
	stranger("of a refusal")
}

// TestRequestsAreForgotten: not before a day has passed, but then.
func TestRequestsAreForgotten(t *testing.T) {
	h := openHall(t, queuetest.Office(queue.PresetFIFO)) // the invariants know no forgetting
	issue := press("x", queue.IssueTicket{Service: "papers"})
	h.write(issue)
	h.wait(24*time.Hour + time.Millisecond)
	h.write(press("y", queue.IssueTicket{Service: "papers"}))
	if r := h.write(issue)[0]; r.Err != nil || r.Records[0].Seq != 5 {
		t.Errorf("%v, %v; want a new ticket", r.Records, r.Err)
	}
	if r := h.write(issue)[0]; r.Err != nil || r.Records[0].Seq != 5 {
		t.Errorf("%v, %v; want the new ticket again", r.Records, r.Err)
	}
}

// TestRefusalIsRemembered: what was refused once is not granted to the same request later.
func TestRefusalIsRemembered(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.do(queue.OpenCounter{Counter: "c1"})
	c, _ := h.view().Counter("c1")
	call := press("early", queue.CallNext{Counter: "c1", Seen: c.Seen})
	results := h.write(call, press("", queue.IssueTicket{Service: "papers"}), call)
	refusedAs(t, "nobody waits", results[0], queue.RefusedNobody)
	refusedAs(t, "the same in the batch", results[2], queue.RefusedNobody)
	h.wait(24 * time.Hour)
	h.do(queue.StepClock{By: 1})
	refusedAs(t, "the same a day later", h.write(call)[0], queue.RefusedNobody)
	call.By.Request = "new"
	if r := h.write(call)[0]; r.Err != nil {
		t.Error(r.Err)
	}
}

// TestRefusalsAreBounded: strangers cannot fill the memory with wrong requests.
func TestRefusalsAreBounded(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	for i := range 10_001 {
		id := queue.RequestID(time.Duration(i).String())
		refusedAs(t, "wrong", h.write(press(id, queue.Cancel{Ticket: 3}))[0], queue.RefusedUnknownTicket)
	}
	h.do(queue.IssueTicket{Service: "papers"})
	refusedAs(t, "one of those remembered", h.write(press("1ns", queue.Cancel{Ticket: 3}))[0], queue.RefusedUnknownTicket)
	if r := h.write(press("0s", queue.Cancel{Ticket: 3}))[0]; r.Err != nil {
		t.Errorf("the oldest one is remembered: %v", r.Err)
	}
}

// TestRequestIDs: empty ones name nothing, too long ones are refused.
func TestRequestIDs(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	long := queue.RequestID(make([]byte, 128))
	issue := queue.IssueTicket{Service: "papers"}
	for i, r := range h.write(press("", issue), press("", issue), press(long, issue)) {
		if r.Err != nil || r.Records[0].Seq != queue.Seq(3+i) {
			t.Errorf("request %d: %v, %v", i, r.Records, r.Err)
		}
	}
	refusedAs(t, "129 bytes", h.write(press(long+"x", issue))[0], queue.RefusedInvalid)
}

// TestJournalFails: nothing has happened, nothing is remembered, and it goes on when
// the journal does.
func TestJournalFails(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.do(queue.OpenCounter{Counter: "c1"}, queue.IssueTicket{Service: "papers"})
	done := press("done", queue.IssueTicket{Service: "taxes"})
	answer := h.write(done)[0]
	before, full := h.view(), errors.New("no space left on device")
	batch := []queue.Request{
		press("issue", queue.IssueTicket{Service: "papers"}),
		press("issue", queue.IssueTicket{Service: "papers"}),
		press("call", queue.CallNext{Counter: "c1", Seen: 3}),
		press("wrong", queue.Cancel{Ticket: 99}), // refused on a state that never was
		done,
	}
	h.journal.fail = full
	results, records := h.writer.Write(t.Context(), h.at.Add(time.Minute), batch)
	for i, r := range results[:4] {
		if !errors.Is(r.Err, full) || len(r.Records) > 0 {
			t.Errorf("request %d: %v, %v; want the journal's failure", i, r.Records, r.Err)
		}
	}
	if diff := cmp.Diff(answer, results[4]); diff != "" || len(records) > 0 {
		t.Errorf("what was answered before (-first +again):\n%s; records %v", diff, records)
	}
	if d := before.Difference(h.view()); d != "" {
		t.Errorf("the state changed: %s", d)
	}
	refusedAs(t, "a refusal needs no journal", h.write(press("free", queue.Finish{Counter: "c1", Seen: 3}))[0], queue.RefusedCounterFree)

	h.journal.fail = nil
	batch[3].Command = queue.Cancel{Ticket: 5}
	for i, r := range h.write(batch...) {
		if r.Err != nil || len(r.Records) != 1 {
			t.Errorf("request %d, when there is room again: %v, %v", i, r.Records, r.Err)
		}
	}
}

// TestJournalCannotRecall: a request whose answer cannot be read is not decided anew.
func TestJournalCannotRecall(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	issue := press("x", queue.IssueTicket{Service: "papers"})
	h.write(issue)
	h.journal.unreadable = errors.New("input/output error")
	if r := h.write(issue)[0]; !errors.Is(r.Err, h.journal.unreadable) || len(r.Records) > 0 {
		t.Errorf("%v, %v", r.Records, r.Err)
	}
	if _, err := queue.OpenWriter(t.Context(), h.journal); !errors.Is(err, h.journal.unreadable) {
		t.Errorf("an office opens on a journal that cannot be read: %v", err)
	}
	h.journal.unreadable = nil
	if r := h.write(issue)[0]; r.Err != nil || len(r.Records) != 1 || h.view().Seq() != 3 {
		t.Errorf("%v, %v", r.Records, r.Err)
	}
}

// TestSecondWriter: the journal belongs to one.
func TestSecondWriter(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	other := &hall{t: t, journal: h.journal, at: h.at}
	other.reopen()
	other.do(queue.IssueTicket{Service: "papers"})
	before := h.view()
	if r := h.write(press("x", queue.IssueTicket{Service: "papers"}))[0]; !errors.Is(r.Err, queue.ErrMoved) {
		t.Errorf("%v, %v; want ErrMoved", r.Records, r.Err)
	}
	if d := before.Difference(h.view()); d != "" {
		t.Errorf("the state changed: %s", d)
	}
	h.reopen()
}

// TestTimeNeverRunsBack: records bear UTC in whole milliseconds, never before the
// newest one.
func TestTimeNeverRunsBack(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	for _, step := range []struct{ at, want time.Time }{
		{clock(8, 1).Add(999_999), clock(8, 1)},
		{clock(7, 0), clock(8, 1)},
		{clock(8, 1).Add(-1), clock(8, 1)},
		{clock(8, 2).In(zone(t, "America/Santiago")), clock(8, 2)},
		{time.Time{}, clock(8, 2)},
	} {
		h.at = step.at
		r := h.write(press("", queue.IssueTicket{Service: "papers"}))[0]
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		if at := r.Records[0].At; at != step.want {
			t.Errorf("at %v: recorded %v, want %v", step.at, at, step.want)
		}
		if due := r.Records[0].Event.(queue.TicketIssued).Due; due != step.want {
			t.Errorf("at %v: due %v, want %v", step.at, due, step.want)
		}
	}
	h.at = clock(6, 0)
	h.do(queue.OpenCounter{Counter: "c1"})
	if events := h.do(queue.CallNext{Counter: "c1"}); events[0].(queue.TicketCalled).Wait != 60_000 {
		t.Errorf("%+v: the wait is not between the records", events)
	}
}
