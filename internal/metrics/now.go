// SPDX-License-Identifier: EUPL-1.2

package metrics

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// now gathers the present when it is asked for. Each time it fills gauges of its
// own, so that two who ask at once do not disturb each other.
type now struct {
	office *atomic.Pointer[Office]
}

type gauges struct{ waiting, oldest, counters *prometheus.GaugeVec }

func newGauges() gauges {
	return gauges{
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_waiting_tickets", Help: "Tickets that wait for a call.",
		}, []string{labelService}),
		oldest: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_oldest_ticket_age_seconds", Help: "How long the ticket that waits longest has waited, 0 if none waits.",
		}, []string{labelService}),
		counters: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_counters", Help: "Counters by what they do.",
		}, []string{labelState}),
	}
}

// Describe implements [prometheus.Collector].
func (n *now) Describe(out chan<- *prometheus.Desc) {
	g := newGauges()
	g.waiting.Describe(out)
	g.oldest.Describe(out)
	g.counters.Describe(out)
}

// Collect implements [prometheus.Collector].
func (n *now) Collect(out chan<- prometheus.Metric) {
	office := n.office.Load()
	if office == nil {
		return
	}
	g := newGauges()
	g.fill((*office).View(), (*office).Now())
	g.waiting.Collect(out)
	g.oldest.Collect(out)
	g.counters.Collect(out)
}

func (g gauges) fill(v *queue.View, at time.Time) {
	for _, group := range display.NewBoard(v, 1).Groups {
		age := 0.0
		if group.Waiting > 0 {
			age = max(0, at.Sub(group.Oldest).Seconds())
		}
		g.waiting.WithLabelValues(string(group.ID)).Set(float64(group.Waiting))
		g.oldest.WithLabelValues(string(group.ID)).Set(age)
	}
	for _, state := range []string{"serving", "idle", "pause", "closed"} {
		g.counters.WithLabelValues(state)
	}
	for c := range v.Counters() {
		g.counters.WithLabelValues(stateOf(c)).Inc()
	}
}

func stateOf(c queue.CounterStatus) string {
	switch {
	case c.Ticket != 0:
		return "serving"
	case c.State == queue.CounterIsOpen:
		return "idle"
	case c.State == queue.CounterIsPaused:
		return "pause"
	}
	return "closed"
}
