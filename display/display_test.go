// SPDX-License-Identifier: EUPL-1.2

package display_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

var update = flag.Bool("update", false, "write the golden boards")

// hall is an office whose commands are granted without a journal.
type hall struct {
	t     testing.TB
	state queue.State
	at    time.Time
}

// newHall is set up an hour before it opens.
func newHall(t testing.TB) *hall {
	h := &hall{t: t, at: queuetest.Monday().Add(-time.Hour)}
	s := queuetest.Office(queue.PresetFIFO)
	s.Groups = append(s.Groups, queue.Group{ID: "empty", Name: queue.Texts{"it": "Vuoto"}})
	h.do(queue.ChangeSettings{Settings: s})
	return h
}

func (h *hall) do(c queue.Command) {
	h.t.Helper()
	by := queue.Actor{Role: queue.RoleSystem}
	events, err := h.state.Decide(h.at, by, c)
	if err != nil {
		h.t.Fatalf("%T: %v", c, err)
	}
	for _, e := range events {
		h.state.Apply(queue.Record{Seq: h.state.View().Seq() + 1, At: h.at, By: by, Event: e})
	}
	h.at = h.at.Add(10 * time.Second)
}

func (h *hall) seen(id queue.CounterID) queue.Revision {
	c, _ := h.state.View().Counter(id)
	return c.Seen
}

func (h *hall) open(ids ...queue.CounterID) {
	for _, id := range ids {
		h.do(queue.OpenCounter{Counter: id, Seen: h.seen(id)})
	}
}

func (h *hall) next(id queue.CounterID) { h.do(queue.CallNext{Counter: id, Seen: h.seen(id)}) }

func (h *hall) issue(services ...queue.ServiceID) {
	for _, s := range services {
		h.do(queue.IssueTicket{Service: s})
	}
}

// morning lets an hour begin: two are called, one is served, three wait.
func (h *hall) morning() {
	h.at = queuetest.Monday()
	h.do(queue.OpenDay{Clock: h.at})
	h.open("c1", "c2")
	h.issue("papers", "cards", "taxes", "papers", "cards")
	h.next("c1")
	h.next("c2")
	h.do(queue.Start{Counter: "c1", Seen: h.seen("c1")})
}

// shown is everything that the package makes of one view.
type shown struct {
	Board    display.Board
	Hall     fwproto.Set
	Counters map[queue.CounterID]fwproto.Set
	Boxes    map[queue.CounterID]fwproto.Set
}

func show(v *queue.View) shown {
	s := shown{
		Board: display.NewBoard(v, 0), Hall: display.HallPanel(v, 2),
		Counters: map[queue.CounterID]fwproto.Set{}, Boxes: map[queue.CounterID]fwproto.Set{},
	}
	for _, id := range []queue.CounterID{"c1", "c2", "c3", "gone"} {
		s.Counters[id], s.Boxes[id] = display.CounterPanel(v, id), display.Box(v, id)
	}
	return s
}

func TestGoldenBoards(t *testing.T) {
	tests := map[string]func(h *hall){
		"closed":  func(*hall) {},
		"early":   func(h *hall) { h.do(queue.OpenDay{Clock: h.at}); h.open("c1") },
		"morning": (*hall).morning,
		"recalled": func(h *hall) {
			h.morning()
			h.open("c3")
			h.next("c3")
			h.do(queue.Recall{Counter: "c2", Seen: h.seen("c2")})
		},
		"paused": func(h *hall) {
			h.morning()
			h.do(queue.Finish{Counter: "c1", Seen: h.seen("c1")})
			h.do(queue.PauseCounter{Counter: "c1", Reason: "coffee", Seen: h.seen("c1")})
		},
		"evening": func(h *hall) { h.morning(); h.do(queue.CloseDay{Force: true}) },
	}
	for name, play := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHall(t)
			play(h)
			got, err := json.MarshalIndent(show(h.state.View()), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("..", "testdata", "boards", name+".json")
			if *update {
				if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestEmptyOffice(t *testing.T) {
	var s queue.State
	v := s.View()
	if b := display.NewBoard(v, 6); b.DayOpen || len(b.Calls) != 0 || b.Groups == nil {
		t.Errorf("board of nothing: %+v", b)
	}
	if !display.HallPanel(v, 6).Blank || !display.CounterPanel(v, "c1").Blank || !display.Box(v, "c1").Blank {
		t.Error("panels of an office without settings are not blank")
	}
}

func TestRows(t *testing.T) {
	h := newHall(t)
	h.morning()
	v := h.state.View()
	b := display.NewBoard(v, 1)
	if len(b.Calls) != 1 || b.Calls[0].Counter != "c2" {
		t.Errorf("one row: %+v, want the newest call, of c2", b.Calls)
	}
	for rows, want := range map[int]int{-1: 2, 0: 2, 1: 1, 2: 2, 99: 2} {
		if got := len(display.HallPanel(v, rows).Rows); got != want {
			t.Errorf("HallPanel(%d): %d rows, want %d", rows, got, want)
		}
	}
}

// Every content must be one that the protocol can carry once the link has given it
// an epoch and a time to live.
func TestContentsAreValid(t *testing.T) {
	h := newHall(t)
	h.morning()
	s := show(h.state.View())
	sets := []fwproto.Set{s.Hall}
	for _, id := range []queue.CounterID{"c1", "c2", "c3", "gone"} {
		sets = append(sets, s.Counters[id], s.Boxes[id])
	}
	for i, set := range sets {
		set.Epoch, set.TTLms = 1, 5000
		if _, err := fwproto.Encode(set); err != nil {
			t.Errorf("set %d: %v", i, err)
		}
	}
}

// A long queue must not make the hall slow: the board is made at every event.
func BenchmarkBoard(b *testing.B) {
	h := newHall(b)
	h.at = queuetest.Monday()
	h.do(queue.OpenDay{Clock: h.at})
	for range 900 {
		h.do(queue.IssueTicket{Service: "papers"})
	}
	v := h.state.View()
	b.ReportAllocs()
	for b.Loop() {
		display.NewBoard(v, 6)
	}
}
