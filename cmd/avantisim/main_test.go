// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// tinyOffice is open for five minutes.
func tinyOffice(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "two-printers.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "office.yaml")
	short := strings.Replace(string(text), "08:00-17:00", "08:15-08:20", 1)
	if err := os.WriteFile(name, []byte(short), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestUnplugged plays a short day on which somebody pulls the plug: the page of the papers is there
// meanwhile, and at the end the table tells the fate of every slip.
func TestUnplugged(t *testing.T) {
	out, stdout := io.Pipe()
	var stderr bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- run([]string{
			"-config", tinyOffice(t), "-speed", "1000", "-unplug", "1", "-listen", "127.0.0.1:0", "-papers", "127.0.0.1:0",
		}, stdout, &stderr)
		_ = stdout.Close()
	}()
	var text strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		page, ok := strings.CutPrefix(lines.Text(), "papers    ")
		if !ok {
			continue
		}
		resp, err := http.Get(page)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s, %v", page, resp.Status, err)
		}
	}
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d:\n%s\n%s", code, text.String(), stderr.String())
	}
	figure := func(pattern string) int {
		t.Helper()
		m := regexp.MustCompile(`(?m)^` + pattern).FindStringSubmatch(text.String())
		if m == nil {
			t.Fatalf("no %s in\n%s", pattern, text.String())
		}
		n, _ := strconv.Atoi(m[1])
		return n
	}
	tickets, issued := figure(`tickets  (\d+):`), figure(`issued +(\d+) `)
	if issued != tickets {
		t.Errorf("%d tickets, of %d slips a fate is told:\n%s", tickets, issued, text.String())
	}
	figure(`refused, no number given +(\d+)`)
	figure(`pieces that bear no number +(\d+)`)
}

func TestWrongUsage(t *testing.T) {
	office := tinyOffice(t)
	for _, args := range [][]string{
		{"-unplug", "-1"}, {"-unplug", "1001"}, {"-unplug", "1", "-speed", "0"}, {"-speed", "1001"}, {"-days", "0"}, {"-date", "x"}, {"-model", "x"}, {"-x"},
	} {
		var stderr bytes.Buffer
		if code := run(append([]string{"-config", office}, args...), io.Discard, &stderr); code != exitUsage || stderr.Len() == 0 {
			t.Errorf("%v: exit code %d, %q", args, code, stderr.String())
		}
	}
	var stderr bytes.Buffer
	if code := run([]string{"-config", office, "-papers", "127.0.0.1:99999"}, io.Discard, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "-papers") {
		t.Errorf("exit code %d, %q", code, stderr.String())
	}
}

// TestEveryProfileHasItsPrinter: behind each profile that is shipped stands a printer that speaks
// its dialect.
func TestEveryProfileHasItsPrinter(t *testing.T) {
	generic := 0
	for _, name := range escpos.Names() {
		profile, err := escpos.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		switch model := modelOf(name); profile.Status {
		case escpos.StatusNone:
			if model != paper.Silent {
				t.Errorf("%s: %s", name, model)
			}
		case escpos.StatusLenient, escpos.StatusEpson:
			if model == paper.Generic {
				generic++
			} else if model != paper.Epson && model != paper.EpsonT88 {
				t.Errorf("%s: %s", name, model)
			}
		default: // named after the maker
			if !strings.HasPrefix(string(model), string(profile.Status)) {
				t.Errorf("%s: %s", name, model)
			}
		}
	}
	if generic == 0 {
		t.Error("no profile of a generic printer")
	}
}
