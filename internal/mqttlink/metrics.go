// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	up             prometheus.Gauge
	connections    prometheus.Counter
	repliesDropped prometheus.Counter
	ignored        *prometheus.CounterVec
	roundTrip      prometheus.Histogram
	probe          prometheus.Histogram
}

func newMetrics(reg prometheus.Registerer) metrics {
	m := metrics{
		up: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "avanti_mqtt_link_up",
			Help: "1 while the daemon is connected to the broker.",
		}),
		connections: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_mqtt_connections_total",
			Help: "Connections of the daemon to the broker.",
		}),
		repliesDropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_mqtt_replies_dropped_total",
			Help: "Replies to devices that were dropped because the link was down or slow.",
		}),
		ignored: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_mqtt_ignored_messages_total",
			Help: "Messages of devices that the daemon ignored.",
		}, []string{"reason"}),
		roundTrip: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:                        "avanti_mqtt_heartbeat_round_trip_seconds",
			Help:                        "Time until the daemon hears its own heartbeat from the broker.",
			Buckets:                     []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5},
			NativeHistogramBucketFactor: 1.1,
		}),
		probe: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:                        "avanti_mqtt_probe_round_trip_seconds",
			Help:                        "Time until a message of QoS 1 that the daemon sends to itself is acknowledged and back, measured after each connection.",
			Buckets:                     []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1},
			NativeHistogramBucketFactor: 1.1,
		}),
	}
	if reg != nil {
		reg.MustRegister(m.up, m.connections, m.repliesDropped, m.ignored, m.roundTrip, m.probe)
	}
	return m
}
