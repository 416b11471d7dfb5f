// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"sync/atomic"

	"github.com/mochi-mqtt/server/v2/system"
	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	connected prometheus.Gauge
	refused   *prometheus.CounterVec
	panics    prometheus.Counter
	all       []prometheus.Collector
}

func newMetrics(reg prometheus.Registerer, info *system.Info) metrics {
	m := metrics{
		connected: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "avanti_broker_connections",
			Help: "Clients connected to the embedded broker, the daemon included.",
		}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_broker_refused_total",
			Help: "Connections and messages that the embedded broker refused.",
		}, []string{"reason"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_broker_panics_total",
			Help: "Panics of the broker library that cost one connection.",
		}),
	}
	m.all = []prometheus.Collector{
		m.connected, m.refused, m.panics,
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "avanti_broker_dropped_messages_total",
			Help: "Messages dropped because a client read or acknowledged too slowly.",
		}, func() float64 {
			return float64(atomic.LoadInt64(&info.MessagesDropped) + atomic.LoadInt64(&info.InflightDropped))
		}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "avanti_broker_received_messages_total",
			Help: "Messages published to the embedded broker.",
		}, func() float64 { return float64(atomic.LoadInt64(&info.MessagesReceived)) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "avanti_broker_sent_messages_total",
			Help: "Messages delivered by the embedded broker.",
		}, func() float64 { return float64(atomic.LoadInt64(&info.MessagesSent)) }),
	}
	if reg != nil {
		reg.MustRegister(m.all...)
	}
	return m
}

// unregister lets the next broker of this process take the names over.
func (m metrics) unregister(reg prometheus.Registerer) {
	if reg == nil {
		return
	}
	for _, c := range m.all {
		reg.Unregister(c)
	}
}
