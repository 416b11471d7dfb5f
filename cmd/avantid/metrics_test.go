// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMetricsPleasePromtool has Prometheus' own tool read the page of a running daemon.
func TestMetricsPleasePromtool(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing: make test installs it, on Debian as part of the package prometheus")
	}
	d := start(t.Context(), t, binary(t), officeFile(t, t.TempDir()))
	defer d.kill()
	client := &http.Client{Timeout: 10 * time.Second}
	gate := desk{client, d.base, token("gate")}
	if status, err := gate.post(t.Context(), "/api/v1/tickets", "one", map[string]any{"service": "v0"}, &ticket{}); err != nil || status != http.StatusCreated {
		t.Fatalf("ticket: %d, %v", status, err)
	}
	page := fetch(t.Context(), t, client, d.base+"/metrics")
	for _, name := range []string{
		"avanti_tickets_issued_total{", "avanti_waiting_tickets{", "avanti_oldest_ticket_age_seconds{",
		"avanti_counters{", "avanti_journal_records_total ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(page, "\n"+name) {
			t.Errorf("/metrics has no %s", name)
		}
	}
	check := exec.CommandContext(t.Context(), tool, "check", "metrics")
	check.Stdin = strings.NewReader(page)
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

// TestStopsOnRequest stops the daemon as systemd does, with people in the hall.
func TestStopsOnRequest(t *testing.T) {
	d := start(t.Context(), t, binary(t), officeFile(t, t.TempDir()))
	begin := time.Now()
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-d.done; err != nil {
		t.Errorf("the daemon ends with %v\n%s", err, d.log)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

func fetch(ctx context.Context, t *testing.T, client *http.Client, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(b)
}
