// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// wire is the way to the boxes and displays: the broker, embedded or elsewhere, and
// our link to it.
type wire struct {
	config   *config.File
	devices  *devices
	log      *slog.Logger
	health   *health.Board
	registry prometheus.Registerer
	link     *mqttlink.Link
	embedded bool
	built    time.Time // a clock before it is not believed
	post     *post
	refusals refusals
	failures int // in a row; belongs to the link's goroutine
}

func newWire(a *App) (*wire, error) {
	w := &wire{config: a.options.Config, devices: a.devices, log: a.log, health: a.health, registry: a.registry, built: a.built, post: newPost()}
	w.refusals = refusals{health: a.health, exists: w.exists, standing: map[string]*refused{}}
	settings := w.config.Settings()
	o := mqttlink.Options{
		Office: string(settings.Office), Dial: w.post.dialHost, Epoch: randomEpoch(), Version: shortVersion(),
		Heartbeat: w.config.MQTT.Heartbeat, Location: a.engine.View().Zone(),
		OnEvent:     w.devices.event,
		OnShown:     w.devices.shown,
		OnState:     w.devices.register.State,
		OnReport:    w.devices.report,
		OnTelemetry: w.devices.register.Telemetry,
		OnPassing: func(m mqttlink.Message, sent bool) {
			w.devices.tracer.Note(m.Topic, m.Payload, sent, m.Retained && !sent)
		},
		OnRefused:    w.refusals.note,
		OnConnection: w.connection,
		OnFailure:    w.failure,
		OnRoundTrip:  w.roundTrip,
		Log:          a.log, Registerer: a.registry,
	}
	external := w.external()
	switch {
	case a.options.DialBroker != nil:
		o.Dial = a.options.DialBroker
	case external != nil:
		dial, err := w.dialer(external)
		if err != nil {
			return nil, err
		}
		o.Dial = dial
		o.Username = external.User.Username()
		o.Password, _ = external.User.Password()
		// A broker may let a user have no other client id than its name.
		o.ClientID = cmp.Or(o.Username, "avanti-"+string(settings.Office))
	default:
		w.embedded = true
		o.OnPairing = func(maker string, payload []byte) { w.devices.desk.Hear(maker, payload) }
	}
	w.link = mqttlink.New(o)
	if w.embedded {
		return w, w.openDesk()
	}
	return w, nil
}

// openDesk makes the desk where devices come in, which stays closed until somebody
// opens it.
func (w *wire) openDesk() error {
	o := fleet.DeskOptions{
		Register: w.devices.register, Office: string(w.config.Settings().Office), Send: w.link.Pair, Drop: w.post.drop, Log: w.log,
	}
	if w.config.MQTT.TLS != "" {
		authority, err := w.authority()
		if err != nil {
			return err
		}
		o.Authority = authority.DER()
	}
	w.devices.desk = fleet.NewDesk(o)
	return nil
}

func (w *wire) start(run *tasks) {
	if w.embedded {
		run.degradable("broker", w.runBroker)
	}
	run.degradable("link to the broker", w.link.Run)
	run.degradable("refused devices", w.refusals.run)
}

// exists tells whether a device of this id belongs to the office.
func (w *wire) exists(id string) bool {
	return w.devices.register.Knows(id)
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
