// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// waitMetrics say what is expected, and how good what was expected turned out to be.
type waitMetrics struct {
	waits    *waits
	off      prometheus.Histogram
	outcomes *prometheus.CounterVec
}

// Positions of a wait in what was expected of it.
const (
	belowP10 = "below_p10"
	inside   = "inside"
	aboveP90 = "above_p90"
)

func newWaitMetrics(r prometheus.Registerer, w *waits) *waitMetrics {
	m := &waitMetrics{
		waits: w,
		off: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "avanti_estimate_abs_error_seconds", Help: "Difference between the wait until the call and the one expected at issue (median), of those who wait.",
			Buckets:                     []float64{60, 120, 180, 300, 450, 600, 900, 1200, 1800, 3600},
			NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
		}),
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_estimate_outcomes_total", Help: "Waits by where they lie in what was expected at issue; 8 in 10 should lie inside.",
		}, []string{"position"}),
	}
	for _, position := range []string{belowP10, inside, aboveP90} {
		m.outcomes.WithLabelValues(position)
	}
	r.MustRegister(m, m.off, m.outcomes)
	return m
}

// judge counts a promise that came due.
func (m *waitMetrics) judge(o forecast.Outcome) {
	if !forecast.Worthwhile(o.Promise, o.Actual) {
		return
	}
	m.off.Observe((o.Promise.P50 - o.Actual).Abs().Seconds())
	position := inside
	switch {
	case o.Actual < o.Promise.P10:
		position = belowP10
	case o.Actual > o.Promise.P90:
		position = aboveP90
	}
	m.outcomes.WithLabelValues(position).Inc()
}

// expected is filled anew each time, so that two who ask at once do not disturb each other.
func expected() *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "avanti_estimate_seconds", Help: "Expected wait of a ticket issued now, of the service of a group with the longest.",
	}, []string{"service", "percentile"})
}

// Describe implements [prometheus.Collector].
func (m *waitMetrics) Describe(to chan<- *prometheus.Desc) { expected().Describe(to) }

// Collect implements [prometheus.Collector]. What is not known has no series.
func (m *waitMetrics) Collect(to chan<- prometheus.Metric) {
	f, settings := m.waits.Forecast(), m.waits.engine.View().Settings()
	if f == nil || settings == nil {
		return
	}
	longest := map[queue.GroupID]forecast.Wait{}
	for _, s := range settings.Services {
		if w := f.Now(s.ID, ""); w.Known() && w.P50 >= longest[s.Group].P50 {
			longest[s.Group] = w
		}
	}
	g := expected()
	for group, w := range longest {
		g.WithLabelValues(string(group), "50").Set(w.P50.Seconds())
		g.WithLabelValues(string(group), "90").Set(w.P90.Seconds())
	}
	g.Collect(to)
}
