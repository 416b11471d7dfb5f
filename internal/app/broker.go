// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/pki"
)

// runBroker runs one embedded broker; the next start makes a new one.
func (w *wire) runBroker(ctx context.Context) error {
	listeners, err := w.listen(ctx)
	if err != nil {
		return err
	}
	b, err := broker.New(broker.Options{
		Office: string(w.config.Settings().Office), Listen: listeners, Credentials: w.devices.register.Credentials,
		Pairing:   w.devices.desk.Admit,
		OnRefused: w.refusals.note, Log: w.log, Registerer: w.registry,
	})
	if err != nil {
		return err
	}
	defer w.post.man(b)()
	return b.Run(ctx)
}

// listen opens the configured ports, or none.
func (w *wire) listen(ctx context.Context) (listeners []net.Listener, err error) {
	defer func() {
		if err == nil {
			return
		}
		for _, l := range listeners {
			err = errors.Join(err, l.Close())
		}
	}()
	if address := w.config.MQTT.Listen; address != "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err != nil {
			return nil, fmt.Errorf("mqtt.listen in %s: %w", w.config.Name, err)
		}
		listeners = append(listeners, l)
	}
	if address := w.config.MQTT.TLS; address != "" {
		authority, err := w.authority()
		if err != nil {
			return listeners, err
		}
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err != nil {
			return listeners, fmt.Errorf("mqtt.tls.listen in %s: %w", w.config.Name, err)
		}
		listeners = append(listeners, tls.NewListener(l, authority.Server(w.names(address)...)))
	}
	return listeners, nil
}

// authority returns the hall's own certificate authority, made at the first start.
func (w *wire) authority() (*pki.Authority, error) {
	now := time.Now()
	if now.Before(w.built) {
		now = w.built
	}
	a, err := pki.Open(w.config.DataDir, string(w.config.Settings().Office), now)
	if err != nil {
		return nil, err
	}
	const soon = 365 * 24 * time.Hour
	if left := a.Ends().Sub(now); left < soon {
		w.health.Raise(health.Warning{
			Name: "authority_ends", Severity: health.Notice,
			Cause: "the devices' certificate authority ends on " + a.Ends().Format(time.DateOnly),
			Hint:  "before that day, delete ca.pem in the data directory, start the program again and pair all devices anew",
		})
	}
	return a, nil
}

// names are those under which the broker is reached, as far as they are known.
func (w *wire) names(address string) []string {
	names := slices.Clone(w.config.HTTP.Hosts)
	host, _, err := net.SplitHostPort(address)
	if err == nil && host != "" && !slices.Contains(names, host) {
		names = append(names, host)
	}
	return names
}
