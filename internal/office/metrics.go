// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/avanti-queue/avanti/device"
)

type metrics struct {
	fault *prometheus.GaugeVec
	slips *prometheus.CounterVec
	paper *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	with := promauto.With(reg)
	return &metrics{
		fault: with.NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_printer_fault", Help: "1 while a printer has the fault, else 0.",
		}, []string{"printer", "fault"}),
		slips: with.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_slips_total",
			Help: "Attempts at a slip by result (printed, sent, failed, unknown) and by how sure it is: A named by the printer, B in order, C by time, 0 not at all.",
		}, []string{"printer", "result", "level"}),
		paper: with.NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_printer_paper_meters_left", Help: "Estimate of the paper that is left on the roll; no series while nobody knows.",
		}, []string{"printer"}),
	}
}

// begin shows a printer before anything has happened to it.
func (m *metrics) begin(printer string) {
	for _, code := range faultCodes() {
		m.fault.WithLabelValues(printer, string(code)).Set(0)
	}
}

func (m *metrics) attempt(printer string, o device.Outcome) {
	level := o.Level
	if o.Result != device.ResultPrinted {
		level = device.LevelNone
	}
	m.slips.WithLabelValues(printer, string(o.Result), string(level)).Inc()
}

func (m *metrics) left(printer string, mm int, known bool) {
	if !known {
		m.paper.DeleteLabelValues(printer)
		return
	}
	m.paper.WithLabelValues(printer).Set(float64(mm) / metre)
}
