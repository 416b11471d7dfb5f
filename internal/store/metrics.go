// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type metrics struct {
	commits  prometheus.Histogram
	records  prometheus.Counter
	failures prometheus.Counter
}

func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	return &metrics{
		commits: f.NewHistogram(prometheus.HistogramOpts{
			Name: "avanti_journal_commit_seconds", Help: "Time from the first statement of a commit until it is durable.",
			Buckets:                        []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
			NativeHistogramBucketFactor:    1.1,
			NativeHistogramMaxBucketNumber: 100,
		}),
		records: f.NewCounter(prometheus.CounterOpts{
			Name: "avanti_journal_records_total", Help: "Records made durable.",
		}),
		failures: f.NewCounter(prometheus.CounterOpts{
			Name: "avanti_journal_commit_failures_total", Help: "Commits that failed and changed nothing.",
		}),
	}
}
