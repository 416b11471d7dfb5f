// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"slices"
	"strings"
	"unicode"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/health"
)

func faultCodes() []device.FaultCode {
	return []device.FaultCode{
		device.FaultPaperEnd, device.FaultPaperNearEnd, device.FaultCoverOpen, device.FaultCutter, device.FaultHeadHot,
		device.FaultJam, device.FaultHardware, device.FaultOffline, device.FaultNotAnswering, device.FaultBusy,
		device.FaultUncleared, device.FaultLine, device.FaultRefused, device.FaultPresented, device.FaultStranger,
	}
}

// joined makes one fault of those of a kind, with all that was seen.
func joined(faults []device.Fault) []device.Fault {
	var out []device.Fault
	for _, f := range faults {
		i := slices.IndexFunc(out, func(o device.Fault) bool { return o.Code == f.Code })
		switch {
		case i < 0:
			out = append(out, f)
		case f.Detail != "":
			out[i].Detail = strings.TrimPrefix(out[i].Detail+"; "+f.Detail, "; ")
		}
	}
	return out
}

// warningOf returns the warning of a printer's fault. People read its name in their language;
// the cause is what was seen, for technicians.
func warningOf(printer string, f device.Fault) health.Warning {
	w := health.Warning{Name: "printer_offline", Subject: printer, Severity: health.Critical, Cause: f.Detail, Hint: f.Error()}
	switch f.Code {
	case device.FaultPaperEnd:
		w.Name = "printer_paper_end"
	case device.FaultPaperNearEnd:
		w.Name, w.Severity = "printer_near_end", health.Notice
	case device.FaultCoverOpen:
		w.Name = "printer_cover"
	case device.FaultCutter:
		w.Name = "printer_cutter"
	case device.FaultHeadHot:
		w.Name, w.Severity = "printer_head_hot", health.Degraded
	case device.FaultJam:
		w.Name = "printer_jam"
	case device.FaultHardware:
		w.Name = "printer_hardware"
	case device.FaultOffline:
		w.Name = "printer_offline"
	case device.FaultNotAnswering:
		w.Name = "printer_not_answering"
	case device.FaultBusy:
		w.Name, w.Severity = "printer_busy", health.Notice
	case device.FaultUncleared:
		w.Name = "printer_uncleared"
	case device.FaultLine:
		w.Name = "printer_line"
	case device.FaultRefused:
		w.Name, w.Severity = "printer_refused", health.Degraded
	case device.FaultPresented:
		w.Name, w.Severity = "printer_presented", health.Degraded
	case device.FaultStranger:
		w.Name = "printer_stranger"
	}
	return w
}

// maxFault bounds what the journal keeps of a fault, in bytes.
const maxFault = 200

// faultText is what the journal keeps of a fault: its code, and what was seen. A detail may
// quote what came over the line.
func faultText(f *device.Fault) string {
	if f == nil {
		return ""
	}
	text := string(f.Code)
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	return strings.ToValidUTF8(text[:min(len(text), maxFault)], "")
}
