// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/pki"
	"github.com/avanti-queue/avanti/internal/store"
)

// officeWith writes a configuration with the devices of the contract.
func officeWith(t *testing.T, dir, mqtt string, devices ...string) string {
	t.Helper()
	text := fmt.Sprintf(`
office: {id: piacenza, name: {it: Piacenza}, zone: Europe/Rome, languages: [it]}
hours: {mon: ["08:00-12:00"]}
groups: [{id: all, name: {it: Servizi}}]
series: [{id: a}]
services: [{id: desk, group: all, series: a, name: {it: Sportello}}]
counters: [{id: c1, label: "1", preferred: [desk]}]
data_dir: %q
mqtt: %s
devices:
`, dir, mqtt)
	for _, id := range devices {
		text += fmt.Sprintf("  - {id: %s, kind: box, counter: c1, password_sha256: \"%x\"}\n", id, sha256.Sum256([]byte(brokertest.Secret(id))))
	}
	path := filepath.Join(dir, "office.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// passwordsOf writes the file of the technician.
func passwordsOf(t *testing.T, dir string, devices ...string) string {
	t.Helper()
	text := "# written by hand\n"
	for _, id := range devices {
		text += id + " " + brokertest.Secret(id) + "\n"
	}
	path := filepath.Join(dir, "passwords.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func avantictl(args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	code = run(args, strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// TestExport: Mosquitto, set up by the exported files, is the broker that the hall needs.
func TestExport(t *testing.T) {
	brokertest.TestBroker(t, func(t *testing.T) brokertest.Broker {
		dir, ctx := t.TempDir(), t.Context()
		address, err := brokertest.FreeAddress(ctx)
		if err != nil {
			t.Fatal(err)
		}
		devices := brokertest.Devices()
		config := officeWith(t, dir, fmt.Sprintf("{url: \"mqtts://_host:%s@%s\"}", brokertest.Secret("_host"), address), devices...)
		files := filepath.Join(dir, "files")
		code, _, errs := avantictl("broker", "export", "-config", config, "-dir", files, "-passwords", passwordsOf(t, dir, devices...))
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		m, err := brokertest.RunMosquitto(ctx, files, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := m.Stop(); err != nil {
				t.Error(err)
			}
		})
		// Devices have pinned the hall's authority; the daemon goes by the broker's address.
		authority, err := pki.Read(dir, "piacenza")
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		ca, err := os.ReadFile(filepath.Join(files, mosquitto.CAFile))
		if err != nil || !roots.AppendCertsFromPEM(ca) {
			t.Fatalf("%s: %v", ca, err)
		}
		return brokertest.Broker{
			Topics: fwproto.Topics{Office: "piacenza"}, Host: "_host",
			Dial: func() (net.Conn, error) { return tls.Dial("tcp", address, authority.Client()) },
			DialHost: func() (net.Conn, error) {
				return tls.Dial("tcp", address, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots})
			},
		}
	})
}

// TestExportNew: passwords that nobody knows are made, once, and their sums are named for
// the configuration.
func TestExportNew(t *testing.T) {
	dir := t.TempDir()
	config := officeWith(t, dir, `{url: "mqtt://_host:x@127.0.0.1:1883"}`, "box-1", "box-2")
	files := filepath.Join(dir, "files")
	code, out, errs := avantictl("broker", "export", "-config", config, "-dir", files, "-passwords", passwordsOf(t, dir, "box-2"), "-new", "-at", "/etc/mosquitto/avanti")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	made, err := os.ReadFile(filepath.Join(files, newPasswords))
	if err != nil {
		t.Fatal(err)
	}
	id, password, _ := strings.Cut(strings.TrimSpace(string(made)), " ")
	if sum := fmt.Sprintf("box-1: password_sha256: \"%x\"", sha256.Sum256([]byte(password))); id != "box-1" || len(password) != 43 || !strings.Contains(out, sum) {
		t.Errorf("made %q, told:\n%s", made, out)
	}
	if strings.Contains(out+errs, password) {
		t.Error("the password is on the screen")
	}
	for name, mode := range map[string]os.FileMode{
		newPasswords: 0o600, mosquitto.PasswordsFile: 0o600, mosquitto.ACLFile: 0o644, mosquitto.ConfFile: 0o644,
	} {
		if info, err := os.Stat(filepath.Join(files, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	conf, err := os.ReadFile(filepath.Join(files, mosquitto.ConfFile))
	if err != nil || !strings.Contains(string(conf), "password_file /etc/mosquitto/avanti/passwords\n") || !strings.Contains(string(conf), "\nlistener 1883\n") {
		t.Errorf("settings, %v:\n%s", err, conf)
	}
}

// TestExportPaired: a device that was paired keeps its password to itself, so that it
// cannot be exported; one that was revoked is left out.
func TestExportPaired(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	config := officeWith(t, dir, `{url: "mqtt://_host:x@127.0.0.1:1883"}`, "box-1", "box-2")
	s, err := store.Open(ctx, store.Options{Dir: dir, Config: config, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	paired, sum := sha256.Sum256([]byte("known to panel-9")), sha256.Sum256([]byte(brokertest.Secret("box-2")))
	for _, row := range []store.FleetRow{
		{ID: "panel-9", Kind: "panel", Counter: "c1", Maker: "esp-9", Password: &paired, Paired: time.Now()},
		{ID: "box-2", Configured: &sum, Revoked: time.Now()},
	} {
		if err := s.SetFleet(ctx, row); err != nil {
			t.Fatal(err)
		}
	}
	files, args := filepath.Join(dir, "files"), []string{"broker", "export", "-config", config, "-dir", filepath.Join(dir, "files"), "-new", "-passwords"}
	// The daemon runs meanwhile, which has the journal open.
	code, _, errs := avantictl(append(args, passwordsOf(t, dir, "box-1"))...)
	if code != exitFailed || !strings.Contains(errs, "panel-9 got a password when paired") {
		t.Errorf("exit code %d: %s", code, errs)
	}
	if err := s.SetFleet(ctx, store.FleetRow{ID: "panel-9", Password: &paired, Paired: time.Now(), Revoked: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := avantictl(append(args, passwordsOf(t, dir, "box-1", "box-2"))...); code != 0 || !strings.HasPrefix(out, "box-2, panel-9: shut out, and left out\n") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	acl, err := os.ReadFile(filepath.Join(files, mosquitto.ACLFile))
	if err != nil || !strings.Contains(string(acl), "user box-1\n") || strings.Contains(string(acl), "box-2") || strings.Contains(string(acl), "panel-9") {
		t.Errorf("access list, %v:\n%s", err, acl)
	}
	// Taken in again, with a password that the technician knows: then it counts, and not another.
	known := sha256.Sum256([]byte(brokertest.Secret("panel-9")))
	if err := s.SetFleet(ctx, store.FleetRow{ID: "panel-9", Kind: "panel", Counter: "c1", Maker: "esp-9", Password: &known, Paired: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := avantictl(append(args, passwordsOf(t, dir, "box-1", "panel-9"))...); code != 0 {
		t.Errorf("exit code %d: %s", code, errs)
	}
	users, err := os.ReadFile(filepath.Join(files, mosquitto.PasswordsFile))
	if err != nil || !strings.Contains(string(users), "\npanel-9:$7$") || strings.Contains(string(users), "box-2:") {
		t.Errorf("users, %v:\n%s", err, users)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestExportRefused: what cannot be exported is named, and nothing is written.
func TestExportRefused(t *testing.T) {
	const url = `{url: "mqtt://_host:x@127.0.0.1:1883"}`
	for name, tc := range map[string]struct {
		mqtt, passwords string
		args            []string
		code            int
		says            string
	}{
		"no broker":              {`{listen: "127.0.0.1:1883"}`, "box-1 secret-of-box-1", nil, 1, `mqtt: {url: "mqtts://avanti-host:`},
		"no user":                {`{url: "mqtt://127.0.0.1:1883"}`, "box-1 secret-of-box-1", nil, 1, "a user name and password for the daemon"},
		"no password":            {`{url: "mqtt://_host@127.0.0.1:1883"}`, "box-1 secret-of-box-1", nil, 1, "the password of _host is empty"},
		"the daemon as a device": {`{url: "mqtt://box-1:x@127.0.0.1:1883"}`, "box-1 secret-of-box-1", nil, 1, "box-1 is a user twice"},
		"unknown passwords":      {url, "", nil, 1, "the passwords of box-1 are not known"},
		"a wrong password":       {url, "box-1 guess", nil, 1, "the password of box-1 is not the one whose sum is known"},
		"a stranger":             {url, "box-1 secret-of-box-1\nbox-7 x", nil, 1, `names "box-7"`},
		"twice":                  {url, "box-1 secret-of-box-1\nbox-1 x", nil, 1, "passwords.txt:2: want"},
		"no password in a line":  {url, "box-1", nil, 1, "passwords.txt:1: want"},
		"a later version":        {url, "box-1 secret-of-box-1", []string{"-version", "2.1.0"}, 1, "2.1.0 of Mosquitto"},
		"an unknown command":     {url, "", []string{"x"}, 2, "usage: avantictl broker"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			files, passwords := filepath.Join(dir, "files"), filepath.Join(dir, "passwords.txt")
			if err := os.WriteFile(passwords, []byte(tc.passwords), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"broker", "export", "-config", officeWith(t, dir, tc.mqtt, "box-1"), "-dir", files, "-passwords", passwords}
			code, out, errs := avantictl(append(args, tc.args...)...)
			if code != tc.code || !strings.Contains(errs, tc.says) || out != "" {
				t.Errorf("exit code %d\n%s%s", code, out, errs)
			}
			if _, err := os.Stat(files); !os.IsNotExist(err) {
				t.Errorf("something was written: %v", err)
			}
		})
	}
}
