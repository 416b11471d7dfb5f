// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/avanti-queue/avanti/device"
)

// Page is a code page as one printer numbers it. The numbers differ between makers: PC852 is
// page 18, 13, 6, 5 or 2.
type Page struct {
	Number byte             // n of ESC t n
	Table  *charmap.Charmap // what its bytes mean; 0x20 to 0x7E must be ASCII
}

// QRDialect is how a printer draws QR symbols by itself (GS ( k).
type QRDialect string

// The QR dialects. They differ in the values of the error correction and of the store.
const (
	QRNone   QRDialect = ""       // none: the URL is printed as text
	QREpson  QRDialect = "epson"  // error correction L M Q H is 0x30 to 0x33, data is stored with 0x30
	QRCustom QRDialect = "custom" // automatic is 0x30, L M Q H is 0x31 to 0x34, data is stored with 0x31
)

// StatusDialect is how a printer says how it is.
type StatusDialect string

// The status dialects.
const (
	StatusNone    StatusDialect = ""        // nothing comes back
	StatusEpson   StatusDialect = "epson"   // DLE EOT 1 to 4, automatic status, GS ( H; fixed bits as documented
	StatusLenient StatusDialect = "lenient" // DLE EOT 1 to 4 of makers who leave the fixed bits as they like
	StatusCustom  StatusDialect = "custom"  // the full status of DLE EOT 20
)

// Profile is what has to be known of a printer model. Take one from [Lookup]; a changed copy
// is a profile too.
type Profile struct {
	Name string // in the configuration

	Dots  int    // printable dots of a line; font A is 12 dots wide
	Pages []Page // at least one, in order of preference; the first is selected at the start of each job
	QR    QRDialect
	// Module is the wished width of a QR module in dots, 3 to 8; a long URL gets less.
	Module int

	Cut     []byte // the end of a slip: feed, cut and, where there is one, the presenter
	Confirm device.Level
	Ordered []byte // a question that is answered once everything before it was worked off
	Status  StatusDialect
	// Auto switches on the unasked status; part of each job, for it is lost at power-off.
	Auto []byte
	// RealTime is whether questions are answered in the middle of printing.
	RealTime bool
	// Clear empties the printer's buffers out of turn and is answered with [Cleared];
	// nil: it has no such command.
	Clear []byte
	// Recover ends the error of a cutter that has been freed, and empties the buffers; nil: the
	// printer finds out by itself.
	Recover []byte

	Speed   int           // mm/s of the paper
	Length  int           // mm of an ordinary slip
	CutTime time.Duration // of the cutter and the presenter
}

// Lookup returns the profile of that name. The error names those that exist.
func Lookup(name string) (Profile, error) {
	for _, p := range profiles() {
		if p.Name == name {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("printer profile %q is not known: use one of %s", name, strings.Join(Names(), ", "))
}

// Names returns the names that [Lookup] knows, in alphabetical order.
func Names() []string {
	var names []string
	for _, p := range profiles() {
		names = append(names, p.Name)
	}
	return names
}

// Paces returns how long the printer works on a job of n bytes, at most: the line at baud bit/s
// (0: not a serial line, no time), the paper, the cut.
func (p Profile) Paces(n, baud int) time.Duration {
	return lineTime(n, baud) + p.paperTime() + p.CutTime
}

// Patience returns how long to wait for the confirmation of a job of n bytes before its outcome
// is unknown: two seconds, the time of the line, twice that of the paper, and the cut; at
// least five seconds.
func (p Profile) Patience(n, baud int) time.Duration {
	return max(5*time.Second, 2*time.Second+p.Paces(n, baud)+p.paperTime())
}

func (p Profile) paperTime() time.Duration {
	if p.Speed <= 0 {
		return 0
	}
	return time.Duration(p.Length) * time.Second / time.Duration(p.Speed)
}

// lineTime is the time of n bytes of ten bits each: start, eight data, stop.
func lineTime(n, baud int) time.Duration {
	if baud <= 0 {
		return 0
	}
	return time.Duration(10*n) * time.Second / time.Duration(baud)
}
