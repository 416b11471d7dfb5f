// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"slices"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func passDecisions() []decision {
	waiting := []any{queue.IssueTicket{Service: "papers"}, time.Minute, queue.IssueTicket{Service: "papers"}, time.Minute}
	return []decision{
		{
			name: "the next one", given: waiting, when: queue.LetPass{Ticket: first},
			then: []queue.Event{queue.TicketPassed{Ticket: first, By: second}},
		},
		{
			name: "nobody is behind", given: waiting, when: queue.LetPass{Ticket: second},
			refused: &queue.Refusal{Code: queue.RefusedNobody, Subject: "A002"},
		},
	}
}

// TestLetPass: two change places, nobody else's turn moves, and only as often as the office allows.
func TestLetPass(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	s.LetPass = 1
	h := newHall(t, s)
	var tickets []*queue.Ticket
	for range 4 {
		h.wait(time.Minute)
		tickets = append(tickets, h.issue(queue.IssueTicket{Service: "papers"}))
	}
	h.do(queue.LetPass{Ticket: tickets[1].ID})
	if r := h.refusal(queue.LetPass{Ticket: tickets[1].ID}); r.Code != queue.RefusedStatus {
		t.Errorf("the second time: %v", r)
	}
	if r := h.refusal(queue.LetPass{Ticket: tickets[3].ID}); r.Code != queue.RefusedNobody {
		t.Errorf("the last one: %v", r)
	}
	if r := h.refusal(queue.LetPass{Ticket: 9999}); r.Code != queue.RefusedUnknownTicket {
		t.Errorf("nobody: %v", r)
	}
	h.do(queue.OpenCounter{Counter: "c1"}, queue.CallNext{Counter: "c1"})
	if r := h.refusal(queue.LetPass{Ticket: tickets[0].ID}); r.Code != queue.RefusedStatus {
		t.Errorf("one who is called: %v", r)
	}
	h.do(queue.Finish{Counter: "c1"})
	if got, want := h.serve("c1"), []string{"A003", "A002", "A004"}; !slices.Equal(got, want) {
		t.Errorf("called %v, want %v", got, want)
	}
}

// TestLetPassOfOthers: who waits for other counters, in another class, for an appointment or from the
// same millisecond is not behind, and an office that does not allow it refuses.
func TestLetPassOfOthers(t *testing.T) {
	allowed := func(*queue.Settings) {}
	for name, test := range map[string]struct {
		change func(*queue.Settings)
		later  time.Duration
		behind queue.IssueTicket
		want   queue.RefusalCode
	}{
		"other counters":   {allowed, time.Minute, queue.IssueTicket{Service: "cards"}, queue.RefusedNobody},
		"another class":    {allowed, time.Minute, queue.IssueTicket{Service: "papers", Class: "priority"}, queue.RefusedNobody},
		"an appointment":   {allowed, time.Minute, queue.IssueTicket{Service: "papers", Slot: clock(8, 30), Channel: queue.ChannelAppointment}, queue.RefusedNobody},
		"the same instant": {allowed, 0, queue.IssueTicket{Service: "papers"}, queue.RefusedNobody},
		"not allowed":      {func(s *queue.Settings) { s.LetPass = 0 }, time.Minute, queue.IssueTicket{Service: "papers"}, queue.RefusedStatus},
	} {
		t.Run(name, func(t *testing.T) {
			s := queuetest.Office(queue.PresetTargets)
			test.change(&s)
			h := newHall(t, s)
			one := h.issue(queue.IssueTicket{Service: "papers"})
			h.wait(test.later)
			h.issue(test.behind)
			h.wait(time.Minute)
			if h.view().MayLetPass(one, h.at) {
				t.Error("it is offered")
			}
			if r := h.refusal(queue.LetPass{Ticket: one.ID}); r.Code != test.want {
				t.Errorf("refused as %v, want %s", r, test.want)
			}
		})
	}
}
