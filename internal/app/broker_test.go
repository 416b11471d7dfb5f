// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
	"github.com/avanti-queue/avanti/internal/brokertest"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/pki"
)

// elsewhere is what a Mosquitto is to know of the small office.
func elsewhere(file *config.File, password string, authority *pki.Authority) mosquitto.Hall {
	h := mosquitto.Hall{
		Office: string(file.Settings().Office), Host: mosquitto.Account{Name: "avanti-host", Password: password},
		TLS: authority != nil, Authority: authority, ServerName: "127.0.0.1", Now: time.Now(),
	}
	for _, d := range file.Devices {
		h.Devices = append(h.Devices, mosquitto.Account{Name: d.ID, Password: secret(d.ID)})
	}
	return h
}

// startMosquitto runs one until the test ends; it may be stopped before.
func startMosquitto(t *testing.T, h mosquitto.Hall, extra ...string) *brokertest.Mosquitto {
	t.Helper()
	m, err := brokertest.StartMosquitto(t.Context(), t.TempDir(), h, extra...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func overTLS(address string, a *pki.Authority) func(context.Context) (net.Conn, error) {
	d := &tls.Dialer{Config: a.Client()}
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", address) }
}

// TestMosquitto: a hall works over a Mosquitto as avantictl sets it up, with TLS by the
// hall's own authority; the broker may go and come back.
func TestMosquitto(t *testing.T) {
	t.Parallel()
	file := small(t, config.MQTT{})
	authority, err := pki.Open(file.DataDir, string(file.Settings().Office), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m := startMosquitto(t, elsewhere(file, "sesame", authority))
	file.MQTT.URL = fmt.Sprintf("mqtts://avanti-host:sesame@%s", m.Address)
	l := goLive(t, file, overTLS(m.Address, authority))
	l.open()
	l.serve()
	for range 2 {
		if err := m.Kill(); err != nil {
			t.Fatal(err)
		}
		l.log.until(t, "warning raised", "name=broker_away")
		if err := m.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.log.until(t, "warning cleared", "name=broker_away")
		l.serve()
	}
	if strings.Contains(l.log.all(), "sesame") {
		t.Error("the password is in the log")
	}
}

// TestWrongPassword: a broker that refuses the daemon is named as such, and the warning
// goes when it no longer does.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	file := small(t, config.MQTT{})
	m := startMosquitto(t, elsewhere(file, "another", nil))
	file.MQTT.URL = fmt.Sprintf("mqtt://avanti-host:sesame@%s", m.Address)
	l := goLive(t, file, nil)
	l.log.until(t, "warning raised", "name=broker_credentials", "severity=critical", "mqtt.url")
	if err := m.Stop(); err != nil {
		t.Fatal(err)
	}
	l.log.until(t, "warning cleared", "name=broker_credentials")
	l.log.until(t, "warning raised", "name=broker_away")
}

// TestUntrustedBroker: a broker that an unknown authority vouches for is named as such,
// and gets no password. The configured authority is trusted, and no other.
func TestUntrustedBroker(t *testing.T) {
	t.Parallel()
	file := small(t, config.MQTT{})
	stranger, err := pki.Open(t.TempDir(), string(file.Settings().Office), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m := startMosquitto(t, elsewhere(file, "sesame", stranger))
	file.MQTT.URL = fmt.Sprintf("mqtts://avanti-host:sesame@%s", m.Address)
	l := goLive(t, file, nil)
	l.log.until(t, "warning raised", "name=broker_certificate", "mqtt.ca")
}

// TestConfiguredAuthority: mqtt.ca is believed.
func TestConfiguredAuthority(t *testing.T) {
	t.Parallel()
	file, dir := small(t, config.MQTT{}), t.TempDir()
	house, err := pki.Open(t.TempDir(), string(file.Settings().Office), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	h := elsewhere(file, "sesame", house)
	m, err := brokertest.StartMosquitto(t.Context(), dir, h)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Stop(); err != nil {
			t.Error(err)
		}
	}()
	file.MQTT.URL, file.MQTT.CA = fmt.Sprintf("mqtts://avanti-host:sesame@%s", m.Address), dir+"/"+mosquitto.CAFile
	l := goLive(t, file, overTLS(m.Address, house))
	l.open()
	l.serve()
	// An authority that is not there is a fault of the configuration.
	file.MQTT.CA = dir + "/nobody"
	var faults []string
	app.CheckConfig(file, func(field, wrong, _ string) { faults = append(faults, field+": "+wrong) })
	if len(faults) != 1 || !strings.HasPrefix(faults[0], "mqtt.ca: open ") {
		t.Errorf("faults %q", faults)
	}
}

// TestSlowBroker: a Mosquitto as Debian ships it is named, with what to do.
func TestSlowBroker(t *testing.T) {
	t.Parallel()
	file := small(t, config.MQTT{})
	m := startMosquitto(t, elsewhere(file, "sesame", nil), "set_tcp_nodelay false")
	file.MQTT.URL = fmt.Sprintf("mqtt://avanti-host:sesame@%s", m.Address)
	l := goLive(t, file, nil)
	l.log.until(t, "warning raised", "name=broker_slow", "severity=warning", "set_tcp_nodelay true")
}

// TestEmbeddedTLS: devices that have pinned the hall's authority reach the embedded broker
// with TLS, beside those without; the authority outlives the daemon.
func TestEmbeddedTLS(t *testing.T) {
	t.Parallel()
	address, err := brokertest.FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := brokertest.FreeAddress(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := small(t, config.MQTT{TLS: address, Listen: plain})
	authority, err := pki.Open(file.DataDir, string(file.Settings().Office), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	l := goLive(t, file, overTLS(address, authority))
	l.open()
	l.serve()
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: authority.Pool(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatalf("by its address: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	without, err := net.Dial("tcp", plain)
	if err != nil {
		t.Fatal(err)
	}
	device := brokertest.Client{Conn: without, T: t}
	p := brokertest.Connect("hall-1")
	p.Password = []byte(secret("hall-1"))
	device.Send(p)
	if code := device.Connack(); code != 0 {
		t.Errorf("CONNACK %d without TLS", code)
	}
	_ = without.Close()
	// Plain MQTT on the encrypted port, and TLS with another authority, get nowhere.
	stranger, err := pki.Open(t.TempDir(), string(file.Settings().Office), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := overTLS(address, stranger)(t.Context()); err == nil {
		t.Error("a device of another hall trusts this broker")
	}
	naked, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer naked.Close()
	if err := p.Write(naked); err != nil {
		t.Fatal(err)
	}
	l.log.until(t, "refused", "reason=tls")
}
