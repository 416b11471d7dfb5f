// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// office is the id of testdata/office.yaml.
const office = "reference"

// patience bounds every wait; nothing below takes longer than six seconds.
const patience = 20 * time.Second

// stream is lines that somebody says, to be waited for.
type stream struct {
	name string
	said chan string
	all  []string
}

func follow(name string, r io.Reader) *stream {
	s := &stream{name: name, said: make(chan string, 4096)}
	go func() {
		defer close(s.said)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			s.said <- lines.Text()
		}
	}()
	return s
}

// until waits for a line with the given text in it, gives it, and fails on one with a text
// that must not come before, nor be in it.
func (s *stream) until(t *testing.T, text string, never ...string) string {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		select {
		case line, ok := <-s.said:
			if !ok {
				t.Fatalf("%s ended before %q; it said:\n%s", s.name, text, strings.Join(s.all, "\n"))
			}
			s.all = append(s.all, line)
			for _, n := range never {
				if strings.Contains(line, n) {
					t.Fatalf("%s says %q before %q; it said:\n%s", s.name, line, text, strings.Join(s.all, "\n"))
				}
			}
			if strings.Contains(line, text) {
				return line
			}
		case <-late.C:
			t.Fatalf("%s does not say %q; it said:\n%s", s.name, text, strings.Join(s.all, "\n"))
		}
	}
}

// untilAll waits for lines with these texts in them, in any order: what comes on two topics
// may overtake.
func (s *stream) untilAll(t *testing.T, texts ...string) {
	t.Helper()
	for len(texts) > 0 {
		line := s.until(t, "")
		texts = slices.DeleteFunc(texts, func(text string) bool { return strings.Contains(line, text) })
	}
}

// terminal is a reference device at work.
type terminal struct {
	*stream
	cmd  *exec.Cmd
	keys io.Writer
	stop func()
	// ended waits until the process has ended by itself.
	ended func() error
}

func password(id string) string { return "secret of " + id }

// startDevice starts a device that knows who it is.
func startDevice(t *testing.T, address, id string, options ...string) *terminal {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, id, []string{"AVANTI_PASSWORD=" + password(id)}, append(options, host, port, office, id)...)
}

func start(t *testing.T, id string, env []string, args ...string) *terminal {
	t.Helper()
	cmd := exec.Command(makeC(t, "device-sanitized"), args...)
	cmd.Env = append(os.Environ(), env...)
	var faults bytes.Buffer
	cmd.Stderr = &faults
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d := &terminal{stream: follow(id, out), cmd: cmd, keys: keys}
	d.ended = sync.OnceValue(func() error {
		dead := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer dead.Stop()
		for line := range d.said {
			d.all = append(d.all, line)
		}
		err := cmd.Wait()
		if faults.Len() > 0 {
			t.Errorf("%s: %v\n%s", id, err, &faults)
		}
		return err
	})
	d.stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGCONT)
		_, _ = io.WriteString(keys, "q")
		if err := d.ended(); err != nil {
			t.Errorf("%s: %v\n%s", id, err, strings.Join(d.all, "\n"))
		}
	})
	t.Cleanup(func() { d.stop() })
	return d
}

// cut takes the power away.
func (d *terminal) cut() {
	d.stop = func() {}
	_ = d.cmd.Process.Kill()
	_ = d.ended() // killed
}

func (d *terminal) press(t *testing.T, key string) {
	t.Helper()
	if _, err := io.WriteString(d.keys, key); err != nil {
		t.Fatal(err)
	}
}

// runDevice runs a device that ends by itself, and gives what it says and its exit code.
func runDevice(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	program := makeC(t, "device-sanitized")
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out), exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return string(out), 0
}
