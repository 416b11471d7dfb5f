// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// offices are the files without faults.
func offices(t testing.TB) map[string][]byte {
	out := map[string][]byte{}
	for _, path := range append(glob(t, "configs/good/*.yaml"), glob(t, "office/*.yaml")...) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[path] = data
	}
	return out
}

func sameFile(t *testing.T, want, got []byte) {
	t.Helper()
	a, err := config.Parse("a.yaml", want)
	if err != nil {
		t.Fatal(err)
	}
	b, err := config.Parse("b.yaml", got)
	if err != nil {
		t.Fatalf("what was written has faults: %v\n%s", err, got)
	}
	if !a.Alike(b) {
		t.Errorf("what was written means something else:\n%s", got)
	}
	if diff := cmp.Diff(a.Settings(), b.Settings()); diff != "" {
		t.Errorf("settings: -read +written:\n%s", diff)
	}
}

// A draft in which nothing is replaced is the text itself.
func TestDraftKeepsTheText(t *testing.T) {
	for path, text := range offices(t) {
		d, err := config.NewDraft(path, text)
		if err != nil {
			t.Fatal(path, err)
		}
		if got := string(d.Text()); got != strings.TrimRight(string(text), "\n")+"\n" {
			t.Errorf("%s: -was +is:\n%s", path, cmp.Diff(string(text), got))
		}
		if changed := config.Changed(text, d.Text()); changed != nil {
			t.Errorf("%s: changed %v", path, changed)
		}
	}
}

// Every section of every office, written anew, reads back equal.
func TestWrittenSectionsReadBackEqual(t *testing.T) {
	for path, text := range offices(t) {
		d, err := config.NewDraft(path, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range d.Sections() {
			v := d.Section(name)
			d.Set(name, nil)
			d.Set(name, v)
		}
		t.Run(path, func(t *testing.T) { sameFile(t, text, d.Text()) })
	}
}

func TestDraftReplacesOneSection(t *testing.T) {
	text := []byte("# top\n\n# the office\noffice: {id: a, name: {en: A}} # here\n# hours\nhours:\n  mon: [\"08:00-09:00\"]\n\n# last\nlog: {level: info}\n")
	d, err := config.NewDraft("x.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	d.Set("hours", config.Map{{Key: "mon", Value: []any{"08:00-12:00"}}, {Key: "tue", Value: []any{"08:00-12:00", "14:00-17:00"}}, {Key: "stop_before", Value: ""}})
	d.Set("log", nil)
	d.Set("finish_on_next", config.Plain("true"))
	want := `# top

# the office
office: {id: a, name: {en: A}} # here
# hours
hours:
  mon: ["08:00-12:00"]
  tue: ["08:00-12:00", "14:00-17:00"]
finish_on_next: true
`
	if diff := cmp.Diff(want, string(d.Text())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := config.Changed(text, d.Text()); !slices.Equal(got, []string{"hours", "finish_on_next", "log"}) {
		t.Errorf("changed: %v", got)
	}
}

// An anchor that another section needs is not lost with the section that it stands in.
func TestDraftResolvesAnchors(t *testing.T) {
	text := []byte("office: {id: a, languages: &l [it]}\nslip: {parts: *l}\n")
	d, err := config.NewDraft("x.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	d.Set("office", config.Map{{Key: "id", Value: "b"}})
	if want := "office: {id: b}\nslip: {parts: [it]}\n"; string(d.Text()) != want {
		t.Errorf("got %q, want %q", d.Text(), want)
	}
}

// What people type stays a text, whatever YAML would make of it.
func FuzzDraftText(f *testing.F) {
	for _, s := range []string{
		"Anagrafe", "yes", "1", "0x70", "a: b", "# no", "\"", `\`, "*x", "&x", "- x", "\x00", "\u2028", "l'ufficio", "{a}", "~",
		"2026-12-25", "1e3", "!!str x", "\ufeff", "null", "a\tb", "\U000e0001", "a-b", "8",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ToValidUTF8(s, "") != s || s == "" || len(s) > 200 {
			return
		}
		d := &config.Draft{}
		want := config.Map{
			{Key: "name", Value: config.Map{{Key: "it", Value: s}}},
			{Key: "list", Value: []any{s, config.Map{{Key: "k", Value: strings.Repeat("x", 130)}, {Key: "s", Value: s}}}},
		}
		d.Set("office", want)
		got, err := config.NewDraft("x.yaml", d.Text())
		if err != nil {
			t.Fatalf("%q: %v\n%s", s, err, d.Text())
		}
		if diff := cmp.Diff(any(want), got.Section("office")); diff != "" {
			t.Errorf("%q: -set +read:\n%s\n%s", s, diff, d.Text())
		}
	})
}

func TestAlike(t *testing.T) {
	text := offices(t)[testdata+"office/small.yaml"]
	a, err := config.Parse("a.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for change, alike := range map[string]bool{`label: "3"|label: "9"`: true, "keep: 7|keep: 8": false, "baud: 19200|baud: 9600": false} {
		old, fresh, _ := strings.Cut(change, "|")
		b, err := config.Parse("b.yaml", []byte(strings.Replace(string(text), old, fresh, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if a.Alike(b) != alike || a.Settings().Office != queue.OfficeID("small") {
			t.Errorf("%s: alike is not %v", change, alike)
		}
	}
}
