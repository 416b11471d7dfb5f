// SPDX-License-Identifier: EUPL-1.2

package speech

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	made    prometheus.Histogram
	failed  prometheus.Counter
	refused prometheus.Counter
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		made: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "avanti_speech_made_seconds", Help: "How long a sentence took to become sound.",
			Buckets: []float64{0.05, 0.1, 0.2, 0.5, 1, 2, 4}, NativeHistogramBucketFactor: 1.1,
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_speech_failures_total", Help: "Sentences that no sound could be made of.",
		}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_speech_refused_total", Help: "Sounds that were not made because too many were wanted at once.",
		}),
	}
	if r != nil {
		r.MustRegister(m.made, m.failed, m.refused)
	}
	return m
}
