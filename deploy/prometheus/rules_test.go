// SPDX-License-Identifier: EUPL-1.2

package prometheus_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func promtool(t *testing.T, args ...string) {
	t.Helper()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing: make test installs it, on Debian as part of the package prometheus")
	}
	if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestRulesAreRules(t *testing.T) {
	promtool(t, "check", "rules", "avanti.rules.yml")
	promtool(t, "check", "config", "prometheus.yml")
}

func TestEachAlertFiresWhenItShould(t *testing.T) {
	promtool(t, "test", "rules", "avanti.test.yml")
	rules, tests := read(t, "avanti.rules.yml"), read(t, "avanti.test.yml")
	for line := range strings.Lines(rules) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "- alert: "); ok && !strings.Contains(tests, "alertname: "+name+"\n        exp_alerts:\n          - ") {
			t.Errorf("no test sees %s fire", name)
		}
	}
}

// TestARecordedDay plays the alerts on a Monday that a whole office has lived through: what
// went wrong is told when it did, and nothing else is.
func TestARecordedDay(t *testing.T) {
	rules, err := filepath.Abs("avanti.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	file.WriteString("rule_files: [" + rules + "]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n")
	for line := range strings.Lines(read(t, "testdata/monday.yml")) {
		file.WriteString("  " + line)
	}
	file.WriteString("\n  alert_rule_test:\n" + read(t, "testdata/monday.alerts.yml"))
	path := filepath.Join(t.TempDir(), "day.yml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "test", "rules", path)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
