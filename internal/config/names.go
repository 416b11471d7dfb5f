// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"

	"github.com/avanti-queue/avanti/internal/outline"
	"github.com/avanti-queue/avanti/queue"
)

const wantID = "1 to 32 of a-z, 0-9 and hyphen, the first one no hyphen"

// names are the ids of one kind of thing, as the file defines them.
type names[T ~string] struct {
	what  string // one of them: "service"
	lines map[T]int
	order []T
}

func newNames[T ~string](what string) *names[T] {
	return &names[T]{what: what, lines: map[T]int{}}
}

// define reads the id of a new thing, "" if there is none.
func (n *names[T]) define(v value) T {
	if v.absent() {
		v.report("missing", wantID)
		return ""
	}
	s, ok := v.text(wantID)
	id := T(s)
	switch line, taken := n.lines[id]; {
	case !ok:
		return ""
	case taken:
		v.report(fmt.Sprintf("%s %q is on line %d already", n.what, s, line), "an id of its own")
		return id
	case !queue.ValidID(s):
		v.report(v.is(), wantID)
	}
	// A malformed id is known all the same: what refers to it is not wrong.
	n.lines[id] = v.line
	n.order = append(n.order, id)
	return id
}

// refer reads the id of a thing that the file defines, false if it does not.
func (n *names[T]) refer(v value) (T, bool) {
	want := "the id of a " + n.what
	s, ok := v.text(want)
	if !ok {
		return "", false
	}
	return T(s), n.check(v, s)
}

// check reports an id that nothing has.
func (n *names[T]) check(v value, id string) bool {
	if _, ok := n.lines[T(id)]; ok {
		return true
	}
	known := make([]string, len(n.order))
	for i, o := range n.order {
		known[i] = string(o)
	}
	v.report(fmt.Sprintf("there is no %s %s", n.what, outline.Quote(id))+suggest(id, known), "the id of a "+n.what+" of this file")
	return false
}
