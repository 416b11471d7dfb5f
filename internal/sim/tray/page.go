// SPDX-License-Identifier: EUPL-1.2

package tray

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strconv"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var style []byte

// policy allows what the page has: its pictures and its style.
const policy = "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Handler returns the pages: the tray at /, which loads itself anew every few seconds, and the
// picture of each paper at /papers/ID.png.
func (t *Tray) Handler() http.Handler {
	page := template.Must(template.New("page").Parse(pageSource)) // embedded, and read by a test
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		papers, count := t.newest()
		var b bytes.Buffer
		if err := page.Execute(&b, map[string]any{"Papers": papers, "Count": count}); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		send(w, "text/html; charset=utf-8", b.Bytes())
	})
	mux.HandleFunc("GET /page.css", func(w http.ResponseWriter, _ *http.Request) {
		send(w, "text/css; charset=utf-8", style)
	})
	mux.HandleFunc("GET /papers/{file}", func(w http.ResponseWriter, r *http.Request) {
		file := r.PathValue("file")
		id, err := strconv.Atoi(file[:max(0, len(file)-len(".png"))])
		s, ok := t.find(id)
		if err != nil || !ok || file != strconv.Itoa(id)+".png" {
			http.NotFound(w, r)
			return
		}
		var b bytes.Buffer
		if err := s.WritePNG(&b); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Cache-Control", "max-age=3600") // a paper does not change
		send(w, "image/png", b.Bytes())
	})
	return mux
}

// send answers with a whole body. The client may have gone; there is nobody else to tell.
func send(w http.ResponseWriter, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	_, _ = w.Write(body)
}
