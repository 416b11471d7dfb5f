// SPDX-License-Identifier: EUPL-1.2

package web

import "strings"

// need is something at a counter that wants a hand.
type need struct{ What, Hint, Subject string }

// needs are what the printers, and this counter's panels and boxes, need: the printers stand
// in the hall, and whoever is nearest helps.
func (s *Server) needs(sc *screen, c Counter) []need {
	here := map[string]bool{}
	for _, p := range s.o.Panels() {
		here[p.ID] = p.Counter == c.Label
	}
	var out []need
	for _, d := range s.o.Fleet.Devices() {
		if d.Counter != c.ID {
			continue
		}
		here[d.ID] = true
		if d.State == DeviceLost {
			out = append(out, need{What: sc.T("devices.kind."+d.Kind) + ": " + sc.T("devices.state."+string(d.State)), Hint: sc.T("counter.lost_hint"), Subject: d.ID})
		}
	}
	for _, w := range s.o.Warnings() {
		if strings.HasPrefix(w.Name, "printer_") || here[w.Subject] {
			out = append(out, need{What: sc.Or("warning."+w.Name, w.Name), Hint: sc.Or("hint."+w.Name, w.Hint), Subject: w.Subject})
		}
	}
	return out
}
