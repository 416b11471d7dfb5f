// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/web"
)

// locale returns all texts of a language. An id stands in one file only.
func locale(t *testing.T, lang string) map[string]any {
	t.Helper()
	files, err := fs.Glob(web.Locales, "locales/"+lang+"/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string]any{}
	for _, name := range files {
		data, err := web.Locales.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for id, text := range m {
			if all[id] != nil {
				t.Errorf("%s: %q stands in another file as well", name, id)
			}
			all[id] = text
		}
	}
	return all
}

// ids lists the ids of all texts, as parts of a regular expression.
func ids(t *testing.T) []string {
	var out []string
	for id := range locale(t, "it") {
		if strings.Contains(id, ".") {
			out = append(out, regexp.QuoteMeta(id))
		}
	}
	return out
}

func TestEveryTextInEveryLanguage(t *testing.T) {
	want := slices.Sorted(maps.Keys(locale(t, "it")))
	forms := map[string][]string{
		"it": {"one", "other"}, "es": {"one", "other"}, "en": {"one", "other"}, "ro": {"few", "one", "other"},
	}
	holes := regexp.MustCompile(`{{\.\w+}}`)
	italian := locale(t, "it")
	for lang, forms := range forms {
		got := locale(t, lang)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%s: ids, -it +%s:\n%s", lang, lang, diff)
		}
		for id, text := range got {
			switch text := text.(type) {
			case string:
				if text == "" {
					t.Errorf("%s: %s is empty", lang, id)
				}
				if s, ok := italian[id].(string); !ok || !slices.Equal(sorted(holes.FindAllString(s, -1)), sorted(holes.FindAllString(text, -1))) {
					t.Errorf("%s: %s: %q has other holes than %q", lang, id, text, italian[id])
				}
			case map[string]any:
				if got := slices.Sorted(maps.Keys(text)); !slices.Equal(got, forms) {
					t.Errorf("%s: %s has the forms %v, want %v", lang, id, got, forms)
				}
			}
		}
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

// Romanian is written with commas below, not with cedillas.
func TestNoCedillas(t *testing.T) {
	data, err := json.Marshal(locale(t, "ro"))
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexAny(string(data), "şţŞŢ"); i >= 0 {
		t.Errorf("a cedilla: %.80q", data[i:])
	}
	if !strings.ContainsAny(string(data), "șț") {
		t.Error("no Romanian letters at all")
	}
}

// Ids that stand in templates must exist, and every refusal of the office must
// have a text and a chapter in the API's guide.
func TestTextsThatAreAskedFor(t *testing.T) {
	texts := locale(t, "en")
	asked := regexp.MustCompile(`\.[TN] "([^"%]+)"`)
	err := fs.WalkDir(web.Templates, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := web.Templates.ReadFile(path)
		for _, m := range asked.FindAllStringSubmatch(string(data), -1) {
			if texts[m[1]] == nil {
				t.Errorf("%s asks for %q", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	codes := append(constants(t, "../../queue/refusal.go", "Refused"), constants(t, "problem.go", "code")...)
	if len(codes) < 30 {
		t.Fatalf("only %d codes found: %v", len(codes), codes)
	}
	for _, code := range codes {
		if texts["problem."+code] == nil {
			t.Errorf("no text for the code %q", code)
		}
		if !strings.Contains(string(guide), `<a id="problem-`+code+`"></a>`) {
			t.Errorf("docs/api.md does not describe %q", code)
		}
	}
	for _, family := range []string{
		"counter.state.open", "counter.state.paused", "counter.state.closed", "status.called", "status.serving",
		"kiosk.paper.none", "kiosk.paper.pending", "kiosk.paper.printed", "kiosk.paper.sent", "kiosk.paper.failed", "kiosk.paper.unknown",
		"severity.notice", "severity.warning", "severity.critical",
		"op.next", "op.recall", "op.start", "op.finish", "op.no-show", "op.park", "op.return", "op.pause", "op.close", "op.open",
	} {
		if texts[family] == nil {
			t.Errorf("no text %q", family)
		}
	}
}

// constants returns the values of the string constants of a file whose names begin so.
func constants(t *testing.T, path, prefix string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) || len(spec.Values) == 0 {
			return true
		}
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
		return true
	})
	return out
}
