// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
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
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/config"
)

// hall is a daemon and its broker: one of its own on the loopback interface, that can be
// taken away, or the daemon's, as embedded.
type hall struct {
	t       *testing.T
	file    *config.File
	address string // of the broker
	base    string // of the daemon
	app     *app.App
	log     *stream
	logTo   io.Writer
	asked   int

	embedded bool

	mu         sync.Mutex
	broker     *broker.Broker
	stopBroker func()
	stopDaemon func()
}

// newHall is a hall of testdata/office.yaml, in which texts are replaced, old and new in
// turn.
func newHall(t *testing.T, replace ...string) *hall {
	t.Helper()
	text := strings.NewReplacer(replace...).Replace(read(t, filepath.Join("testdata", "office.yaml")))
	name := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := config.Load(name, app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.DataDir = t.TempDir()
	for i := range file.Access {
		file.Access[i].Token = sha256.Sum256([]byte(password(file.Access[i].ID)))
	}
	for i := range file.Devices {
		file.Devices[i].Password = sha256.Sum256([]byte(password(file.Devices[i].ID)))
	}
	r, w := io.Pipe()
	h := &hall{t: t, file: file, log: follow("the daemon", r), logTo: w}
	t.Cleanup(func() { _ = w.Close() })
	return h
}

// openHall is a hall at work whose broker can be taken away.
func openHall(t *testing.T, replace ...string) *hall {
	t.Helper()
	h := newHall(t, replace...)
	h.startBroker("127.0.0.1:0")
	h.startDaemon()
	t.Cleanup(func() { h.stopDaemon(); h.stopBroker() })
	return h
}

// openEmbedded is a hall at work with the broker in the daemon.
func openEmbedded(t *testing.T, replace ...string) *hall {
	t.Helper()
	h := newHall(t, replace...)
	h.embedded = true
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.address = l.Addr().String()
	h.startDaemon()
	var doors sync.WaitGroup
	doors.Go(func() {
		for {
			outside, err := l.Accept()
			if err != nil {
				return // closed
			}
			doors.Go(func() { h.admit(outside) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); h.stopDaemon(); doors.Wait() })
	return h
}

// admit joins a connection with the daemon's broker, as it is now.
func (h *hall) admit(outside net.Conn) {
	defer func() { _ = outside.Close() }()
	h.mu.Lock()
	a := h.app
	h.mu.Unlock()
	inside, err := a.DialDevice(context.Background())
	if err != nil {
		return // the daemon is not there
	}
	defer func() { _ = inside.Close() }()
	go func() {
		_, _ = io.Copy(inside, outside)
		_ = inside.Close()
	}()
	_, _ = io.Copy(outside, inside)
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
	o := app.Options{Config: h.file, Log: slog.New(slog.NewTextHandler(h.logTo, nil)), Listener: l}
	if !h.embedded {
		o.DialBroker = h.dial
	}
	a, err := app.New(ctx, o)
	if err != nil {
		cancel()
		h.t.Fatal(err)
	}
	h.mu.Lock()
	h.app = a
	h.mu.Unlock()
	h.base = "http://" + l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	h.stopDaemon = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

// ask sends a command of a page, or a question if there is no body, and gives the answer.
func (h *hall) ask(access, path string, body any) map[string]any {
	h.t.Helper()
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	b, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.base+path, bytes.NewReader(b))
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

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}
