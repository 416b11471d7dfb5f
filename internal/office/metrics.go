// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/avanti-queue/avanti/device"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

type metrics struct {
	fault *prometheus.GaugeVec
	slips *prometheus.CounterVec
	paper *prometheus.GaugeVec

	panels  *prometheus.GaugeVec
	presses *prometheus.CounterVec
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
		panels: with.NewGaugeVec(prometheus.GaugeOpts{
			Name: "avanti_wired_panel_state",
			Help: "1 for what is known of what a panel on the board shows (confirmed, unverified, expired, unfit, silent, lost), else 0.",
		}, []string{"panel", "state"}),
		presses: with.NewCounterVec(prometheus.CounterOpts{
			Name: "avanti_wired_presses_total",
			Help: "Presses of keys on the board by what came of them (ok, stale, conflict, denied, busy).",
		}, []string{"key", "result"}),
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

func panelStates() []device.PanelState {
	return []device.PanelState{
		device.PanelConfirmed, device.PanelUnverified, device.PanelExpired, device.PanelUnfit, device.PanelSilent, device.PanelLost,
	}
}

func (m *metrics) panel(id string, now device.PanelState) {
	for _, state := range panelStates() {
		value := 0.0
		if state == now {
			value = 1
		}
		m.panels.WithLabelValues(id, string(state)).Set(value)
	}
}

func (m *metrics) press(key string, status fwproto.Status) {
	result := "ok"
	switch status {
	case fwproto.Stale:
		result = "stale"
	case fwproto.Conflict:
		result = "conflict"
	case fwproto.Denied:
		result = "denied"
	case fwproto.Busy:
		result = "busy"
	}
	m.presses.WithLabelValues(key, result).Inc()
}
