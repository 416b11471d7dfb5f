// SPDX-License-Identifier: EUPL-1.2

package outline

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

// Limits bound what the YAML parser is given: its time grows with the square of both.
type Limits struct {
	Bytes int
	Depth int // levels
}

// Parse returns the documents of a text, without empty ones and directives. A fault, of which File and Field are
// the caller's matter, says why there are none; after one in the syntax there is nothing else to say.
func Parse(data []byte, limits Limits) ([]ast.Node, *Fault) {
	if wrong := unreadable(data, limits); wrong != "" {
		return nil, &Fault{Line: 1, Column: 1, Wrong: wrong, Want: fmt.Sprintf("UTF-8 text of at most %d bytes", limits.Bytes)}
	}
	tokens := lexer.Tokenize(string(bytes.TrimPrefix(data, []byte("\ufeff"))))
	if t := tooDeep(tokens, limits.Depth); t != nil {
		line, column := placeOfToken(t)
		return nil, &Fault{Line: line, Column: column, Wrong: "too many levels", Want: fmt.Sprintf("at most %d", limits.Depth)}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntax(err)
	}
	var docs []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.DirectiveType {
			docs = append(docs, doc.Body)
		}
	}
	return docs, nil
}

func unreadable(data []byte, limits Limits) string {
	switch {
	case len(data) > limits.Bytes:
		return "the file is too long"
	case !utf8.Valid(data):
		return "the file is not UTF-8"
	}
	return ""
}

// syntax tells what the parser says, which may have pieces of the text in it.
func syntax(err error) *Fault {
	f := &Fault{Line: 1, Column: 1, Want: "key: value, indented by spaces, with quotes and brackets closed"}
	wrong := err.Error()
	if e, ok := errors.AsType[yaml.Error](err); ok {
		f.Line, f.Column = placeOfToken(e.GetToken())
		wrong = e.GetMessage()
	}
	if strings.ContainsFunc(wrong, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		wrong = Quote(wrong)
	}
	f.Wrong = "YAML syntax: " + wrong
	return f
}

// tooDeep returns the token at which the levels of the file exceed the bound. The lexer's own
// count of levels is of no use: it grows with each block that ends.
func tooDeep(tokens token.Tokens, depth int) *token.Token {
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
		if flow+len(columns) > depth {
			return t
		}
	}
	return nil
}
