// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"time"

	"golang.org/x/text/encoding/charmap"
	"rsc.io/qr"
)

const (
	dotsPerMM   = 8 // 203 dpi
	cutTime     = 350 * time.Millisecond
	presentTime = time.Second
)

// traits is a model's dialect as data.
type traits struct {
	mute     bool                      // nothing ever comes back
	chinese  bool                      // wakes up in double-byte mode
	pages    map[byte]*charmap.Charmap // ESC t n
	eot      string                    // the n of DLE EOT n that are answered
	asb      bool                      // GS a: four bytes on every change
	full     bool                      // Custom's full status: DLE EOT 20, GS E0, counters
	confirm  bool                      // GS ( H, process ID and offline response
	clear    bool                      // DLE DC4 8
	jamHeals bool                      // a removed jam needs no command to recover
	gsCut    bool                      // GS V drives the cutter; otherwise only ESC i does, and it prints the line first
	gap      int                       // dots from the cutter back to the print head
	shortest int                       // dots; a shorter sheet is fed to this length before the cut
	ecc      map[byte]qr.Level         // the parameter of QR function 69
	eccFirst byte                      // its value after power-on
	qrParam  string                    // the m of QR functions 80 and 81 that are understood
	id       map[byte]string           // GS I n
}

func traitsOf(m Model) (traits, bool) {
	epsonECC := map[byte]qr.Level{48: qr.L, 49: qr.M, 50: qr.Q, 51: qr.H}
	switch m {
	case Epson:
		return traits{
			pages: epsonPages(), eot: "\x01\x02\x03\x04", asb: true, confirm: true, clear: true, gsCut: true,
			gap: 12 * dotsPerMM, ecc: epsonECC, eccFirst: 48, qrParam: "0",
			id: map[byte]string{
				1: "\x20", 2: "\x02", 3: "\x01", 49: "\x20", 50: "\x02", 51: "\x01",
				65: "_1.00 SIM\x00", 66: "_AVANTI\x00", 67: "_PAPER 80\x00", 68: "_SIM000001\x00",
			},
		}, true
	case Custom:
		return traits{
			pages: customPages(), eot: "\x01\x02\x03\x04\x11\x14", full: true, jamHeals: true,
			shortest: 70 * dotsPerMM,
			// A host that sends Epson's 49 for M gets L here.
			ecc:      map[byte]qr.Level{48: qr.M, 49: qr.L, 50: qr.M, 51: qr.Q, 52: qr.H},
			eccFirst: 48, qrParam: "01", id: map[byte]string{0xFF: "\x02\x05"},
		}, true
	case Generic, Silent:
		return traits{
			mute: m == Silent, chinese: true, pages: genericPages(), eot: "\x01\x02\x03\x04", asb: true, gsCut: true,
			gap: 12 * dotsPerMM, ecc: epsonECC, eccFirst: 48, qrParam: "0",
			id: map[byte]string{1: "\x20", 2: "\x02", 3: "\x01"},
		}, true
	default:
		return traits{}, false
	}
}

// Only tables that x/text has; the numbers are those of the makers.
func epsonPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863,
		5: charmap.CodePage865, 16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852,
		19: charmap.CodePage858, 34: charmap.CodePage855, 36: charmap.CodePage862,
		39: charmap.ISO8859_2, 40: charmap.ISO8859_15, 45: charmap.Windows1250, 46: charmap.Windows1251,
		47: charmap.Windows1253, 48: charmap.Windows1254, 49: charmap.Windows1255, 50: charmap.Windows1256,
		51: charmap.Windows1257, 52: charmap.Windows1258,
	}
}

func genericPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863,
		5: charmap.CodePage865, 16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852,
		19: charmap.CodePage858, 25: charmap.Windows1257, 72: charmap.Windows1250, 73: charmap.Windows1251,
		90: charmap.Windows1253, 91: charmap.Windows1254,
	}
}

func customPages() map[byte]*charmap.Charmap {
	return map[byte]*charmap.Charmap{
		0: charmap.CodePage437, 2: charmap.CodePage850, 3: charmap.CodePage860, 4: charmap.CodePage863,
		5: charmap.CodePage865, 16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852,
		19: charmap.CodePage858,
	}
}

// national returns the characters that ESC R n puts in the places of "#$@[\]^`{|}~", or "" for a set that is not known.
func national(n byte) string {
	sets := [...]string{
		"#$@[\\]^`{|}~", // USA
		"#$à°ç§^`éùè¨",  // France
		"#$§ÄÖÜ^`äöüß",  // Germany
		"£$@[\\]^`{|}~", // United Kingdom
		"#$@ÆØÅ^`æøå~",  // Denmark I
		"#¤ÉÄÖÅÜéäöåü",  // Sweden
		"#$@°\\é^ùàòèì", // Italy
		"₧$@¡Ñ¿^`¨ñ}~",  // Spain I
	}
	if int(n) >= len(sets) {
		return ""
	}
	return sets[n]
}
