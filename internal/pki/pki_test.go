// SPDX-License-Identifier: EUPL-1.2

package pki_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/pki"
)

const day = 24 * time.Hour

func open(t *testing.T, dir string) *pki.Authority {
	t.Helper()
	a, err := pki.Open(dir, "piacenza", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// handshake connects a device to a broker and returns the broker's certificate. It
// wants a bubble: on a pipe without a buffer, a refusal takes until the deadline.
func handshake(t *testing.T, server, client *tls.Config) (*x509.Certificate, error) {
	t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	for _, end := range []net.Conn{near, far} {
		if err := end.SetDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	server = server.Clone()
	server.SessionTicketsDisabled = true // nobody would read them from the pipe
	served := make(chan error, 1)
	go func() { served <- tls.Server(far, server).Handshake() }()
	c := tls.Client(near, client)
	if err := c.Handshake(); err != nil {
		_ = near.Close()
		<-served
		return nil, err
	}
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	return c.ConnectionState().PeerCertificates[0], nil
}

// TestOpen: the authority is made once, is a secret, and is the same at the next start.
func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data") // the daemon has never run
	if _, err := pki.Read(dir, "piacenza"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read where there is none: %v", err)
	}
	a := open(t, dir)
	again := open(t, dir)
	if !bytes.Equal(a.PEM(), again.PEM()) {
		t.Error("another authority at the second start")
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left := time.Until(a.Ends()); left < 3649*day || left > 3651*day {
		t.Errorf("it ends in %v", left)
	}
	if bytes.Contains(a.PEM(), []byte("PRIVATE")) {
		t.Error("the key is given to devices")
	}
	if other := open(t, t.TempDir()); bytes.Equal(other.PEM(), a.PEM()) {
		t.Error("two halls share an authority")
	}
}

// TestUnfinished: a power cut while the authority is made leaves nothing in the way.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ca.pem.new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	open(t, dir)
}

// TestOpenRefuses: a file that is damaged or known to others is named, with what to do,
// and never replaced.
func TestOpenRefuses(t *testing.T) {
	foreign, err := os.ReadFile(filepath.Join(openDir(t), "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(string(foreign), "-----END CERTIFICATE-----\n")
	for name, tc := range map[string]struct {
		spoil func(path string, whole []byte) error
		says  string
	}{
		"readable": {func(path string, _ []byte) error { return os.Chmod(path, 0o640) }, "chmod 600"},
		"empty":    {func(path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) }, "restore"},
		"cut":      {func(path string, b []byte) error { return os.WriteFile(path, b[:len(b)-40], 0o600) }, "restore"},
		"longer":   {func(path string, b []byte) error { return os.WriteFile(path, append(b, 'x'), 0o600) }, "restore"},
		"foreign key": {func(path string, b []byte) error {
			cert, _, _ := bytes.Cut(b, []byte("-----BEGIN PRIVATE KEY-----"))
			return os.WriteFile(path, append(bytes.Clone(cert), key...), 0o600)
		}, "not that of the certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := openDir(t)
			path := filepath.Join(dir, "ca.pem")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := tc.spoil(path, whole); err != nil {
				t.Fatal(err)
			}
			spoiled, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = pki.Open(dir, "piacenza", time.Now())
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("Open: %v", err)
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, spoiled) {
				t.Errorf("the file was replaced: %v", err)
			}
		})
	}
}

func openDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	open(t, dir)
	return dir
}

// TestPinned: a device trusts the broker of its own hall, by its name, and nobody else;
// a technician reaches it by the names of the configuration.
func TestPinned(t *testing.T) { synctest.Test(t, pinned) }

func pinned(t *testing.T) {
	a, other := open(t, t.TempDir()), open(t, t.TempDir())
	server := a.Server("coda.example.it", "192.0.2.7")
	cert, err := handshake(t, server, a.Client())
	if err != nil {
		t.Fatal(err)
	}
	if cert.PublicKeyAlgorithm != x509.ECDSA || cert.IsCA {
		t.Errorf("the broker's certificate is %v, an authority: %t", cert.PublicKeyAlgorithm, cert.IsCA)
	}
	for _, name := range []string{"coda.example.it", "192.0.2.7"} {
		if _, err := handshake(t, server, &tls.Config{RootCAs: a.Pool(), ServerName: name, MinVersion: tls.VersionTLS12}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var unknown x509.UnknownAuthorityError
	if _, err := handshake(t, other.Server(), a.Client()); !errors.As(err, &unknown) {
		t.Errorf("the broker of another hall: %v", err)
	}
	if _, err := handshake(t, server, &tls.Config{RootCAs: a.Pool(), ServerName: "other.example", MinVersion: tls.VersionTLS12}); err == nil {
		t.Error("trusted by another name")
	}
	if _, err := handshake(t, server, &tls.Config{RootCAs: a.Pool(), ServerName: pki.ServerName("piacenza"), MaxVersion: tls.VersionTLS11}); err == nil { //nolint:gosec // what is tested
		t.Error("TLS 1.1 is spoken")
	}
}

// TestRenewed: the broker's certificate is always good for a month at least, for the
// ten years of the authority, and after a clock that was wrong.
func TestRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := open(t, t.TempDir())
		server := a.Server()
		serials := map[string]bool{}
		for range 100 {
			cert, err := handshake(t, server, a.Client())
			if err != nil {
				t.Fatalf("on %v: %v", time.Now(), err)
			}
			serials[cert.SerialNumber.String()] = true
			if left := time.Until(cert.NotAfter); left < 29*day || left > 90*day {
				t.Errorf("on %v it is good for %v", time.Now(), left)
			}
			<-time.After(30 * day)
		}
		if n := len(serials); n < 45 || n > 51 {
			t.Errorf("%d certificates in 3000 days", n)
		}
	})
}

// TestIssue: a certificate for another program never outlives the authority, and its
// files are what TLS reads.
func TestIssue(t *testing.T) { synctest.Test(t, issue) }

func issue(t *testing.T) {
	a := open(t, t.TempDir())
	c, err := a.Issue(time.Now(), time.Now().Add(100*365*day), "broker.example")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Leaf.NotAfter.Equal(a.Ends()) {
		t.Errorf("it ends on %v, the authority on %v", c.Leaf.NotAfter, a.Ends())
	}
	cert, key, err := pki.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := handshake(t, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, a.Client()); err != nil {
		t.Error(err)
	}
}

// FuzzRead: no file makes the daemon fall.
func FuzzRead(f *testing.F) {
	dir := f.TempDir()
	if _, err := pki.Open(dir, "piacenza", time.Now()); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "ca.pem"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if a, err := pki.Read(dir, "piacenza"); err == nil {
			if _, err := a.Issue(time.Now(), time.Now().Add(day)); err != nil {
				t.Errorf("an authority that issues nothing: %v", err)
			}
		}
	})
}
