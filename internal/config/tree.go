// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
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
	v.d.faults = append(v.d.faults, Fault{v.d.file, v.line, v.column, v.path, wrong, want})
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
		return quote(n.Value)
	case *ast.LiteralNode:
		return quote(n.Value.Value)
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
	if fault := unreadable(data); fault != "" {
		top.report(fault, fmt.Sprintf("UTF-8 text of at most %d bytes", maxBytes))
		return top, false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	tokens := lexer.Tokenize(string(data))
	if t := tooDeep(tokens); t != nil {
		top.line, top.column = placeOfToken(t)
		top.report("too many levels", fmt.Sprintf("at most %d", maxDepth))
		return top, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		if e, ok := errors.AsType[yaml.Error](err); ok {
			top.line, top.column = placeOfToken(e.GetToken())
			top.report("YAML syntax: "+e.GetMessage(), wantSyntax)
		} else {
			top.report("YAML syntax: "+err.Error(), wantSyntax)
		}
		return top, false
	}
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.DirectiveType:
		case top.node == nil:
			d.collect(doc.Body)
			top = d.value("", doc.Body)
		default:
			second := d.value("", doc.Body)
			second.report("a second document", "one document")
		}
	}
	if top.absent() {
		top.report("the file is empty", wantSections)
		return top, false
	}
	if _, ok := entriesOf(top.node); !ok {
		top.report(top.is(), wantSections)
		return top, false
	}
	d.places[""] = top
	return top, true
}

const (
	wantSyntax   = "key: value, indented by spaces, with quotes and brackets closed"
	wantSections = "the sections office, hours, services, counters and so on"
)

// value resolves a node of the tree.
func (d *decoder) value(path string, n ast.Node) value {
	v := value{d: d, path: path}
	for range maxDepth {
		v.line, v.column = place(n)
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
			v.line, v.column = place(anchor)
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

// place returns where a reader sees the node begin: a block of keys begins at its
// first key.
func place(n ast.Node) (line, column int) {
	switch x := n.(type) {
	case nil:
		return 1, 1
	case *ast.MappingNode:
		if !x.IsFlowStyle && len(x.Values) > 0 {
			return place(x.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return place(x.Key)
	}
	return placeOfToken(n.GetToken())
}

func placeOfToken(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return max(1, t.Position.Line), max(1, t.Position.Column)
}

func unreadable(data []byte) string {
	switch {
	case len(data) > maxBytes:
		return "the file is too long"
	case !utf8.Valid(data):
		return "the file is not UTF-8"
	}
	return ""
}

// tooDeep returns the token at which the levels of the file exceed the bound. The lexer's own
// count of levels is of no use: it grows with each block that ends.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, line := 0, 0
	var columns []int // at which the blocks around the token begin
	for _, t := range tokens {
		begins := t.Position.Line != line
		if begins {
			line = t.Position.Line
			for len(columns) > 0 && columns[len(columns)-1] >= t.Position.Column {
				columns = columns[:len(columns)-1]
			}
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			begins = true
		}
		if begins {
			columns = append(columns, t.Position.Column)
		}
		if flow+len(columns) > maxDepth {
			return t
		}
	}
	return nil
}

// quote shows hostile text.
func quote(s string) string { return fmt.Sprintf("%q", shorten(s)) }

// clip shows hostile text that needs no quotes, such as a number or a key.
func clip(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }) {
		return quote(s)
	}
	return shorten(s)
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}
