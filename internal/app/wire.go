// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/office"
)

// wire is the way to the boxes and displays: the broker, embedded or elsewhere, and
// our link to it.
type wire struct {
	config   *config.File
	office   *office.Office // set before anything runs
	log      *slog.Logger
	health   *health.Board
	registry prometheus.Registerer
	link     *mqttlink.Link
	embedded bool
	broker   atomic.Pointer[broker.Broker]
}

func newWire(a *App) *wire {
	w := &wire{config: a.options.Config, log: a.log, health: a.health, registry: a.registry}
	settings := w.config.Settings()
	o := mqttlink.Options{
		Office: string(settings.Office), Dial: w.dialHost, Epoch: randomEpoch(), Version: shortVersion(),
		Heartbeat: w.config.MQTT.Heartbeat, Location: a.engine.View().Zone(),
		OnEvent:      func(device string, payload []byte) { w.office.Event(device, payload) },
		OnShown:      func(device string, shown fwproto.Shown) { w.office.Shown(device, shown) },
		OnConnection: w.connection,
		Log:          a.log, Registerer: a.registry,
	}
	external := w.external()
	switch {
	case a.options.DialBroker != nil:
		o.Dial = a.options.DialBroker
	case external != nil:
		o.Dial = dialer(external)
		o.ClientID = "avanti-" + string(settings.Office)
		o.Username = external.User.Username()
		o.Password, _ = external.User.Password()
	default:
		w.embedded = true
	}
	w.link = mqttlink.New(o)
	return w
}

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

func dialer(u *url.URL) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		if u.Scheme == "mqtts" {
			return (&tls.Dialer{}).DialContext(ctx, "tcp", u.Host)
		}
		return (&net.Dialer{}).DialContext(ctx, "tcp", u.Host)
	}
}

func (w *wire) start(run *tasks) {
	if w.embedded {
		run.degradable("broker", w.runBroker)
	}
	run.degradable("link to the broker", w.link.Run)
}

// runBroker runs one embedded broker; the next start makes a new one.
func (w *wire) runBroker(ctx context.Context) error {
	o := broker.Options{
		Office: string(w.config.Settings().Office), Credentials: w.credentials,
		OnRefused: w.refused, Log: w.log, Registerer: w.registry,
	}
	if w.config.MQTT.Listen != "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.config.MQTT.Listen)
		if err != nil {
			return fmt.Errorf("mqtt.listen in %s: %w", w.config.Name, err)
		}
		o.Listen = []net.Listener{l}
	}
	b, err := broker.New(o)
	if err != nil {
		return err
	}
	w.broker.Store(b)
	defer w.broker.Store(nil)
	return b.Run(ctx)
}

var errNoBroker = errors.New("the embedded broker is not running")

func (w *wire) dialHost(context.Context) (net.Conn, error) {
	if b := w.broker.Load(); b != nil {
		return b.HostPipe()
	}
	return nil, errNoBroker
}

func (w *wire) dialDevice(context.Context) (net.Conn, error) {
	if b := w.broker.Load(); b != nil {
		return b.Pipe()
	}
	return nil, errNoBroker
}

// credentials knows the configured devices. One without a password has not been
// paired and may not connect.
func (w *wire) credentials(id string) (hash [32]byte, ok bool) {
	for _, d := range w.config.Devices {
		if d.ID == id && d.Password != [32]byte{} {
			return d.Password, true
		}
	}
	return hash, false
}

func (w *wire) refused(device, reason string) {
	w.health.Raise(health.Warning{
		Name: "device_refused", Subject: device, Severity: health.Degraded,
		Cause: "the broker refused a device: " + reason,
		Hint:  "check the device's id and password; if nobody knows it, look who is on the network",
	})
}

func (w *wire) connection(up bool) {
	if up {
		w.health.Clear("broker_away", "")
		return
	}
	w.health.Raise(health.Warning{
		Name: "broker_away", Severity: health.Critical,
		Cause: "there is no connection to the MQTT broker: boxes and displays do not work",
		Hint:  "call from the counter page until the connection is back",
	})
}

func randomEpoch() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails, by its contract
	return max(1, binary.BigEndian.Uint32(b[:]))
}

// shortVersion fits the host topic's limit.
func shortVersion() string {
	v := Version()
	return v[:min(len(v), fwproto.MaxVersion)]
}
