// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestLineCallsAsTheOfficeDoes lets an imagined queue and the office call the same
// people, one after another, some of whom join only in the line's imagination.
func TestLineCallsAsTheOfficeDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		preset := rapid.SampledFrom(presets()).Draw(t, "preset")
		settings := figures(t, preset)
		h := openHall(t, settings)
		h.do(queue.OpenCounter{Counter: "c1"}, queue.OpenCounter{Counter: "c2"}, queue.OpenCounter{Counter: "c3"})
		visits := morning().Draw(t, "morning")
		seen := rapid.IntRange(0, len(visits)).Draw(t, "seen")
		come := func(visits []visit, join func(queue.IssueTicket)) {
			for _, v := range visits {
				if h.wait(v.after); v.counter == "" {
					if rapid.IntRange(0, 3).Draw(t, "appointment") == 0 {
						v.ticket.Slot = h.at.Add(time.Duration(rapid.IntRange(-30, 30).Draw(t, "slot")) * time.Minute)
					}
					join(v.ticket)
				}
			}
		}
		come(visits[:seen], func(c queue.IssueTicket) { h.do(c) })
		if len(visits) > 0 && h.next("c2") != "" {
			switch rapid.IntRange(0, 2).Draw(t, "then") {
			case 0:
				h.do(queue.Transfer{Counter: "c2", Service: "cards", To: "c1"})
			case 1:
				h.do(queue.Return{Counter: "c2"})
			default:
				h.do(queue.Finish{Counter: "c2"})
			}
		}
		line := h.view().Line()
		var keys []queue.TicketID
		for t := range h.view().Waiting() {
			keys = append(keys, t.ID)
		}
		come(visits[seen:], func(c queue.IssueTicket) {
			issued := h.issue(c)
			service := slices.IndexFunc(settings.Services, func(s queue.Service) bool { return s.ID == c.Service })
			class := slices.IndexFunc(settings.Classes, func(x queue.Class) bool { return x.ID == c.Class })
			if key := line.Join(service, class, h.at, issued.Slot); key != len(keys) {
				t.Fatalf("key %d, want %d", key, len(keys))
			}
			keys = append(keys, issued.ID)
		})
		var work, other queue.Line
		other.Set(line)
		for range 3 {
			other.Join(0, 0, h.at.Add(-12*time.Hour), time.Time{}) // in front of all, in this line only
		}
		work.Set(line)
		for work.Len() > 0 {
			h.wait(time.Duration(rapid.IntRange(0, 300).Draw(t, "later")) * time.Second)
			c := rapid.IntRange(0, 2).Draw(t, "counter")
			id := settings.Counters[c].ID
			named := h.view().Next(id, h.at)
			key, ok := work.Call(c, h.at)
			if ok != (named != nil) || ok && keys[key] != named.ID {
				t.Fatalf("%s: the office names %+v, the line %v of %v", id, named, key, keys)
			}
			if ok {
				h.next(id)
				h.do(queue.Finish{Counter: id})
			}
		}
		if line.Len() != len(keys) {
			t.Errorf("the line that was copied has %d left of %d", line.Len(), len(keys))
		}
	})
}

// TestLineSentToHelper: who is sent to a counter that only helps out with the service
// is called there after its own people.
func TestLineSentToHelper(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetOwnClass))
	h.do(queue.OpenCounter{Counter: "c2"}, queue.IssueTicket{Service: "taxes"}, queue.CallNext{Counter: "c2"})
	h.do(queue.Transfer{Counter: "c2", Service: "papers", To: "c3", KeepPlace: true})
	h.wait(time.Minute)
	card := h.issue(queue.IssueTicket{Service: "cards"})
	if key, ok := h.view().Line().Call(2, h.at); !ok || key != 1 || h.view().Next("c3", h.at).ID != card.ID {
		t.Errorf("the line calls %d (%v)", key, ok)
	}
}

func TestLineKinds(t *testing.T) {
	kinds := newHall(t, queuetest.Office(queue.PresetFIFO)).view().Line().Kinds()
	for i, c := range kinds { // papers is served at three counters, taxes at two, cards at two others
		if !slices.Equal(c, []int{0, 1, 2}) {
			t.Errorf("class %d with first in, first out: kinds %v", i, c)
		}
	}
	kinds = newHall(t, queuetest.Office(queue.PresetTargets)).view().Line().Kinds()
	if len(kinds) != 3 || !slices.Equal(kinds[0], []int{0, 1, 2}) || !slices.Equal(kinds[1], []int{3, 4, 5}) || !slices.Equal(kinds[2], []int{6, 7, 8}) {
		t.Errorf("kinds by targets: %v", kinds)
	}
	if (&queue.View{}).Line() != nil {
		t.Error("an office without settings has a line")
	}
}

func TestLineOvertaken(t *testing.T) {
	for _, preset := range presets() {
		h := newHall(t, queuetest.Office(preset))
		if got, want := h.view().Line().Overtaken(h.at), preset != queue.PresetFIFO; got != want {
			t.Errorf("%s: overtaken %v, want %v", preset, got, want)
		}
	}
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	h.issue(queue.IssueTicket{Service: "papers", Slot: h.at.Add(time.Hour)})
	if !h.view().Line().Overtaken(h.at) {
		t.Error("nobody overtakes who comes early for an appointment")
	}
}
