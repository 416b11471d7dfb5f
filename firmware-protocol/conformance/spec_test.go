// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

func spec(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "SPEC.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// table is a message as a table of SPEC.md has it.
type table struct {
	Type     int
	Keys     map[uint64]string
	Required []string
}

var (
	tableTitle = regexp.MustCompile(`^### 5\.\d+ (\w+) \(type (\d+)\)`)
	tableRow   = regexp.MustCompile(`^\| (\d+) \| (\w+) \| (required)?`)
)

func tables(t *testing.T) map[string]table {
	t.Helper()
	all := map[string]table{}
	name := ""
	for line := range strings.Lines(spec(t)) {
		if strings.HasPrefix(line, "#") {
			name = ""
		}
		if m := tableTitle.FindStringSubmatch(line); m != nil {
			name = strings.ToLower(m[1])
			n, _ := strconv.Atoi(m[2]) // digits
			all[name] = table{Type: n, Keys: map[uint64]string{}}
		}
		m := tableRow.FindStringSubmatch(line)
		if name == "" || m == nil {
			continue
		}
		key, _ := strconv.ParseUint(m[1], 10, 64) // digits
		tab := all[name]
		tab.Keys[key] = m[2]
		if m[3] != "" {
			tab.Required = append(tab.Required, m[2])
			slices.Sort(tab.Required)
		}
		all[name] = tab
	}
	return all
}

// TestTables: the messages of SPEC.md are those of the codec, with the same types and
// numbers of keys.
func TestTables(t *testing.T) {
	all := tables(t)
	for _, m := range messages() {
		want := map[uint64]bool{}
		v := reflect.TypeOf(m.zero)
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Field(i).Tag.Get("cbor"), ",")
			if key == "-" { // rows, which travel flat
				key = "4"
			}
			n, err := strconv.ParseUint(key, 10, 64)
			if err != nil {
				t.Fatalf("%s: %v", m.name, err)
			}
			want[n] = true
		}
		got := map[uint64]bool{}
		for key := range all[m.name].Keys {
			got[key] = true
		}
		if d := cmp.Diff(want, got); d != "" || all[m.name].Type != int(m.zero.Type()) {
			t.Errorf("%s has type %d and these keys (-codec +spec):\n%s", m.name, all[m.name].Type, d)
		}
	}
	if len(all) != len(messages()) {
		t.Errorf("SPEC.md has %d messages, the codec %d", len(all), len(messages()))
	}
}

// TestNames: the names of values in SPEC.md are those of the codec.
func TestNames(t *testing.T) {
	text := strings.Join(strings.Fields(spec(t)), " ")
	for _, list := range [][]string{
		named[fwproto.Key](5), named[fwproto.Status](6), named[fwproto.Blank](4), named[fwproto.Presence](4),
		named[fwproto.Kind](2), named[fwproto.Result](5),
	} {
		if want := strings.Join(list, ", "); !strings.Contains(text, want) {
			t.Errorf("SPEC.md does not say %q", want)
		}
	}
	for _, reason := range named[fwproto.Reason](14) {
		if !strings.Contains(text, reason) {
			t.Errorf("SPEC.md does not name the reason %q", reason)
		}
	}
}

func named[V interface {
	~uint8
	String() string
}](most V,
) []string {
	var list []string
	for v := V(1); v <= most; v++ {
		list = append(list, strconv.Itoa(int(v))+" "+v.String())
	}
	return list
}

var (
	clauseStart = regexp.MustCompile(`(?m)^(\d+\.\d+(?:\.\d+)?) `)
	ticked      = regexp.MustCompile("`([^`]+)`")
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
)

