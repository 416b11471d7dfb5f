// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// daemon is the real program in a process of its own.
type daemon struct {
	cmd   *exec.Cmd
	base  string
	ready time.Duration // from its start until it could issue tickets
}

// buildDaemon builds the program as it is shipped.
func buildDaemon(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "avantid")
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "./cmd/avantid").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}

// startDaemon starts the program on a copy of an office file with other data and another port.
func startDaemon(ctx context.Context, binary, office, dir string) (*daemon, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(office)
	if err != nil {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "data_dir:"):
			line = "data_dir: " + dir + "\n"
		case strings.HasPrefix(line, "  listen:"):
			line = "  listen: " + address + "\n"
		}
		lines = append(lines, line)
	}
	config := filepath.Join(dir, "office.yaml")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	if err := os.WriteFile(config, []byte(strings.Join(lines, "")), 0o600); err != nil {
		return nil, err
	}
	d := &daemon{cmd: exec.CommandContext(ctx, binary, "-config", config), base: "http://" + address}
	begin := time.Now()
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < time.Minute {
		if d.get(ctx, "/readyz") == nil {
			d.ready = time.Since(begin)
			return d, nil
		}
		time.Sleep(200 * time.Microsecond)
	}
	return nil, errors.Join(errors.New("the daemon does not get ready"), d.stop())
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (d *daemon) get(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+path, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err == nil && resp.StatusCode != http.StatusOK {
		return errors.Join(errors.New(resp.Status), resp.Body.Close())
	}
	return drain(resp, err)
}

// memory returns the resident memory of the process in bytes.
func (d *daemon) memory() (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	for s := bufio.NewScanner(f); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

func (d *daemon) stop() error {
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return d.cmd.Wait()
}

const piacenza = "testdata/office/piacenza.yaml"

// benchMemory measures the daemon of a real office with nobody in the hall.
func benchMemory(ctx context.Context, o options) (rows []row, err error) {
	binary, err := buildDaemon(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	d, err := startDaemon(ctx, binary, piacenza, filepath.Join(o.dir, "memory"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	for _, page := range []string{"/hall", "/api/v1/board", "/metrics"} {
		if err := d.get(ctx, page); err != nil {
			return nil, fmt.Errorf("%s: %w", page, err)
		}
	}
	time.Sleep(10 * time.Second) // the link, the broker and the printer's line settle
	rss, err := d.memory()
	if err != nil {
		return nil, err
	}
	return []row{within("resident memory, idle hall, broker and pages included", float64(rss)/(1<<20), 40, "MiB")}, nil
}
