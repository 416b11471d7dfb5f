// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/avanti-queue/avanti/internal/outline"
)

// The bounds of what the YAML parser is given. A profile has a tenth of the bytes and four levels.
const (
	maxFile  = 16 << 10
	maxDepth = 16
)

// tree is a profile file while it is read. Of YAML it knows sections, lists, texts, whole
// numbers, true and false.
type tree struct {
	file   string
	faults []FileFault
	faulty map[string]bool // paths with a fault
}

// place is a field of the file; node is nil where it is absent.
type place struct {
	t            *tree
	path         string
	node         ast.Node
	line, column int // of the value; of the section around it when absent
}

func (p place) absent() bool { return p.node == nil }

// report adds a fault, unless the field or the section around it has one already.
func (p place) report(wrong, want string) {
	around, _, _ := strings.Cut(p.path, ".")
	if p.t.faulty[""] || p.t.faulty[around] || p.t.faulty[p.path] {
		return
	}
	p.t.faulty[p.path] = true
	p.reportKey(wrong, want)
}

// reportKey adds a fault of a key; the field's value is looked at all the same.
func (p place) reportKey(wrong, want string) {
	p.t.faults = append(p.t.faults, FileFault{File: p.t.file, Line: p.line, Column: p.column, Field: p.path, Wrong: wrong, Want: want})
}

// is describes what stands at the place.
func (p place) is() string {
	switch n := p.node.(type) {
	case nil:
		return "missing"
	case *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a section"
	case *ast.SequenceNode:
		return "a list"
	case *ast.LiteralNode:
		return outline.Quote(n.Value.Value)
	default:
		return outline.Quote(n.GetToken().Value)
	}
}

// top parses the file; false: there is nothing to read.
func (t *tree) top(data []byte) (place, bool) {
	p := place{t: t, line: 1, column: 1}
	docs, fault := outline.Parse(data, outline.Limits{Bytes: maxFile, Depth: maxDepth})
	if fault != nil {
		p.line, p.column = fault.Line, fault.Column
		p.report(fault.Wrong, fault.Want)
		return p, false
	}
	for i, body := range docs {
		if i > 0 {
			t.at("", body).reportKey("a second document", "one profile in a file")
			continue
		}
		p = t.at("", body)
	}
	return p, true
}

// at makes a place of a node.
func (t *tree) at(path string, n ast.Node) place {
	p := place{t: t, path: path, node: n}
	p.line, p.column = outline.Place(n)
	return p
}

// section is a mapping whose fields are asked for by name. Ask for every field, then call done.
type section struct {
	place
	fields map[string]place // at their values
	keys   []place          // at the keys, in the order of the file; path is the key
	asked  []string
}

// section reads the place as a mapping; of an absent one all fields are absent.
func (p place) section() *section {
	s := &section{place: p, fields: map[string]place{}}
	entries, ok := outline.Entries(p.node)
	if !ok && !p.absent() {
		p.report(p.is(), "a section, that is key: value pairs")
	}
	for _, e := range entries {
		key, plain := keyOf(e.Key)
		at := p.t.at(s.below(key), e.Key)
		first, twice := s.fields[key]
		switch {
		case !plain:
			at.reportKey("a key that is not plain text", "a key such as name")
		case twice:
			at.reportKey("stands twice", fmt.Sprintf("it once, as on line %d", first.line))
		default:
			s.fields[key] = p.t.at(at.path, e.Value)
			at.path = key
			s.keys = append(s.keys, at)
		}
	}
	return s
}

// keyOf returns a key as it is shown in paths, and whether it is plain text.
func keyOf(n ast.MapKeyNode) (key string, plain bool) {
	s, ok := n.(*ast.StringNode)
	if !ok {
		return "?", false
	}
	if len(s.Value) > 40 || strings.ContainsFunc(s.Value, notGraphic) {
		return outline.Quote(s.Value), false
	}
	return s.Value, true
}

func notGraphic(r rune) bool { return !unicode.IsGraphic(r) }

func (s *section) below(key string) string {
	if s.path == "" {
		return key
	}
	return s.path + "." + key
}

// field returns a field, absent if the section has none of that name.
func (s *section) field(key string) place {
	s.asked = append(s.asked, key)
	if p, ok := s.fields[key]; ok {
		return p
	}
	return place{t: s.t, path: s.below(key), line: s.line, column: s.column}
}

// need is field for a field that must be there.
func (s *section) need(key, want string) place {
	p := s.field(key)
	if p.absent() {
		p.report("missing", want)
	}
	return p
}

// done reports the fields that nobody asked for.
func (s *section) done() {
	for _, key := range s.keys {
		if !slices.Contains(s.asked, key.path) {
			key.path = s.below(key.path)
			key.reportKey("unknown key", "one of "+strings.Join(s.asked, ", "))
		}
	}
}

// items reads the place as a list.
func (p place) items(of string) []place {
	if p.absent() {
		return nil
	}
	list, ok := p.node.(*ast.SequenceNode)
	if !ok {
		p.report(p.is(), "a list of "+of)
		return nil
	}
	items := make([]place, len(list.Values))
	for i, n := range list.Values {
		items[i] = p.t.at(fmt.Sprintf("%s[%d]", p.path, i), n)
	}
	return items
}
