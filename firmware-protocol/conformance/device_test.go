// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/config"
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

// until waits for a line with the given text in it, and fails on one with a text that
// must not come before.
func (s *stream) until(t *testing.T, text string, never ...string) {
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
				return
			}
		case <-late.C:
			t.Fatalf("%s does not say %q; it said:\n%s", s.name, text, strings.Join(s.all, "\n"))
		}
	}
}

// terminal is a reference device at work.
type terminal struct {
	*stream
	cmd  *exec.Cmd
	keys io.Writer
	stop func()
}

func password(id string) string { return "secret of " + id }

func startDevice(t *testing.T, address, id string, options ...string) *terminal {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(makeC(t, "device-sanitized"), append(options, host, port, office, id)...)
	cmd.Env = append(os.Environ(), "AVANTI_PASSWORD="+password(id))
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
	d.stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGCONT)
		_, _ = io.WriteString(keys, "q")
		dead := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer dead.Stop()
		for line := range d.said {
			d.all = append(d.all, line)
		}
		if err := cmd.Wait(); err != nil || faults.Len() > 0 {
			t.Errorf("%s: %v\n%s", id, err, &faults)
		}
	})
	t.Cleanup(d.stop)
	return d
}

func (d *terminal) press(t *testing.T, key string) {
	t.Helper()
	if _, err := io.WriteString(d.keys, key); err != nil {
		t.Fatal(err)
	}
}

// hall is a broker on the loopback interface and a daemon that uses it. Both can be
// taken away.
type hall struct {
	t       *testing.T
	file    *config.File
	address string // of the broker
	base    string // of the daemon
	app     *app.App
	log     *stream
	logTo   io.Writer
	asked   int

	mu         sync.Mutex
	broker     *broker.Broker
	stopBroker func()
	stopDaemon func()
}

