// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
)

// metric is a line of the guide to metrics.
type metric struct {
	kind   string
	labels []string
	rare   bool // it appears only with the first of something
}

// checkMetrics holds what the daemon serves after a day against the guide, the alert rules and the dashboard.
func (r *rig) checkMetrics() {
	r.t.Helper()
	guide := r.guide()
	kinds, labels := r.served()
	for name, kind := range kinds {
		line, ok := guide[name]
		if !ok {
			r.t.Errorf("docs/guide/metrics.md does not tell of %s", name)
			continue
		}
		if line.kind != kind {
			r.t.Errorf("docs/guide/metrics.md: %s is no %s, but a %s", name, line.kind, kind)
		}
		if got := labels[name]; got != nil && !slices.Equal(got, line.labels) {
			r.t.Errorf("docs/guide/metrics.md: %s has the labels %v, not %v", name, got, line.labels)
		}
		for _, l := range labels[name] {
			if slices.Contains([]string{"counter", "clerk", "actor", "person", "account", "ticket", "number", "operator"}, l) {
				r.t.Errorf("%s tells of a single %s", name, l)
			}
		}
	}
	for name, line := range guide {
		if _, ok := kinds[name]; !ok && !line.rare {
			r.t.Errorf("docs/guide/metrics.md tells of %s, which nobody serves", name)
		}
	}
	names := regexp.MustCompile(`avanti_[a-z_0-9]+`)
	for _, path := range []string{"../../deploy/prometheus/avanti.rules.yml", "../../deploy/grafana/avanti-office.json"} {
		data, err := os.ReadFile(path)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, name := range names.FindAllString(string(data), -1) {
			base := name
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				if guide[strings.TrimSuffix(name, suffix)].kind == "histogram" {
					base = strings.TrimSuffix(base, suffix)
				}
			}
			if _, ok := guide[base]; !ok {
				r.t.Errorf("%s asks for %s, which nobody serves", path, name)
			}
		}
	}
}

// guide reads the table of docs/guide/metrics.md.
func (r *rig) guide() map[string]metric {
	r.t.Helper()
	data, err := os.ReadFile("../../docs/guide/metrics.md")
	if err != nil {
		r.t.Fatal(err)
	}
	out := map[string]metric{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 7 || !strings.HasPrefix(cells[1], " `avanti_") {
			continue
		}
		m := metric{kind: strings.TrimSpace(cells[2]), rare: strings.TrimSpace(cells[5]) != ""}
		for _, l := range strings.Split(cells[3], ",") {
			if l, _, _ = strings.Cut(strings.TrimSpace(l), " "); l != "–" {
				m.labels = append(m.labels, l)
			}
		}
		slices.Sort(m.labels)
		out[strings.Trim(cells[1], " `")] = m
	}
	if len(out) < 30 {
		r.t.Fatalf("only %d metrics in the guide", len(out))
	}
	return out
}

// served returns the kinds and labels of our metrics.
func (r *rig) served() (kinds map[string]string, labels map[string][]string) {
	r.t.Helper()
	answer, err := r.client.Get("http://localhost:8080/metrics")
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		r.t.Fatal(fmt.Errorf("metrics: %s: %w", answer.Status, err))
	}
	kinds, labels = map[string]string{}, map[string][]string{}
	key := regexp.MustCompile(`([a-z_]+)="`)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "# TYPE avanti_"); ok {
			name, kind, _ := strings.Cut(strings.TrimSpace(rest), " ")
			kinds["avanti_"+name] = kind
			continue
		}
		if !strings.HasPrefix(line, "avanti_") {
			continue
		}
		name := line[:strings.IndexAny(line, "{ ")]
		if kinds[name] == "" {
			name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count")
		}
		found := []string{}
		for _, m := range key.FindAllStringSubmatch(line, -1) {
			if m[1] != "le" {
				found = append(found, m[1])
			}
		}
		slices.Sort(found)
		labels[name] = found
	}
	return kinds, labels
}
