// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/avanti-queue/avanti/internal/outline"
)

// Draft is the text of a configuration in which whole sections are replaced. What is not
// replaced stays as somebody wrote it, with its comments. The zero value is an empty text.
//
// It knows YAML and nothing of what a section means: [Parse] judges the text that comes out.
type Draft struct {
	head     []string // comments above the first section
	sections []part
	shared   bool // anchors of one section may be used in another
}

// part is a section of a draft with the lines that it was written in.
type part struct {
	name  string
	lines []string // with the comments above it; nil: it is written from the value
	value any
}

// NewDraft takes a text apart. It fails with [*Faults] where [Parse] would not come so far
// as to look at a section.
func NewDraft(name string, text []byte) (*Draft, error) {
	d := &decoder{file: name, anchors: map[string]ast.Node{}, places: map[string]value{}, faulty: map[string]bool{}}
	top, ok := d.root(text)
	if !ok {
		return nil, outline.InOrder(d.faults)
	}
	s := top.section()
	if len(d.faults) > 0 {
		return nil, outline.InOrder(d.faults)
	}
	draft := &Draft{shared: len(d.anchors) > 0}
	for _, name := range s.order {
		draft.sections = append(draft.sections, part{name: name, value: s.fields[name].plain()})
	}
	if d.aliases > maxAliases { // what is missing now would be lost when it is written
		return nil, outline.InOrder(d.faults)
	}
	draft.keepLines(top.node, text)
	return draft, nil
}

// keepLines gives each section the lines that it stands in. Where that cannot be told, all are
// written anew.
func (d *Draft) keepLines(top ast.Node, text []byte) {
	entries, _ := outline.Entries(top)
	if m, ok := top.(*ast.MappingNode); ok && m.IsFlowStyle || len(entries) != len(d.sections) {
		return
	}
	lines := strings.Split(strings.TrimRight(strings.TrimPrefix(string(text), "\ufeff"), "\n"), "\n")
	begins := make([]int, len(entries)+1)
	for i, e := range entries {
		line, column := outline.Place(e.Key)
		if column != 1 || e.Key.IsMergeKey() {
			return
		}
		begins[i] = line - 1
		for above := begins[i] - 1; above >= 0 && (lines[above] == "" || lines[above][0] == '#'); above-- {
			begins[i] = above
		}
	}
	begins[len(entries)] = len(lines)
	if !slices.IsSorted(begins) {
		return
	}
	d.head = lines[:begins[0]]
	for i := range d.sections {
		d.sections[i].lines = lines[begins[i]:begins[i+1]]
	}
}

// Section returns what a section holds, nil if it is not there: a text is a string, a number or
// truth [Plain], a list []any, a mapping [Map]. It is a copy.
func (d *Draft) Section(name string) any {
	for _, s := range d.sections {
		if s.name == name {
			return clone(s.value)
		}
	}
	return nil
}

// Sections returns the names of all sections in their order.
func (d *Draft) Sections() []string {
	out := make([]string, len(d.sections))
	for i, s := range d.sections {
		out[i] = s.name
	}
	return out
}

// Set replaces a section by a value of the kinds that [Draft.Section] returns, or adds it. An
// empty value takes the section away.
func (d *Draft) Set(name string, v any) {
	at := slices.IndexFunc(d.sections, func(s part) bool { return s.name == name })
	v = pruned(clone(v))
	switch {
	case at < 0 && v == nil:
		return
	case at < 0:
		d.sections = append(d.sections, part{name: name, value: v})
		return
	case same(d.sections[at].value, v):
		return
	}
	if d.shared { // an alias elsewhere may need an anchor of this section
		for i := range d.sections {
			d.sections[i].lines = nil
		}
		d.shared = false
	}
	if v == nil {
		d.sections = slices.Delete(d.sections, at, at+1)
		return
	}
	d.sections[at].lines = comments(d.sections[at].lines)
	d.sections[at].value = v
	d.sections[at].lines = append(d.sections[at].lines, strings.Split(strings.TrimRight(written(name, v), "\n"), "\n")...)
}

// comments returns the lines above a section.
func comments(lines []string) []string {
	for i, line := range lines {
		if line != "" && line[0] != '#' {
			return slices.Clone(lines[:i])
		}
	}
	return nil
}

// Text returns the configuration as it stands in a file.
func (d *Draft) Text() []byte {
	var b bytes.Buffer
	for _, line := range d.head {
		fmt.Fprintln(&b, line)
	}
	for _, s := range d.sections {
		if s.lines == nil {
			b.WriteString(written(s.name, s.value))
			continue
		}
		for _, line := range s.lines {
			fmt.Fprintln(&b, line)
		}
	}
	return b.Bytes()
}

// Changed returns the names of the sections that differ in meaning between two texts, in
// their order. An empty text has none. Texts that cannot be taken apart differ in the section "".
func Changed(from, to []byte) []string {
	a, errA := NewDraft("", from)
	if len(from) == 0 {
		a, errA = &Draft{}, nil
	}
	b, errB := NewDraft("", to)
	if errA != nil || errB != nil {
		if bytes.Equal(from, to) {
			return nil
		}
		return []string{""}
	}
	var out []string
	for _, name := range append(b.Sections(), a.Sections()...) {
		if !same(a.Section(name), b.Section(name)) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