func openHall(t *testing.T) *hall {
	t.Helper()
	file, err := config.Load(filepath.Join("testdata", "office.yaml"), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.DataDir = t.TempDir()
	for i := range file.Access {
		file.Access[i].Token = sha256.Sum256([]byte(password(file.Access[i].ID)))
	}
	r, w := io.Pipe()
	h := &hall{t: t, file: file, log: follow("the daemon", r), logTo: w}
	t.Cleanup(func() { _ = w.Close() })
	h.startBroker("127.0.0.1:0")
	h.startDaemon()
	t.Cleanup(func() { h.stopDaemon(); h.stopBroker() })
	return h
}

func (h *hall) startBroker(address string) {
	h.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(h.t.Context(), "tcp", address)
	if err != nil {
		h.t.Fatal(err)
	}
	b, err := broker.New(broker.Options{
		Office: office, Listen: []net.Listener{l},
		Credentials: func(id string) ([32]byte, bool) { return sha256.Sum256([]byte(password(id))), true },
		OnRefused:   func(device, reason string) { h.t.Errorf("the broker refuses %s of %q", reason, device) },
	})
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.address, h.broker = l.Addr().String(), b
	h.stopBroker = sync.OnceFunc(func() {
		h.mu.Lock()
		h.broker = nil
		h.mu.Unlock()
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

func (h *hall) dial(context.Context) (net.Conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broker == nil {
		return nil, errors.New("no broker")
	}
	return h.broker.HostPipe()
}

func (h *hall) startDaemon() {
	h.t.Helper()
	l, err := (&net.ListenConfig{}).Listen(h.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.app, err = app.New(ctx, app.Options{
		Config: h.file, Log: slog.New(slog.NewTextHandler(h.logTo, nil)), Listener: l, DialBroker: h.dial,
	})
	if err != nil {
		cancel()
		h.t.Fatal(err)
	}
	h.base = "http://" + l.Addr().String()
	done := make(chan error, 1)
	go func(a *app.App) { done <- a.Run(ctx) }(h.app)
	h.stopDaemon = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

// ask sends a command of a page and gives the answer.
func (h *hall) ask(access, path string, body any) map[string]any {
	h.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.base+path, bytes.NewReader(b))
	if err != nil {
		h.t.Fatal(err)
	}
	h.asked++
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+password(access))
	req.Header.Set("Idempotency-Key", fmt.Sprint("ask-", h.asked))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode >= http.StatusBadRequest {
		h.t.Fatalf("%s: %s %v %v", path, resp.Status, answer, err)
	}
	return answer
}

// ticket issues one and gives its number.
func (h *hall) ticket() string {
	h.t.Helper()
	return h.ask("gate", "/api/v1/tickets", map[string]any{"service": "service"})["number"].(string)
}

// TestReferenceDevice works with two reference devices and a real daemon over TCP:
// calls, recalls, shows, loses the daemon, loses the broker, finds both again.
func TestReferenceDevice(t *testing.T) {
	t.Parallel() // it waits most of the time
	h := openHall(t)
	memory := filepath.Join(t.TempDir(), "boot")
	panel := startDevice(t, h.address, "panel-1", "-p", "4")
	box := startDevice(t, h.address, "box-1", "-m", memory)
	panel.until(t, "online, session 1")
	box.until(t, "online, session 1")

	// The counter is free, then somebody comes, and is called and called again.
	counter, _ := h.app.Office().View().Counter("c1")
	h.ask("desk-1", "/api/v1/counters/c1/open", map[string]any{"seen": counter.Seen})
	panel.until(t, "shows  at 1")
	first := h.ticket()
	box.until(t, "lamp on")
	box.until(t, "waiting 1")
	box.press(t, "n")
	box.until(t, "lamp pending")
	box.until(t, "reply ok "+first)
	box.until(t, "lamp blink")
	box.until(t, "revision")
	panel.until(t, "shows "+first+" at 1")
	box.press(t, "r")
	box.until(t, "reply ok "+first)
	box.until(t, "revision") // before it, a press would be about what is over: conflict
	box.press(t, "s")
	box.until(t, "reply ok")
	box.until(t, "lamp off")

	// The daemon stops: nothing is vouched for any more. Its successor is believed.
	h.stopDaemon()
	panel.until(t, "shows no connection: no heartbeat")
	h.startDaemon()
	panel.until(t, "shows "+first+" at 1", "session 2")

	// A panel that does not answer is an alarm (SPEC 5.4.2).
	second := h.ticket()
	box.until(t, "waiting 1")
	stopped(t, panel, func() {
		box.press(t, "n")
		box.until(t, "reply ok "+second)
		h.log.until(t, "name=display_unconfirmed subject=panel-1")
	})
	panel.until(t, "shows "+second+" at 1")
	h.log.until(t, "warning cleared\" name=display_unconfirmed subject=panel-1")

	// Without a broker a press is given up, and is not made good later.
	third := h.ticket()
	box.until(t, "waiting 1")
	h.stopBroker()
	panel.until(t, "shows no connection: no heartbeat")
	box.until(t, "connection lost")
	box.press(t, "n")
	box.until(t, "lamp pending")
	box.press(t, "n")
	box.until(t, "ignored, a press waits for its reply")
	box.until(t, "alarm: no reply")
	h.startBroker(h.address)
	box.until(t, "online, session")
	panel.until(t, "shows "+second+" at 1", third)
	box.until(t, "waiting 1", "reply")

	// The box starts again, with another boot id, and its first press is its own.
	box.stop()
	before := read(t, memory)
	box = startDevice(t, h.address, "box-1", "-m", memory)
	box.until(t, "waiting 1")
	box.press(t, "n")
	box.until(t, "reply ok "+third)
	panel.until(t, "shows "+third+" at 1")
	if after := read(t, memory); after == before {
		t.Errorf("the boot id is %s after a restart, too", after)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// stopped stops a device's process while something is done.
func stopped(t *testing.T, d *terminal, do func()) {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.cmd.Process.Signal(syscall.SIGCONT) }()
	do()
}
