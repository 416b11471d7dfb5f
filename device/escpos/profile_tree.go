// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
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
	p.t.faults = append(p.t.faults, FileFault{p.t.file, p.line, p.column, p.path, wrong, want})
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
		return show(n.Value.Value)
	default:
		return show(n.GetToken().Value)
	}
}

// show quotes hostile text, shortened.
func show(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "..."
	}
	return fmt.Sprintf("%q", s)
}

// top parses the file; false: there is nothing to read.
func (t *tree) top(data []byte) (place, bool) {
	p := place{t: t, line: 1, column: 1}
	if len(data) > maxFile || !utf8.Valid(data) {
		p.report("not a short text", fmt.Sprintf("UTF-8 text of at most %d bytes", maxFile))
		return p, false
	}
	tokens := lexer.Tokenize(string(data))
	if i := tooDeep(tokens); i >= 0 {
		p.line, p.column = where(tokens[i])
		p.report("too many levels", fmt.Sprintf("at most %d", maxDepth))
		return p, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		wrong := err.Error()
		if e, ok := errors.AsType[yaml.Error](err); ok {
			p.line, p.column = where(e.GetToken())
			wrong = e.GetMessage()
		}
		if strings.ContainsFunc(wrong, notGraphic) {
			wrong = show(wrong)
		}
		p.report("YAML syntax: "+wrong, "key: value, indented by spaces")
		return p, false
	}
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case p.node == nil:
			p = t.at("", doc.Body)
		default:
			t.at("", doc.Body).reportKey("a second document", "one profile in a file")
		}
	}
	return p, true
}

// tooDeep returns the index of the token at which the levels of the file exceed the bound, or -1.
func tooDeep(tokens token.Tokens) int {
	flow, inLine, line := 0, 0, 0
	for i, t := range tokens {
		if t.Position.Line != line {
			line, inLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			inLine++
		}
		if flow+inLine+t.Position.IndentLevel > maxDepth {
			return i
		}
	}
	return -1
}

// at makes a place of a node. A block of keys begins at its first key.
func (t *tree) at(path string, n ast.Node) place {
	p := place{t: t, path: path, node: n, line: 1, column: 1}
	begin := n
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		begin = m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		begin = m.Key
	}
	if begin != nil {
		p.line, p.column = where(begin.GetToken())
	}
	return p
}

func where(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return max(1, t.Position.Line), max(1, t.Position.Column)
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
	var entries []*ast.MappingValueNode
	switch n := p.node.(type) {
	case nil:
	case *ast.MappingNode:
		entries = n.Values
	case *ast.MappingValueNode:
		entries = []*ast.MappingValueNode{n}
	default:
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
		return show(s.Value), false
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
