// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

func TestHallShowsCalls(t *testing.T) {
	h := busy(t)
	body := h.send(t, request{path: "/hall?lang=en"}).Body.String()
	for _, text := range []string{
		"Test office", `<bdi class="number">A002</bdi>`, `<bdi class="number">A003</bdi>`, "28 people waiting", `data-state="reconnecting"`, "Monday, 23 November 2026",
	} {
		if !strings.Contains(body, text) {
			t.Errorf("the hall does not show %q:\n%s", text, body)
		}
	}
	if body := h.send(t, request{path: "/hall"}).Body.String(); !strings.Contains(body, "Ufficio di prova") {
		t.Error("without a choice the hall does not speak the office's language")
	}
	if body := h.send(t, request{path: "/hall?lang=xx", header: map[string]string{"Accept-Language": "en"}}).Body.String(); !strings.Contains(body, "Ufficio di prova") {
		t.Error("the hall speaks the browser's language, or none")
	}
	h.do(t, queue.CloseDay{Force: true})
	body = h.send(t, request{path: "/hall?lang=ro"}).Body.String()
	if !strings.Contains(body, "Birou închis") || !strings.Contains(body, "data-night") {
		t.Errorf("the hall does not say that it is closed:\n%s", body)
	}
}

// screens are two: one that an office would buy, and one that is too far away for six rows.
func screens(o *web.Options) {
	o.Hall.Screens = []web.HallScreen{
		{ID: "main", Screen: display.Screen{Diagonal: 55, Distance: 8}, Arrows: map[queue.CounterID]display.Arrow{"c1": display.Left, "c2": display.Up}},
		{ID: "far", Screen: display.Screen{Diagonal: 55, Distance: 12}, Light: true, Silent: true},
	}
}

// TestHallScreens: an address names its screen and may give it a size.
func TestHallScreens(t *testing.T) {
	h := open(t, nil, screens)
	h.issue(t, "k")
	h.work(t, "boss", "c1", "open", "")
	h.work(t, "boss", "c1", "next", "n")
	for path, has := range map[string][]string{
		"/hall":                          {`data-row="9.8"`, `data-rows="6"`, `data-number="16.7"`, `data-theme="dark"`, `data-arrows="c1:left c2:up"`, `data-to="left"`, `/hall/board?lang=it"`},
		"/hall?screen=far":               {`data-row="14.7"`, `data-rows="4"`, `data-over`, `data-theme="light"`, `data-arrows=""`, `content="light"`, `screen=far"`},
		"/hall?screen=gone":              {`data-row="9.8"`},
		"/hall?d=43&v=5":                 {`data-row="7.8"`, `d=43&amp;lang=it&amp;v=5"`},
		"/hall?d=-1&v=1e9":               {`data-row="9.8"`},
		`/hall?d=NaN&v="><script>`:       {`data-row="9.8"`},
		"/hall/board?screen=main&d=55":   {`data-to="left"`},
		"/hall?screen=%22%3E%3Cb%3E&v=8": {`data-row="9.8"`},
	} {
		h.shows(t, request{path: strings.ReplaceAll(path, `"><script>`, "%22%3E%3Cscript%3E")}, "", "<b>")
		for _, text := range has {
			h.shows(t, request{path: strings.ReplaceAll(path, `"><script>`, "%22%3E%3Cscript%3E")}, text, "")
		}
	}
}

// TestHallStrip tells what an office wants to be told of those who wait, and never whose
// number belongs to what unless it wants that, too.
func TestHallStrip(t *testing.T) {
	for strip, x := range map[web.Strip]struct{ has, lacks string }{
		"":               {"Sportello", `class="last"`},
		web.StripNumbers: {`<bdi class="last">A001</bdi>`, ""},
		web.StripOff:     {"vi chiamiamo qui", `class="queue"`},
	} {
		h := open(t, nil, func(o *web.Options) { o.Hall.Strip = strip })
		h.issue(t, "k")
		h.issue(t, "l")
		h.work(t, "boss", "c1", "open", "")
		h.work(t, "boss", "c1", "next", "n")
		h.shows(t, request{path: "/hall"}, x.has, x.lacks)
	}
}

// TestHallTellsWaits: the range, where one is known, and nothing where none is.
func TestHallTellsWaits(t *testing.T) {
	h, known := openAhead(t)
	h.work(t, "boss", "c2", "open", "")
	for range 4 {
		h.take(t, queue.IssueTicket{Service: "papers"})
	}
	h.work(t, "boss", "c2", "next", "n1")
	h.shows(t, request{path: "/hall"}, "", `class="wait"`)
	*known = true
	body := h.send(t, request{path: "/hall"}).Body.String()
	if !regexp.MustCompile(`<span class="wait">\d+–\d+ min</span>`).MatchString(body) {
		t.Errorf("no wait in:\n%s", body)
	}
}

// TestHallWeighsLittle: a screen may hang at the end of a weak wireless network.
func TestHallWeighsLittle(t *testing.T) {
	h := open(t, nil, sounding(t, ""))
	page := h.send(t, request{path: "/hall"}).Body.String()
	total := weigh(t, []byte(page))
	seen := map[string]bool{}
	imports := regexp.MustCompile(`from "\./([^"]+)"`)
	var load func(path string)
	load = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		w := h.send(t, request{path: path})
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", path, w.Code)
		}
		for _, m := range imports.FindAllStringSubmatch(w.Body.String(), -1) {
			load(path[:strings.LastIndexByte(path, '/')+1] + m[1])
		}
		if strings.HasSuffix(path, ".wav") {
			total += w.Body.Len() // goes as it is
			return
		}
		total += weigh(t, w.Body.Bytes())
	}
	for _, m := range regexp.MustCompile(`"(/(?:static|sound)/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		load(m[1])
	}
	if len(seen) < 8 || total > 60_000 {
		t.Errorf("%d bytes in %d files: %v", total, len(seen), fmt.Sprint(seen))
	}
}

func weigh(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
