// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

// slowBroker is the round trip of a message of QoS 1 beyond which clerks would notice.
const slowBroker = 10 * time.Millisecond

// connection is told when the link comes and goes.
func (w *wire) connection(up bool) {
	if !up {
		w.away(errors.New("it is lost"))
		return
	}
	w.failures = 0
	for _, name := range []string{"broker_away", "broker_credentials", "broker_certificate"} {
		w.health.Clear(name, "")
	}
}

// failure names why there is no link. The first failure at the start says nothing: the
// embedded broker may be about to come.
func (w *wire) failure(err error) {
	w.failures++
	untrusted, ok := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, mqttlink.ErrCredentials):
		w.health.Clear("broker_away", "")
		w.health.Clear("broker_certificate", "")
		w.health.Raise(health.Warning{
			Name: "broker_credentials", Severity: health.Critical,
			Cause: "the MQTT broker refuses the daemon's user name or password: boxes and displays do not work",
			Hint:  "set user and password in mqtt.url of the configuration as the broker knows them",
		})
	case ok:
		w.health.Clear("broker_away", "")
		w.health.Clear("broker_credentials", "")
		w.health.Raise(health.Warning{
			Name: "broker_certificate", Severity: health.Critical,
			Cause: "the MQTT broker's certificate is not trusted: " + untrusted.Err.Error(),
			Hint:  "name the file with its authority in mqtt.ca of the configuration; if it was another certificate before, somebody may stand in between",
		})
	case w.failures > 1:
		w.away(err)
	}
}

func (w *wire) away(err error) {
	w.health.Clear("broker_credentials", "")
	w.health.Clear("broker_certificate", "")
	w.health.Raise(health.Warning{
		Name: "broker_away", Severity: health.Critical,
		Cause: fmt.Sprintf("there is no connection to the MQTT broker: boxes and displays do not work (%v)", err),
		Hint:  "call from the counter page until the connection is back",
	})
}

// roundTrip is told what the broker at hand costs.
func (w *wire) roundTrip(took time.Duration) {
	if took <= slowBroker {
		w.health.Clear("broker_slow", "")
		return
	}
	w.health.Raise(health.Warning{
		Name: "broker_slow", Severity: health.Degraded,
		Cause: fmt.Sprintf("the MQTT broker takes %v for a message and its acknowledgement, at most %v are good",
			took.Round(time.Millisecond), slowBroker),
		Hint: "Mosquitto needs set_tcp_nodelay true in its settings; see avantictl broker export",
	})
}
