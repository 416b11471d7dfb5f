// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"

	"github.com/avanti-queue/avanti/queue"
)

// Plain is a number or a truth as it stands in a file, without quotes.
type Plain string

// Map is a mapping in the order of the file.
type Map []Entry

// Entry is a key of a [Map] with its value.
type Entry struct {
	Key   string
	Value any
}

// Get returns the value of a key, nil if there is none.
func (m Map) Get(key string) any {
	for _, e := range m {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// With returns the mapping with another value of a key.
func (m Map) With(key string, v any) Map {
	out := append(Map(nil), m...)
	for i := range out {
		if out[i].Key == key {
			out[i].Value = v
			return out
		}
	}
	return append(out, Entry{key, v})
}

// plain returns a value as a draft holds it. Aliases and merges are resolved: whoever edits one
// of two equal lists does not mean the other.
func (v value) plain() any {
	switch n := v.node.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.MappingNode, *ast.MappingValueNode:
		s := v.section()
		out := Map{}
		for _, key := range s.order {
			out = append(out, Entry{key, s.fields[key].plain()})
		}
		return out
	case *ast.SequenceNode:
		out := []any{}
		for _, item := range v.items("") {
			out = append(out, item.plain())
		}
		return out
	case nil, *ast.NullNode:
		return nil
	default:
		return Plain(n.GetToken().Value)
	}
}

func clone(v any) any {
	switch v := v.(type) {
	case Map:
		out := make(Map, len(v))
		for i, e := range v {
			out[i] = Entry{e.Key, clone(e.Value)}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = clone(x)
		}
		return out
	}
	return v
}

// pruned takes away what holds nothing, nil if nothing is left. A list keeps its places.
func pruned(v any) any {
	switch v := v.(type) {
	case Map:
		var out Map
		for _, e := range v {
			if x := pruned(e.Value); x != nil {
				out = append(out, Entry{e.Key, x})
			}
		}
		if out == nil {
			return nil
		}
		return out
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = pruned(v[i])
		}
		return v
	case string:
		if v == "" {
			return nil
		}
	}
	return v
}

func same(a, b any) bool { return reflect.DeepEqual(pruned(clone(a)), pruned(clone(b))) }

// written returns a section as it stands in a file: a line for what is short, else a line for
// each part.
func written(name string, v any) string {
	var b strings.Builder
	writeEntry(&b, "", name, v)
	return b.String()
}

// lineLength is how long a line with a mapping or a list may be.
const lineLength = 120

func writeEntry(b *strings.Builder, indent, key string, v any) {
	b.WriteString(indent + scalar(key) + ":")
	writeBelow(b, indent, v)
}

// writeBelow writes a value behind its key or dash.
func writeBelow(b *strings.Builder, indent string, v any) {
	line := inLine(v)
	if m, ok := v.(Map); ok && len(m) > 0 && (indent == "" && len(m) > 1 || len(line) > lineLength) {
		b.WriteString("\n")
		for _, e := range m {
			writeEntry(b, indent+"  ", e.Key, e.Value)
		}
		return
	}
	if l, ok := v.([]any); ok && len(l) > 0 && (hasMap(l) || len(line) > lineLength) {
		b.WriteString("\n")
		for _, x := range l {
			writeItem(b, indent+"  ", x)
		}
		return
	}
	b.WriteString(" " + line + "\n")
}

func writeItem(b *strings.Builder, indent string, v any) {
	m, ok := v.(Map)
	if !ok || len(m) == 0 || len(inLine(v)) <= lineLength {
		b.WriteString(indent + "- " + inLine(v) + "\n")
		return
	}
	for i, e := range m {
		dash := "  "
		if i == 0 {
			dash = "- "
		}
		b.WriteString(indent + dash + scalar(e.Key) + ":")
		writeBelow(b, indent+"  ", e.Value)
	}
}

func hasMap(list []any) bool {
	for _, x := range list {
		if _, ok := x.(Map); ok {
			return true
		}
	}
	return false
}

func inLine(v any) string {
	switch v := v.(type) {
	case Map:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = scalar(e.Key) + ": " + inLine(e.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = inLine(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Plain:
		if s := string(v); s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789abcdeflnorstuxE+-_.", r) }) {
			return s
		}
		return quoted(string(v))
	case string:
		return scalar(v)
	}
	return "null"
}

// scalar writes a text: an id as it is, anything else in quotes, so that nothing means more
// than it says.
func scalar(s string) string {
	if queue.ValidID(strings.ReplaceAll(s, "_", "-")) && s[0] >= 'a' && s[0] <= 'z' {
		switch s {
		case "true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan":
		default:
			return s
		}
	}
	return quoted(s)
}

func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Alike reports whether two configurations differ at most in their names, in their wording and in what
// the queue is to know.
func (f *File) Alike(other *File) bool {
	a, b := *f, *other
	a.Name, b.Name, a.text, b.text = "", "", nil, nil
	a.settings, b.settings = queue.Settings{}, queue.Settings{}
	return reflect.DeepEqual(a, b)
}
