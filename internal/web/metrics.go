// SPDX-License-Identifier: EUPL-1.2

package web

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	streams prometheus.Gauge
	logins  prometheus.Counter
	refused prometheus.Counter
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "avanti_web_streams", Help: "Event streams that are open.",
		}),
		logins: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_web_logins_total", Help: "Sessions that were begun with a right token.",
		}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_web_refused_tokens_total", Help: "Requests and logins with a wrong token.",
		}),
	}
	r.MustRegister(m.streams, m.logins, m.refused)
	return m
}