// TestClauses: every clause stands in section 11, once, and the vectors and tests that
// it names exist. Every rule of section 10 points at clauses.
func TestClauses(t *testing.T) {
	text := spec(t)
	held, ok := section(text, 11)
	if !ok {
		t.Fatal("no section 11")
	}
	clauses := map[string]bool{}
	for _, m := range clauseStart.FindAllStringSubmatch(text, -1) {
		clauses[m[1]] = strings.HasPrefix(m[1], "12.") // examples: TestExamples
	}
	ids := map[string]bool{}
	for _, v := range vectors[vector](t, "*.json") {
		ids[v.ID] = true
	}
	for _, v := range vectors[busVector](t, "bus/*.json") {
		ids[v.ID] = true
	}
	for _, v := range vectors[checkVector](t, "checks/*.json") {
		ids[v.ID] = true
	}
	tests := testNames(t)
	for line := range strings.Lines(held) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || !strings.ContainsAny(cells[1], "0123456789") {
			continue
		}
		for c := range strings.SplitSeq(strings.TrimSpace(cells[1]), ", ") {
			if done, ok := clauses[c]; !ok || done {
				t.Errorf("section 11: clause %s is not there, or named twice", c)
			}
			clauses[c] = true
		}
		for _, m := range ticked.FindAllStringSubmatch(cells[2], -1) {
			if !ids[m[1]] {
				t.Errorf("section 11, %s: no vector %s", cells[1], m[1])
			}
		}
		for _, m := range ticked.FindAllStringSubmatch(cells[3], -1) {
			if !tests[m[1]] {
				t.Errorf("section 11, %s: no test %s", cells[1], m[1])
			}
		}
		if strings.TrimSpace(cells[2]+cells[3]+cells[4]) == "" {
			t.Errorf("section 11, %s: held by nothing, for no reason", cells[1])
		}
	}
	for c, done := range clauses {
		if !done {
			t.Errorf("section 11 does not say what holds clause %s", c)
		}
	}
	rules, _ := section(text, 10)
	pointers := regexp.MustCompile(`(?m)^\| (\d+) [^|]+\| ([0-9., ]+) \|$`).FindAllStringSubmatch(rules, -1)
	if len(pointers) != 12 {
		t.Errorf("section 10 has %d rules", len(pointers))
	}
	for _, m := range pointers {
		for c := range strings.SplitSeq(m[2], ", ") {
			if _, ok := clauses[c]; !ok {
				t.Errorf("rule %s: no clause %s", m[1], c)
			}
		}
	}
}

func section(text string, n int) (string, bool) {
	_, rest, ok := strings.Cut(text, "\n## "+strconv.Itoa(n)+". ")
	rest, _, _ = strings.Cut(rest, "\n## ")
	return rest, ok
}

// testNames are the tests of the packages that speak the protocol.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, pattern := range []string{
		"*_test.go", "conformance/*_test.go", "../internal/broker/*_test.go", "../internal/mqttlink/*_test.go",
		"../internal/office/*_test.go",
		"../internal/brokertest/*_test.go", "../internal/app/*_test.go", "../display/*_test.go", "../internal/sim/box/*_test.go", "../internal/sim/panel/*_test.go",
	} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range testFunc.FindAllStringSubmatch(string(b), -1) {
				names[m[1]] = true
			}
		}
	}
	return names
}

var dumped = regexp.MustCompile(`^ *((?:[0-9a-f]{2,} )*[0-9a-f]{2,})( \.\.\.)?(?:   .*|)$`)

// TestExamples: the messages of section 12 are vectors, and it names them.
func TestExamples(t *testing.T) {
	text, ok := section(spec(t), 12)
	if !ok {
		t.Fatal("no section 12")
	}
	if found := len(examples(t, text)); found != 7 {
		t.Errorf("%d messages in section 12", found)
	}
}

// examples gives the types of the messages that a text dumps, each of which must be a
// vector that it names.
func examples(t *testing.T, text string) []string {
	t.Helper()
	all := vectors[vector](t, "*.json")
	var types []string
	for i, block := range strings.Split(text, "```") {
		for dump := range strings.SplitSeq(block, "\n\n") {
			dump = strings.TrimSpace(dump)
			if i%2 == 0 || !strings.HasPrefix(dump, "a") || !strings.Contains(dump, "map of") {
				continue
			}
			hex, whole := bytesOf(t, dump)
			at := slices.IndexFunc(all, func(v vector) bool {
				return (v.Hex == hex || !whole && strings.HasPrefix(v.Hex, hex)) && strings.Contains(text, "`"+v.ID+"`")
			})
			if at < 0 {
				t.Errorf("no vector that the text names is %s", hex)
				continue
			}
			types = append(types, all[at].Type)
		}
	}
	return types
}

// bytesOf gives the hex of a dump, and whether all of it is there.
func bytesOf(t *testing.T, dump string) (hex string, whole bool) {
	t.Helper()
	whole = true
	for line := range strings.Lines(dump) {
		m := dumped.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			t.Fatalf("%q is not understood", line)
		}
		hex += strings.ReplaceAll(m[1], " ", "")
		whole = whole && m[2] == "" && !strings.HasSuffix(strings.TrimSpace(line), "...")
	}
	return hex, whole
}
