// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/web"
)

func officeText(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A form that is sent back as it was shown changes nothing, whatever the office.
func TestFormsChangeNothingByThemselves(t *testing.T) {
	h := open(t, nil, nil)
	for _, office := range []string{"small.yaml", "piacenza.yaml", "two-printers.yaml"} {
		text := officeText(t, office)
		for _, chapter := range web.Chapters() {
			t.Run(office+" "+chapter, func(t *testing.T) {
				got, err := h.server.SendBack(chapter, text, func(url.Values) {})
				if err != nil {
					t.Fatal(err)
				}
				if changed := config.Changed(text, got); changed != nil {
					t.Errorf("changed %v:\n%s", changed, cmp.Diff(string(text), string(got)))
				}
			})
		}
	}
}

func TestFormsTakeWhatPeopleType(t *testing.T) {
	h := open(t, nil, nil)
	text := officeText(t, "small.yaml")
	tests := map[string]struct {
		chapter string
		typed   map[string]string
		want    []string // lines of what comes out
		gone    string
	}{
		"hours as people write them": {"hours", map[string]string{"hours.mon": "8–12, 14.30 - 17", "hours.stop_before": "10"}, []string{
			`  mon: ["08:00-12:00", "14:30-17:00"]`, `  stop_before: "10m"`,
		}, ""},
		"a holiday more": {"hours", map[string]string{"hours.exceptions[2].date": "2027-01-06", "hours.exceptions[2].reason": "Epifania"}, []string{
			`    - {date: "2027-01-06", reason: "Epifania"}`,
		}, ""},
		"a service more has an id": {"services", map[string]string{"services[3].name.it": "Tassa sull'acqua è", "services[3].group": "payments", "services[3].series": "p"}, []string{
			`id: tassa-sull-acqua-e`,
		}, ""},
		"a counter less":      {"counters", map[string]string{"counters[2].remove": "1"}, nil, "id: c3"},
		"what is wrong stays": {"hours", map[string]string{"hours.mon": "morning"}, []string{`  mon: [morning]`}, ""},
		"YAML stays a text":   {"office", map[string]string{"office.name.it": `x", en: {y} # *a`}, []string{`it: "x\", en: {y} # *a"`}, ""},
		"strange fields":      {"office", map[string]string{"access[0].role": "admin", "office.colour": "red"}, nil, "colour"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := h.server.SendBack(test.chapter, text, func(form url.Values) {
				for path, typed := range test.typed {
					form.Set(path, typed)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range test.want {
				if !strings.Contains(string(got), line) {
					t.Errorf("no %q in:\n%s", line, got)
				}
			}
			if test.gone != "" && strings.Contains(string(got), test.gone) {
				t.Errorf("%q is there:\n%s", test.gone, got)
			}
		})
	}
}

// A language less takes its texts away everywhere; one more finds the advice in the office's own.
func TestLanguagesOfTheOffice(t *testing.T) {
	h := open(t, nil, nil)
	text := officeText(t, "small.yaml")
	got, err := h.server.SendBack("office", text, func(form url.Values) { form["office.languages"] = []string{"it", "en"} })
	if err != nil {
		t.Fatal(err)
	}
	f, err := config.Parse("x.yaml", got)
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if s := f.Settings(); s.Services[0].Name["ro"] != "" || s.Services[0].Name["en"] != "Certificates" {
		t.Errorf("names: %v", s.Services[0].Name)
	}
	back, err := h.server.SendBack("office", got, func(form url.Values) { form["office.languages"] = []string{"it", "ro", "en"} })
	if err != nil {
		t.Fatal(err)
	}
	if f, err = config.Parse("x.yaml", back); err != nil {
		t.Fatalf("%v\n%s", err, back)
	}
	if f.Slip.Advice["ro"] != f.Slip.Advice["it"] {
		t.Errorf("advice: %v", f.Slip.Advice)
	}
}

// Every page of the administration in every language, also where there is no file to change.
func TestAdminPagesInEveryLanguage(t *testing.T) {
	h := open(t, nil, nil)
	id := regexp.MustCompile(`>\s*(` + strings.Join(ids(t), "|") + `)\s*<`)
	for _, place := range append([]string{"access", "people", "file", "history", "backups"}, web.Chapters()...) {
		for _, lang := range []string{"it", "ro", "es", "en"} {
			w := h.send(t, request{path: "/admin/" + place + "?lang=" + lang, as: "root", header: map[string]string{"Accept": "text/html"}})
			body := w.Body.String()
			if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: %d, %s", place, lang, w.Code, w.Header().Get("Cache-Control"))
			}
			if found := id.FindString(body); found != "" || strings.Contains(body, "<no value>") || strings.Contains(body, " style=") {
				t.Errorf("%s %s: %s\n%s", place, lang, found, body)
			}
		}
	}
}

// Whoever has chosen a language for their pages has it, unless an address asks for another one.
func TestPagesSpeakTheLanguageOfThePerson(t *testing.T) {
	s := openStaffed(t)
	for lang, want := range map[string]string{"ro": "ro", "es": "es", "": "en"} {
		name := "Boss " + lang
		if _, err := s.people.Create(t.Context(), accounts.By{}, name, accounts.Admin, lang, rosasWords); err != nil {
			t.Fatal(err)
		}
		b := &browser{h: s.hall}
		if w := b.post(t, "/enter", url.Values{"name": {name}, "password": {rosasWords}}); w.Code != 303 {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		for path, lang := range map[string]string{"/admin": want, "/admin?lang=it": "it"} {
			w := s.send(t, request{path: path, header: map[string]string{"Cookie": b.cookie, "Accept": "text/html", "Accept-Language": "en"}})
			if !strings.Contains(w.Body.String(), `<html lang="`+lang+`"`) {
				t.Errorf("%s for who has chosen %q is not in %s: %.200s", path, want, lang, w.Body)
			}
		}
	}
}
