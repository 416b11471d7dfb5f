// SPDX-License-Identifier: EUPL-1.2

package tray_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/internal/sim/tray"
)

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	return w
}

// element is an element of a page, with the text right behind its start.
type element struct {
	name       string
	attributes map[string]string
	text       string
}

// elements reads a page.
func elements(t *testing.T, page io.Reader) []element {
	t.Helper()
	var out []element
	d := xml.NewDecoder(page)
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			e := element{name: x.Name.Local, attributes: map[string]string{}}
			for _, a := range x.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			out = append(out, e)
		case xml.CharData:
			if len(out) > 0 && out[len(out)-1].text == "" {
				out[len(out)-1].text = string(x)
			}
		}
	}
}

func named(all []element, name string) []element {
	return slices.DeleteFunc(slices.Clone(all), func(e element) bool { return e.name != name })
}

// TestPage: the last papers are there as pictures, each with its text, and whatever stands on a paper
// is text and nothing else. Nothing on the page needs a script.
func TestPage(t *testing.T) {
	var papers tray.Tray
	h := papers.Handler()
	if w := get(t, h, "/"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<img") {
		t.Errorf("the empty tray: status %d\n%s", w.Code, w.Body)
	}
	for i := range 20 {
		papers.Add("printer-1", sheet(t, fmt.Sprintf("A%03d", i)))
	}
	papers.Add("printer-1", paper.Sheet{Text: "<script>alert(1)</script>", Torn: true, MM: 31.6})
	w := get(t, h, "/")
	page := elements(t, w.Body)
	if len(named(page, "script")) > 0 || named(page, "html")[0].attributes["lang"] == "" || len(named(page, "h1")) != 1 {
		t.Error("the page has a script, no language or no heading")
	}
	refresh := slices.ContainsFunc(named(page, "meta"), func(e element) bool { return e.attributes["http-equiv"] == "refresh" })
	if csp := w.Header().Get("Content-Security-Policy"); !refresh || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("refresh: %t, policy %q", refresh, csp)
	}
	pictures, texts := named(page, "img"), named(page, "pre")
	if len(pictures) != 12 || len(texts) != 12 {
		t.Fatalf("%d pictures and %d texts, want the last twelve", len(pictures), len(texts))
	}
	if got := texts[0].text; got != "<script>alert(1)</script>" {
		t.Errorf("the newest text is %q", got)
	}
	if got := texts[1].text; !strings.Contains(got, "A019") {
		t.Errorf("the one before is %q", got)
	}
	if alt := pictures[1].attributes["alt"]; !strings.Contains(alt, "A019") {
		t.Errorf("alt %q", alt)
	}
	w = get(t, h, pictures[1].attributes["src"])
	picture, err := png.Decode(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if width := picture.Bounds().Dx(); w.Header().Get("Content-Type") != "image/png" || width != 80*8 {
		t.Errorf("%s of %d dots, want the 640 of 80 mm", w.Header().Get("Content-Type"), width)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	var papers tray.Tray
	h := papers.Handler()
	for range 13 {
		papers.Add("p", sheet(t, "A001"))
	}
	for _, path := range []string{
		"/papers/1.png", "/papers/14.png", "/papers/0.png", "/papers/-2.png", "/papers/+2.png", "/papers/02.png", "/papers/2",
		"/papers/x.png", "/papers/.png", "/papers/", "/other",
	} {
		if w := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
	if w := get(t, h, "/papers/2.png"); w.Code != http.StatusOK {
		t.Errorf("the oldest one: status %d", w.Code)
	}
}
