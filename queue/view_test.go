// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestViewTellsTheHall reads everything that a view has to say of a small hall.
func TestViewTellsTheHall(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.do(queue.OpenCounter{Counter: "c1"}, queue.OpenCounter{Counter: "c2"}, queue.PauseCounter{Counter: "c2", Reason: "lunch"})
	for range 5 {
		h.do(queue.IssueTicket{Service: "papers"})
	}
	h.do(queue.Cancel{Ticket: 6}, queue.CallNext{Counter: "c1"}, queue.Park{Counter: "c1", Reason: "form"}, queue.CallNext{Counter: "c1"}, queue.Start{Counter: "c1"})
	h.do(queue.IssueTicket{Service: "cards"})
	v := h.view()
	tell := func(tickets []*queue.Ticket) (lines []string) {
		for _, x := range tickets {
			lines = append(lines, fmt.Sprint(x.Number, " ", x.Status, " ", x.Counter, x.End, x.Reason))
		}
		return lines
	}
	same(t, "tickets", []string{
		"A001 ended cancelled", "A002 parked form", "A003 serving c1", "A004 waiting ", "A005 waiting ", "B01 waiting ",
	}, tell(slices.Collect(v.Tickets())))
	same(t, "alive", []string{"A002 parked form", "A003 serving c1", "A004 waiting ", "A005 waiting ", "B01 waiting "}, tell(slices.Collect(v.Open())))
	same(t, "waiting", []string{"A004 waiting ", "A005 waiting ", "B01 waiting "}, tell(slices.Collect(v.Waiting())))
	var counters []string
	for c := range v.Counters() {
		counters = append(counters, fmt.Sprint(c.ID, " ", c.State, " ", c.Reason, c.Ticket))
	}
	same(t, "counters", []string{"c1 open 8", "c2 paused lunch0", "c3 closed 0"}, counters)

	for range v.Waiting() {
		break
	}
	for range v.Counters() {
		break
	}
	if s, ok := v.Service("taxes"); !ok || s.Target != minutes(10) {
		t.Errorf("taxes: %+v, %v", s, ok)
	}
	if _, ok := v.Service("beer"); ok {
		t.Error("there is a service beer")
	}
	if _, ok := (&queue.View{}).Service("taxes"); ok {
		t.Error("an office without settings has services")
	}
	if v.Next("c9", h.at) != nil || v.Ticket(99) != nil || v.Zone().String() != "Europe/Rome" {
		t.Error("what is not there is found")
	}
}

// TestViewStays: what a view says never changes, whatever happens behind it.
func TestViewStays(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.do(queue.OpenCounter{Counter: "c1"}, queue.IssueTicket{Service: "papers", Printer: "hall"}, queue.IssueTicket{Service: "papers"})
	before := h.view()
	said := fmt.Sprintf("%+v %+v %+v", *before.Ticket(4), *before.Ticket(5), slices.Collect(before.Counters()))
	h.do(queue.CallNext{Counter: "c1"}, queue.StepClock{By: 5000}, queue.Park{Counter: "c1"}, queue.ChangeClass{Ticket: 5, Class: "slow"},
		queue.ReportSlip{Ticket: 4, Attempt: 1, Result: queue.SlipResultPrinted}, queue.ChangeSettings{Settings: queuetest.Office(queue.PresetTargets)},
		queue.CloseDay{}, queue.OpenDay{Clock: h.at})
	if now := fmt.Sprintf("%+v %+v %+v", *before.Ticket(4), *before.Ticket(5), slices.Collect(before.Counters())); now != said {
		t.Errorf("it said\n%s\nand says\n%s", said, now)
	}
	if before.Settings().Rule.Preset != queue.PresetFIFO || before.Seq() != 5 {
		t.Errorf("record %d, rule %s", before.Seq(), before.Settings().Rule.Preset)
	}
}

func TestValidID(t *testing.T) {
	for id, want := range map[string]bool{
		"a": true, "0": true, "c-1": true, "a-": true, strings.Repeat("z", 32): true,
		"": false, "-a": false, "A": false, "a b": false, "a/b": false, "à": false, "a\x00": false, "a.b": false, "a_b": false, strings.Repeat("z", 33): false,
	} {
		if queue.ValidID(id) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
}

func TestTexts(t *testing.T) {
	texts := queue.Texts{"it": "Carta", "es": "Tarjeta", "ro": ""}
	for _, test := range []struct {
		languages []string
		want      string
	}{{[]string{"es", "it"}, "Tarjeta"}, {[]string{"en", "it"}, "Carta"}, {[]string{"ro"}, ""}, {nil, "Tarjeta"}, {[]string{"en"}, "Tarjeta"}} {
		if got := texts.In(test.languages...); got != test.want {
			t.Errorf("%v: %q, want %q", test.languages, got, test.want)
		}
	}
	if got := queue.Texts(nil).In("it"); got != "" {
		t.Errorf("no text: %q", got)
	}
}

func TestRefusalSaysIt(t *testing.T) {
	for want, r := range map[string]*queue.Refusal{
		"refused: nobody_waiting": {Code: queue.RefusedNobody},
		"refused: hours (papers), possible from 2026-11-23T07:00:00Z": {
			Code: queue.RefusedHours, Subject: "papers", Until: queuetest.Monday().In(time.FixedZone("", 3600)),
		},
	} {
		if diff := cmp.Diff(want, r.Error()); diff != "" {
			t.Error(diff)
		}
	}
}
