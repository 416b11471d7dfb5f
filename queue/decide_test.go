// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// decision says what one command brings about in a situation. The settings are
// record 1, the day is record 2, the first event of given is record 3.
type decision struct {
	name     string
	settings func(*queue.Settings) // on top of [queuetest.Office] with first in, first out; nil: as it is
	given    []any                 // commands that are granted, and [time.Duration] to let time pass
	when     queue.Command
	then     []queue.Event
	refused  *queue.Refusal
}

// The first tickets of a day, where given begins with issuing them.
const (
	first  queue.TicketID = 3
	second queue.TicketID = 4
)

func (d decision) hall(t *testing.T) *hall {
	settings := queuetest.Office(queue.PresetFIFO)
	if d.settings != nil {
		d.settings(&settings)
	}
	h := newHall(t, settings)
	for _, step := range d.given {
		switch step := step.(type) {
		case time.Duration:
			h.wait(step)
		case queue.Command:
			h.do(step)
		default:
			t.Fatalf("a %T is no step", step)
		}
	}
	return h
}

func decisions() map[string][]decision {
	return map[string][]decision{
		"Day": dayDecisions(), "Settings": settingsDecisions(), "Issue": issueDecisions(), "Counter": counterDecisions(),
		"Call": callDecisions(), "Service": serviceDecisions(), "Ticket": ticketDecisions(), "Slip": slipDecisions(), "Pass": passDecisions(), "Undo": undoDecisions(), "Skip": skipDecisions(),
	}
}

func TestDecide(t *testing.T) {
	for part, table := range decisions() {
		for _, d := range table {
			t.Run(part+"/"+d.name, func(t *testing.T) {
				h := d.hall(t)
				before := h.view()
				events, err := h.ask(d.when)
				if diff := cmp.Diff(d.then, events); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				refusal, _ := errors.AsType[*queue.Refusal](err)
				if diff := cmp.Diff(d.refused, refusal); diff != "" {
					t.Errorf("refusal (-want +got):\n%s", diff)
				}
				if err != nil && before.Difference(h.view()) != "" {
					t.Errorf("a refusal changed the state: %s", before.Difference(h.view()))
				}
			})
		}
	}
}

// TestDecideIsWhole reads the sources: every refusal code, every command and every
// event must stand in the tables.
func TestDecideIsWhole(t *testing.T) {
	codes, granted, refused, events := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, table := range decisions() {
		for _, d := range table {
			command := reflect.TypeOf(d.when).Name()
			if d.refused == nil {
				granted[command] = true
			} else {
				codes[string(d.refused.Code)], refused[command] = true, true
			}
			for _, e := range d.then {
				events[reflect.TypeOf(e).Name()] = true
			}
		}
	}
	codes[string(queue.RefusedReused)] = true // it takes two requests: TestRequestOfAnother
	for code := range constants(t, "refusal.go", "RefusalCode") {
		if !codes[code] {
			t.Errorf("no decision is refused with %s", code)
		}
	}
	for command := range receivers(t, "command.go", "command") {
		if !granted[command] || !refused[command] {
			t.Errorf("%s: granted %v, refused %v", command, granted[command], refused[command])
		}
	}
	for event := range receivers(t, "event.go", "event") {
		if !events[event] {
			t.Errorf("no decision gives a %s", event)
		}
	}
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// receivers returns the types that have a method of that name.
func receivers(t *testing.T, file, method string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, d := range parse(t, file).Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == method {
			found[f.Recv.List[0].Type.(*ast.Ident).Name] = true
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s: no method %s", file, method)
	}
	return found
}

// constants returns the values of a type's string constants.
func constants(t *testing.T, file, name string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	ast.Inspect(parse(t, file), func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == name {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found[text] = true
		}
		return true
	})
	if len(found) == 0 {
		t.Fatalf("%s: no constants of %s", file, name)
	}
	return found
}
