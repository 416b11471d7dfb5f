// SPDX-License-Identifier: EUPL-1.2

package mosquitto_test

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
	"github.com/avanti-queue/avanti/internal/pki"
)

func hall(t *testing.T) mosquitto.Hall {
	t.Helper()
	a, err := pki.Open(t.TempDir(), "piacenza", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return mosquitto.Hall{
		Office: "piacenza", Listen: ":8883", At: "/etc/mosquitto/avanti",
		Host:    mosquitto.Account{Name: "avanti-host", Password: "of the daemon"},
		Devices: []mosquitto.Account{{Name: "panel-1", Password: "second"}, {Name: "box-1", Password: "first"}},
		TLS:     true, Authority: a, ServerName: "broker.example", Now: time.Now(),
	}
}

// TestFiles holds the files against the examples in deploy/mosquitto.
func TestFiles(t *testing.T) {
	files, err := hall(t).Files()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	var secret []string
	for _, f := range files {
		got[f.Name] = string(f.Content)
		if f.Secret {
			secret = append(secret, f.Name)
		}
	}
	if diff := cmp.Diff([]string{mosquitto.PasswordsFile, mosquitto.KeyFile}, secret); diff != "" {
		t.Errorf("secret files (-want +got):\n%s", diff)
	}
	for _, name := range []string{mosquitto.ConfFile, mosquitto.ACLFile} {
		want, err := os.ReadFile(filepath.Join("..", "..", "..", "deploy", "mosquitto", name))
		if err != nil {
			t.Fatal(err)
		}
		_, example, _ := strings.Cut(string(want), "\n") // behind the licence
		if diff := cmp.Diff(example, got[name]); diff != "" {
			t.Errorf("%s (-example +written):\n%s", name, diff)
		}
	}
	for _, name := range []string{mosquitto.CAFile, mosquitto.CertFile, mosquitto.KeyFile} {
		if !strings.HasPrefix(got[name], "-----BEGIN ") {
			t.Errorf("%s: %q", name, got[name])
		}
	}
	passwords := strings.Split(strings.TrimSpace(got[mosquitto.PasswordsFile]), "\n")
	for i, want := range []mosquitto.Account{{Name: "avanti-host", Password: "of the daemon"}, {Name: "panel-1", Password: "second"}, {Name: "box-1", Password: "first"}} {
		name, sum, _ := strings.Cut(passwords[i], ":")
		part := strings.Split(sum, "$")
		if name != want.Name || len(part) != 5 || part[1] != "7" || part[2] != "101" {
			t.Fatalf("line %q", passwords[i])
		}
		salt, err1 := base64.StdEncoding.DecodeString(part[3])
		key, err2 := base64.StdEncoding.DecodeString(part[4])
		if err1 != nil || err2 != nil || len(salt) != 12 || len(key) != 64 {
			t.Fatalf("line %q", passwords[i])
		}
		again, err := pbkdf2.Key(sha512.New, want.Password, salt, 101, 64)
		if err != nil || string(again) != string(key) {
			t.Errorf("line %q is not of %q: %v", passwords[i], want.Password, err)
		}
	}
}

func TestWithoutTLS(t *testing.T) {
	h := hall(t)
	h.TLS, h.Listen = false, "192.0.2.7:1883"
	files, err := h.Files()
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	if conf := string(files[0].Content); strings.Contains(conf, "file /etc/mosquitto/avanti/server") || !strings.Contains(conf, "\nlistener 1883 192.0.2.7\n") {
		t.Errorf("settings:\n%s", conf)
	}
}

// TestOwnCertificate: a broker that has a certificate keeps it.
func TestOwnCertificate(t *testing.T) {
	h := hall(t)
	h.Authority = nil
	files, err := h.Files()
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	if conf := string(files[0].Content); !strings.Contains(conf, "certfile /etc/mosquitto/avanti/server.crt\n") {
		t.Errorf("settings:\n%s", conf)
	}
}

// TestRefused: what Mosquitto would misread is refused with all of its faults.
func TestRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*mosquitto.Hall)
		says  string
	}{
		"an office with a wildcard":  {func(h *mosquitto.Hall) { h.Office = "+" }, "the office id"},
		"a device with a wildcard":   {func(h *mosquitto.Hall) { h.Devices[0].Name = "#" }, `device id "#"`},
		"a device with a colon":      {func(h *mosquitto.Hall) { h.Devices[0].Name = "a:b" }, `device id "a:b"`},
		"two devices of one name":    {func(h *mosquitto.Hall) { h.Devices[0].Name = "box-1" }, "box-1 is a user twice"},
		"the daemon as a device":     {func(h *mosquitto.Hall) { h.Host.Name = "box-1" }, "box-1 is a user twice"},
		"the daemon without a name":  {func(h *mosquitto.Hall) { h.Host.Name = "" }, "the daemon's user name"},
		"the daemon with two lines":  {func(h *mosquitto.Hall) { h.Host.Name = "a\nb" }, "the daemon's user name"},
		"no password":                {func(h *mosquitto.Hall) { h.Devices[1].Password = "" }, "password of box-1"},
		"a password with a zero":     {func(h *mosquitto.Hall) { h.Devices[1].Password = "ab\x00cd" }, "password of box-1"},
		"a directory with two lines": {func(h *mosquitto.Hall) { h.At = "/x\nallow_anonymous true" }, "the directory"},
		"no port":                    {func(h *mosquitto.Hall) { h.Listen = "broker" }, "listens"},
	} {
		t.Run(name, func(t *testing.T) {
			h := hall(t)
			tc.spoil(&h)
			if _, err := h.Files(); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("Files: %v", err)
			}
		})
	}
}

func TestCheckVersion(t *testing.T) {
	for says, good := range map[string]bool{
		"mosquitto version 2.0.11\n\nmosquitto is an MQTT v5.0/v3.1.1/v3.1 broker.": true,
		"2.0": true, "2.0.22": true,
		"2.1.0": false, "1.6.12": false, "3.0": false, "": false, "no version": false, "12.0.1": false,
		"99999999999999999999.0": false,
	} {
		if err := mosquitto.CheckVersion(says); (err == nil) != good {
			t.Errorf("%q: %v", says, err)
		}
	}
}

func TestNewPassword(t *testing.T) {
	a, b := mosquitto.NewPassword(), mosquitto.NewPassword()
	if raw, err := base64.RawURLEncoding.DecodeString(a); err != nil || len(raw) != 32 || a == b {
		t.Errorf("%q and %q: %v", a, b, err)
	}
}
