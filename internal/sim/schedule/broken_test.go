// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestBrokenVariantsAreCaught breaks the core in many ways: schedules that pass with
// a broken core would prove nothing.
func TestBrokenVariantsAreCaught(t *testing.T) {
	t.Parallel()
	for name, v := range variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const seeds = 40
			for seed := range uint64(seeds) {
				_, err := schedule.Run(t.Context(), v.options(seed))
				switch {
				case err == nil:
				case v.breaks == "":
					t.Fatalf("a sound core is found broken: %v", err)
				case !slices.ContainsFunc(strings.Split(v.breaks, " or "), func(i string) bool { return strings.Contains(err.Error(), i+":") }):
					t.Fatalf("want %s to be broken, got %v", v.breaks, err)
				default:
					t.Logf("caught by seed %d: %v", seed, err)
					return
				}
			}
			if v.breaks != "" {
				t.Errorf("%d seeds have not caught it", seeds)
			}
		})
	}
}

// variant is a core with a flaw and the invariants that it may break; none with "".
type variant struct {
	breaks  string
	flaw    flaw
	storage func() schedule.Storage // nil: sound
}

func (v *variant) options(seed uint64) schedule.Options {
	o := rough(queue.Settings{}, 8*seed+1, 3) // the small office
	if v.storage != nil {
		o.Storage = v.storage()
	}
	o.Open = func(ctx context.Context, j queue.Journal) (schedule.Writer, error) {
		return openSloppy(ctx, j, v.flaw)
	}
	return o
}

func variants() map[string]*variant {
	return map[string]*variant{
		"sound":                          {},
		"gives a number twice":           {breaks: "I1", flaw: flaw{event: numberTwice}},
		"calls a ticket to two counters": {breaks: "I2", flaw: flaw{event: callTwice}},
		"overtakes without a reason":     {breaks: "I6", flaw: flaw{event: callNewest}},
		"calls what it may not serve":    {breaks: "I6", flaw: flaw{event: callForeign}},
		"hides who waits":                {breaks: "I6", flaw: flaw{refuse: hideWaiting}},
		"ignores the revision":           {breaks: "I5", flaw: flaw{command: seeEverything}},
		"forgets requests":               {breaks: "I1 or I5", flaw: flaw{forgets: true}},
		"forgets requests at a restart":  {breaks: "I1 or I5", flaw: flaw{restartForgets: true}},
		"prints a second paper":          {breaks: "I4", flaw: flaw{event: unmarkedCopy}},
		"goes on after a failed commit":  {breaks: "I3", flaw: flaw{keepsState: true}},
		"ends the day over people":       {breaks: "I3", flaw: flaw{event: dropExpired}},
		"begins numbers anew":            {breaks: "I1", flaw: flaw{event: numbersAnew}},
		"replays without pauses":         {breaks: "I9", flaw: flaw{skips: isPause}},
		"loses the newest record":        {breaks: "I3", storage: func() schedule.Storage { return &amnesia{journal: &queuetest.Memory{}} }},
		"acknowledges before it stores":  {breaks: "I3", storage: func() schedule.Storage { return &lazy{} }},
	}
}

func numberTwice(v *queue.View, e queue.Event) queue.Event {
	issued, ok := e.(queue.TicketIssued)
	if !ok {
		return e
	}
	for t := range v.Waiting() {
		if t.Series == issued.Series {
			issued.Ordinal, issued.Number = t.Ordinal, t.Number
		}
	}
	return issued
}

func callTwice(v *queue.View, e queue.Event) queue.Event {
	called, ok := e.(queue.TicketCalled)
	if !ok {
		return e
	}
	for s := range v.Counters() {
		if s.Ticket != 0 && s.ID != called.Counter {
			called.Ticket = s.Ticket
		}
	}
	return called
}

func callNewest(v *queue.View, e queue.Event) queue.Event {
	called, ok := e.(queue.TicketCalled)
	if !ok || called.Reason != "" {
		return e
	}
	for t := range v.Waiting() {
		if v.Serves(called.Counter, t) {
			called.Ticket = t.ID
		}
	}
	return called
}

func callForeign(v *queue.View, e queue.Event) queue.Event {
	called, ok := e.(queue.TicketCalled)
	if !ok || called.Reason != "" {
		return e
	}
	for t := range v.Waiting() {
		if !v.Serves(called.Counter, t) {
			called.Ticket = t.ID
		}
	}
	return called
}

func hideWaiting(v *queue.View, c queue.Command) error {
	next, ok := c.(queue.CallNext)
	if s, _ := v.Counter(next.Counter); ok && s.State == queue.CounterIsOpen && s.Ticket == 0 && v.Seq()%7 == 0 {
		return &queue.Refusal{Code: queue.RefusedNobody, Subject: string(next.Counter)}
	}
	return nil
}

func seeEverything(v *queue.View, c queue.Command) queue.Command {
	seen := func(id queue.CounterID) queue.Revision {
		s, _ := v.Counter(id)
		return s.Seen
	}
	switch c := c.(type) {
	case queue.CallNext:
		c.Seen = seen(c.Counter)
		return c
	case queue.Finish:
		c.Seen = seen(c.Counter)
		return c
	}
	return c
}

func unmarkedCopy(_ *queue.View, e queue.Event) queue.Event {
	if asked, ok := e.(queue.SlipRequested); ok {
		asked.Copy = false
		return asked
	}
	return e
}

func dropExpired(_ *queue.View, e queue.Event) queue.Event {
	if closed, ok := e.(queue.TicketClosed); ok && closed.End == queue.EndExpired {
		return nil
	}
	return e
}

func numbersAnew(_ *queue.View, e queue.Event) queue.Event {
	if opened, ok := e.(queue.DayOpened); ok {
		opened.Next = nil
		return opened
	}
	return e
}

func isPause(e queue.Event) bool {
	_, ok := e.(queue.CounterPaused)
	return ok
}
