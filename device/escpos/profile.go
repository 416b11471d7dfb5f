// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/avanti-queue/avanti/device"
)

// Page is a code page as one printer numbers it. The numbers differ between makers: PC852 is
// page 18, 13, 6, 5 or 2.
type Page struct {
	Number byte             // n of ESC t n
	Table  *charmap.Charmap // what its bytes mean; 0x20 to 0x7E are ASCII
}

// Language is the command set of a printer.
type Language string

// The command sets.
const (
	LanguageEscpos Language = "escpos" // Epson's ESC/POS and what makers took from it
	LanguageStar   Language = "star"   // Star's line mode
)

// QRDialect is how a printer draws QR symbols by itself.
type QRDialect string

// The QR dialects. Epson's and Custom's differ in the values of the error correction and of the store.
const (
	QRNone   QRDialect = ""       // it cannot: the symbol is sent as an image, or its content as text
	QREpson  QRDialect = "epson"  // GS ( k: error correction L M Q H is 0x30 to 0x33, data is stored with 0x30
	QRCustom QRDialect = "custom" // GS ( k: automatic is 0x30, L M Q H is 0x31 to 0x34, data is stored with 0x31
	QRStar   QRDialect = "star"   // ESC GS y
)

// ImageMethod is how a printer takes an image.
type ImageMethod string

// The image methods.
const (
	ImageNone   ImageMethod = ""       // it takes none
	ImageRaster ImageMethod = "raster" // GS v 0
	ImageStar   ImageMethod = "star"   // ESC k, 24 rows
	ImageNippon ImageMethod = "nippon" // ESC b
)

// LogoMethod is how a printer keeps the office's mark in its memory and prints it.
type LogoMethod string

// The logo methods.
const (
	LogoNone     LogoMethod = ""         // it keeps none, or nobody has told us how
	LogoGraphics LogoMethod = "graphics" // GS ( L functions 67 and 69, under the key "AV"
	LogoFSQ      LogoMethod = "fs-q"     // FS q and FS p, image 1
	LogoCustom   LogoMethod = "custom"   // FS 94h and FS 93h; prints after the next switching on
	LogoStar     LogoMethod = "star"     // ESC FS q and ESC FS p, image 1
)

// Confirmation is by what a printer shows that a slip is out.
type Confirmation string

// The confirmations.
const (
	ConfirmationNone    Confirmation = ""           // by nothing
	ConfirmationProcess Confirmation = "process-id" // GS ( H function 48
	ConfirmationETB     Confirmation = "etb"        // Star's counter of ETB in the unasked status
	ConfirmationJob     Confirmation = "job-id"     // Nippon's begin and end of a job
	ConfirmationOrdered Confirmation = "ordered"    // the answer to Profile.Ordered
	ConfirmationTimed   Confirmation = "timed"      // time has passed and the status is clean
)

// StatusDialect is how a printer says how it is.
type StatusDialect string

// The status dialects.
const (
	StatusNone    StatusDialect = ""        // nothing comes back
	StatusEpson   StatusDialect = "epson"   // DLE EOT 1 to 4, automatic status, GS ( H; fixed bits as documented
	StatusLenient StatusDialect = "lenient" // DLE EOT 1 to 4 of makers who leave the fixed bits as they like
	StatusCustom  StatusDialect = "custom"  // the full status of DLE EOT 20
	StatusStar    StatusDialect = "star"    // automatic status whose header says its length
	StatusNippon  StatusDialect = "nippon"  // one byte to ESC v, and the results of jobs
)

// Profile is what has to be known of a printer model. Take one from [Lookup] or [Parse]; a
// changed copy is a profile too.
type Profile struct {
	Name     string // in the configuration
	Language Language

	Dots      int    // printable dots of a line
	Columns   int    // letters of font A in a line; of font B there are a third more
	DotsPerMM int    // along the paper, rounded: 8 of 203 dpi, 7 of 180 dpi
	Pages     []Page // at least one, in order of preference; the first is selected at the start of each job
	FontB     bool   // it has a smaller font, 9 dots wide
	// DoubleByte is whether its board starts in a double-byte mode and ignores code pages until
	// FS . ends that.
	DoubleByte bool
	Glyphs     bool // letters can be defined (ESC &)

	QR QRDialect
	// Module is the wished width of a QR module in dots, 3 to 8; a long URL gets less.
	Module int
	Image  ImageMethod
	Logo   LogoMethod

	Cut []byte // the end of a slip: feed, cut and, where there is one, the presenter

	Confirm      device.Level // the highest that it can reach
	Confirmation Confirmation
	Ordered      []byte // a question that is answered once everything before it was worked off
	Status       StatusDialect
	// Auto switches on the unasked status; part of each job, for it is lost at power-off.
	Auto []byte
	// RealTime is whether questions are answered in the middle of printing.
	RealTime bool
	// Clear empties the printer's buffers out of turn, see [Profile.ClearAnswers]; nil: it has no
	// such command.
	Clear []byte
	// Recover ends the error of a cutter that has been freed, and empties the buffers; nil: the
	// printer finds out by itself.
	Recover []byte
	Cuts    []byte // asks for the counter of cuts; nil: it has none
	Meter   []byte // asks for the counter of printed centimetres; nil: it has none
	// PowerUps asks for the counter of power-ups, which shows whether the printer has lost its
	// memory; nil: it has none.
	PowerUps []byte

	Buffer int    // bytes of the receive buffer; 0: not known
	Slack  int    // bytes of it that are free when it says that it is busy
	Baud   int    // bit/s as delivered; 0: not a serial line
	Flow   string // flow control as delivered: "none", "rtscts", "xonxoff"

	Speed    int           // mm/s of the paper
	Length   int           // mm of an ordinary slip
	Shortest int           // mm of the shortest slip that it cuts; 0: any
	CutTime  time.Duration // of the cutter and the presenter
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
