// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/web"
)

var update = flag.Bool("update", false, "write openapi.json")

// The contract changes only on purpose.
func TestOpenAPI(t *testing.T) {
	h := open(t, nil, nil)
	got, err := h.server.Spec()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("openapi.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("openapi.json, -committed +served (run with -update if that is wanted):\n%s", diff)
	}
	if w := h.send(t, request{path: "/api/v1/openapi.json"}); w.Body.String() != string(got) {
		t.Error("another document is served")
	}
}

func TestHealth(t *testing.T) {
	var ill error
	h := open(t, nil, func(o *web.Options) {
		o.Alive, o.Ready = func() error { return nil }, func() error { return ill }
	})
	for path, status := range map[string]int{"/healthz": 200, "/readyz": 200} {
		if w := h.send(t, request{path: path}); w.Code != status || w.Body.String() != "ok\n" {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
	ill = errors.New("the journal is damaged")
	if w := h.send(t, request{path: "/readyz"}); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "damaged") {
		t.Errorf("ill: %d %q", w.Code, w.Body)
	}
	if w := h.send(t, request{path: "/healthz"}); w.Code != http.StatusOK {
		t.Errorf("alive: %d", w.Code)
	}
}

func TestMetricsPage(t *testing.T) {
	r := prometheus.NewRegistry()
	h := open(t, nil, func(o *web.Options) { o.Gatherer, o.Registerer = r, r })
	h.send(t, request{path: "/api/v1/board", as: "wrong"})
	body := h.send(t, request{path: "/metrics"}).Body.String()
	for _, line := range []string{"avanti_web_refused_tokens_total 1", "avanti_web_logins_total 0", "avanti_web_streams 0"} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("no %q in:\n%s", line, body)
		}
	}
	if problems, err := testutil.GatherAndLint(r); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
}

func TestStaticFiles(t *testing.T) {
	h := open(t, nil, nil)
	page := h.send(t, request{path: "/hall"}).Body.String()
	paths := regexp.MustCompile(`/static/[^"]+`).FindAllString(page, -1)
	if len(paths) < 3 {
		t.Fatalf("the hall loads %v", paths)
	}
	for _, path := range paths {
		w := h.send(t, request{path: path})
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "" {
			t.Fatalf("%s: %d %v", path, w.Code, w.Header())
		}
		small := h.send(t, request{path: path, header: map[string]string{"Accept-Encoding": "gzip, br"}})
		if small.Header().Get("Content-Encoding") != "gzip" {
			continue // it would not have become smaller
		}
		z, err := gzip.NewReader(small.Body)
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(z); err != nil || string(data) != w.Body.String() {
			t.Errorf("%s: gzip holds something else: %v", path, err)
		}
	}
	build := strings.Split(paths[0], "/")[2]
	for _, path := range []string{"/static/old/base.css", "/static/" + build + "/none.css", "/static/" + build + "/../web.go"} {
		if w := h.send(t, request{path: path}); w.Code == http.StatusOK {
			t.Errorf("%s: served", path)
		}
	}
}

// A module that is imported must exist: nothing else would notice before a browser does.
func TestModulesExist(t *testing.T) {
	imports := regexp.MustCompile(`from "\./([^"]+)"`)
	entries, err := web.Static.ReadDir("static")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := web.Static.ReadFile("static/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data[:min(len(data), 200)]), "SPDX-License-Identifier: EUPL-1.2") {
			t.Errorf("%s: no licence line", e.Name())
		}
		for _, m := range imports.FindAllStringSubmatch(string(data), -1) {
			if _, err := web.Static.ReadFile("static/" + m[1]); err != nil {
				t.Errorf("%s imports %s: %v", e.Name(), m[1], err)
			}
		}
	}
}
