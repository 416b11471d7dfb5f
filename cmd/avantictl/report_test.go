// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// The report of a month is one file that needs nothing else; what is not asked for well is refused.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile("../../testdata/office/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "office.yaml")
	lines := "data_dir: " + dir + "\n"
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "data_dir:") {
			lines += line
		}
	}
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	_, err = s.Append(t.Context(), 0, []queue.Entry{{At: at, Event: queue.DayOpened{Date: "2026-10-05"}}, {At: at.Add(time.Hour), Event: queue.DayClosed{Date: "2026-10-05"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"october.html", "october.csv"} {
		to := filepath.Join(dir, name)
		var out, errs bytes.Buffer
		if code := run([]string{"report", "-config", path, "-month", "2026-10", "-lang", "ro", "-o", to}, nil, &out, &errs); code != 0 {
			t.Fatalf("%s: %d: %s", name, code, errs.String())
		}
		data, err := os.ReadFile(to)
		if err != nil || len(data) == 0 || name == "october.html" && !strings.Contains(string(data), "1 octombrie 2026") {
			t.Errorf("%s: %v\n%s", name, err, data)
		}
	}
	for _, args := range [][]string{{"-o", "x.pdf"}, {"-month", "10/2026", "-o", "x.html"}, {"-lang", "fr", "-o", "x.html"}} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"report", "-config", path}, args...), nil, &out, &errs); code != exitUsage || errs.Len() == 0 {
			t.Errorf("%v: %d %q", args, code, errs.String())
		}
	}
}
