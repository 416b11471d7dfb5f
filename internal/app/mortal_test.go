// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	conductor "github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// mortalHall is the way of a press through the daemon, from the box to the journal's file and
// to the panel. The daemon can die like a process: from that moment on, nothing that it still
// does reaches the file or the wire.
type mortalHall struct {
	t      *testing.T
	dir    string
	broker *broker.Broker
	box    *box.Box
	panel  *panel.Panel
	far    sync.WaitGroup
	endFar context.CancelFunc

	journal *mortal
	engine  *queue.Engine
	office  *conductor.Office
	stop    context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	line net.Conn // of the link to the broker, the newest
}

const mortalOffice = "mortal"

func newMortalHall(t *testing.T, dir string) *mortalHall {
	t.Helper()
	pass(time.Until(queuetest.Monday()))
	b, err := broker.New(broker.Options{
		Office:      mortalOffice,
		Credentials: func(id string) ([32]byte, bool) { return sha256.Sum256([]byte(secret(id))), true },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	h := &mortalHall{t: t, dir: dir, broker: b, endFar: end}
	dial := func(context.Context) (net.Conn, error) { return b.Pipe() }
	h.box = box.New(box.Options{ID: "box", Password: secret("box"), Office: mortalOffice, Dial: dial})
	h.panel = panel.New(panel.Options{ID: "panel", Password: secret("panel"), Office: mortalOffice, Dial: dial, Rows: 1})
	for _, run := range []func(context.Context) error{b.Run, h.box.Run, h.panel.Run} {
		h.far.Go(func() { _ = run(ctx) })
	}
	return h
}

// end stops everything.
func (h *mortalHall) end() {
	h.bury()
	h.endFar()
	h.far.Wait()
}

// start starts the daemon on what is in the directory. The first time so many people wait.
func (h *mortalHall) start(people int) {
	h.t.Helper()
	log := slog.New(slog.DiscardHandler)
	file, err := store.Open(h.t.Context(), store.Options{Dir: h.dir, Log: log})
	if err != nil {
		h.t.Fatal(err)
	}
	h.journal = &mortal{Store: file}
	if h.engine, err = queue.Open(h.t.Context(), h.journal, queue.Options{}); err != nil {
		h.t.Fatal(err)
	}
	link := mqttlink.New(mqttlink.Options{
		Office: mortalOffice, Dial: h.dial, Epoch: uint32(time.Now().Unix()),
		OnEvent: func(device string, payload []byte) { h.office.Event(device, payload) },
	})
	h.office = conductor.New(conductor.Options{
		Engine: h.engine, Link: link, Log: log, Memory: h.journal, Health: health.NewBoard(prometheus.NewRegistry(), log),
		Devices: []conductor.Device{
			{ID: "box", Kind: conductor.KindBox, Counter: "c1"}, {ID: "panel", Kind: conductor.KindPanel, Counter: "c1"},
		},
	})
	ctx, stop := context.WithCancel(h.t.Context())
	h.stop = stop
	h.running.Go(func() { _ = h.engine.Run(ctx) })
	if people > 0 {
		h.open(people) // before the office does it by itself
	}
	for _, run := range []func(context.Context) error{link.Run, h.office.Run} {
		h.running.Go(func() { _ = run(ctx) })
	}
}

// open opens the day and the counter, and lets people come.
func (h *mortalHall) open(people int) {
	h.t.Helper()
	commands := []queue.Command{
		queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)},
		queue.OpenDay{Clock: time.Now()},
		queue.OpenCounter{Counter: "c1", Seen: 2},
	}
	for range people {
		commands = append(commands, queue.IssueTicket{Service: "papers"})
	}
	for _, c := range commands {
		if _, err := h.engine.Do(h.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "test"}, c); err != nil {
			h.t.Fatalf("%T: %v", c, err)
		}
	}
}

func (h *mortalHall) dial(context.Context) (net.Conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.journal.dead.Load() {
		return nil, errDead
	}
	line, err := h.broker.HostPipe()
	h.line = line
	return line, err
}

// kill is kill -9. It may be called from anywhere, more than once.
func (h *mortalHall) kill() {
	h.journal.dead.Store(true)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.line != nil {
		_ = h.line.Close()
	}
}

// bury ends what is left of the daemon, well or killed.
func (h *mortalHall) bury() {
	h.t.Helper()
	h.stop()
	h.running.Wait()
	if err := h.journal.Close(); err != nil {
		h.t.Error(err)
	}
}

// records returns the whole journal.
func (h *mortalHall) records() []queue.Record {
	h.t.Helper()
	var all []queue.Record
	for r, err := range h.journal.Records(h.t.Context(), 0) {
		if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}
