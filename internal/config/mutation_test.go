// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func source(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(testdata + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func minimal(t testing.TB) string { return source(t, "configs/good/minimal.yaml") }

// A good file in which a few lines were dropped, doubled or given other values is
// accepted or refused by the same rules as any other; the fuzzer rarely gets past
// the syntax.
func TestMutations(t *testing.T) {
	lines := strings.Split(source(t, "office/small.yaml"), "\n")
	odd := []string{"", "~", "true", "-5", "010", "1e9", ".inf", "[]", "{}", "[[]]", "{a: b}", "x", "'\x00'", "\"\u202e\"", "25h", "*none", "!!str 1", "|\n      two\n      lines"}
	rapid.Check(t, func(rt *rapid.T) {
		work := append([]string(nil), lines...)
		for range rapid.IntRange(1, 3).Draw(rt, "mutations") {
			i := rapid.IntRange(0, len(work)-1).Draw(rt, "line")
			key, _, isField := strings.Cut(work[i], ":")
			switch op := rapid.IntRange(0, 2).Draw(rt, "op"); {
			case op == 0:
				work[i] = ""
			case op == 1:
				work[i] += "\n" + work[i]
			case isField:
				work[i] = key + ": " + rapid.SampledFrom(odd).Draw(rt, "value")
			}
		}
		text := strings.Join(work, "\n")
		rt.Log(text)
		parse(t, []byte(text))
	})
}

// However many faults a file has, all of them are found, each at its place and nothing else.
func TestEveryFaultAtOnce(t *testing.T) {
	faults := []struct{ after, line, field string }{
		{"office:", "  zz: 1", "office.zz"},
		{"  zone:", "  zone: UTC", "office.zone"},
		{"  name:", "  languges: [it]", "office.languges"},
		{"hours:", "  tue: [\"9-10\"]", "hours.tue[0]"},
		{"  mon:", "  stop_before: 10", "hours.stop_before"},
		{"groups:", "  - 7", "groups[0]"},
		{"series:", "  - {id: z, prefix: z}", "series[0].prefix"},
		{"services:", "  - {id: other, group: al, series: a, name: {it: Altro}}", "services[0].group"},
		{"counters:", "  - {id: c9, label: \"9\", preferred: [dsk]}", "counters[0].preferred[0]"},
		{"  - {id: c1", "rule: {cap: 0s}", "rule.cap"},
		{"  - {id: c1", "http: {listen: nowhere}", "http.listen"},
		{"  - {id: c1", "kiosks: [{id: k, printer: none}]", "kiosks[0].printer"},
	}
	lines := strings.Split(minimal(t), "\n")
	rapid.Check(t, func(rt *rapid.T) {
		chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, len(faults)-1), 1, -1, rapid.ID).Draw(rt, "faults")
		var out []string
		want := map[string]int{} // field: line
		for _, line := range lines {
			out = append(out, line)
			for _, i := range chosen {
				if strings.HasPrefix(line, faults[i].after) {
					out = append(out, faults[i].line)
					want[faults[i].field] = len(out)
				}
			}
		}
		_, found := parse(t, []byte(strings.Join(out, "\n")))
		got := map[string]int{}
		for _, f := range found {
			got[f.Field] = f.Line
		}
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("lines of the faults (-want +got):\n%s", diff)
		}
	})
}

// A secret at the wrong place is not repeated: faults go to screens and logs.
func TestFaultsHideSecrets(t *testing.T) {
	text := minimal(t) + `
mqtt: {url: " mqtt://avanti:hunter2@broker.example:1883"}
devices:
  - {id: box, kind: box, counter: c1, password_sha256: hunter2}
  - {id: panel, kind: panel, counter: c1, password_sha256: 5551234}
access:
  - {id: a, role: admin, token_sha256: [hunter2]}
  - {id: b, role: admin, token_sha256: "hunter2 "}
`
	_, faults := parse(t, []byte(text))
	if len(faults) != 5 {
		t.Errorf("got %d faults, want 5: %v", len(faults), faults)
	}
	for _, f := range faults {
		if strings.Contains(f.String(), "hunter2") || strings.Contains(f.String(), "5551234") {
			t.Errorf("the secret stands in %q", f)
		}
	}
}

func TestSizeAndDepthAreBounded(t *testing.T) {
	for name, text := range map[string]string{
		"long":     minimal(t) + "# " + strings.Repeat("x", 1<<20),
		"flow":     "a: " + strings.Repeat("[", 100_000),
		"maps":     "a: " + strings.Repeat("{a: ", 50_000),
		"lists":    strings.Repeat("- ", 100_000),
		"blocks":   deep(300),
		"anchors":  strings.Repeat("&a ", 1000) + "b",
		"not text": "a: \xff",
	} {
		if _, faults := parse(t, []byte(text)); len(faults) != 1 {
			t.Errorf("%s: got faults %v, want one", name, faults)
		}
	}
}

func deep(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}
