// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/internal/web"
)

// devicesRig is a daemon with its embedded broker in a bubble, and devices that come
// and go.
type devicesRig struct {
	t      *testing.T
	file   *config.File
	client *http.Client
	log    bytes.Buffer // the handler of slog locks it

	listener *pipes
	app      *app.App
	stopApp  context.CancelFunc
	done     chan error

	far     sync.WaitGroup
	ctx     context.Context
	stopFar context.CancelFunc
}

func newDevicesRig(t *testing.T) *devicesRig {
	t.Helper()
	return newDevicesRigOf(t, func(*devicesRig) {})
}

// newDevicesRigOf is newDevicesRig of an office that is changed before it begins.
func newDevicesRigOf(t *testing.T, change func(*devicesRig)) *devicesRig {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "piacenza.yaml"), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.DataDir, file.Printers, file.Kiosks, file.MQTT.Listen, file.MQTT.TLS = t.TempDir(), nil, nil, "", ""
	for i := range file.Devices {
		if d := &file.Devices[i]; d.Kind == config.KindBox {
			d.Password = hash(d.ID)
		}
	}
	for i := range file.Access {
		file.Access[i].Token = hash(file.Access[i].ID)
	}
	r := &devicesRig{t: t, file: file}
	r.client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return r.listener.dial(ctx) }}}
	r.ctx, r.stopFar = context.WithCancel(context.Background())
	change(r)
	r.start()
	return r
}

func (r *devicesRig) start() {
	r.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r.listener = newPipes()
	a, err := app.New(ctx, app.Options{Config: r.file, Log: slog.New(slog.NewTextHandler(&r.log, nil)), Listener: r.listener})
	if err != nil {
		stop()
		r.t.Fatal(err)
	}
	r.app, r.stopApp, r.done = a, stop, make(chan error, 1)
	go func() { r.done <- a.Run(ctx) }()
	pass(3 * time.Second)
}

func (r *devicesRig) stopDaemon() {
	r.t.Helper()
	r.client.CloseIdleConnections()
	r.stopApp()
	if err := <-r.done; err != nil {
		r.t.Errorf("the daemon stops with: %v", err)
	}
}

func (r *devicesRig) stop() {
	r.stopFar()
	r.far.Wait()
	r.stopDaemon()
}

func (r *devicesRig) dial(ctx context.Context) (net.Conn, error) { return r.app.DialDevice(ctx) }

func (r *devicesRig) send(as, method, path, body string) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.ctx, method, "http://localhost:8080/api/v1/"+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret(as))
	req.Header.Set("Content-Type", "application/json")
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp
}

// ask sends a request and reads the answer, which must have the status.
func ask[T any](r *devicesRig, as, method, path, body string, status int) (out T) {
	r.t.Helper()
	resp := r.send(as, method, path, body)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		r.t.Fatalf("%s %s: %d, want %d: %s %v", method, path, resp.StatusCode, status, data, err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		r.t.Fatal(err)
	}
	return out
}

func (r *devicesRig) device(id string) web.Device {
	r.t.Helper()
	list := ask[struct{ Devices []web.Device }](r, "manager", "GET", "devices", "", 200)
	for _, d := range list.Devices {
		if d.ID == id {
			return d
		}
	}
	r.t.Fatalf("no device %s", id)
	return web.Device{}
}

func (r *devicesRig) box(id string) *box.Box {
	b := box.New(box.Options{ID: id, Password: secret(id), Office: "piacenza", Dial: r.dial})
	r.far.Go(func() { _ = b.Run(r.ctx) })
	pass(3 * time.Second)
	return b
}

