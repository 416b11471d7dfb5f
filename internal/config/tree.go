// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/avanti-queue/avanti/internal/outline"
)

// maxBytes and maxDepth bound what the YAML parser is given: its time grows with the
// square of both. An office of a hundred counters needs a fifth of the bytes.
const (
	maxBytes = 256 << 10
	maxDepth = 32
)

// decoder holds what is known of one file while it is read.
type decoder struct {
	file    string
	anchors map[string]ast.Node
	places  map[string]value // every field that was asked for, by path
	faulty  map[string]bool  // fields with a fault
	faults  []Fault
	aliases int // that were followed
}

// maxAliases bounds how many aliases are followed: with a few lines of aliases of aliases a text
// would be longer than any memory.
const maxAliases = 10_000

// value is a place in the tree: a field or an item.
type value struct {
	d            *decoder
	path         string
	node         ast.Node // without anchor and alias; nil when the field is absent
	line, column int      // of the value; of the section around it when absent
	secret       bool     // not to be shown, faults go to screens and logs
}

func (v value) absent() bool { return v.node == nil }

// report adds a fault, unless the field or one around it has one already.
func (v value) report(wrong, want string) {
	for field := v.path; field != ""; field = parentOf(field) {
		if v.d.faulty[field] {
			return
		}
	}
	v.d.faulty[v.path] = v.path != ""
	v.reportKey(wrong, want)
}

// reportKey adds a fault of a key. What stands below it is looked at all the same.
func (v value) reportKey(wrong, want string) {
	v.d.faults = append(v.d.faults, Fault{File: v.d.file, Line: v.line, Column: v.column, Field: v.path, Wrong: wrong, Want: want})
}

// is describes what stands at the place, for a fault.
func (v value) is() string {
	if v.secret {
		return "a value (not shown)"
	}
	switch n := v.node.(type) {
	case nil:
		return "missing"
	case *ast.NullNode:
		return "empty"
	case *ast.StringNode:
		return outline.Quote(n.Value)
	case *ast.LiteralNode:
		return outline.Quote(n.Value.Value)
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a section"
	case *ast.SequenceNode:
		if len(n.Values) == 0 {
			return "an empty list"
		}
		return "a list"
	case *ast.TagNode:
		return "a tag"
	case *ast.IntegerNode, *ast.FloatNode:
		return "the number " + clip(n.GetToken().Value)
	default:
		return clip(n.GetToken().Value)
	}
}

// root parses the file and returns its top, false if there is no mapping to walk.
func (d *decoder) root(data []byte) (top value, ok bool) {
	top = value{d: d, line: 1, column: 1}
	docs, fault := outline.Parse(data, outline.Limits{Bytes: maxBytes, Depth: maxDepth})
	if fault != nil {
		top.line, top.column = fault.Line, fault.Column
		top.report(fault.Wrong, fault.Want)
		return top, false
	}
	for i, body := range docs {
		if i > 0 {
			second := d.value("", body)
			second.report("a second document", "one document")
			continue
		}
		d.collect(body)
		top = d.value("", body)
	}
	if top.absent() {
		top.report("the file is empty", wantSections)
		return top, false
	}
	if _, ok := outline.Entries(top.node); !ok {
		top.report(top.is(), wantSections)
		return top, false
	}
	d.places[""] = top
	return top, true
}

const wantSections = "the sections office, hours, services, counters and so on"

// value resolves a node of the tree.
func (d *decoder) value(path string, n ast.Node) value {
	v := value{d: d, path: path}
	for range maxDepth {
		v.line, v.column = outline.Place(n)
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
			continue
		case *ast.AliasNode:
			name := nameOf(x.Value)
			if d.aliases++; d.aliases > maxAliases {
				v.node = x
				v.report("too many aliases", fmt.Sprintf("at most %d", maxAliases))
				return v
			}
			if n = d.anchors[name]; n == nil {
				v.node = x
				v.report("*"+clip(name)+" refers to nothing", "an anchor &"+clip(name)+" above")
				return v
			}
			continue
		}
		v.node = n
		return v
	}
	v.node = n
	v.report("an alias of itself", "a value")
	return v
}

// collect gathers the anchors of the tree.
func (d *decoder) collect(body ast.Node) {
	for _, n := range ast.Filter(ast.AnchorType, body) {
		anchor := n.(*ast.AnchorNode)
		name := nameOf(anchor.Name)
		if d.anchors[name] != nil {
			v := value{d: d}
			v.line, v.column = outline.Place(anchor)
			v.report("anchor &"+clip(name)+" stands twice", "each anchor once")
			continue
		}
		d.anchors[name] = anchor.Value
	}
}

func nameOf(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return ""
	}
	return n.GetToken().Value
}

// clip shows hostile text that needs no quotes, such as a number or a key.
func clip(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return outline.Quote(s)
	}
	return outline.Shorten(s)
}
