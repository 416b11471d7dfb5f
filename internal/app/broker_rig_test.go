// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/queue"
)

// live is the small office in real time, over real sockets: a daemon, a box and a panel
// at the first counter.
type live struct {
	t      *testing.T
	app    *app.App
	log    *notebook
	dial   func(context.Context) (net.Conn, error) // of the devices
	moved  chan struct{}                           // a device has said something
	box    *box.Box
	panel  *panel.Panel
	ctx    context.Context
	office queue.OfficeID
}

// small is the small office without paper, with a broker as the test wants it.
func small(t *testing.T, mqtt config.MQTT) *config.File {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "small.yaml"), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	mqtt.Heartbeat = file.MQTT.Heartbeat
	file.MQTT, file.DataDir, file.Printers, file.Kiosks = mqtt, t.TempDir(), nil, nil
	for i := range file.Devices {
		file.Devices[i].Password = hash(file.Devices[i].ID)
	}
	return file
}

// goLive starts the daemon and, if there is a way, the devices. All of it ends with the
// test.
func goLive(t *testing.T, file *config.File, dial func(context.Context) (net.Conn, error)) *live {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	l := &live{t: t, log: newNotebook(), dial: dial, moved: make(chan struct{}, 1), ctx: ctx, office: file.Settings().Office}
	began := time.Now()
	l.app, err = app.New(ctx, app.Options{
		Config: file, Log: slog.New(slog.NewTextHandler(l.log, nil)), Listener: listener,
		Now: func() time.Time { return at(9, 0).Add(time.Since(began)) },
	})
	if err != nil {
		stop()
		t.Fatal(err)
	}
	var far sync.WaitGroup
	done := make(chan error, 1)
	go func() { done <- l.app.Run(ctx) }()
	if dial != nil {
		l.box = box.New(box.Options{ID: "box-1", Password: secret("box-1"), Office: string(l.office), Dial: l.watched})
		l.panel = panel.New(panel.Options{ID: "panel-1", Password: secret("panel-1"), Office: string(l.office), Dial: l.watched, Rows: 1})
		far.Go(func() { _ = l.box.Run(ctx) })
		far.Go(func() { _ = l.panel.Run(ctx) })
	}
	t.Cleanup(func() {
		stop()
		far.Wait()
		if err := <-done; err != nil {
			t.Errorf("the daemon stops with: %v", err)
		}
	})
	return l
}

// watched is a way to the broker that tells when a device says something.
func (l *live) watched(ctx context.Context) (net.Conn, error) {
	c, err := l.dial(ctx)
	return saying{c, l.moved}, err
}

type saying struct {
	net.Conn
	moved chan struct{}
}

func (s saying) Write(b []byte) (int, error) {
	n, err := s.Conn.Write(b)
	select {
	case s.moved <- struct{}{}:
	default: // it is known
	}
	return n, err
}

// until waits until something holds; it is looked at when a device has said something.
func (l *live) until(what string, holds func() bool) {
	l.t.Helper()
	late := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-l.moved:
		case <-late:
			l.t.Fatalf("not seen: %s\n%s", what, l.log.all())
		}
	}
}

func (l *live) do(c queue.Command) []queue.Record {
	l.t.Helper()
	records, err := l.app.Office().Do(l.ctx, queue.Actor{Role: queue.RoleManager, ID: "test"}, c)
	if err != nil {
		l.t.Fatalf("%T: %v", c, err)
	}
	return records
}

// open waits for the day and opens the first counter.
func (l *live) open() {
	l.t.Helper()
	for r, err := range l.app.Office().Follow(l.ctx, 0) {
		if err != nil {
			l.t.Fatal(err)
		}
		if _, opened := r.Event.(queue.DayOpened); opened {
			break
		}
	}
	status, _ := l.app.Office().View().Counter("c1")
	l.do(queue.OpenCounter{Counter: "c1", Seen: status.Seen})
}

// serve issues a ticket, calls it by the box and waits until the panel shows it.
func (l *live) serve() {
	l.t.Helper()
	l.do(queue.IssueTicket{Service: "certificates"})
	l.until("somebody waits, on the box", func() bool {
		set, blank := l.box.Set()
		status, _ := l.app.Office().View().Counter("c1")
		return blank == fwproto.NotBlank && set.Waiting == 1 && set.Rev == uint64(status.Seen)
	})
	reply, err := l.box.Press(l.ctx, fwproto.KeyNext)
	if err != nil || reply.Status != fwproto.OK {
		l.t.Fatalf("Press = %v, %v\n%s", reply, err, l.log.all())
	}
	l.shows(reply.Number)
}

// shows waits until the panel vouches for a number.
func (l *live) shows(number string) {
	l.t.Helper()
	l.until("the panel shows "+number, func() bool {
		rows, honest := l.panel.Content()
		return honest && cmp.Equal(rows, []fwproto.Row{{Number: number, Desk: "1"}})
	})
}

// notebook is a log that a test can wait for.
type notebook struct {
	mu      sync.Mutex
	text    strings.Builder
	read    int
	written chan struct{}
}

func newNotebook() *notebook { return &notebook{written: make(chan struct{}, 1)} }

func (n *notebook) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text.Write(p)
	select {
	case n.written <- struct{}{}:
	default: // it is known
	}
	return len(p), nil
}

func (n *notebook) all() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// find reads up to the first line with all of the parts.
func (n *notebook) find(parts []string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	rest := n.text.String()[n.read:]
	at := 0
	for line := range strings.Lines(rest) {
		at += len(line)
		found := strings.HasSuffix(line, "\n")
		for _, part := range parts {
			found = found && strings.Contains(line, part)
		}
		if found {
			n.read += at
			return true
		}
	}
	return false
}

// until waits for a line with all of the parts, behind the last one that was waited for.
func (n *notebook) until(t *testing.T, parts ...string) {
	t.Helper()
	late := time.After(30 * time.Second)
	for !n.find(parts) {
		select {
		case <-n.written:
		case <-late:
			t.Fatalf("not in the log: %q\n%s", parts, n.all())
		}
	}
}