// TestRevoke: who is shut out is gone at once and for ever, also for the next daemon, and
// comes back only with another password.
func TestRevoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newDevicesRig(t)
		defer r.stop()
		b := r.box("box-1")
		if d := r.device("box-1"); d.State != web.DeviceOnline || d.Boots != 1 || d.Drops != 0 || d.Seen.IsZero() || d.Firmware != "sim" {
			t.Errorf("box-1: %+v", d)
		}
		if d := r.device("panel-1"); d.State != web.DeviceUnpaired || d.Screen != web.ScreenUnverified {
			t.Errorf("panel-1: %+v", d)
		}
		if reply, err := b.Press(r.ctx, fwproto.KeyNext); err != nil || reply.Status != fwproto.Denied {
			t.Errorf("a press in an office that is closed: %+v, %v", reply, err)
		}
		ask[any](r, "manager", "POST", "devices/box-1/revoke", "{}", 200)
		synctest.Wait()
		if d := r.device("box-1"); d.State != web.DeviceRevoked || d.Drops != 1 || d.Revoked.IsZero() {
			t.Errorf("box-1 after its end: %+v", d)
		}
		ask[any](r, "manager", "POST", "devices/box-1/revoke", "{}", 200) // once more
		if _, err := b.Press(r.ctx, fwproto.KeyNext); !errors.Is(err, box.ErrNoReply) {
			t.Errorf("a press of a box that was shut out: %v", err)
		}
		ask[any](r, "manager", "POST", "devices/nobody/revoke", "{}", 404)

		r.stopDaemon()
		r.start()
		pass(5 * time.Second)
		if d := r.device("box-1"); d.State != web.DeviceRevoked || d.Boots != 1 {
			t.Errorf("box-1 at the next daemon: %+v", d)
		}
		r.stopDaemon()
		for i := range r.file.Devices {
			if r.file.Devices[i].ID == "box-1" {
				r.file.Devices[i].Password = hash("another")
			}
		}
		r.start()
		if d := r.device("box-1"); d.State != web.DeviceUnheard || !d.Revoked.IsZero() {
			t.Errorf("box-1 with another password: %+v", d)
		}
	})
}

// piece is one from the maker, with what it shows.
func (r *devicesRig) piece(maker, code string) (shows chan string, granted chan fwproto.Grant) {
	shows, granted = make(chan string, 8), make(chan fwproto.Grant, 1)
	r.far.Go(func() {
		p := panel.Piece{Maker: maker, Code: code, Kind: fwproto.KindPanel, Hardware: "sim r1", Dial: r.dial, Show: func(n string) { shows <- n }}
		if g, err := p.Pair(r.ctx); err == nil {
			granted <- g
		}
	})
	return shows, granted
}

