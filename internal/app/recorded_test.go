// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// recorder keeps what Prometheus would have read from /metrics, once a minute.
type recorder struct {
	values map[string][]string // by series; "_" where there was none
	n      int
	next   time.Time
}

// alerted reports whether a series is one of the metrics that the alert rules of deploy/prometheus ask for.
func alerted(series string) bool {
	name, _, _ := strings.Cut(series, "{")
	switch strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count") {
	case "avanti_warning", "avanti_printer_fault", "avanti_slips_total", "avanti_waiting_tickets", "avanti_counters", "avanti_oldest_ticket_age_seconds",
		"avanti_wait_seconds", "avanti_tickets_closed_total", "avanti_mqtt_link_up", "avanti_journal_commit_failures_total", "avanti_estimate_outcomes_total":
		return !strings.HasSuffix(name, "_sum")
	}
	return false
}

// read takes a sample if a minute has gone by.
func (c *recorder) read(r *rig) {
	if c == nil || time.Now().Before(c.next) {
		return
	}
	c.next = time.Now().Truncate(time.Minute).Add(time.Minute)
	answer, err := r.client.Get("http://localhost:8080/metrics")
	if err != nil {
		return // the daemon is being started anew: Prometheus would have found nothing, too
	}
	page, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		return
	}
	for line := range strings.Lines(string(page)) {
		series, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(series, "#") || !alerted(series) {
			continue
		}
		past := c.values[series]
		for len(past) < c.n {
			past = append(past, "_")
		}
		c.values[series] = append(past, value)
	}
	c.n++
}

// write writes the day as promtool reads it, without series that never were anything but 0.
func (c *recorder) write(t *testing.T, path string) {
	var out strings.Builder
	out.WriteString("# SPDX-License-Identifier: EUPL-1.2\n#\n# Monday, 23 November 2026, in Piacenza from 08:00, minute by minute, as TestPiacenzaMonday plays it: no paper from 9:30\n" +
		"# to 9:45, no broker from 11:00 to 11:10, the daemon started anew at 12:40. Made by: go test ./internal/app -run TestPiacenzaMonday -update\n")
	for _, series := range slices.Sorted(maps.Keys(c.values)) {
		values := c.values[series]
		if !slices.ContainsFunc(values, func(v string) bool { return v != "0" && v != "_" }) {
			continue
		}
		name, labels, labelled := strings.Cut(series, "{")
		if !labelled {
			labels = "}"
		}
		fmt.Fprintf(&out, "- series: '%s{job=\"avanti\",instance=\"piacenza\",%s'\n  values: '%s'\n", name, labels, shorten(values))
	}
	if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// shorten writes runs of the same value as promtool's notation has it.
func shorten(values []string) string {
	var out []string
	for i := 0; i < len(values); {
		n := 1
		for i+n < len(values) && values[i+n] == values[i] {
			n++
		}
		switch {
		case n == 1:
			out = append(out, values[i])
		case values[i] == "_":
			out = append(out, fmt.Sprintf("_x%d", n))
		default:
			out = append(out, fmt.Sprintf("%s+0x%d", values[i], n-1))
		}
		i += n
	}
	return strings.Join(out, " ")
}
