// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"html"
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/web"
)

// TestNoTextIsForgotten: in a language all of whose letters have accents, a word without any was
// written into a template.
func TestNoTextIsForgotten(t *testing.T) {
	h := busy(t)
	if err := h.server.Exaggerate(); err != nil {
		t.Fatal(err)
	}
	phone := "/t/" + citizen.Key{1}.Token("2026-11-23", 3)
	for path, as := range map[string]string{
		"/": "", "/enter": "", "/hall": "", "/kiosk": "kiosk-1", "/kiosk?group=desk": "kiosk-1", "/kiosk?q=carta": "kiosk-1",
		"/kiosk?service=papers": "kiosk-1", "/kiosk?service=papers&priority": "kiosk-1", "/kiosk/ticket/3": "root", phone: "", "/t/nobody": "",
		"/counter?counter=c1": "boss", "/counter?counter=c2": "boss", "/counter?counter=c3": "boss", "/devices": "boss",
	} {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		w := h.send(t, request{path: path + sep + "lang=en", as: as, header: map[string]string{"Accept": "text/html", "Accept-Language": "en"}})
		if w.Code != http.StatusOK && path != "/t/nobody" {
			t.Fatalf("%s: %d", path, w.Code)
		}
		accented(t, path, w.Body.String(), names(t))
	}
}

// accented holds that a page says nothing without accents but what is somebody's: the office's,
// the calendar's, the program's. Causes are for the technician, in English.
func accented(t *testing.T, path, page string, theirs map[string]bool) {
	t.Helper()
	silent := regexp.MustCompile(`(?s)<head>.*?</head>|<bdi[^>]*>.*?</bdi>|<kbd[^>]*>.*?</kbd>|<datalist.*?</datalist>|<code>.*?</code>|<pre.*?</pre>|<textarea.*?</textarea>|<(?:span|ul)[^>]* lang="en">.*?</(?:span|ul)>`)
	tags := regexp.MustCompile(`(?s)<[^>]+>`)
	plain := regexp.MustCompile(`\b[A-Za-z]?[a-z]{3,}\b`)
	// What the office, the calendar and its program say is no text of the pages; min is a sign, as kg is.
	others := regexp.MustCompile(`\b(?:min|boss|root|normal|priority|slow)\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|November|Italiano|English|Română|Español|Avanti|Registry|Test office|<lp>|no paper|load a roll|close it|DLE EOT|stairs|attic`)
	var names []string
	for _, name := range slices.SortedFunc(maps.Keys(theirs), func(a, b string) int { return len(b) - len(a) }) {
		if rest := others.ReplaceAllString(name, ""); rest != "" {
			names = append(names, rest, "")
		}
	}
	known := strings.NewReplacer(names...)
	says := func(line string) bool {
		return plain.MatchString(line) && plain.MatchString(known.Replace(others.ReplaceAllString(line, "")))
	}
	said := html.UnescapeString(tags.ReplaceAllString(silent.ReplaceAllString(page, ""), "\n"))
	if !strings.Contains(said, "ø") {
		t.Errorf("%s is not in that language:\n%s", path, said)
	}
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); says(line) {
			t.Errorf("%s says %q in every language", path, line)
		}
	}
	for _, m := range regexp.MustCompile(`(?:aria-label|title|placeholder|alt)="([^"]*)"`).FindAllStringSubmatch(silent.ReplaceAllString(page, ""), -1) {
		if said := html.UnescapeString(m[1]); says(said) {
			t.Errorf("%s says %q to those who hear it in every language", path, said)
		}
	}
}

// names are what the office of the tests calls things.
func names(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	s := settings()
	for _, x := range s.Services {
		for _, n := range x.Name {
			out[n] = true
		}
	}
	for _, x := range s.Groups {
		for _, n := range x.Name {
			out[n] = true
		}
	}
	for _, x := range s.Classes {
		for _, n := range x.Name {
			out[n] = true
		}
	}
	for _, n := range s.Name {
		out[n] = true
	}
	return out
}

// TestStylesKnowNoLeft: pages must work in languages that are written the other way.
func TestStylesKnowNoLeft(t *testing.T) {
	physical := regexp.MustCompile(`(?m)(?:^|[{;\s])((?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)[\w-]*|left|right|float|clear|text-align|border-(?:top|bottom)-(?:left|right)-radius)\s*:\s*([^;}]*)`)
	files, err := fs.Glob(web.Static, "static/*.css")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := web.Static.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		css := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAll(data, nil)
		for _, m := range physical.FindAllSubmatch(css, -1) {
			property, value := string(m[1]), string(m[2])
			switch property {
			case "float", "clear", "text-align":
				if !strings.Contains(value, "left") && !strings.Contains(value, "right") {
					continue
				}
			}
			t.Errorf("%s: %s: %s", name, property, value)
		}
	}
}