// TestPairedAndShown: from the box that the maker sent to a number above a counter, and
// none of its secrets anywhere.
func TestPairedAndShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newDevicesRig(t)
		defer r.stop()
		var trace strings.Builder
		watching := r.send("admin", "GET", "devices/trace", "")
		r.far.Go(func() {
			defer watching.Body.Close()
			for lines := bufio.NewScanner(watching.Body); lines.Scan(); {
				trace.WriteString(lines.Text() + "\n")
			}
		})
		shows, granted := r.piece("esp-1", "7k2m q9xr")
		pass(10 * time.Second) // nobody waits for it
		open := ask[web.Pairing](r, "manager", "POST", "pairing/open", `{"code":"7K2M-Q9XR"}`, 200)
		if open.Stage != fleet.StageWaiting {
			t.Errorf("open: %+v", open)
		}
		number := <-shows
		synctest.Wait()
		now := ask[web.Pairing](r, "manager", "GET", "pairing", "", 200)
		if now.Stage != fleet.StageCompare || now.Number != number || now.Piece != "esp-1" || now.Kind != "panel" || now.Hardware != "sim r1" {
			t.Fatalf("the piece shows %s: %+v", number, now)
		}
		for _, wrong := range []string{
			`{"number":"` + number + `","id":"panel-1","kind":"box","counter":"c1"}`, `{"number":"` + number + `","id":"panel-1","kind":"panel"}`,
			`{"number":"` + number + `","id":"panel-1","kind":"panel","counter":"c99"}`, `{"number":"` + number + `","id":"Panel","kind":"hall"}`,
		} {
			ask[any](r, "manager", "POST", "pairing/confirm", wrong, 422)
		}
		right := `{"number":"` + number + `","id":"panel-1","kind":"panel","counter":"c1"}`
		for range 2 {
			if done := ask[web.Pairing](r, "manager", "POST", "pairing/confirm", right, 200); done.Stage != fleet.StageDone || done.Device != "panel-1" {
				t.Errorf("confirmed: %+v", done)
			}
		}
		g := <-granted
		if g.Device != "panel-1" || g.Office != "piacenza" || len(g.Password) != 32 || g.Authority != "" {
			t.Errorf("granted to %s of %s", g.Device, g.Office)
		}
		p := panel.New(panel.Options{ID: g.Device, Password: string(g.Password), Office: g.Office, Dial: r.dial, Rows: 1})
		r.far.Go(func() { _ = p.Run(r.ctx) })
		pass(5 * time.Second)
		if _, honest := p.Content(); !honest {
			t.Error("the panel does not show what it should")
		}
		if d := r.device("panel-1"); d.State != web.DeviceOnline || d.Screen != web.ScreenConfirmed || d.Piece != "esp-1" || d.Paired.IsZero() {
			t.Errorf("panel-1: %+v", d)
		}
		r.stopDaemon()
		r.start()
		pass(5 * time.Second)
		if d := r.device("panel-1"); d.State != web.DeviceOnline || d.Piece != "esp-1" {
			t.Errorf("panel-1 at the next daemon: %+v", d)
		}
		for name, text := range map[string]string{"log": r.log.String(), "trace": trace.String()} {
			hex := g.Password.String()
			if strings.Contains(text, hex) || strings.Contains(text, string(g.Password)) || strings.Contains(text, "7K2M") {
				t.Errorf("the %s has a secret", name)
			}
			if !strings.Contains(text, "esp-1") {
				t.Errorf("the %s says nothing of the piece", name)
			}
		}
		if !strings.Contains(trace.String(), "grant {Device:panel-1") {
			t.Errorf("the trace:\n%s", trace.String())
		}
	})
}

// TestNewcomer: a box that no configuration names works as soon as it is taken in, and
// not any more as soon as it is shut out.
func TestNewcomer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newDevicesRig(t)
		defer r.stop()
		ask[any](r, "manager", "POST", "pairing/open", `{"code":"7K2M-Q9XR"}`, 200)
		granted := make(chan fwproto.Grant, 1)
		shows := make(chan string, 1)
		r.far.Go(func() {
			p := panel.Piece{Maker: "esp-2", Code: "7K2MQ9XR", Kind: fwproto.KindBox, Dial: r.dial, Show: func(n string) { shows <- n }}
			if g, err := p.Pair(r.ctx); err == nil {
				granted <- g
			}
		})
		number := <-shows
		synctest.Wait()
		ask[any](r, "manager", "POST", "pairing/confirm", `{"number":"`+number+`","id":"box-99","kind":"box","counter":"c3"}`, 200)
		g := <-granted
		b := box.New(box.Options{ID: "box-99", Password: string(g.Password), Office: g.Office, Dial: r.dial})
		r.far.Go(func() { _ = b.Run(r.ctx) })
		pass(3 * time.Second)
		if reply, err := b.Press(r.ctx, fwproto.KeyNext); err != nil || reply.Status != fwproto.Denied {
			t.Errorf("a press in an office that is closed: %+v, %v", reply, err)
		}
		if set, blank := b.Set(); blank != fwproto.NotBlank || set.Epoch == 0 {
			t.Errorf("the box was told %+v (%v)", set, blank)
		}
		ask[any](r, "manager", "POST", "devices/box-99/revoke", "{}", 200)
		synctest.Wait()
		if _, err := b.Press(r.ctx, fwproto.KeyNext); !errors.Is(err, box.ErrNoReply) {
			t.Errorf("a press of a box that was shut out: %v", err)
		}
	})
}
