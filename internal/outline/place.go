// SPDX-License-Identifier: EUPL-1.2

package outline

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Place returns where a reader sees the node begin: a block of keys begins at its first key.
func Place(n ast.Node) (line, column int) {
	switch x := n.(type) {
	case nil:
		return 1, 1
	case *ast.MappingNode:
		if !x.IsFlowStyle && len(x.Values) > 0 {
			return Place(x.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return Place(x.Key)
	}
	return placeOfToken(n.GetToken())
}

func placeOfToken(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return max(1, t.Position.Line), max(1, t.Position.Column)
}

// Entries returns the keys of a mapping with their values; ok is false for anything else.
func Entries(n ast.Node) (entries []*ast.MappingValueNode, ok bool) {
	switch x := n.(type) {
	case *ast.MappingNode:
		return x.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{x}, true
	}
	return nil, false
}

// Quote shows hostile text, shortened.
func Quote(s string) string { return fmt.Sprintf("%q", Shorten(s)) }

// Shorten returns the beginning of a text that is too long for a fault.
func Shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}
