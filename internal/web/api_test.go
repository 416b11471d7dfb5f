// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"net/http"
	"testing"

	"github.com/avanti-queue/avanti/display"
)

func TestMainPath(t *testing.T) {
	h := open(t, nil, nil)
	first := h.issue(t, "k1")
	if first.Number != "A001" || first.Status != "waiting" || first.Channel != "kiosk" || first.Paper.Outcome != "none" || first.Group != "desk" {
		t.Errorf("first ticket: %+v", first)
	}
	h.issue(t, "k2")
	if a := h.work(t, "desk-1", "c1", "open", ""); a.Counter.State != "open" || a.Counter.Waiting != 2 || a.Ticket != nil {
		t.Errorf("open: %+v", a)
	}
	a := h.work(t, "desk-1", "c1", "next", "n1")
	if a.Ticket == nil || a.Ticket.ID != first.ID || a.Ticket.Status != "called" || a.Counter.Ticket.ID != first.ID {
		t.Errorf("next: %+v", a)
	}
	if a := h.work(t, "desk-1", "c1", "recall", ""); a.Ticket.Calls != 2 {
		t.Errorf("recall: %+v", a.Ticket)
	}
	if a := h.work(t, "boss", "c1", "start", ""); a.Ticket.Status != "serving" {
		t.Errorf("start: %+v", a.Ticket)
	}
	b := want[display.Board](t, h.send(t, request{path: "/api/v1/board"}), http.StatusOK)
	if len(b.Calls) != 1 || b.Calls[0].Number != "A001" || b.Calls[0].State != display.Serving || b.Waiting != 1 {
		t.Errorf("board: %+v", b)
	}
	if a := h.work(t, "desk-1", "c1", "finish", ""); a.Ticket.End != "served" || a.Counter.Ticket != nil {
		t.Errorf("finish: %+v", a)
	}
}
