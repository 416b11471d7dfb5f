// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/pki"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

// office is a running daemon with the tokens of its accesses in files.
type office struct {
	*app.App
	url, tokens string
}

// startOffice starts Piacenza's without paper, reached by devices at an address with TLS; "": only
// by those inside this process.
func startOffice(t *testing.T, secure string) office {
	t.Helper()
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "piacenza.yaml"), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.DataDir, file.Printers, file.Kiosks = t.TempDir(), nil, nil
	file.HTTP.Listen, file.MQTT.Listen, file.MQTT.TLS = "127.0.0.1:0", "", secure
	tokens := t.TempDir()
	for i := range file.Access {
		a := &file.Access[i]
		a.Token = sha256.Sum256([]byte("secret of " + a.ID))
		if err := os.WriteFile(filepath.Join(tokens, a.ID), []byte("secret of "+a.ID+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := app.New(t.Context(), app.Options{Config: file, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the daemon stops with: %v", err)
		}
	})
	return office{a, "http://" + a.Addr().String(), tokens}
}

// ctl runs avantictl device as an access.
func (o office) ctl(in io.Reader, as string, args ...string) (code int, out, fault string) {
	var stdout, stderr bytes.Buffer
	args = append([]string{"device", args[0], "-url", o.url, "-token-file", filepath.Join(o.tokens, as)}, args[1:]...)
	code = run(args, in, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestDevice: a technician takes a device in, sees it, watches it and shuts it out, with the
// daemon at work.
func TestDevice(t *testing.T) {
	o := startOffice(t, "")
	ctx, stop := context.WithCancel(t.Context())
	var far sync.WaitGroup
	defer far.Wait()
	defer stop()

	trace := &lines{}
	far.Go(func() {
		j := &deviceJob{console: console{out: trace, err: trace}}
		var err error
		if j.daemon, err = newDaemon(o.url, filepath.Join(o.tokens, "admin")); err != nil {
			t.Error(err)
			return
		}
		_ = traceDevices(ctx, j) // until stop
	})

	in, answer := io.Pipe()
	granted := make(chan fwproto.Grant, 1)
	far.Go(func() {
		p := panel.Piece{Maker: "esp-1", Code: "7K2M-Q9XR", Kind: fwproto.KindPanel, Dial: o.DialDevice, Show: func(string) {
			_, _ = answer.Write([]byte("y\n"))
		}}
		if g, err := p.Pair(ctx); err == nil {
			granted <- g
		}
	})
	code, out, fault := o.ctl(in, "manager", "pair", "panel-7", "-code", "7k2mq9xr", "-kind", "panel", "-counter", "c1")
	if code != 0 || !regexp.MustCompile(`does it show \d{4}\?`).MatchString(out) || !strings.Contains(out, "esp-1 is panel-7 now") {
		t.Fatalf("pair: %d %s %s", code, out, fault)
	}
	g := <-granted
	p := panel.New(panel.Options{ID: g.Device, Password: string(g.Password), Office: g.Office, Dial: o.DialDevice, Rows: 1})
	far.Go(func() { _ = p.Run(ctx) })
	trace.wait(t, "panel-7/shown")

	if code, out, fault := o.ctl(nil, "manager", "list"); code != 0 || !regexp.MustCompile(`panel-7 +panel +c1 +online`).MatchString(out) {
		t.Errorf("list: %d %s %s", code, out, fault)
	}
	if code, out, fault := o.ctl(nil, "manager", "revoke", "panel-7"); code != 0 || !strings.Contains(out, "panel-7 is shut out") {
		t.Errorf("revoke: %d %s %s", code, out, fault)
	}
	if code, out, _ := o.ctl(nil, "manager", "list"); code != 0 || !regexp.MustCompile(`panel-7 +panel +c1 +revoked`).MatchString(out) {
		t.Errorf("list: %d %s", code, out)
	}
	said := trace.String()
	for _, want := range []string{"_pair/esp-1/up a3", "hello {", "reveal {", "grant {Device:panel-7 Office:piacenza Password:(secret)}", "state {Status:online"} {
		if !strings.Contains(said, want) {
			t.Errorf("the trace does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, g.Password.String()) || strings.Contains(said, "/hb ") {
		t.Errorf("the trace has a secret, or heartbeats:\n%s", said)
	}
	for name, tc := range map[string]struct {
		as    string
		args  []string
		code  int
		fault string
	}{
		"a clerk":       {"desk-1", []string{"list"}, 1, "may not"},
		"a manager":     {"manager", []string{"trace"}, 1, "may not"},
		"nobody":        {"manager", []string{"revoke", "nobody"}, 1, "no such device"},
		"no id":         {"manager", []string{"revoke"}, 2, "want the ID"},
		"two ids":       {"manager", []string{"revoke", "a", "b"}, 2, "one ID is enough"},
		"an id":         {"manager", []string{"list", "a"}, 2, "no ID is wanted"},
		"no token":      {"nobody", []string{"list"}, 2, "-token-file"},
		"no code":       {"manager", []string{"pair", "x"}, 1, "want -code"},
		"a short code":  {"manager", []string{"pair", "x", "-code", "1", "-kind", "hall"}, 1, "eight"},
		"no such thing": {"manager", []string{"dance"}, 2, "usage"},
	} {
		if code, out, fault := o.ctl(nil, tc.as, tc.args...); code != tc.code || !strings.Contains(fault, tc.fault) {
			t.Errorf("%s: %d %s %s", name, code, out, fault)
		}
	}
}

// TestDeviceOverTLS: a piece that knows nobody comes in over the real port with TLS, compares the
// number, and from then on trusts the hall's authority and nobody else.
func TestDeviceOverTLS(t *testing.T) {
	address, err := brokertest.FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := startOffice(t, address)
	ctx, stop := context.WithCancel(t.Context())
	var far sync.WaitGroup
	defer far.Wait()
	defer stop()

	// The piece takes any certificate, and remembers who vouched for it (SPEC 13.2, 13.8).
	vouched := make(chan *x509.Certificate, 16)
	anybody := &tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		vouched <- s.PeerCertificates[len(s.PeerCertificates)-1]
		return nil
	}}}
	in, answer := io.Pipe()
	granted := make(chan fwproto.Grant, 1)
	number := ""
	far.Go(func() {
		p := panel.Piece{
			Maker: "esp-1", Code: "7K2M-Q9XR", Kind: fwproto.KindPanel,
			Dial: func(ctx context.Context) (net.Conn, error) { return anybody.DialContext(ctx, "tcp", address) },
			Show: func(n string) { number = n; _, _ = answer.Write([]byte("y\n")) },
		}
		if g, err := p.Pair(ctx); err == nil {
			granted <- g
		}
	})
	code, out, fault := o.ctl(in, "manager", "pair", "panel-7", "-code", "7k2mq9xr", "-kind", "panel", "-counter", "c1")
	if code != 0 || !strings.Contains(out, "esp-1 is panel-7 now") {
		t.Fatalf("pair: %d %s %s", code, out, fault)
	}
	g, authority := <-granted, <-vouched
	if !strings.Contains(out, "does it show "+number+"?") {
		t.Errorf("the piece shows %s: %s", number, out)
	}
	if sum := sha256.Sum256(authority.Raw); g.Authority != fwproto.Bytes(sum[:]) {
		t.Fatalf("the grant names %s, the broker's authority is %x", g.Authority, sum)
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority)
	pinned := &tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: g.Office + ".avanti.internal"}}
	told := make(chan fwproto.Set, 1)
	far.Go(func() {
		topics := fwproto.Topics{Office: g.Office}
		_ = mqttlink.Session{
			Dial:     func(ctx context.Context) (net.Conn, error) { return pinned.DialContext(ctx, "tcp", address) },
			ClientID: g.Device, Username: g.Device, Password: string(g.Password),
			Filters: map[string]byte{topics.DeviceSet(g.Device): 1},
			OnMessage: func(m mqttlink.Message) {
				if set, err := fwproto.Decode[fwproto.Set](m.Payload); err == nil {
					select {
					case told <- set:
					default:
					}
				}
			},
			Serve: func(ctx context.Context, _ uint32, _ mqttlink.Publish) error { <-ctx.Done(); return nil },
		}.Run(ctx)
	})
	select {
	case <-told:
	case <-time.After(30 * time.Second):
		t.Fatal("the panel is told nothing")
	}
	stranger, err := pki.Open(t.TempDir(), g.Office, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if c, err := tls.Dial("tcp", address, stranger.Client()); err == nil {
		_ = c.Close()
		t.Error("who has pinned another authority connects")
	}
}

// lines is what a command prints while it goes on.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// wait returns when a text has been printed.
func (l *lines) wait(t *testing.T, text string) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		l.mu.Lock()
		if strings.Contains(l.text.String(), text) {
			l.mu.Unlock()
			return
		}
		more := make(chan struct{})
		l.more = more
		l.mu.Unlock()
		select {
		case <-more:
		case <-late:
			t.Fatalf("never said %q:\n%s", text, l)
		}
	}
}
