// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// binary builds the daemon once for all tests of this package.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "avantid")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

const (
	services = 20 // each with a series of its own, so that numbers last
	counters = 16
)

// token returns the secret of an access; only its hash stands in the file.
func token(id string) string { return "secret of " + id }

// officeFile writes the configuration of an office that is always open.
func officeFile(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# SPDX-License-Identifier: EUPL-1.2
office: {id: crowd, name: {en: Crowd}, zone: Europe/Rome, languages: [en]}
hours: {mon: ["00:00-24:00"], tue: ["00:00-24:00"], wed: ["00:00-24:00"], thu: ["00:00-24:00"], fri: ["00:00-24:00"], sat: ["00:00-24:00"], sun: ["00:00-24:00"]}
groups: [{id: all, name: {en: All}}]
rule: {preset: fifo, target: 20m, cap: 45m}
finish_on_next: true
http: {listen: "127.0.0.1:0"}
`)
	fmt.Fprintf(&b, "data_dir: %s\n", filepath.Join(dir, "data"))
	b.WriteString("series:\n")
	for i := range services {
		fmt.Fprintf(&b, "  - {id: s%d, prefix: S%c, width: 4, first: 1, last: 9999}\n", i, 'A'+i)
	}
	b.WriteString("services:\n")
	for i := range services {
		fmt.Fprintf(&b, "  - {id: v%d, group: all, series: s%d, name: {en: Service %d}}\n", i, i, i)
	}
	b.WriteString("counters:\n")
	for i := range counters {
		fmt.Fprintf(&b, "  - {id: c%d, label: \"%d\", preferred: [\"group:all\"]}\n", i, i)
	}
	b.WriteString("access:\n")
	fmt.Fprintf(&b, "  - {id: gate, role: kiosk, token_sha256: \"%x\"}\n", sha256.Sum256([]byte(token("gate"))))
	for i := range counters {
		id := fmt.Sprintf("desk-%d", i)
		fmt.Fprintf(&b, "  - {id: %s, role: counter, counter: c%d, token_sha256: \"%x\"}\n", id, i, sha256.Sum256([]byte(token(id))))
	}
	path := filepath.Join(dir, "office.yaml")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// daemon is a running avantid.
type daemon struct {
	cmd  *exec.Cmd
	base string
	log  *lines
	done chan error
}

// lines gathers what the daemon logs.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) add(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, s)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all[max(0, len(l.all)-40):], "\n")
}

var address = regexp.MustCompile(`msg=running.* address=(\S+)`)

// start runs the daemon until it says where its pages are.
func start(ctx context.Context, t *testing.T, binary, config string) *daemon {
	t.Helper()
	d := &daemon{cmd: exec.CommandContext(ctx, binary, "-config", config), log: &lines{}, done: make(chan error, 1)}
	out, err := d.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	running := make(chan string, 1)
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			d.log.add(s.Text())
			if m := address.FindStringSubmatch(s.Text()); m != nil {
				running <- m[1]
			}
		}
		d.done <- d.cmd.Wait()
	}()
	select {
	case a := <-running:
		d.base = "http://" + a
		d.untilReady(ctx, t)
	case err := <-d.done:
		t.Fatalf("the daemon ended: %v\n%s", err, d.log)
	case <-time.After(30 * time.Second):
		_ = d.cmd.Process.Kill()
		t.Fatalf("the daemon does not run\n%s", d.log)
	}
	return d
}

// untilReady waits until the office gives numbers.
func (d *daemon) untilReady(ctx context.Context, t *testing.T) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/readyz", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-late:
			t.Fatalf("the daemon is never ready\n%s", d.log)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// kill is kill -9.
func (d *daemon) kill() {
	_ = d.cmd.Process.Kill() // it may have ended
	<-d.done
}
