// SPDX-License-Identifier: EUPL-1.2

package health

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	warnings *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	return &metrics{
		warnings: promauto.With(reg).NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_warning",
			Help: "Warnings that stand, by kind and severity; 0 after the last one has been cleared.",
		}, []string{"name", "severity"}),
	}
}

func (m *metrics) count(w Warning, by float64) {
	m.warnings.WithLabelValues(w.Name, string(w.Severity)).Add(by)
}
