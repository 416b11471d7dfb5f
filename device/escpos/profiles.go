// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/avanti-queue/avanti/device"
)

// profiles returns the models that Avanti knows, sorted by name. Each call makes them anew, so
// that nobody can change them for others.
func profiles() []Profile {
	return []Profile{customVKP80III(), epsonTMT20III(), generic(), silent()}
}

// customVKP80III is Italy's usual kiosk printer: a full cut only, by the command that also
// presents the slip; a full status in one answer; QR values of its own.
//
// The speed is not in the manual; the value is careful and only makes waits longer.
func customVKP80III() Profile {
	return Profile{
		Name: "custom-vkp80iii",
		Dots: 576,
		// Which of its pages are installed depends on the firmware; these are common to all.
		Pages: []Page{
			{19, charmap.CodePage858},
			{18, charmap.CodePage852},
			{16, charmap.Windows1252},
		},
		QR:     QRCustom,
		Module: 6,
		// FS P: cut, present 8 x 5 mm, no blinking, eject ('E') what is left after 30 s.
		Cut:     []byte{0x1c, 0x50, 8, 0, 'E', 30},
		Confirm: device.LevelOrdered,
		Ordered: []byte{0x1b, 0x76}, // ESC v
		Status:  StatusCustom,
		Speed:   100,
		Length:  120,
		CutTime: 1500 * time.Millisecond,
	}
}

// epsonTMT20III stands for Epson's printers that name the job they have finished (GS ( H).
func epsonTMT20III() Profile {
	return Profile{
		Name: "epson-tm-t20iii",
		Dots: 576,
		Pages: []Page{
			{19, charmap.CodePage858},
			{18, charmap.CodePage852},
			{16, charmap.Windows1252},
			{45, charmap.Windows1250},
			{46, charmap.Windows1251},
			{47, charmap.Windows1253},
			{48, charmap.Windows1254},
			{51, charmap.Windows1257},
		},
		QR:      QREpson,
		Module:  6,
		Cut:     []byte{0x1d, 0x56, 0x42, 0}, // GS V: feed to the blade, partial cut
		Confirm: device.LevelConfirmed,
		Ordered: []byte{0x1d, 0x72, 1}, // GS r 1
		Status:  StatusEpson,
		// GS a: on line or off line, error, paper.
		Auto:     []byte{0x1d, 0x61, 0x0e},
		RealTime: true,
		// DLE DC4, function 8.
		Clear:   []byte{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08},
		Recover: []byte{0x10, 0x05, 2}, // DLE ENQ 2
		Speed:   200,
		Length:  120,
		CutTime: 500 * time.Millisecond,
	}
}

// generic is any printer that speaks the common core and answers: the pages that nearly all
// makers number alike, GS r after the cut, DLE EOT when it is idle.
func generic() Profile {
	return Profile{
		Name: "generic",
		Dots: 576,
		Pages: []Page{
			{19, charmap.CodePage858},
			{18, charmap.CodePage852},
			{16, charmap.Windows1252},
		},
		QR:      QREpson,
		Module:  6,
		Cut:     []byte{0x1d, 0x56, 0x42, 0},
		Confirm: device.LevelOrdered,
		Ordered: []byte{0x1d, 0x72, 1},
		Status:  StatusLenient,
		Recover: []byte{0x10, 0x05, 2},
		Speed:   75,
		Length:  120,
		CutTime: 500 * time.Millisecond,
	}
}

// silent is a generic printer without a wire back.
func silent() Profile {
	p := generic()
	p.Name = "silent"
	p.Confirm = device.LevelNone
	p.Ordered = nil
	p.Recover = nil
	p.Status = StatusNone
	return p
}
