// SPDX-License-Identifier: EUPL-1.2

// Package metrics turns the journal into Prometheus metrics: tickets, waits and
// service times from the records, who waits and what the counters do from the
// newest view. The label service is a group of services, so that the number of
// series stays small; no label names a citizen, a clerk or a number.
package metrics

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/queue"
)

// Office is what metrics are made from; a [queue.Engine] is one.
type Office interface {
	View() *queue.View
	Follow(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error]
	Now() time.Time
}

// Metrics are the queue's metrics. Counters and histograms count from the start of
// [Metrics.Run]; what happened before it, Prometheus has seen before.
type Metrics struct {
	issued  *prometheus.CounterVec
	closed  *prometheus.CounterVec
	wait    *prometheus.HistogramVec
	service *prometheus.HistogramVec
	office  atomic.Pointer[Office] // nil until Run: there is nothing to gather yet
}

// Labels.
const (
	labelService = "service"
	labelChannel = "channel"
	labelOutcome = "outcome"
	labelClass   = "class"
	labelState   = "state"
)

// transferred is the outcome of a step that was not a ticket's last.
const transferred = "transferred"

// New registers the metrics.
func New(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		issued: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_tickets_issued_total", Help: "Tickets given.",
		}, []string{labelService, labelChannel}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_tickets_closed_total", Help: "Tickets that ended, or were sent on to another step.",
		}, []string{labelService, labelOutcome}),
		wait: prometheus.NewHistogramVec(histogram(
			"avanti_wait_seconds", "Time from issue or check-in to the first call that was answered.",
			60, 120, 180, 300, 450, 600, 900, 1200, 1500, 1800, 2700, 3600, 5400, 7200,
		), []string{labelService, labelClass}),
		service: prometheus.NewHistogramVec(histogram(
			"avanti_service_seconds", "Time at the counter of tickets that were served or sent on.",
			30, 60, 120, 180, 300, 420, 600, 900, 1200, 1800, 2700, 3600,
		), []string{labelService}),
	}
	r.MustRegister(m.issued, m.closed, m.wait, m.service, &now{office: &m.office})
	return m
}

// histogram has classic buckets, in which every promise of a service charter is a
// boundary, and a native histogram for scrapers that read it.
func histogram(name, help string, buckets ...float64) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: buckets,
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 100, NativeHistogramMinResetDuration: time.Hour,
	}
}

// Run counts what happens until ctx ends, which gives nil, or the journal fails.
func (m *Metrics) Run(ctx context.Context, office Office) error {
	v := office.View()
	m.office.Store(&office)
	l := newLedger(m, v)
	for r, err := range office.Follow(ctx, v.Seq()) {
		if err != nil {
			return err
		}
		l.enter(r)
	}
	return nil
}
