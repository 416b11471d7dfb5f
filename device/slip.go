// SPDX-License-Identifier: EUPL-1.2

package device

import "fmt"

// Slip is what stands on a citizen's paper, whatever printer makes it: parts from top to bottom,
// then the mark of a copy, and last of all, just before the cut, the number. All texts are
// hostile: a printer's driver keeps control characters and endless lines off the wire.
type Slip struct {
	Parts []Part

	// Copy is the word that marks a copy ("DUPLICATO"), printed just above the number.
	// "": the number's first paper, which bears no mark.
	Copy string

	Number string // the printed number, "A012"; as large as the printer can
}

// Part is a piece of a slip. The zero value is an empty line of text, of which nothing is printed.
type Part struct {
	Kind PartKind
	// Text is a line, wrapped at words where it does not fit; of a symbol it is an URL of
	// printable ASCII. A mark and a rule have none.
	Text string
	Size Size // of text
	Bold bool // of text
}

// PartKind is what a part of a slip is.
type PartKind string

// The kinds of parts.
const (
	PartText PartKind = ""     // a centred line in the language of its reader
	PartMark PartKind = "mark" // the office's mark that is stored in the printer; nothing where there is none
	PartQR   PartKind = "qr"   // a QR symbol
	PartRule PartKind = "rule" // a line across the paper
)

// Size is how large a text is.
type Size string

// The sizes, by the ordinary letter of the printer.
const (
	SizeNormal Size = ""
	SizeSmall  Size = "small" // the printer's smaller font, if it has one
	SizeTall   Size = "tall"  // twice as high
	SizeLarge  Size = "large" // twice as high and wide
)

// Job is a slip on its way to one printer.
type Job struct {
	// ID is what the printer answers with when the slip is out: exactly four bytes from
	// 0x20 to 0x7E (Epson, GS ( H function 48). It ought not to repeat while a slip with the
	// same one may still be in the printer; an ascending "0001" to "9999" does.
	ID   string
	Slip Slip
	// Begin, if set, is called once, when the printer is ready for the slip and before its first
	// byte goes out. Evidence is what [Witness].Testify will want to know of this attempt; at
	// most 40 bytes, "" if there is nothing. An error ends the attempt: it has failed, and
	// nothing was printed. Begin may run on another goroutine and must not call the printer.
	Begin func(evidence string) error
}

// Validate says what keeps the job from being printed: an ID that no printer could answer
// with, or a slip without a number. Nil: it can be printed.
func (j Job) Validate() error {
	if len(j.ID) != 4 {
		return fmt.Errorf("job id %q has %d bytes: give it 4 printable ASCII characters", j.ID, len(j.ID))
	}
	for i := range len(j.ID) {
		if c := j.ID[i]; c < 0x20 || c > 0x7e {
			return fmt.Errorf("job id %q: byte %d is not printable ASCII", j.ID, i+1)
		}
	}
	if j.Slip.Number == "" {
		return fmt.Errorf("job %s: the slip has no number", j.ID)
	}
	return nil
}
