// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// maxCommand bounds the bytes of a command in a profile.
const maxCommand = 32

// text reads a plain word or number as it is written; "" and false if it is absent or no text.
func (p place) text(want string) (string, bool) {
	if p.absent() {
		return "", false
	}
	switch n := p.node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	p.report(p.is(), want)
	return "", false
}

// number reads a whole number from least to most; absent: def.
func (p place) number(least, most, def int) int {
	want := fmt.Sprintf("a whole number from %d to %d", least, most)
	if p.absent() {
		return def
	}
	i, ok := p.node.(*ast.IntegerNode)
	if !ok {
		p.report(p.is(), want)
		return def
	}
	n, err := strconv.Atoi(i.GetToken().Value)
	if err != nil || n < least || n > most {
		p.report(p.is(), want)
		return def
	}
	return n
}

// truth reads true or false; absent: false.
func (p place) truth() bool {
	b, ok := p.node.(*ast.BoolNode)
	if !ok && !p.absent() {
		p.report(p.is(), "true or false")
	}
	return ok && b.Value
}

// command reads bytes written as "1D 56 42 00"; absent: nil.
func (p place) command() []byte {
	const want = `bytes as pairs of hex digits, such as "1D 56 42 00", at most 32`
	s, ok := p.text(want)
	if !ok {
		return nil
	}
	pairs := strings.Split(s, " ")
	out, err := hex.DecodeString(strings.Join(pairs, ""))
	if err != nil || len(out) > maxCommand || slices.ContainsFunc(pairs, func(pair string) bool { return len(pair) != 2 }) {
		p.report(p.is(), want)
		return nil
	}
	return out
}

// inOrder is command for one that stands among others: it must hold nothing that a printer obeys
// out of turn.
func (p place) inOrder() []byte {
	out := p.command()
	if bytes.Contains(out, []byte{0x10, 0x04}) || bytes.Contains(out, []byte{0x10, 0x05}) || bytes.Contains(out, []byte{0x10, 0x14}) {
		p.report("a real-time command (DLE EOT, DLE ENQ, DLE DC4)", "one that waits its turn")
		return nil
	}
	return out
}

// word reads one of some words; absent or "none": "", if that is allowed.
func word[W ~string](p place, none bool, words ...W) W {
	names := make([]string, 0, len(words)+1)
	if none {
		names = append(names, "none")
	}
	for _, w := range words {
		names = append(names, string(w))
	}
	want := "one of " + strings.Join(names, ", ")
	if p.absent() && !none {
		p.report("missing", want)
		return ""
	}
	s, ok := p.text(want)
	if !ok || none && s == "none" {
		return ""
	}
	if !slices.Contains(words, W(s)) {
		p.report(p.is(), want)
		return ""
	}
	return W(s)
}
