// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/firmware"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// maker signs the firmware of the reference device.
func maker() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

func makerKey() string { return hex.EncodeToString(maker().Public().(ed25519.PublicKey)) }

const (
	installed = fwproto.Release(1 << 24)
	newer     = fwproto.Release(1<<24 + 1)
)

// image is a reference device of another release.
func image(t *testing.T) []byte {
	t.Helper()
	return []byte(read(t, makeC(t, "device-"+newer.String(), "RELEASE="+newer.String())))
}

// port is that of a server on this machine.
func port(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}

// refusing returns a port at which nobody answers, and which nobody else gets meanwhile.
func refusing(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	bound, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(bound.(*syscall.SockaddrInet4).Port)
}

// TestReferenceUpdate: the daemon offers an image, the reference device loads it, tries
// it, hears ten heartbeats, and keeps it.
func TestReferenceUpdate(t *testing.T) {
	t.Parallel()
	closed := strings.ToLower(time.Now().AddDate(0, 0, 3).Weekday().String()[:3])
	hours := read(t, filepath.Join("testdata", "office.yaml"))
	hours = hours[strings.Index(hours, "hours:"):]
	hours, _, _ = strings.Cut(hours, "\n")
	h := newHall(t, hours, "hours: {"+closed+": [\"00:00-24:00\"]}",
		"access:", "firmware: {key: \""+makerKey()+"\"}\naccess:\n  - {id: me, role: manager}")
	shelf := filepath.Join(h.file.DataDir, "firmware")
	if err := os.MkdirAll(shelf, 0o755); err != nil {
		t.Fatal(err)
	}
	program := image(t)
	signed, err := firmware.Sign(program, fwproto.Manifest{Kind: fwproto.KindPanel, Hardware: "linux", Release: newer}, maker())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"panel.bin": program, "panel.bin.signed": signed} {
		if err := os.WriteFile(filepath.Join(shelf, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h.startBroker("127.0.0.1:0")
	h.startDaemon()
	t.Cleanup(func() { h.stopDaemon(); h.stopBroker() })
	options := []string{"-p", "4", "-u", t.TempDir(), "-k", makerKey(), "-w", port(t, h.base)}
	d := startDevice(t, h.address, "panel-1", options...)
	d.until(t, "firmware 1.0.0")
	d.until(t, "update loading")
	d.until(t, "update: trial begins")
	d.until(t, "firmware 1.0.1")
	d.until(t, "online, session 1")
	d.until(t, "update confirmed")
	d.cut() // whatever happens to the power
	d = startDevice(t, h.address, "panel-1", options...)
	d.until(t, "firmware 1.0.1")
	d.until(t, "update confirmed")
	h.log.until(t, "result=confirmed")
	for _, x := range h.ask("me", "/api/v1/devices", nil)["devices"].([]any) {
		x := x.(map[string]any)
		if x["id"] == "panel-1" && (x["firmware"] != "1.0.1" || x["update"] != "confirmed") {
			t.Errorf("the daemon knows of %v", x)
		}
	}
}

// host is a broker and a link to it, without a daemon: it says to a device what a test
// wants it to.
type host struct {
	*mqttlink.Link
	address   string
	reports   chan fwproto.Report
	telemetry chan fwproto.Telemetry
	states    chan fwproto.State
}

func newHost(t *testing.T) *host {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b, err := broker.New(broker.Options{
		Office: office, Listen: []net.Listener{l},
		Credentials: func(id string) ([32]byte, bool) { return sha256.Sum256([]byte(password(id))), true },
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &host{address: l.Addr().String(), reports: make(chan fwproto.Report, 64), telemetry: make(chan fwproto.Telemetry, 64), states: make(chan fwproto.State, 64)}
	h.Link = mqttlink.New(mqttlink.Options{
		Office: office, Heartbeat: 100 * time.Millisecond,
		Dial:        func(context.Context) (net.Conn, error) { return b.HostPipe() },
		OnReport:    func(_ string, r fwproto.Report) { h.reports <- r },
		OnTelemetry: func(_ string, m fwproto.Telemetry) { h.telemetry <- m },
		OnState:     func(_ string, s fwproto.State) { h.states <- s },
	})
	ctx, stop := context.WithCancel(context.Background())
	ends := make(chan error, 2)
	go func() { ends <- b.Run(ctx) }()
	go func() { ends <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		for range 2 {
			if err := <-ends; err != nil {
				t.Error(err)
			}
		}
	})
	return h
}

// next waits for what a device says.
func next[M any](t *testing.T, said <-chan M) (m M) {
	t.Helper()
	select {
	case m = <-said:
	case <-time.After(patience):
		t.Fatalf("the device does not say a %T", m)
	}
	return m
}

// TestUpdateFails: what is wrong with an offer, its image or its trial is reported as what
// it is, and the device goes on with what it had.
func TestUpdateFails(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	program := image(t)
	answers := map[string]http.HandlerFunc{}
	serve := func(name string, f http.HandlerFunc) string {
		answers["/"+name] = f
		return "/" + name
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answers[r.URL.Path](w, r) }))
	defer server.Close()
	dir := t.TempDir()
	options := []string{"-p", "4", "-u", dir, "-k", makerKey(), "-w", port(t, server.URL)}
	d := startDevice(t, h.address, "panel-1", options...)
	d.until(t, "online, session 1")
	for next(t, h.states).Status != fwproto.Online {
	}
	if m := next(t, h.telemetry); m.Heap == 0 || m.Loss != 0 {
		t.Errorf("the device is %+v", m)
	}

	id := uint32(0)
	offer := func(path string, image []byte, change func(*fwproto.Manifest, *fwproto.Offer)) {
		t.Helper()
		id++
		sum := sha256.Sum256(image)
		m := fwproto.Manifest{Kind: fwproto.KindPanel, Hardware: "linux", Release: newer, Size: uint32(len(image)), SHA256: fwproto.Bytes(sum[:])}
		o := fwproto.Offer{ID: id, Path: path, TTLms: 20000}
		change(&m, &o)
		var err error
		signature := o.Signature
		if o.Manifest, o.Signature, err = m.Sign(maker()); err != nil {
			t.Fatal(err)
		}
		if signature != "" {
			o.Signature = signature
		}
		if !h.Offer("panel-1", o) {
			t.Fatal("the offer does not go")
		}
	}
	want := func(result fwproto.Result, reason fwproto.Reason, tried fwproto.Release) {
		t.Helper()
		for {
			r := next(t, h.reports)
			if r.Result == fwproto.Loading || r.Offer != id {
				continue
			}
			if want := (fwproto.Report{Offer: id, Result: result, Reason: reason, Release: installed, Tried: tried}); r != want {
				t.Errorf("reported %+v, want %+v", r, want)
			}
			return
		}
	}
	same := func(*fwproto.Manifest, *fwproto.Offer) {}
	give := func(b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b) }
	}

	offer("/x", program, func(_ *fwproto.Manifest, o *fwproto.Offer) { o.Signature = fwproto.Bytes(make([]byte, 64)) })
	want(fwproto.Refused, fwproto.ReasonSignature, 0)
	offer("/x", program, func(m *fwproto.Manifest, _ *fwproto.Offer) { m.Hardware = "esp32-c3 r2" })
	want(fwproto.Refused, fwproto.ReasonHardware, newer)
	offer("/x", program, func(m *fwproto.Manifest, _ *fwproto.Offer) { m.Release = installed })
	want(fwproto.Refused, fwproto.ReasonRelease, installed)
	offer(serve("gone", http.NotFound), program, same)
	want(fwproto.Failed, fwproto.ReasonDownload, newer)
	offer(serve("short", give(program[:len(program)/2])), program, same)
	want(fwproto.Failed, fwproto.ReasonDownload, newer)
	offer(serve("long", give(append(bytes.Clone(program), 0))), program, same)
	want(fwproto.Failed, fwproto.ReasonDigest, newer)
	other := bytes.Clone(program)
	other[len(other)/3] ^= 1
	offer(serve("other", give(other)), program, same)
	want(fwproto.Failed, fwproto.ReasonDigest, newer)
	offer("/a b", program, same)
	want(fwproto.Failed, fwproto.ReasonDownload, newer)
	nonsense := []byte("this is no program")
	offer(serve("nonsense", give(nonsense)), nonsense, same)
	want(fwproto.RolledBack, fwproto.ReasonStart, newer)
	offer(serve("liar", give(program)), program, func(m *fwproto.Manifest, _ *fwproto.Offer) { m.Release = newer + 1 })
	d.until(t, "firmware 1.0.1")
	d.until(t, "update: going back")
	d.until(t, "firmware 1.0.0")
	want(fwproto.RolledBack, fwproto.ReasonStart, newer+1)
	crash := []byte("#!/bin/sh\nexit 3\n")
	offer(serve("crash", give(crash)), crash, same)
	d.until(t, "update: trial begins")
	if err := d.ended(); err == nil || err.Error() != "exit status 3" {
		t.Errorf("the trial ends with %v", err)
	}
	d.stop = func() {}
	d = startDevice(t, h.address, "panel-1", options...) // as a watchdog would
	d.until(t, "firmware 1.0.0")
	want(fwproto.RolledBack, fwproto.ReasonStart, newer)
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) != 1 {
		t.Errorf("what is left of all this: %v, %v", left, err)
	}
	d.stop()
	options[len(options)-1] = refusing(t)
	d = startDevice(t, h.address, "panel-1", options...)
	d.until(t, "online, session 1")
	offer("/x", program, func(_ *fwproto.Manifest, o *fwproto.Offer) { o.TTLms = 1500 })
	want(fwproto.Failed, fwproto.ReasonExpired, newer)
}
