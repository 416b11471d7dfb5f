// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// What holds where a file says nothing. Office, hours, groups, series, services
// and counters have no defaults: they are the office. A printer's line is as its profile says.
const (
	DefaultStopBefore    = time.Duration(0)  // hours.stop_before: issue until the end
	DefaultWidth         = 3                 // series[].width; first is 1, last fills the width
	DefaultPreset        = queue.PresetFIFO  // rule.preset
	DefaultTarget        = 20 * time.Minute  // rule.target
	DefaultCap           = 45 * time.Minute  // rule.cap
	DefaultTolerance     = 10 * time.Minute  // rule.tolerance
	DefaultLateAfter     = 15 * time.Minute  // rule.late_after
	DefaultCalls         = 2                 // no_show.calls
	DefaultNoShowAfter   = 30 * time.Second  // no_show.after
	DefaultReturnWithin  = 15 * time.Minute  // no_show.return_within
	DefaultOnUnknown     = queue.UnknownCopy // slips.on_unknown
	DefaultCopyFor       = time.Minute       // slips.copy_for
	DefaultFinishOnNext  = false             // finish_on_next
	DefaultSlipLanguages = "both"            // slip.languages
	DefaultLetPass       = 0                 // let_pass: nobody lets others pass
	DefaultService       = 8 * time.Minute   // waits.service
	DefaultStop          = StopNever         // waits.stop

	DefaultDataDir      = "/var/lib/avanti"   // data_dir
	DefaultListen       = "127.0.0.1:8080"    // http.listen
	DefaultClerkIdle    = 15 * time.Minute    // http.idle
	DefaultHeartbeat    = time.Second         // mqtt.heartbeat
	DefaultWithoutPaper = WithoutPaperScreen  // kiosks[].without_paper
	DefaultIdle         = 45 * time.Second    // kiosks[].idle
	DefaultIdleWarning  = 15 * time.Second    // kiosks[].warning
	DefaultKioskQR      = KioskQRWithoutPaper // kiosks[].qr
	DefaultScreen       = "hall"              // hall.screens[].id of the only screen
	DefaultDiagonal     = 55                  // hall.screens[].diagonal
	DefaultDistance     = 8                   // hall.screens[].distance
	DefaultVolume       = 80                  // sound.volume
	DefaultProgram      = "espeak-ng"         // sound.program
	DefaultRepeat       = 20 * time.Second    // sound.repeat
	DefaultBackupKeep   = 7                   // backup.keep
	DefaultBackupEvery  = 24 * time.Hour      // backup.every
	DefaultLogLevel     = "info"              // log.level

	DefaultPull       = PullUp                  // board.buttons[].pull
	DefaultLong       = 1500 * time.Millisecond // board.buttons[].long, with long_key
	DefaultBrightness = 8                       // board.panels[].brightness
	DefaultGap        = 20 * time.Millisecond   // board.protocols[].gap
)

// defaultHosts is http.hosts of a daemon that listens on this machine only.
func defaultHosts() []string { return []string{"localhost", "127.0.0.1", "::1"} }

// defaultClasses is classes: everybody is equal.
func defaultClasses() []queue.Class {
	return []queue.Class{{ID: "normal", Name: queue.Texts{
		"it": "Ordinario", "ro": "Obișnuit", "es": "Ordinario", "en": "Ordinary",
	}}}
}

// defaultParts is slip.parts. The way to a page stands there only if phones reach it.
func defaultParts(reachable bool) []SlipPart {
	names := []SlipPartName{SlipMark, SlipOffice, SlipService, SlipIssued, SlipAhead, SlipWait, SlipAdvice}
	if reachable {
		names = []SlipPartName{SlipMark, SlipOffice, SlipService, SlipIssued, SlipAhead, SlipWait, SlipQR, SlipAdvice}
	}
	out := make([]SlipPart, len(names))
	for i, name := range names {
		out[i].Name = name
		out[i].Size, out[i].Bold = defaultLook(name)
	}
	return out
}
