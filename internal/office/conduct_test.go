// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/devicetest"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// wire keeps what goes to the devices, in order.
type wire struct {
	mu   sync.Mutex
	sent []string
	sets map[string]fwproto.Set
	last fwproto.Reply
}

func (w *wire) Set(device string, content fwproto.Set) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, "set "+device)
	w.sets[device] = content
}

// Transit knows the heartbeats 1 to 9 of epoch 1, the last of which was sent just now.
func (w *wire) Transit(epoch, beat uint32, since time.Duration) (time.Duration, bool) {
	return max(0, time.Duration(9-beat)*time.Second-since), epoch == 1 && beat <= 9
}

func (w *wire) Reply(device string, reply fwproto.Reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, "reply "+device)
	w.last = reply
}

// desk is an office in a bubble: a real engine, a fake printer, a wire that keeps.
type desk struct {
	t       *testing.T
	journal *queuetest.Memory
	engine  *queue.Engine
	office  *office.Office
	wire    *wire
	health  *health.Board
	printer *devicetest.Printer
	spare   *devicetest.Printer
	first   device.Printer // of p1
	memory  *memory
	keeps   office.Memory
	metrics *prometheus.Registry
	seq     uint32

	wired    office.Wired
	template office.Template
	wait     office.Wait
	stop     func() // the office
}

// openDesk runs an office on a journal, in its bubble. What is given happens before.
func openDesk(t *testing.T, journal *queuetest.Memory, given ...queue.Command) *desk {
	t.Helper()
	pass(time.Until(queuetest.Monday())) // the wall clock of a bubble begins in 2000
	d := &desk{
		t: t, journal: journal, wire: &wire{sets: map[string]fwproto.Set{}},
		printer: devicetest.NewPrinter(2 * time.Second), spare: devicetest.NewPrinter(2 * time.Second),
		health: health.NewBoard(prometheus.NewRegistry(), slog.New(slog.DiscardHandler)), memory: &memory{states: map[string]string{}}, metrics: prometheus.NewRegistry(),
	}
	engine, err := queue.Open(t.Context(), journal, queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.engine = engine
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = engine.Run(ctx) })
	for _, c := range given {
		d.do(c)
	}
	d.template, d.first, d.keeps = template(), d.printer, d.memory
	d.wait = func(*queue.View, *queue.Ticket) (from, to time.Duration, ok bool) {
		return 10 * time.Minute, 15 * time.Minute, true
	}
	t.Cleanup(func() { stop(); running.Wait() })
	d.conduct()
	return d
}

// conduct runs the office until stop is called. It may be run again after that.
func (d *desk) conduct() {
	d.metrics = prometheus.NewRegistry()
	d.office = office.New(office.Options{
		Engine: d.engine, Link: d.wire, Health: d.health, Log: slog.New(slog.NewTextHandler(d.t.Output(), nil)),
		Devices: []office.Device{
			{ID: "box", Kind: office.KindBox, Counter: "c1"},
			{ID: "panel", Kind: office.KindPanel, Counter: "c1"},
			{ID: "hall", Kind: office.KindHall},
		},
		Printers: []office.Printer{{ID: "p1", Device: d.first, Roll: 24, SlipLength: 100}, {ID: "p2", Device: d.spare}},
		Wired:    d.wired,
		Kiosks:   []office.Kiosk{{ID: "kiosk", Printer: "p1", Spare: "p2"}, {ID: "lonely", Printer: "p1"}},
		Slip:     d.template, Wait: d.wait, Memory: d.keeps, Metrics: d.metrics,
	})
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.office.Run(ctx) }()
	d.stop = func() {
		end()
		if err := <-ended; err != nil {
			d.t.Error(err)
		}
	}
	synctest.Wait()
}

// template is what offices have that say nothing of their slips.
func template() office.Template {
	return office.Template{
		Both: true,
		Parts: []office.TemplatePart{
			{Name: office.PartMark},
			{Name: office.PartOffice, Bold: true},
			{Name: office.PartService, Size: device.SizeTall},
			{Name: office.PartIssued},
			{Name: office.PartAhead},
			{Name: office.PartWait},
			{Name: office.PartRule},
			{Name: office.PartQR},
			{Name: office.PartAdvice},
		},
		Page: func(day queue.Date, id queue.TicketID) string {
			return fmt.Sprintf("https://coda.example.it/t/%s-%d", day, id)
		},
	}
}

// memory keeps what devices know of themselves.
type memory struct {
	mu     sync.Mutex
	states map[string]string
}

func (m *memory) DeviceState(_ context.Context, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.states[id]; ok {
		return []byte(s), nil
	}
	return nil, nil
}

func (m *memory) SetDeviceState(_ context.Context, id string, state []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states[id] = string(state)
	return nil
}

func pass(d time.Duration) { <-time.After(d) }

func (d *desk) do(c queue.Command) []queue.Record {
	d.t.Helper()
	records, err := d.engine.Do(d.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "test"}, c)
	if err != nil {
		d.t.Fatalf("%T: %v", c, err)
	}
	return records
}

func (d *desk) seen() queue.Revision {
	c, _ := d.engine.View().Counter("c1")
	return c.Seen
}

// press sends a press and returns the reply; the zero reply if none came.
func (d *desk) press(p fwproto.Press) fwproto.Reply {
	d.t.Helper()
	payload, err := fwproto.Encode(p)
	if err != nil {
		d.t.Fatal(err)
	}
	d.wire.mu.Lock()
	d.wire.last = fwproto.Reply{}
	d.wire.mu.Unlock()
	d.office.Event("box", payload)
	synctest.Wait()
	return d.wire.last
}

func (d *desk) next() fwproto.Press {
	d.seq++
	return fwproto.Press{Boot: 7, Seq: d.seq, Rev: uint64(d.seen()), Key: fwproto.KeyNext, Epoch: 1, Beat: 9}
}

func (d *desk) calls() (n int) {
	for r, err := range d.journal.Records(d.t.Context(), 0) {
		if err != nil {
			d.t.Fatal(err)
		}
		if _, ok := r.Event.(queue.TicketCalled); ok {
			n++
		}
	}
	return n
}

func settings() queue.Settings {
	s := queuetest.Office(queue.PresetFIFO)
	s.FinishOnNext = true
	return s
}

// morning is an open day, an open counter and some people.
func morning(people int) []queue.Command {
	out := []queue.Command{queue.ChangeSettings{Settings: settings()}, queue.OpenDay{Clock: queuetest.Monday()}, queue.OpenCounter{Counter: "c1", Seen: 2}}
	for range people {
		out = append(out, queue.IssueTicket{Service: "papers"})
	}
	return out
}

// warned reports whether a warning stands.
func (d *desk) warned(name, subject string) bool {
	for _, w := range d.health.List() {
		if w.Name == name && w.Subject == subject {
			return true
		}
	}
	return false
}

func number(n int) string { return fmt.Sprintf("A%03d", n) }
