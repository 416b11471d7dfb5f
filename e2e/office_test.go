// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// monday is when stories begin: the offices of testdata are open then.
var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// office is a running daemon with a simulated printer, which can be stopped and started again.
type office struct {
	t       *testing.T
	file    *config.File
	now     func() time.Time
	log     *slog.Logger
	address string // host:port of the pages
	sims    map[string]*paper.Printer
	cables  map[string]*sync.WaitGroup

	app  *app.App
	stop func() // ends the daemon and waits for it
}

func token(access string) string { return "secret of " + access }

// startOffice runs an office of testdata until the test ends. The changes are made to its
// configuration before it starts.
func startOffice(t *testing.T, name string, changes ...func(*config.File)) *office {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "testdata", "office", name), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	o := &office{
		t: t, file: file, log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		now:  func() time.Time { return monday.Add(time.Since(begun)).Round(0) },
		sims: map[string]*paper.Printer{}, cables: map[string]*sync.WaitGroup{},
	}
	file.DataDir, file.MQTT.Listen, file.MQTT.TLS = t.TempDir(), "", ""
	for i := range file.Access {
		file.Access[i].Token = sha256.Sum256([]byte(token(file.Access[i].ID)))
	}
	for _, p := range file.Printers {
		model := map[string]paper.Model{"generic": paper.Generic, "custom-vkp80iii": paper.Custom}[p.Profile]
		o.cables[p.ID] = &sync.WaitGroup{}
		o.sims[p.ID] = paper.New(paper.Options{Model: model, Baud: p.Baud})
	}
	for _, change := range changes {
		change(file)
	}
	t.Cleanup(func() {
		o.stop()
		for id, sim := range o.sims {
			sim.Unplug()
			o.cables[id].Wait()
		}
	})
	o.start()
	return o
}

// start runs the daemon, at the address that it had before if it ran already.
func (o *office) start() {
	o.t.Helper()
	at := o.address
	if at == "" {
		at = "127.0.0.1:0"
	}
	listener, err := (&net.ListenConfig{}).Listen(o.t.Context(), "tcp", at)
	if err != nil {
		o.t.Fatal(err)
	}
	o.address = listener.Addr().String()
	if o.file.Slip.Address != "" {
		o.file.Slip.Address = o.url("")
	}
	ports := map[string]func(context.Context) (device.Port, error){}
	for id := range o.sims {
		ports[id] = func(context.Context) (device.Port, error) { return o.plug(id) }
	}
	o.app, err = app.New(o.t.Context(), app.Options{Config: o.file, Log: o.log, Now: o.now, Listener: listener, Ports: ports})
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- o.app.Run(ctx) }()
	o.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			o.t.Errorf("the daemon stops with: %v", err)
		}
	})
	o.until("/readyz")
}

// until waits until an address answers with 200.
func (o *office) until(path string) {
	o.t.Helper()
	late := time.After(20 * time.Second)
	for {
		answer, err := http.Get(o.url(path))
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-late:
			o.t.Fatalf("%s: never well: %v", path, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (o *office) url(path string) string { return "http://" + o.address + path }

// plug is the port of a printer, which has one cable.
func (o *office) plug(id string) (device.Port, error) {
	o.sims[id].Unplug()
	o.cables[id].Wait()
	near, far := net.Pipe()
	o.cables[id].Go(func() { _ = o.sims[id].Serve(context.Background(), far) })
	return near, nil
}

// do gives the office a command in the name of its configuration's manager.
func (o *office) do(c queue.Command) []queue.Record {
	o.t.Helper()
	got, err := o.app.Office().Do(o.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "manager"}, c)
	if err != nil {
		o.t.Fatalf("%T: %v", c, err)
	}
	return got
}

// seen is the revision of a counter that somebody sees who looks now.
func (o *office) seen(c queue.CounterID) queue.Revision {
	status, _ := o.app.Office().View().Counter(c)
	return status.Seen
}
