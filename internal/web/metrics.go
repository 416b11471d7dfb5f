// SPDX-License-Identifier: EUPL-1.2

package web

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	streams prometheus.Gauge
	logins  prometheus.Counter
	refused prometheus.Counter

	priority          *prometheus.CounterVec // by reason
	feedback, reasons *prometheus.CounterVec // by group and face, by reason
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
		priority: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_priority_tickets_total", Help: "Tickets that kiosks gave for a reason of priority.",
		}, []string{"reason"}),
		feedback: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_feedback_total", Help: "Faces that people chose, by group of services; none: not known.",
		}, []string{"group", "face"}),
		reasons: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_feedback_reasons_total", Help: "Reasons that were given for red faces.",
		}, []string{"reason"}),
	}
	r.MustRegister(m.streams, m.logins, m.refused, m.priority, m.feedback, m.reasons)
	return m
}
