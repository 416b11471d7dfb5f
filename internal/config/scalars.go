// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// maxText bounds a text, in bytes: the longest name that a slip or a button can show.
const maxText = 200

// text reads the value as one line of text, "" and false if it is absent or not one.
func (v value) text(want string) (string, bool) { return v.textUpTo(want, maxText) }

// textUpTo is text of at most that many bytes.
func (v value) textUpTo(want string, most int) (string, bool) {
	if v.absent() {
		return "", false
	}
	var s string
	switch n := v.node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.report(v.is()+" without quotes", fmt.Sprintf("%s; a text that looks like a number or a truth stands in quotes", want))
		return "", false
	case *ast.MappingNode, *ast.MappingValueNode:
		v.report(v.is(), want+"; within { } a text with a colon stands in quotes")
		return "", false
	default:
		v.report(v.is(), want)
		return "", false
	}
	switch {
	case strings.TrimSpace(s) == "":
		v.report("an empty text", want)
	case s != strings.TrimSpace(s):
		v.report(v.is()+" begins or ends with a space", "it without")
	case len(s) > most:
		v.report("a text of "+strconv.Itoa(len(s))+" bytes", fmt.Sprintf("at most %d", most))
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		v.report(v.is()+" has a character that cannot be printed", "one line of plain text")
	default:
		return s, true
	}
	return "", false
}

// choice reads one of the options, fallback if absent or none of them.
func choice[T ~string](v value, fallback T, options ...T) T {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = string(o)
	}
	s, ok := v.text("one of " + strings.Join(names, ", "))
	if !ok {
		return fallback
	}
	if !slices.Contains(names, s) {
		v.report(v.is()+" is not known"+suggest(s, names), "one of "+strings.Join(names, ", "))
		return fallback
	}
	return T(s)
}

// span reads a length of time such as 20m, from low to high, fallback if absent or
// not one.
func (v value) span(fallback, low, high time.Duration) time.Duration {
	if v.absent() {
		return fallback
	}
	want := fmt.Sprintf("a time with its unit such as 20m, 45s or 1h30m, from %s to %s", short(low), short(high))
	if _, ok := v.node.(*ast.IntegerNode); ok {
		v.report(v.is()+" has no unit", want)
		return fallback
	}
	s, ok := v.text(want)
	if !ok {
		return fallback
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < low || d > high || d%time.Millisecond != 0 {
		v.report(v.is(), want)
		return fallback
	}
	return d
}

// short writes a time as people do: 20m, not 20m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// integer reads a whole number from low to high, fallback if absent or not one.
func (v value) integer(fallback, low, high int) int {
	if v.absent() {
		return fallback
	}
	want := fmt.Sprintf("a whole number from %d to %d", low, high)
	node, ok := v.node.(*ast.IntegerNode)
	if !ok {
		v.report(v.is(), want)
		return fallback
	}
	// YAML would read 010 as eight and 1_0 as ten; nobody who writes a
	// configuration means that.
	source := node.GetToken().Value
	n, err := strconv.Atoi(source)
	if err != nil || strconv.Itoa(n) != source || n < low || n > high {
		v.report(v.is(), want)
		return fallback
	}
	return n
}

// truth reads true or false, fallback if absent or neither.
func (v value) truth(fallback bool) bool {
	if v.absent() {
		return fallback
	}
	node, ok := v.node.(*ast.BoolNode)
	if !ok {
		v.report(v.is(), "true or false")
		return fallback
	}
	return node.Value
}

// hash reads a SHA-256 sum in hexadecimal, the zero sum when there is none. The secret
// itself may stand there by mistake.
func (v value) hash() (sum [sha256.Size]byte) {
	const want = "the SHA-256 sum of the secret, 64 hexadecimal digits in quotes"
	if v.absent() {
		return sum
	}
	v.secret = true
	s, ok := v.text(want)
	if !ok {
		return sum
	}
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != sha256.Size {
		v.report(fmt.Sprintf("a text of %d bytes that is no sum", len(s)), want)
		return sum
	}
	return [sha256.Size]byte(raw)
}
