// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/avanti-queue/avanti/device/qr"
)

const (
	cutTime     = 350 * time.Millisecond
	presentTime = time.Second
	bootTime    = time.Second // from the power to the first byte that is taken; no real printer is faster
)

// Model names the dialect of a printer.
type Model string

const (
	// Epson is a point-of-sale printer with automatic status, process-ID response and buffer clearing; 203 dpi.
	Epson Model = "epson"
	// EpsonT88 is its older sister with 512 dots at 180 dpi and a vertical motion unit of half a dot.
	EpsonT88 Model = "epson-t88"
	// Custom is an Italian kiosk printer with presenter, six-byte full status and counters.
	Custom Model = "custom"
	// CustomTG2480 is one without presenter and without flow control; a sensor sees the ticket in its mouth.
	CustomTG2480 Model = "custom-tg2480"
	// Star speaks Star line mode: its own commands, and automatic status with a counter of finished jobs.
	Star Model = "star"
	// Nippon is a kiosk printer that prints a job only when it is complete, and answers with the job's ID.
	Nippon Model = "nippon"
	// Generic is a low-cost printer that wakes up in double-byte mode and knows no process IDs.
	Generic Model = "generic"
	// Silent is a generic printer whose transmit line is not connected.
	Silent Model = "silent"
)

// Models returns all models.
func Models() []Model {
	return []Model{Epson, EpsonT88, Custom, CustomTG2480, Star, Nippon, Generic, Silent}
}

// ParseModel returns the model of that name.
func ParseModel(name string) (Model, error) {
	if _, ok := traitsOf(Model(name)); !ok {
		var all []string
		for _, m := range Models() {
			all = append(all, string(m))
		}
		return "", fmt.Errorf("paper: unknown printer model %q: want one of %s", name, strings.Join(all, ", "))
	}
	return Model(name), nil
}

// traits is a model's dialect as data.
type traits struct {
	star     bool                      // Star line mode instead of ESC/POS
	nippon   bool                      // jobs, one-byte status
	mute     bool                      // nothing ever comes back
	noFlow   bool                      // flow control does not work
	chinese  bool                      // wakes up in double-byte mode
	dots     int                       // print width
	perMM    float64                   // dots to the millimetre
	half     bool                      // vertical motion unit: half a dot
	spacing  int                       // dots from line to line after power-on
	fontB    [2]int                    // its cell
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
	mouth    mouth                     // what becomes of a ticket that is cut
	store    int                       // dots of a job that are kept before they are printed
	graphics bool                      // GS ( L, GS 8 L
	logos    bool                      // FS q, FS p
	ecc      map[byte]qr.Level         // the parameter of QR function 69
	eccFirst byte                      // its value after power-on
	qrParam  string                    // the m of QR functions 80 and 81 that are understood; none: no GS ( k
	id       map[byte]string           // GS I n
}

// mouth is what becomes of a ticket that is cut.
type mouth int

const (
	falls     mouth = iota // it falls into a tray or a hand, and nobody knows
	withdrawn              // a sensor sees it from the cut until somebody takes it
	presented              // a motor brings it out when it is told to
	automatic              // a motor brings it out after every cut
)

func traitsOf(m Model) (traits, bool) {
	epson := traits{
		dots: 576, perMM: 8, spacing: 30, fontB: [2]int{9, 17},
		pages: epsonPages(), eot: "\x01\x02\x03\x04", asb: true, confirm: true, clear: true, gsCut: true, graphics: true,
		logos: true, gap: 12 * 8,
		ecc: map[byte]qr.Level{48: qr.L, 49: qr.M, 50: qr.Q, 51: qr.H}, eccFirst: 48, qrParam: "0",
		id: map[byte]string{
			1: "\x20", 2: "\x02", 3: "\x01", 49: "\x20", 50: "\x02", 51: "\x01",
			65: "_1.00 SIM\x00", 66: "_AVANTI\x00", 67: "_PAPER 80\x00", 68: "_SIM000001\x00",
		},
	}
	custom := traits{
		dots: 576, perMM: 8, spacing: 30, fontB: [2]int{9, 17},
		pages: customPages(), eot: "\x01\x02\x03\x04\x11\x14", full: true, jamHeals: true,
		shortest: 70 * 8, mouth: presented,
		// A host that sends Epson's 49 for M gets L here.
		ecc:      map[byte]qr.Level{48: qr.M, 49: qr.L, 50: qr.M, 51: qr.Q, 52: qr.H},
		eccFirst: 48, qrParam: "01", id: map[byte]string{0xFF: "\x02\x05"},
	}
	switch m {
	case Epson:
		return epson, true
	case EpsonT88:
		t := epson
		t.dots, t.perMM, t.half, t.gap = 512, 180/25.4, true, 106 // 15 mm
		t.id = map[byte]string{
			1: "\x20", 2: "\x02", 3: "\x01", 49: "\x20", 50: "\x02", 51: "\x01",
			65: "_8.00 SIM\x00", 66: "_AVANTI\x00", 67: "_PAPER 88\x00", 68: "_SIM000088\x00",
		}
		return t, true
	case Custom:
		return custom, true
	case CustomTG2480:
		t := custom
		t.noFlow, t.shortest, t.mouth = true, 0, withdrawn
		t.id = map[byte]string{1: "\xA8", 49: "\xA8", 0xFF: "\x02\x44"}
		return t, true
	case Star:
		return traits{
			star: true, dots: 576, perMM: 8, spacing: 32, fontB: [2]int{9, 24}, pages: starPages(), jamHeals: true,
			gap: 14 * 8, logos: true, ecc: map[byte]qr.Level{0: qr.L, 1: qr.M, 2: qr.Q, 3: qr.H},
		}, true
	case Nippon:
		return traits{
			nippon: true, dots: 576, perMM: 8, spacing: 34, fontB: [2]int{8, 16}, pages: nipponPages(), jamHeals: true,
			gsCut: true, gap: 12 * 8, store: 160 * 8,
			ecc: map[byte]qr.Level{0: qr.L, 1: qr.M, 2: qr.Q, 3: qr.H},
		}, true
	case Generic, Silent:
		t := epson
		t.mute, t.chinese, t.pages = m == Silent, true, genericPages()
		t.confirm, t.clear, t.graphics = false, false, false
		t.id = map[byte]string{1: "\x20", 2: "\x02", 3: "\x01"}
		return t, true
	default:
		return traits{}, false
	}
}
