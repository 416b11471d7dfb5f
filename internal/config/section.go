// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/avanti-queue/avanti/internal/outline"
)

// section is a mapping whose fields are asked for by name. Ask for every field,
// then call done.
type section struct {
	value
	fields map[string]value
	order  []string // as in the file
	asked  []string
}

// section reads the value as a mapping. An absent value is an empty one.
func (v value) section() *section {
	s := &section{value: v, fields: map[string]value{}}
	if v.absent() {
		return s
	}
	entries, ok := outline.Entries(v.node)
	if !ok {
		v.report(v.is(), "a section, that is key: value pairs")
		return s
	}
	s.add(entries)
	for _, e := range entries {
		if e.Key.IsMergeKey() {
			s.merge(e.Value)
		}
	}
	return s
}

func (s *section) add(entries []*ast.MappingValueNode) {
	for _, e := range entries {
		if e.Key.IsMergeKey() {
			continue
		}
		key, ok := keyOf(e.Key)
		at := s.d.value(s.below(key), e.Value)
		line, column := outline.Place(e.Key)
		if !ok {
			at.line, at.column = line, column
			at.reportKey("a key that is not plain text", "a key such as id")
			continue
		}
		if first, twice := s.fields[key]; twice {
			at.line, at.column = line, column
			at.reportKey("stands twice", fmt.Sprintf("it once, as on line %d", first.line))
			continue
		}
		s.fields[key] = at
		s.order = append(s.order, key)
	}
}

// merge adds the fields of another mapping that the section does not have itself.
func (s *section) merge(n ast.Node) {
	from := s.d.value(s.below("<<"), n)
	entries, ok := outline.Entries(from.node)
	if !ok {
		from.report(from.is(), "one mapping, for example *name")
		return
	}
	for _, e := range entries {
		if e.Key.IsMergeKey() {
			from.report("a mapping that has << itself", "a mapping without")
			continue
		}
		key, ok := keyOf(e.Key)
		if _, own := s.fields[key]; !ok || own {
			continue
		}
		s.fields[key] = s.d.value(s.below(key), e.Value)
		s.order = append(s.order, key)
	}
}

func keyOf(n ast.MapKeyNode) (key string, ok bool) {
	switch x := n.(type) {
	case *ast.StringNode:
		return x.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return x.GetToken().Value, true
	}
	return nameOf(n), false
}

// below returns the path of a field of the section.
func (s *section) below(key string) string {
	if s.path == "" {
		return clip(key)
	}
	return s.path + "." + clip(key)
}

// field returns a field, absent if the section has none of that name.
func (s *section) field(key string) value {
	s.asked = append(s.asked, key)
	v, ok := s.fields[key]
	if !ok {
		v = value{d: s.d, path: s.below(key), line: s.line, column: s.column}
	}
	s.d.places[v.path] = v
	return v
}

// need is field for a field that must be there.
func (s *section) need(key, want string) value {
	v := s.field(key)
	if v.absent() {
		v.report("missing", want)
	}
	return v
}

// done reports the fields that nobody asked for.
func (s *section) done() {
	known := map[string]bool{}
	for _, key := range s.asked {
		known[key] = true
	}
	for _, key := range s.order {
		if v := s.fields[key]; !known[key] {
			v.line, v.column = s.keyPlace(key, v)
			v.reportKey("unknown key"+suggest(key, s.asked), "one of "+strings.Join(s.asked, ", "))
		}
	}
}

// keyPlace returns the place of a key of the section; of its value if the key
// came by a merge.
func (s *section) keyPlace(key string, v value) (line, column int) {
	entries, _ := outline.Entries(s.node)
	for _, e := range entries {
		if k, ok := keyOf(e.Key); ok && k == key {
			return outline.Place(e.Key)
		}
	}
	return v.line, v.column
}

// items reads the value as a list of something. An absent value is an empty list.
func (v value) items(of string) []value {
	if v.absent() {
		return nil
	}
	seq, ok := v.node.(*ast.SequenceNode)
	if !ok {
		v.report(v.is(), "a list of "+of)
		return nil
	}
	items := make([]value, len(seq.Values))
	for i, n := range seq.Values {
		items[i] = v.d.value(fmt.Sprintf("%s[%d]", v.path, i), n)
		v.d.places[items[i].path] = items[i]
	}
	return items
}
