// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/pki"
)

// external returns the URL of a broker elsewhere, nil for the embedded one.
func (w *wire) external() *url.URL {
	if w.config.MQTT.URL == "" {
		return nil
	}
	u, err := url.Parse(w.config.MQTT.URL)
	if err != nil {
		return nil // the configuration was checked
	}
	return u
}

// dialer reaches a broker elsewhere.
func (w *wire) dialer(u *url.URL) (func(context.Context) (net.Conn, error), error) {
	if u.Scheme != "mqtts" {
		return func(ctx context.Context) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", u.Host)
		}, nil
	}
	roots, err := w.roots()
	if err != nil {
		return nil, err
	}
	d := &tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: u.Hostname()}}
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", u.Host) }, nil
}

// roots are those who may vouch for the broker: the configured ones and nobody else, or
// the system's and the hall's own authority, which has made the broker's certificate if
// avantictl set it up.
func (w *wire) roots() (*x509.CertPool, error) {
	if path := w.config.MQTT.CA; path != "" {
		pool, err := readCertificates(path)
		if err != nil {
			return nil, fmt.Errorf("mqtt.ca in %s: %w", w.config.Name, err)
		}
		return pool, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a small board may have none
	}
	own, err := pki.Read(w.config.DataDir, string(w.config.Settings().Office))
	switch {
	case err == nil:
		pool.AppendCertsFromPEM(own.PEM())
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return pool, nil
}

func readCertificates(path string) (*x509.CertPool, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return pool, nil
}

// checkBroker finds certificates that cannot be read.
func checkBroker(f *config.File, report func(field, wrong, want string)) {
	if f.MQTT.CA == "" {
		return
	}
	if _, err := readCertificates(f.MQTT.CA); err != nil {
		report("mqtt.ca", err.Error(), "a PEM file with the certificates that vouch for the broker")
	}
}
