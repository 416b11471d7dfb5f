// SPDX-License-Identifier: EUPL-1.2

package outline_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/outline"
)

var limits = outline.Limits{Bytes: 4096, Depth: 8}

func TestParse(t *testing.T) {
	tests := map[string]struct {
		text  string
		docs  int
		fault string // "": none
	}{
		"nothing":           {"", 0, ""},
		"comments alone":    {"# a\n", 0, ""},
		"a mapping":         {"a: 1\n", 1, ""},
		"a byte order mark": {"\ufeffa: 1\n", 1, ""},
		"a directive":       {"%YAML 1.2\n---\na: 1\n", 1, ""},
		"two documents":     {"a: 1\n---\nb: 2\n", 2, ""},
		"a key twice":       {"a: 1\na: 2\n", 1, ""},
		"many blocks side by side are not deep": {
			"a:\n" + strings.Repeat("  - b:\n      c:\n        d: 1\n", 20), 1, "",
		},
		"too long":        {"#" + strings.Repeat("a", 4096), 0, "f:1:1: the file is too long; want UTF-8 text of at most 4096 bytes"},
		"no text":         {"a: \xff", 0, "f:1:1: the file is not UTF-8; want UTF-8 text of at most 4096 bytes"},
		"too deep":        {"a: " + strings.Repeat("[", 9), 0, "f:1:11: too many levels; want at most 8"},
		"too deep blocks": {strings.Join([]string{"a:", " a:", "  a:", "   a:", "    a:", "     a:", "      a:", "       a:", "        a: 1"}, "\n"), 0, "f:9:9: too many levels; want at most 8"},
		"a bracket open":  {"a: [1\n", 0, "f:1:4: YAML syntax: sequence end token ']' not found; want key: value, indented by spaces, with quotes and brackets closed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			docs, fault := outline.Parse([]byte(test.text), limits)
			got := ""
			if fault != nil {
				fault.File = "f"
				got = fault.String()
			}
			if len(docs) != test.docs || got != test.fault {
				t.Errorf("%d documents, fault %q; want %d, %q", len(docs), got, test.docs, test.fault)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	docs, fault := outline.Parse([]byte("# a\n\none: {x: 1}\ntwo:\n  three: [a,\n    b]\n"), limits)
	if fault != nil {
		t.Fatal(fault)
	}
	entries, ok := outline.Entries(docs[0])
	if !ok || len(entries) != 2 {
		t.Fatalf("%d entries", len(entries))
	}
	places := [][2]int{}
	note := func(n ast.Node) {
		line, column := outline.Place(n)
		places = append(places, [2]int{line, column})
	}
	note(docs[0])
	for _, e := range entries {
		note(e.Key)
		note(e.Value)
	}
	note(nil)
	if diff := cmp.Diff([][2]int{{3, 1}, {3, 1}, {3, 6}, {4, 1}, {5, 3}, {1, 1}}, places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if _, ok := outline.Entries(entries[1].Key); ok {
		t.Error("a key is no mapping")
	}
}

func TestFaultsByLine(t *testing.T) {
	faults := outline.InOrder([]outline.Fault{
		{File: "f", Line: 7, Column: 1, Field: "b", Wrong: "x", Want: "y"},
		{File: "f", Line: 2, Column: 5, Field: "c", Wrong: "x", Want: "y"},
		{File: "f", Line: 2, Column: 3, Wrong: "x", Want: "y"},
	})
	if got, want := faults.Error(), "f:2:3: x; want y\nf:2:5: c: x; want y\nf:7:1: b: x; want y"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if outline.InOrder(nil) != nil {
		t.Error("no fault is one")
	}
}

// Whatever the text, the parser comes back, and what it says can be shown.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "a: 1", "a: [1", "a: &x [*x]", "\x00", "\"\x1b", "%YAML\n---", "? [a]: b", "- - - -", "a:\n\tb: 1", "a: |\n  x", "{", "a: 'b\x1b"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, fault := outline.Parse(data, limits)
		if fault == nil {
			for _, d := range docs {
				if line, column := outline.Place(d); line < 1 || column < 1 {
					t.Errorf("a document at %d:%d", line, column)
				}
			}
			return
		}
		if fault.Line < 1 || fault.Column < 1 || strings.ContainsAny(fault.Wrong, "\x1b\x00\r\n") {
			t.Errorf("fault %q", fault.String())
		}
	})
}
